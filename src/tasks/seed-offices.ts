import { AHEAD_DAYS, dayAfter, localDay, type Hours, type Office, type Shift } from '../domain/schedule.ts';
import { parseRun } from '../domain/run.ts';
import type { Parts } from '../parts.ts';

const WEEK: Hours = Object.fromEntries([1, 2, 3, 4, 5].map((day) => [String(day), [[8 * 60 + 30, 14 * 60] as const]]));
const OFFICES: readonly Omit<Office, 'hours' | 'closed'>[] = [
  {
    ...{ id: 'rc-santiago-centro', agency: 'registro-civil', name: 'Registro Civil Santiago Centro' },
    ...{ address: 'Calle de los Arrayanes 100', comuna: 'Santiago', region: 'Metropolitana' },
  },
  {
    ...{ id: 'ips-valdivia', agency: 'ips', name: 'ChileAtiende Valdivia' },
    ...{ address: 'Avenida del Río 250', comuna: 'Valdivia', region: 'Los Ríos' },
  },
];

type Needs = Pick<Parts, 'accounts' | 'clock' | 'demo' | 'offices'>;

/** The emulator's offices, which do not exist; those that somebody has changed stay. */
export async function seedOffices({ offices }: Needs): Promise<void> {
  const known = new Set((await offices.list()).map(({ id }) => id));
  for (const office of OFFICES) if (!known.has(office.id)) await offices.put({ ...office, hours: WEEK, closed: [] });
}

/** The first of the demo's officers attends by video, around the clock, the others at their offices; days that have shifts stay as they are. */
export async function seedShifts({ accounts, clock, demo, offices }: Needs): Promise<void> {
  const officers = (demo?.people ?? []).filter(({ staff }) => staff?.roles.includes('officer'));
  const today = localDay(clock());
  for (const person of officers) {
    const run = parseRun(person.run);
    const officer = run && (await accounts.forLogin(run))?.account.id;
    if (officer === undefined) continue;
    const have = await offices.shifts({ from: today, to: dayAfter(today, AHEAD_DAYS), officer });
    const planned = new Set(have.map(({ day }) => day));
    for (let n = 0; n <= AHEAD_DAYS; n += 1) {
      const day = dayAfter(today, n);
      if (planned.has(day)) continue;
      const video: Shift = { officer, day, from: 0, to: 1440, channel: 'video' };
      const atOffice = OFFICES.filter(({ name }) => name === person.staff?.office).map(({ id }): Shift => ({
        officer,
        day,
        from: 8 * 60 + 15,
        to: 14 * 60,
        channel: 'office',
        office: id,
      }));
      await offices.setShifts(officer, day, person === officers[0] ? [video] : atOffice);
    }
  }
}
