import test from 'ava';
import { instantOf, dayAfter, localDay, weekday } from '../../src/domain/schedule.ts';
import { addShift, removeShift } from '../../src/flows/rosters.ts';
import { actorOf, CHIEF, idOf, OFFICER } from '../support/desk.ts';
import { memoryParts } from '../support/memory.ts';

test('a shift makes places at once, on the day summer time begins too; one with people in it stays; only one’s own agency', async (t) => {
  const parts = await memoryParts();
  const chief = await actorOf(parts, CHIEF);
  const her = await idOf(parts, OFFICER);
  const agency = (await parts.staff.byId(her))!.agency;
  const mine = { ...chief, staff: { ...chief.staff, roles: ['supervisor'] as const, agency } };
  // The Sunday of September on which midnight is left out.
  let day = dayAfter(localDay(parts.clock()), 1);
  while (instantOf(day, 0) !== undefined) day = dayAfter(day, 1);
  t.is(weekday(day), 7);
  const shift = { officer: her, day, from: 540, to: 600, channel: 'video' } as const;
  const foreign = { ...mine, staff: { ...mine.staff, agency: agency === 'ips' ? 'registro-civil' : 'ips' } as const };
  t.like(await addShift(parts, foreign, shift), { kind: 'denied' });
  t.deepEqual(await addShift(parts, mine, { ...shift, to: 540 }), { kind: 'faulty', fault: 'hours' });
  t.deepEqual(await addShift(parts, mine, { ...shift, channel: 'office' }), { kind: 'faulty', fault: 'office' });
  const theirs = { id: 'theirs', name: 'Valdivia', agency: foreign.staff.agency, address: '', comuna: '', region: '' };
  await parts.offices.put({ ...theirs, hours: {}, closed: [] });
  const there = { ...shift, channel: 'office', office: theirs.id } as const;
  t.deepEqual(await addShift(parts, mine, there), { kind: 'faulty', fault: 'office' }, 'R-63: of another agency');
  t.deepEqual(await addShift(parts, mine, shift), { kind: 'changed' });
  t.deepEqual(await addShift(parts, mine, { ...shift, from: 570, to: 630 }), { kind: 'faulty', fault: 'overlap' });
  const from = instantOf(day, 540)!;
  const where = { channel: 'video', office: '', from, to: from + 3_600_000 } as const;
  const places = await parts.bookings.places(where);
  t.deepEqual(
    places.map(({ free }) => free),
    [1, 1, 1],
  );
  const caseId = '00000000-0000-4000-8000-000000000001';
  await parts.bookings.hold({ id: caseId, caseId, place: places[0]!.id, now: parts.clock() });
  t.deepEqual(await removeShift(parts, mine, shift), { kind: 'faulty', fault: 'booked' });
  t.is((await parts.offices.shifts({ from: day, to: day })).length, 1, 'all or nothing');
  await parts.bookings.free(caseId, 'cancelled');
  t.deepEqual(await removeShift(parts, mine, shift), { kind: 'changed' });
  t.deepEqual(await parts.bookings.places(where), []);
});
