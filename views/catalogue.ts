import { enrolment } from './examples/enrolment.ts';
import { flows } from './examples/flows.ts';
import { demo, greeting } from './examples/demo-site.ts';
import { attemptPages } from './examples/attempts.ts';
import { accountPages } from './examples/account.ts';
import { callPages } from './examples/call.ts';
import { caseworkPages } from './examples/casework.ts';
import { accountCasePages } from './examples/account-cases.ts';
import { consolePages } from './examples/console.ts';
import { clients, messages, persons, running } from './examples/emulator.ts';
import { factorExamples } from './examples/factors.ts';
import { longName, municipio, people, registro } from './examples/sites.ts';
import { officePages } from './examples/offices.ts';
import type { Page } from './html.ts';
import type { Frame } from './layout.ts';
import { changeClavePage, type ChangeClave } from './pages/change-clave.ts';
import { consentPage } from './pages/consent.ts';
import { continuePage } from './pages/continue.ts';
import { demoGreeting, demoHome, demoProblem } from './pages/demo-site.ts';
import { emulatorCataloguePage } from './pages/emulator/all-pages.ts';
import { emulatorClockPage } from './pages/emulator/clock.ts';
import { emulatorErrorsPage } from './pages/emulator/errors.ts';
import { emulatorMessagesPage } from './pages/emulator/messages.ts';
import { emulatorFaultsPage } from './pages/emulator/faults.ts';
import { emulatorIndexPage } from './pages/emulator/overview.ts';
import { emulatorPeoplePage } from './pages/emulator/people.ts';
import { approvalPage, approvedPage, deviceCodePage, deviceConfirmPage, deviceDonePage } from './pages/elsewhere.ts';
import { homePage } from './pages/home.ts';
import { logInPage, type LogIn } from './pages/log-in.ts';
import { loggedOutPage, logOutPage, stillInPage } from './pages/log-out.ts';
import { mailCodePage } from './pages/mail-code.ts';
import { messagePage, type MessageKind } from './pages/message.ts';
import { notMePage } from './pages/not-me.ts';
import { protocolErrorPage, type ProtocolErrorKind } from './pages/protocol-error.ts';
import { words } from './words.ts';

type Show = (frame: Frame) => Page;

const CODE = '7K2M-9QXT';
const csrf = 'example';
const denied = {
  ...{ site: municipio.name, deviceName: 'Chrome, Android', network: '200.1.2.0/24' },
  at: Date.UTC(2026, 4, 15, 18, 3),
};
const data = ['run', 'name', 'email'] as const;

/** Nothing in the catalogue may do anything: its forms come back to the list. */
const action = '/emulador/paginas';
const form = { action, cancelAction: action, csrf };
const ways = { recover: action, activate: action, get: action };
const fresh: LogIn = {
  ...form,
  ways,
  rp: municipio,
  data,
  run: '',
  shared: false,
  passkey: { action, options: { challenge: 'ZXhhbXBsZQ' } },
};

const choosing: ChangeClave = {
  ...{ action, csrf, rp: municipio, kind: 'choose', minimum: 12 },
  ...{ own: ['12345678-5'], run: '12.345.678-5' },
};

const logIns: Readonly<Record<string, Partial<LogIn>>> = {
  'log-in': {},
  'log-in-plain-site': { rp: registro, data: ['identifier'] },
  'log-in-long-name': { rp: longName, data: ['run', 'name', 'birthdate', 'email', 'phone'], run: '12.345.678-5' },
  'log-in-malformed-run': { run: '12.345.67', problem: { kind: 'malformed-run' } },
  'log-in-missing-password': { run: '12.345.678-5', problem: { kind: 'missing-password' } },
  'log-in-wrong': { run: '12.345.678-5', shared: true, problem: { kind: 'wrong-credentials' } },
  'log-in-wait': { run: '12.345.678-5', problem: { kind: 'wait', seconds: 240 } },
  'log-in-passkey': { problem: { kind: 'passkey' } },
  'log-in-busy': { run: '12.345.678-5', problem: { kind: 'busy' } },
  'log-in-demo': { demo: people },
};

