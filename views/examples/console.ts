import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { auditPage, type AuditTyped } from '../pages/console/audit.ts';
import { alertsPage } from '../pages/console/alerts.ts';
import { requestsPage } from '../pages/console/requests.ts';
import { clientPage, clientsPage, secretPage, type ShownClient } from '../pages/console/clients.ts';
import { consoleDoorPage } from '../pages/console/door.ts';
import { consoleHomePage } from '../pages/console/home.ts';
import { peoplePage, personDonePage, personPage } from '../pages/console/people.ts';
import { searchPage } from '../pages/console/search.ts';
import { disablePage, invitePage, staffPage, type Member, type StaffList } from '../pages/console/staff.ts';
import type { Undecided } from '../parts/waiting-list.ts';
import { switchesPage } from '../pages/console/switches.ts';
import type { ConsoleShell } from '../parts/console.ts';

/** 16 May 2026, 14:03 in Chile. */
const now = Date.UTC(2026, 4, 16, 18, 3);
const DAY = 86_400_000;

const shell: ConsoleShell = {
  csrf: 'example',
  name: 'Jorge Andrés Pizarro Lagos',
  roles: ['supervisor', 'operator'],
  rooms: ['home', 'people', 'audit', 'staff', 'clients', 'switches'],
  now,
};

const member: Member = {
  ...{
    id: 'a',
    name: 'Rosa Elena Muñoz Tapia',
    roles: ['officer'],
    agency: 'registro-civil',
    where: 'Santiago Centro',
  },
  ...{ state: 'active', seenAt: now - DAY / 8, trainedAt: now - 40 * DAY, isMe: false },
  may: { train: true, disable: true },
};
const members: readonly Member[] = [
  member,
  { ...member, id: 'b', name: shell.name, roles: shell.roles, isMe: true, may: { train: false, disable: false } },
  { ...member, id: 'c', name: 'Ana Luisa Rojas Fuentes', state: 'invited', seenAt: undefined, trainedAt: undefined },
  { ...member, id: 'd', name: 'Pedro Antonio Soto Vidal', state: 'disabled', may: { train: false, disable: false } },
];
const waiting: readonly Undecided[] = [
  {
    ...{
      id: 'p',
      name: 'María Carmen Del Río González',
      what: 'funcionaria o funcionario',
      by: 'Ana Luisa Rojas Fuentes',
    },
    ...{ at: now - DAY / 24, reason: 'refuerzo para la oficina de Ñuñoa', mayDecide: true },
  },
];
const typed = {
  ...{ run: '11.111.111-1', roles: ['officer'], agency: '', office: 'Ñuñoa', institution: '' },
  reason: { kind: 'operations', text: 'refuerzo' },
};
const site: ShownClient = {
  ...{ id: 'demo-municipio', name: 'Municipalidad de Valdivia', institution: 'Municipalidad de Valdivia' },
  ...{ profile: 'oidc', state: 'certified', auth: 'client_secret_basic', scopes: ['openid', 'run', 'profile'] },
  ...{ features: ['refresh'], redirectUris: ['https://tramites.municipio.example/ingreso/vuelta'] },
  ...{ postLogoutRedirectUris: [], secrets: [{}, { until: now + 20 * DAY }] },
};
const sort = (now?: 'ascending' | 'descending') => ({ href: '#', now });
const list: StaffList = {
  ...{ address: { path: '#', asked: { funcion: 'officer' } }, found: { count: 1000, more: true }, agencies: true },
  ...{ before: '#', after: '#', sorts: { where: sort(), seen: sort('descending'), training: sort() } },
};
const sites = {
  ...{ shell, address: { path: '#', asked: {} }, found: { count: 2, more: false } },
  sorts: { name: sort('ascending'), institution: sort() },
};
const soughtEvents: AuditTyped = {
  ...{ run: '', actor: '7.654.321-6', request: '', kind: 'person-looked-up', oldestFirst: false },
  ...{ from: '2026-05-01', until: '', reason: typed.reason },
};
const inside = (frame: Frame): Frame => ({ ...frame, place: 'console' });

