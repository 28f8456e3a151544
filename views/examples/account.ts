import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { activityPage, type ActivityShown } from '../pages/account/activity.ts';
import { accountClavePage, type AccountClave } from '../pages/account/clave.ts';
import { closingPage, shutPage } from '../pages/account/closing.ts';
import { confirmContactPage, contactPage, type ContactShown } from '../pages/account/contact.ts';
import { exportPage, type ExportShown } from '../pages/account/export.ts';
import { leftPage } from '../pages/account/left.ts';
import { overviewPage, type Overview } from '../pages/account/overview.ts';
import { endPlacePage, placesPage, type Places } from '../pages/account/places.ts';
import { sitesPage, type ShownSite } from '../pages/account/sites.ts';

/** 16 May 2026, 14:03 in Chile. */
const now = Date.UTC(2026, 4, 16, 18, 3);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const shell = { csrf: 'example', shared: false, now };
const MUNICIPIO = 'Municipalidad de Los Robles';
const LONG = 'Superintendencia de Servicios Regionales de Administración y Fiscalización Ciudadana';

const overview: Overview = {
  shell,
  firstName: 'María',
  name: 'María Carmen Del Río González',
  run: '11.111.111-1',
  identified: 'presencial',
  email: 'maria.carmen@correo.example',
  last: { at: now - 20 * HOUR, device: 'Chrome, Android' },
};

const places: Places = {
  shell,
  sessions: [
    { ref: 'a', device: 'Chrome, Android', shared: false, begunAt: now - 40 * MINUTE, seenAt: now },
    { ref: 'b', device: 'Firefox, Windows', shared: false, begunAt: now - 3 * HOUR, seenAt: now - 9 * MINUTE },
    { ref: 'c', device: '', shared: true, begunAt: now - 20 * MINUTE, seenAt: now - 20 * MINUTE },
  ],
  devices: [
    { ref: 'd', name: 'Chrome, Android', firstAt: now - 200 * DAY, lastAt: now - 40 * MINUTE, here: true },
    { ref: 'e', name: 'Firefox, Windows', firstAt: now - 30 * DAY, lastAt: now - 3 * HOUR, here: false },
  ],
};

const activity: ActivityShown = {
  shell,
  lines: [
    { kind: 'access', at: now - 9 * MINUTE, site: MUNICIPIO, way: 'session', device: 'Firefox, Windows' },
    { kind: 'access', at: now - 3 * HOUR, site: LONG, way: 'password', device: 'Firefox, Windows' },
    {
      ...{ kind: 'event', at: now - 19 * HOUR, event: 'person-looked-up', site: undefined },
      desk: { role: 'officer', agency: 'registro-civil', office: 'Ñuñoa', reason: 'citizen-asks' },
    },
    { kind: 'event', at: now - 20 * HOUR, event: 'login-refused', site: MUNICIPIO },
    { kind: 'access', at: now - 21 * HOUR, site: 'Registro', way: 'passkey', device: 'Chrome, Android' },
    { kind: 'event', at: now - 9 * DAY, event: 'password-changed', site: undefined },
  ],
  sites: [
    { id: 'muni', name: MUNICIPIO },
    { id: 'super', name: LONG },
  ],
  ...{ site: '', period: 30, page: 2, more: true },
};

const contact: ContactShown = {
  shell,
  current: { email: 'maria.carmen@correo.example', 'other-email': undefined, phone: '+56 9 1234 5678' },
};

const clave: AccountClave = { shell, minimum: 12, own: ['María', '11111111'], run: '11.111.111-1' };

const exported: ExportShown = {
  ...{ shell, at: now, names: 'María Carmen', surnames: 'Del Río González', run: '11.111.111-1' },
  ...{ birthdate: '1980-05-17', status: 'active', createdAt: now - 900 * DAY, updatedAt: now - 9 * DAY },
  ...{ passwordAt: now - 9 * DAY, identified: 'Comprobada en una oficina' },
  contact: [
    { label: 'Correo', value: 'maria.carmen@correo.example', confirmed: true },
    { label: 'Teléfono', value: '+56912345678', confirmed: false },
  ],
  changes: [{ at: now - 9 * DAY, label: 'Correo', before: 'antes@correo.example' }],
  factors: [{ kind: 'totp', createdAt: now - 9 * DAY, usedAt: undefined }],
  sessions: [{ begunAt: now - HOUR, device: 'Chrome, Android', network: '190.45.12.0/24' }],
  devices: [{ name: 'Chrome, Android', lastAt: now - HOUR }],
  sites: [{ name: MUNICIPIO, times: 3, lastAt: now - HOUR }],
  cases: [],
  events: [
    { at: now - HOUR, kind: 'access-granted', site: MUNICIPIO, network: '190.45.12.0/24' },
    { at: now - 9 * DAY, kind: 'password-changed', site: undefined, network: '2001:db8:1:2::/64' },
  ],
};

