import type { Item, Tick } from '#src/domain/checklist.ts';
import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { agendaPage, deskPage } from '../pages/console/agenda.ts';
import { caseGonePage, casePage, keyShownPage } from '../pages/console/case.ts';
import { figuresPage } from '../pages/console/figures.ts';
import { rostersPage } from '../pages/console/rosters.ts';
import { caseHistoryPage, secondCasePage, secondPage, type Asked } from '../pages/console/second.ts';
import { secondCodePage } from '../pages/console/second-code.ts';
import { slipGonePage, slipPage, slipWaitingPage } from '../pages/console/slip.ts';
import { supervisionPage } from '../pages/console/supervision.ts';
import type { CaseWork } from '../parts/checklist.ts';
import type { ConsoleShell } from '../parts/console.ts';
import type { SeenSession } from '../parts/evidence.ts';

/** 16 May 2026, 14:03 in Chile. */
const now = Date.UTC(2026, 4, 16, 18, 3);
const HOUR = 3_600_000;
const shell: ConsoleShell = {
  ...{ csrf: 'example', name: 'Rosa Elena Muñoz Tapia', roles: ['officer'], now },
  rooms: ['home', 'agenda', 'desk', 'second', 'supervision', 'rosters', 'figures', 'people'],
};
const caseId = 'c0ffee00-0000-4000-8000-000000000001';
const mrz = 'INCHL1002003004<<<<<<<<<<<<<<<\n9201208M3101207CHL22222222<2<6\nSOTO<VIDAL<<PEDRO<ANTONIO';
const ITEMS: readonly Item[] = ['consent', 'in-view', 'features', 'document', 'likeness', 'coercion', 'read-back'];
const TICKS: readonly Tick[] = [
  ...(['consent', 'in-view', 'picture', 'action-card-tilt', 'action-turn-left', 'action-read-digits'] as const),
  ...(['feature-hologram', 'feature-colour-ink', 'feature-relief', 'printed-run', 'likeness-eyes'] as const),
];
const features = [
  { name: 'hologram', kind: 'optical' },
  { name: 'colour-ink', kind: 'optical' },
  { name: 'microtext', kind: 'visible' },
  { name: 'relief', kind: 'touch' },
] as const;
const work: CaseWork = {
  ...{ items: ITEMS, features },
  ...{
    csrf: 'example',
    caseId,
    channel: 'office',
    session: 1,
    version: 1,
    run: '22.222.222-2',
    documento: '100200300',
  },
  ...{ email: 'pedro.soto@correo.example', phone: '+56922222222', exceptions: [], registry: undefined },
  drawn: ['card-tilt', 'turn-left', 'read-digits'],
  sheet: { ticks: [], mrz: '', issued: '', coercion: 'unsaid' },
};
const registry = { says: 'good', at: now, name: 'Pedro Antonio Soto Vidal', birthdate: '1992-01-20' } as const;
const full = { ticks: TICKS, mrz, issued: '2021-01-20', coercion: 'none' } as const;
const seen: SeenSession = {
  ...{ session: 1, channel: 'video', officer: shell.name, at: now - HOUR, result: 'approved', drawn: work.drawn },
  ...{ ticks: TICKS.slice(0, 12), document: 'CHL 100200300, vence 2031-01-20', registry: 'good' },
  ...{ exceptions: [{ kind: 'contact-change', by: 'Ximena del Pilar Paredes Oyarzún' }], words: 'cambió de correo' },
};
const asked: Asked = {
  ...{ id: 'p', kind: 'no-card', run: '22.222.222-2', by: 'Ana Luisa Rojas Fuentes', at: now - HOUR, mayDecide: true },
  reason: 'se la robaron ayer, trae la denuncia y su pasaporte',
};
const inside = (frame: Frame): Frame => ({ ...frame, place: 'console' });
const desk = (frame: Frame, differing: Partial<CaseWork>): Page =>
  casePage(inside(frame), { shell, hand: { kind: 'work', work: { ...work, ...differing } } });
const empty = { run: '', documento: '', email: '', telefono: '' };
const shift = { officer: 'a', name: shell.name, from: '09:00', to: '13:00' } as const;