/** The console in each of its states. */
export const consolePages: Readonly<Record<string, (frame: Frame) => Page>> = {
  console: (frame) =>
    consoleHomePage(inside(frame), {
      shell,
      firstName: 'Jorge',
      trainedAt: now - DAY,
      wantsTraining: true,
      waiting: 1,
    }),
  'console-untrained': (frame) =>
    consoleHomePage(inside(frame), {
      shell: { ...shell, roles: ['officer'], rooms: ['home'] },
      ...{ firstName: 'Rosa', trainedAt: undefined, wantsTraining: true, waiting: 0 },
    }),
  'console-not-staff': (frame) => consoleDoorPage(inside(frame), { kind: 'not-staff' }),
  'console-weak': (frame) => consoleDoorPage(inside(frame), { kind: 'weak', also: { href: '#', label: 'Mi cuenta' } }),
  'console-left': (frame) => consoleDoorPage(inside(frame), { kind: 'left' }),
  'console-staff': (frame) =>
    staffPage(inside(frame), { shell, members, waiting, list, mayInvite: true, mayExport: true }),
  'console-staff-gone': (frame) =>
    staffPage(inside(frame), {
      ...{ shell, members: [], waiting: [], mayInvite: false, mayExport: false, refused: 'gone' },
      list: { ...list, agencies: false, before: undefined, after: undefined, found: { count: 0, more: false } },
    }),
  'console-invite': (frame) =>
    invitePage(inside(frame), {
      shell,
      roles: ['officer', 'supervisor', 'institution', 'operator', 'auditor'],
      offices: ['Registro Civil Santiago Centro'],
      typed,
      refused: 'agency-missing',
    }),
  'console-disable': (frame) => disablePage(inside(frame), { shell, id: 'a', name: member.name, refused: 'reason' }),
  'console-people': (frame) =>
    peoplePage(inside(frame), { shell, typed: { run: '1-9', reason: typed.reason }, refused: 'reason' }),
  'console-person': (frame) =>
    personPage(inside(frame), {
      shell,
      record: {
        ...{ accountId: 'a', name: 'M•••• C••••• D•• R•• G•••••••', email: 'm•••@correo.example', phone: undefined },
        ...{ status: 'active', identified: 'presencial', factors: 1, sessions: 2, cases: 0, lastSignIn: now - DAY },
      },
      acts: ['block', 'end-sessions', 'open-case'],
    }),
  'console-person-done': (frame) => personDonePage(inside(frame), { shell }),
  'console-audit': (frame) =>
    auditPage(inside(frame), {
      ...{ shell, kinds: ['login-succeeded', 'person-looked-up'], before: '1207' },
      found: { count: 1000, more: true },
      typed: soughtEvents,
      lines: [
        {
          ...{ id: '1208', at: now - DAY / 24, kind: 'person-looked-up', actor: member.name, client: '' },
          ...{ subject: 'M•••• C••••• D•• R•• G•••••••', details: 'reason: case · words: llamó por teléfono' },
        },
      ],
    }),
  'console-clients': (frame) =>
    clientsPage(inside(frame), { ...sites, clients: [site, { ...site, state: 'suspended' }] }),
  'console-clients-none': (frame) =>
    clientsPage(inside(frame), { ...sites, clients: [], address: { path: '#', asked: { estado: 'draft' } } }),
  'console-clients-export': (frame) =>
    clientsPage(inside(frame), { ...sites, clients: [site], exporting: typed.reason, refused: 'exports-enough' }),
  'console-client': (frame) =>
    clientPage(inside(frame), {
      ...{ shell, client: { ...site, state: 'in-review' }, acts: ['uris', 'rotate', 'certify', 'suspend'] },
      waiting: waiting.map((one) => ({ ...one, name: site.name, what: frame.words.clients.what.uris })),
      faults: [{ fault: 'not-acceptable', uri: 'http://municipio.example/*' }],
    }),
  'console-client-features': (frame) =>
    clientPage(inside(frame), {
      ...{ shell, client: site, acts: ['uris', 'features'], waiting: [], ticked: ['fapi', 'refresh'] },
      faults: [{ fault: 'no-strong-auth', uri: 'fapi' }],
    }),
  'console-client-secret': (frame) =>
    secretPage(inside(frame), { shell, client: site, secret: 'Zl3vE0xample-8kQw2Tn5YbR7uXcVdGfHjKmPsAaB' }),
  'console-requests': (frame) =>
    requestsPage(inside(frame), {
      ...{ ...sites, after: '#', sorts: { created: sort('descending'), moved: sort() } },
      cases: (['requested', 'held', 'code-issued'] as const).map((stage, at) => ({
        ...{ id: `c0ffee0${String(at)}-0000-4000-8000-000000000001`, stage, createdAt: now - at * DAY, updatedAt: now },
        ...{ channel: at === 0 ? undefined : 'office', office: at === 0 ? undefined : 'Ñuñoa' },
      })),
    }),
  'console-requests-none': (frame) =>
    requestsPage(inside(frame), {
      ...{ ...sites, address: { path: '#', asked: { etapa: 'held' } }, cases: [] },
      sorts: { created: sort(), moved: sort() },
    }),
  'console-search': (frame) =>
    searchPage(inside(frame), { shell, said: 'muni', rooms: ['clients'], clients: [site], caseId: undefined }),
  'console-search-person': (frame) =>
    searchPage(inside(frame), { shell, said: '11.111.111-1', rooms: [], clients: [], run: '11.111.111-1' }),
  'console-search-request': (frame) =>
    searchPage(inside(frame), {
      ...{ shell, said: '7K2M-9QXT', rooms: [], clients: [] },
      audit: { ...soughtEvents, request: '7K2M-9QXT' },
    }),
  'console-search-none': (frame) => searchPage(inside(frame), { shell, said: 'xyz', rooms: [], clients: [] }),
  'console-alerts': (frame) =>
    alertsPage(inside(frame), {
      ...{ shell, open: true, mayAcknowledge: true, before: '7' },
      alerts: [
        { id: '9', kind: 'staff-look-ups', at: now - DAY / 24, actor: member.name },
        { id: '8', kind: 'guessing', at: now - DAY, seenBy: shell.name, seenAt: now - DAY / 2 },
      ],
    }),
  'console-alerts-none': (frame) => alertsPage(inside(frame), { shell, open: true, mayAcknowledge: true, alerts: [] }),
  'console-switches': (frame) =>
    switchesPage(inside(frame), {
      shell,
      switches: [
        { name: 'recovery-stopped', flipped: true },
        { name: 'enrolment-stopped', flipped: false },
        { name: 'end-all-sessions', flipped: false, at: now - 3 * DAY },
        { name: 'secrets-staged', flipped: false },
      ],
      waiting: waiting.map((one) => ({ ...one, name: frame.words.console.switches.names['recovery-stopped'].title })),
    }),
};
