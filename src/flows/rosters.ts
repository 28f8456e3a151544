import { placesOf, dayAfter, dayStart, localDay, type Shift } from '../domain/schedule.ts';
import type { Parts, Tx } from '../parts.ts';
import { denied, trailOf, type Actor, type Denied } from './permit.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<Parts, 'audit' | 'clock' | 'isHoliday' | 'offices' | 'staff' | 'transaction'>;
export type Changed =
  | { readonly kind: 'changed' }
  | { readonly kind: 'faulty'; readonly fault: 'hours' | 'overlap' | 'booked' | 'office' | 'nobody' }
  | Denied;

/** Somebody of her own agency attends then; the places that makes are there in the same moment. */
export async function addShift(parts: Needs, actor: Actor, shift: Shift): Promise<Changed> {
  const staff = await parts.staff.byId(shift.officer);
  const no = await denied(parts, actor, { act: 'roster edit', target: { agency: staff?.agency } });
  if (no) return no;
  const fault = await faultOf(parts, actor, shift);
  if (fault) return { kind: 'faulty', fault };
  return change(parts, actor, { shift, to: (all) => [...all, shift] });
}

/** Takes a shift away; not while people have an hour that nobody else would attend. */
export async function removeShift(
  parts: Needs,
  actor: Actor,
  { officer, day, from }: Pick<Shift, 'officer' | 'day' | 'from'>,
): Promise<Changed> {
  const staff = await parts.staff.byId(officer);
  const no = await denied(parts, actor, { act: 'roster edit', target: { agency: staff?.agency } });
  if (no) return no;
  const all = await parts.offices.shifts({ from: day, to: day, officer });
  const shift = all.find((one) => one.from === from);
  if (!shift) return { kind: 'changed' };
  return change(parts, actor, { shift, to: (shifts) => shifts.filter((one) => one.from !== from) });
}

async function faultOf(parts: Needs, actor: Actor, shift: Shift) {
  const staff = await parts.staff.byId(shift.officer);
  if (!staff?.roles.includes('officer') || staff.state === 'disabled' || staff.agency !== actor.staff.agency)
    return 'nobody';
  if (!(shift.from < shift.to) || shift.day < localDay(parts.clock())) return 'hours';
  // The hours of another agency's office are that agency's to make.
  const office = shift.office === undefined ? undefined : await parts.offices.byId(shift.office);
  if (shift.channel === 'office' && (!office || office.agency !== actor.staff.agency)) return 'office';
  const all = await parts.offices.shifts({ from: shift.day, to: shift.day, officer: shift.officer });
  return all.some((one) => one.from < shift.to && shift.from < one.to) ? 'overlap' : undefined;
}

type Change = { readonly shift: Shift; readonly to: (shifts: readonly Shift[]) => readonly Shift[] };

async function change(parts: Needs, actor: Actor, { shift, to }: Change): Promise<Changed> {
  const { officer, day } = shift;
  const [now, holiday] = [parts.clock(), await parts.isHoliday(day)];
  return undoable<Changed>(parts, async (tx, undo) => {
    const before = await tx.offices.shifts({ from: day, to: day, officer });
    await tx.offices.setShifts(officer, day, to(before));
    if (!(await remake(tx, shift, holiday))) return undo({ kind: 'faulty', fault: 'booked' });
    const details = { officer, day, channel: shift.channel, shifts: to(before).length };
    await tx.audit.add({ kind: 'roster-changed', at: now, details, ...trailOf(actor, officer) });
    return { kind: 'changed' };
  });
}

/** The places of that day anew; false when more are taken than there would be. */
async function remake(tx: Tx, { day, channel, office: id }: Shift, holiday: boolean): Promise<boolean> {
  const office = id === undefined ? undefined : await tx.offices.byId(id);
  const shifts = await tx.offices.shifts({ from: day, to: day });
  const places = placesOf({ day, channel, office, holiday, shifts });
  const where = { channel, office: id ?? '', from: dayStart(day), to: dayStart(dayAfter(day, 1)) };
  await tx.bookings.setPlaces(where, places);
  const there = new Map(places.map(({ id: place, capacity }) => [place, capacity]));
  return (await tx.bookings.places(where)).every((one) => one.capacity - one.free <= (there.get(one.id) ?? 0));
}