/** Sessions with citizens, and the rooms that look after them. */
const over = { caseId, channel: 'office', result: 'approved' } as const;
const slip = {
  ...{ run: '22.222.222-2', code: '7K2M-9QXT-4B8N-WH', until: now + 72 * HOUR },
  ...{ address: 'https://claveunica.example/activar', qr: undefined },
};
export const caseworkPages: Readonly<Record<string, (frame: Frame) => Page>> = {
  'console-agenda': (frame) =>
    agendaPage(inside(frame), {
      ...{ shell, inHand: undefined, waiting: 3, dueToday: 12, note: 'nobody' },
      mine: [
        { at: now - HOUR, channel: 'video', result: 'approved' },
        { at: now - 2 * HOUR, channel: 'office', result: 'rejected' },
      ],
    }),
  'console-agenda-in-hand': (frame) =>
    agendaPage(inside(frame), { shell, inHand: '#', waiting: 0, dueToday: 0, mine: [], note: 'busy' }),
  'console-desk': (frame) =>
    deskPage(inside(frame), {
      ...{ shell, inHand: undefined, typed: empty, said: 'arrived' },
    }),
  'console-desk-no-case': (frame) =>
    deskPage(inside(frame), {
      ...{ shell, inHand: undefined, typed: { ...empty, run: '22.222.222-2' }, said: 'noCase' },
    }),
  'console-desk-by-video': (frame) =>
    deskPage(inside(frame), {
      ...{ shell, inHand: undefined, typed: { ...empty, run: '22.222.222-2' }, said: 'byVideo' },
    }),
  'console-case': (frame) => desk(frame, {}),
  'console-case-video': (frame) =>
    desk(frame, {
      channel: 'video',
      items: [...ITEMS.slice(0, 2), 'picture', 'actions', ...ITEMS.slice(2)],
      registry,
      sheet: full,
      saved: true,
    }),
  'console-case-missing': (frame) =>
    desk(frame, {
      ...{ registry: { says: 'blocked', at: now }, missing: ['features', 'likeness'], mrzFault: 'check-digit' },
      ...{ sheet: { ...full, ticks: ['consent'] }, exceptions: [{ kind: 'contact-change', granted: true }] },
    }),
  'console-case-fresh': (frame) => desk(frame, { registry, sheet: full, problem: 'fresh' }),
  'console-case-differs': (frame) => desk(frame, { registry, sheet: full, differences: ['name', 'expired'] }),
  ...Object.fromEntries(
    (['approved', 'rejected', 'held', 'broken-off'] as const).map((result) => [
      `console-case-${result}`,
      (frame: Frame) =>
        casePage(inside(frame), {
          shell,
          hand: {
            kind: 'ended',
            ended: { csrf: 'example', ...over, result, slip: result === 'approved', second: false },
          },
        }),
    ]),
  ),
  'console-case-mailless': (frame) =>
    casePage(inside(frame), {
      ...{ shell, hand: { kind: 'ended', ended: { csrf: 'example', ...over, slip: true, second: true } } },
    }),
  'console-case-gone': (frame) => caseGonePage(inside(frame), shell),
  'console-key-shown': (frame) => keyShownPage(inside(frame), shell),
  'console-slip': (frame) => slipPage(inside(frame), slip),
  'console-slip-mailless': (frame) => slipPage(inside(frame), { ...slip, which: 'with-paper' }),
  'console-second-code': (frame) => secondCodePage(inside(frame), { shell, run: '' }),
  'console-second-code-none': (frame) => secondCodePage(inside(frame), { shell, run: '22.222.222-2', problem: 'none' }),
  'console-second-code-own': (frame) => secondCodePage(inside(frame), { shell, run: '', problem: 'own' }),
  'console-second-code-slip': (frame) => slipPage(inside(frame), { ...slip, code: '9QXT-4B8N', which: 'second' }),
  'console-slip-waiting': (frame) => slipWaitingPage(inside(frame), { shell, caseId }),
  'console-slip-gone': (frame) => slipGonePage(inside(frame), { shell, lost: caseId }),
  'console-slip-lost': (frame) => slipGonePage(inside(frame), { shell, lost: caseId, refused: 'reason' }),
  'console-second': (frame) =>
    secondPage(inside(frame), {
      shell,
      asked: [
        { ...asked, run: '••.•••.222-2' },
        { ...asked, run: '••.•••.222-2', id: 'q', kind: 'reissue', mayDecide: false },
      ],
    }),
  'console-second-none': (frame) => secondPage(inside(frame), { shell, asked: [] }),
  'console-second-case': (frame) => secondCasePage(inside(frame), { shell, asked, seen }),
  'console-history-why': (frame) => caseHistoryPage(inside(frame), { shell, caseId, opened: undefined }),
  'console-history': (frame) =>
    caseHistoryPage(inside(frame), {
      ...{ shell, caseId, proposed: true },
      opened: {
        ...{ run: '22.222.222-2', stage: 'code-issued', sessions: [seen], mayReissue: true },
        moves: [
          { move: 'book', to: 'booked', by: 'citizen', at: now - 3 * HOUR },
          { move: 'start', to: 'in-session', by: 'officer', at: now - HOUR },
        ],
      },
    }),
  'console-supervision': (frame) =>
    supervisionPage(inside(frame), {
      shell,
      holds: [
        {
          ...{ caseId, run: '22.222.222-2', kinds: ['flag', 'same-email'], by: shell.name, mayEnd: true },
          ...{ words: 'alguien le dictaba las respuestas', at: now - HOUR },
        },
      ],
      samples: [{ id: 's', by: 'Ana Luisa Rojas Fuentes', at: now - HOUR, seen }],
    }),
  'console-supervision-none': (frame) => supervisionPage(inside(frame), { shell, holds: [], samples: [] }),
  'console-rosters': (frame) =>
    rostersPage(inside(frame), {
      ...{ shell, week: '2026-05-11', before: '2026-05-04', after: '2026-05-18', fault: 'overlap' },
      shifts: [
        { ...shift, day: '2026-05-11', channel: 'video', office: undefined },
        { ...shift, day: '2026-05-12', channel: 'office', office: 'Ñuñoa' },
      ],
      officers: [{ id: 'a', name: shell.name }],
      offices: [{ id: 'rc-nunoa', name: 'Ñuñoa' }],
    }),
  'console-rosters-office': (frame) =>
    rostersPage(inside(frame), {
      ...{ shell, week: '2026-05-11', before: '2026-05-04', after: '2026-05-18' },
      shifts: [{ ...shift, day: '2026-05-12', channel: 'office', office: 'Ñuñoa' }],
      officers: [{ id: 'a', name: shell.name }],
      ...{ offices: [{ id: 'rc-nunoa', name: 'Ñuñoa' }], only: { id: 'rc-nunoa', name: 'Ñuñoa' } },
    }),
  'console-figures': (frame) =>
    figuresPage(inside(frame), {
      mayExport: true,
      ...{ shell, waiting: 3, noShows: 2 },
      officers: [{ name: shell.name, approved: 31, rejected: 4, held: 1, 'broken-off': 2 }],
      places: [
        { office: '', taken: 120, capacity: 160 },
        { office: 'Ñuñoa', taken: 40, capacity: 48 },
        { office: 'Arica', taken: 5, capacity: 32 },
      ],
    }),
};
