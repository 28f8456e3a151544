import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { officesPage, type ListedOffice, type OfficesRoom } from '../pages/console/offices.ts';
import type { ConsoleShell } from '../parts/console.ts';

const shell: ConsoleShell = {
  ...{ csrf: 'example', name: 'Ana Luisa Rojas Fuentes', roles: ['supervisor', 'operator'] },
  ...{ rooms: ['home', 'offices', 'rosters', 'staff', 'alerts'], now: Date.UTC(2026, 10, 27, 13, 3) },
};
const days: ListedOffice['days'] = [
  { day: '2026-11-27', open: ['08:30–13:00', '14:00–17:00'] },
  { day: '2026-11-28', open: [] },
  { day: '2026-11-29', open: [] },
];
const offices: readonly ListedOffice[] = [
  {
    ...{ id: 'ips-valdivia', name: 'ChileAtiende Valdivia', agency: 'ips', comuna: 'Valdivia', region: 'Los Ríos' },
    ...{ days, rostered: 3, waiting: 12, mayRoster: true },
  },
  {
    ...{ id: 'rc-santiago', name: 'Registro Civil Santiago Centro', agency: 'registro-civil', comuna: 'Santiago' },
    ...{ region: 'Metropolitana', days, rostered: 0, waiting: 0, mayRoster: false },
  },
];
const room: OfficesRoom = {
  ...{ shell, offices, regions: ['Los Ríos', 'Metropolitana'], address: { path: '#', asked: {} }, after: '#' },
  ...{ found: { count: 2, more: false }, agencies: true },
  sorts: { name: { href: '#', now: undefined }, place: { href: '#', now: 'ascending' } },
};
const inside = (frame: Frame): Frame => ({ ...frame, place: 'console' });

/** The room of the offices in each of its states. */
export const officePages: Readonly<Record<string, (frame: Frame) => Page>> = {
  'console-offices': (frame) => officesPage(inside(frame), room),
  'console-offices-own': (frame) =>
    officesPage(inside(frame), {
      ...room,
      ...{ offices: offices.slice(0, 1), regions: ['Los Ríos'], agencies: false, after: undefined },
      found: { count: 1, more: false },
    }),
  'console-offices-none': (frame) =>
    officesPage(inside(frame), { ...room, offices: [], address: { path: '#', asked: { region: 'Los Ríos' } } }),
};
