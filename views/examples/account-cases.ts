import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { accountCasePage, type AccountCasePage } from '../pages/console/account-case.ts';
import { accountCasesPage, type AccountCasesRoom } from '../pages/console/account-cases.ts';
import type { ConsoleShell } from '../parts/console.ts';

/** 16 May 2026, 14:03 in Chile. */
const now = Date.UTC(2026, 4, 16, 18, 3);
const HOUR = 3_600_000;
const shell: ConsoleShell = {
  ...{ csrf: 'example', name: 'Ana Luisa Rojas Fuentes', roles: ['supervisor'], now },
  rooms: [
    'home',
    'second',
    'supervision',
    'rosters',
    'figures',
    'people',
    'accountCases',
    'staff',
    'alerts',
    'switches',
  ],
};
const id = 'c0ffee00-0000-4000-8000-000000000007';
const by = 'Jorge Andrés Pizarro Lagos';
const one: AccountCasePage = {
  ...{ shell, id, run: '11.111.111-1', name: 'M•••• C••••• D•• R•• G•••••••', status: 'active', holder: '' },
  one: { kind: 'not-me', at: now - 5 * HOUR, by: undefined, state: { kind: 'free' } },
  about: {
    ...{ event: 'new-device', told: now - 6 * HOUR, device: 'Chrome, Android', network: '200.83.0.0/24' },
    site: 'Municipalidad de Valdivia',
  },
  ...{ steps: [], may: { take: true, work: false, opened: false } },
};
const steps: AccountCasePage['steps'] = [
  { what: 'taken', at: now - 3 * HOUR, by, words: '' },
  { what: 'noted', at: now - 2 * HOUR, by, words: 'La llamé: no reconoce el ingreso. Cambió su ClaveÚnica conmigo.' },
];
const inside = (frame: Frame): Frame => ({ ...frame, place: 'console' });

const room: AccountCasesRoom = {
  ...{ shell, closed: false, cases: [], address: { path: '#', asked: {} }, found: { count: 3, more: false } },
  sort: { href: '#', now: 'ascending' },
};
const closedAt = undefined;

/** The room of the cases of accounts in each of its states. */
export const accountCasePages: Readonly<Record<string, (frame: Frame) => Page>> = {
  'console-account-cases': (frame) =>
    accountCasesPage(inside(frame), {
      ...{ ...room, after: '#' },
      cases: [
        { id, kind: 'not-me', at: now - 30 * HOUR, run: '••.•••.111-1', state: { kind: 'taken', by }, closedAt },
        { id, kind: 'staff', at: now - 5 * HOUR, run: '••.•••.678-5', state: { kind: 'free' }, closedAt },
        { id, kind: 'not-me', at: now - HOUR, run: '••.•••.222-2', state: { kind: 'mine' }, closedAt },
      ],
    }),
  'console-account-cases-closed': (frame) =>
    accountCasesPage(inside(frame), {
      ...{ ...room, closed: true, address: { path: '#', asked: { estado: 'secured' } } },
      ...{ found: { count: 1, more: false }, sort: { href: '#', now: 'descending' } },
      cases: [
        {
          ...{ id, kind: 'staff', at: now - 90 * HOUR, run: '••.•••.678-5', closedAt: now - 3 * HOUR },
          state: { kind: 'closed', outcome: 'secured' },
        },
      ],
      ...{ exporting: { kind: 'case', text: 'lista' }, refused: 'reason' },
    }),
  'console-account-cases-none': (frame) => accountCasesPage(inside(frame), { ...room, refused: 'gone' }),
  'console-account-cases-no-such': (frame) =>
    accountCasesPage(inside(frame), { ...room, address: { path: '#', asked: { estado: 'mine' } } }),
  'console-account-case': (frame) => accountCasePage(inside(frame), one),
  'console-account-case-mine': (frame) =>
    accountCasePage(inside(frame), {
      ...one,
      ...{ one: { ...one.one, state: { kind: 'mine' } }, steps, may: { take: false, work: true, opened: false } },
      ...{ refused: 'reason', typed: { outcome: 'secured', reason: { kind: 'case', text: 'lista' } } },
    }),
  'console-account-case-note': (frame) =>
    accountCasePage(inside(frame), {
      ...one,
      ...{ one: { ...one.one, state: { kind: 'mine' } }, steps, may: { take: false, work: true, opened: false } },
      ...{ refused: 'no-words', typed: { note: 'llamé' } },
    }),
  'console-account-case-taken': (frame) =>
    accountCasePage(inside(frame), {
      ...one,
      one: { kind: 'staff', at: now - 30 * HOUR, by: shell.name, state: { kind: 'taken', by } },
      about: { reason: 'fraud', words: 'ingresos de noche desde otra ciudad, dice que no fue ella' },
      ...{ steps, may: { take: false, work: false, opened: true } },
    }),
  'console-account-case-closed': (frame) =>
    accountCasePage(inside(frame), {
      ...one,
      one: { ...one.one, state: { kind: 'closed', outcome: 'secured' } },
      steps: [...steps, { what: 'closed', at: now - HOUR, by, words: 'cambió su clave y agregó una llave de acceso' }],
      may: { take: false, work: false, opened: false },
    }),
};