function message(kind: MessageKind): Show {
  return (frame) => {
    const { ways } = frame.words;
    const label =
      kind === 'finished'
        ? ways.on
        : kind === 'stale' || kind === 'no-cookies'
          ? ways.retryAt(municipio.name)
          : ways.home;
    return messagePage(frame, {
      ...{ kind, to: { href: '/', label } },
      ...(kind !== 'finished' && { also: { href: '/ayuda', label: ways.help }, helpCode: CODE }),
    });
  };
}

const ERRORS = {
  'unknown-client': 'invalid_client',
  'client-disabled': 'invalid_client',
  'redirect-mismatch': 'invalid_redirect_uri',
  'invalid-request': 'invalid_request',
  server: 'server_error',
} as const satisfies Record<ProtocolErrorKind, string>;

function protocolError(kind: ProtocolErrorKind): Show {
  return (frame) =>
    protocolErrorPage(frame, {
      kind,
      error: ERRORS[kind],
      helpCode: CODE,
      ...(kind === 'redirect-mismatch' && {
        rp: municipio,
        to: { href: '/', label: frame.words.ways.backTo(municipio.name) },
        description: "redirect_uri did not match any of the client's registered redirect_uris",
      }),
    });
}

const shown = <K extends string>(prefix: string, kinds: readonly K[], show: (kind: K) => Show): Record<string, Show> =>
  Object.fromEntries(kinds.map((kind) => [`${prefix}-${kind}`, show(kind)]));

const notMe: Readonly<Record<string, Show>> = {
  'not-me': (frame) =>
    notMePage(frame, {
      kind: 'told',
      wasIn: true,
      event: 'new-device',
      asked: denied,
      open: [],
      phone: '600 123 4567',
      action,
      csrf,
    }),
  'not-me-contact': (frame) =>
    notMePage(frame, {
      kind: 'told',
      wasIn: true,
      event: 'contact-changed',
      asked: denied,
      open: [],
      change: { what: 'phone', was: '+56•••••1111', now: '+56•••••4321' },
      phone: '600 123 4567',
      action,
      csrf,
    }),
  'not-me-done': (frame) =>
    notMePage(frame, {
      kind: 'denied',
      wasIn: true,
      event: 'new-device',
      asked: denied,
      open: [{ name: municipio.name, homeUri: 'https://municipio.example' }, { name: 'Registro Civil' }],
      phone: '600 123 4567',
      action,
      csrf,
    }),
  'not-me-unknown': (frame) => notMePage(frame, { kind: 'unknown', phone: '600 123 4567' }),
};

const es = words('es');