const site: ShownSite = {
  ...{ id: 'muni', name: MUNICIPIO, host: 'losrobles.example' },
  data: ['run', 'name', 'email'],
  lastAt: now - 9 * MINUTE,
};

/** «Mi cuenta» in each of its states. */
export const accountPages: Readonly<Record<string, (frame: Frame) => Page>> = {
  account: (frame) => overviewPage(frame, overview),
  'account-few-codes': (frame) => overviewPage(frame, { ...overview, fewCodes: 2 }),
  'account-no-codes': (frame) => overviewPage(frame, { ...overview, fewCodes: 0 }),
  'account-shared': (frame) =>
    overviewPage(frame, {
      ...overview,
      shell: { ...shell, shared: true },
      identified: 'video',
      email: undefined,
      last: undefined,
    }),
  'account-contact': (frame) => contactPage(frame, { ...contact, done: 'done' }),
  'account-contact-wrong': (frame) =>
    contactPage(frame, { ...contact, problem: { what: 'other-email', reason: 'malformed', typed: 'maria@' } }),
  'account-contact-many': (frame) =>
    contactPage(frame, { ...contact, problem: { what: 'phone', reason: 'too-many', typed: '912345678' } }),
  'account-confirm': (frame) => confirmContactPage(frame, { shell, what: 'email', value: 'nuevo@correo.example' }),
  'account-confirm-wrong': (frame) =>
    confirmContactPage(frame, { shell, what: 'phone', value: '+56912345678', wrong: true }),
  'account-clave': (frame) => accountClavePage(frame, { ...clave, done: true }),
  'account-clave-current': (frame) => accountClavePage(frame, { ...clave, current: { reason: 'wrong', seconds: 0 } }),
  'account-clave-wait': (frame) => accountClavePage(frame, { ...clave, current: { reason: 'wait', seconds: 240 } }),
  'account-clave-weak': (frame) => accountClavePage(frame, { ...clave, problem: { reason: 'guessable', minimum: 12 } }),
  'account-sessions': (frame) => placesPage(frame, places),
  'account-sessions-one': (frame) =>
    placesPage(frame, { shell, sessions: places.sessions.slice(0, 1), devices: [], done: 'endedOthers' }),
  'account-sessions-end': (frame) => endPlacePage(frame, { shell, session: places.sessions[1] ?? 'gone' }),
  'account-sessions-end-others': (frame) => endPlacePage(frame, { shell, session: undefined }),
  'account-sessions-gone': (frame) => endPlacePage(frame, { shell, session: 'gone' }),
  'account-activity': (frame) => activityPage(frame, activity),
  'account-activity-none': (frame) =>
    activityPage(frame, { ...activity, lines: [], page: 1, more: false, site: 'cambios' }),
  'account-sites': (frame) =>
    sitesPage(frame, { shell, now: [site], before: [{ name: LONG, lastAt: now - 40 * DAY }], done: true }),
  'account-sites-none': (frame) => sitesPage(frame, { shell, now: [], before: [] }),
  'account-export': (frame) => exportPage(frame, exported),
  'account-close': (frame) => closingPage(frame, { shell, mailed: true }),
  'account-close-unsure': (frame) => closingPage(frame, { shell, mailed: false, unsure: true }),
  'account-blocked': (frame) => shutPage(frame, { how: 'blocked' }),
  'account-blocked-for-office': (frame) => shutPage(frame, { how: 'blockedForOffice' }),
  'account-closed': (frame) => shutPage(frame, { how: 'closed' }),
  'account-left': (frame) => leftPage(frame),
};