/** Every page in each of its states, by name, with example data. */
export const catalogue: Readonly<Record<string, Show>> = {
  home: (frame) => homePage(frame, {}),
  'mail-code': (frame) => mailCodePage(frame, { action, csrf, rp: municipio, again: '/', shared: false }),
  'mail-code-wrong': (frame) =>
    mailCodePage(frame, { action, csrf, rp: municipio, again: '/', shared: false, wrong: true }),
  ...notMe,
  'home-stopped': (frame) => homePage({ ...frame, stopped: ['recovery-stopped', 'end-all-sessions'] }, {}),
  'home-emulator': (frame) => homePage({ ...frame, emulator: true }, { emulator: { demo: 'http://localhost:3002/' } }),
  ...Object.fromEntries(
    Object.entries(logIns).map(([name, state]): [string, Show] => [
      name,
      (frame) => logInPage(frame, { ...fresh, ...state }),
    ]),
  ),
  'change-clave': (frame) =>
    changeClavePage(frame, { action, csrf, rp: municipio, kind: 'explained', recover: action, get: action }),
  'change-clave-choose': (frame) => changeClavePage(frame, choosing),
  'change-clave-same': (frame) => changeClavePage(frame, { ...choosing, problem: { reason: 'same', minimum: 12 } }),
  ...factorExamples,
  ...flows,
  ...enrolment,
  consent: (frame) => consentPage(frame, { ...form, rp: municipio, data, offline: false }),
  'consent-offline': (frame) =>
    consentPage(frame, { ...form, rp: longName, data: ['identifier', 'name', 'birthdate'], offline: true }),
  'log-out': (frame) => logOutPage(frame, { action, xsrf: csrf, rp: municipio }),
  'log-out-unnamed': (frame) => logOutPage(frame, { action, xsrf: csrf }),
  'logged-out': (frame) => loggedOutPage(frame, { home: '/' }),
  'still-in': (frame) => stillInPage(frame, { home: '/', rp: municipio }),
  'device-code': (frame) => deviceCodePage(frame, { action, xsrf: csrf }),
  'device-code-wrong': (frame) => deviceCodePage(frame, { action, xsrf: csrf, wrong: true }),
  'device-confirm': (frame) => deviceConfirmPage(frame, { action, xsrf: csrf, code: 'BCDF-GHJK', rp: municipio }),
  'device-done': deviceDonePage,
  approval: (frame) => approvalPage(frame, { action, id: 'example' }),
  'approval-allowed': (frame) => approvedPage(frame, true),
  'approval-denied': (frame) => approvedPage(frame, false),
  ...shown(
    'continue',
    ['return', 'log-out', 'switch'],
    (kind) => (frame) =>
      continuePage(frame, { kind, action, fields: { state: 'example' }, rp: municipio, still: true }),
  ),
  ...shown('message', Object.keys(es.message) as readonly MessageKind[], message),
  ...shown('error', Object.keys(es.protocolError.kinds) as readonly ProtocolErrorKind[], protocolError),
  'error-leaving': (frame) =>
    protocolErrorPage(frame, { kind: 'invalid-request', error: 'invalid_request', helpCode: CODE, leaving: true }),
  ...accountPages,
  ...consolePages,
  ...accountCasePages,
  ...attemptPages,
  ...officePages,
  ...callPages,
  ...caseworkPages,
  emulator: (frame) =>
    emulatorIndexPage(frame, { demo: 'http://localhost:3002/', console: 'http://localhost:3001', running, clients }),
  'emulator-faulty': (frame) =>
    emulatorIndexPage(frame, { running, faults: { sites: 'wrong-audience', mail: 'slow', registry: 'down' } }),
  'emulator-people': (frame) => emulatorPeoplePage(frame, { people: persons }),
  'emulator-people-issued': (frame) =>
    emulatorPeoplePage(frame, {
      people: persons,
      issued: { run: '22.222.222-2', code: '7K2M-9QXT-4B8N-WH', until: '2026-05-18T18:03:20Z' },
    }),
  'emulator-messages': (frame) => emulatorMessagesPage(frame, { messages }),
  'emulator-messages-slow': (frame) => emulatorMessagesPage(frame, { messages, slow: { fault: 'slow', letters: 1 } }),
  'emulator-messages-empty': (frame) => emulatorMessagesPage(frame, { messages: [] }),
  'emulator-pages': (frame) => emulatorCataloguePage(frame, { names: Object.keys(catalogue) }),
  'emulator-errors': (frame) =>
    emulatorErrorsPage(frame, {
      protocol: (Object.keys(es.errors.protocol) as readonly (keyof typeof es.errors.protocol)[]).map((code) => ({
        ...{ code, status: 400, at: ['callback', 'token'] },
      })),
    }),
  'emulator-clock': (frame) => emulatorClockPage(frame, { now: '2026-05-15T18:03:20Z', ahead: 7200, csrf }),
  'emulator-faults': (frame) => emulatorFaultsPage(frame, { sites: 'expired-code', mail: 'none', registry: 'down' }),
  'emulator-faults-elsewhere': (frame) =>
    emulatorFaultsPage(frame, { sites: 'none', mail: undefined, registry: undefined }),
  'demo-municipio': (frame) => demoHome(demo(frame, 'municipio'), { signIn: '#' }),
  'demo-registro': (frame) => demoHome(demo(frame, 'registro'), { signIn: '#', loggedOut: true }),
  'demo-greeting': (frame) => demoGreeting(demo(frame, 'municipio'), greeting),
  'demo-greeting-registro': (frame) => demoGreeting(demo(frame, 'registro'), greeting),
  'demo-cancelled': (frame) =>
    demoProblem(demo(frame, 'municipio'), { signIn: '#', home: '#', error: 'access_denied' }),
  'demo-problem': (frame) =>
    demoProblem(demo(frame, 'registro'), {
      signIn: '#',
      home: '#',
      error: 'invalid_grant',
      description: 'grant request is invalid',
    }),
};
