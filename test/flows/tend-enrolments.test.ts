import test from 'ava';
import { PLACE, SESSION_LASTS } from '../../src/domain/enrolment.ts';
import { THERE } from '../../src/domain/presence.ts';
import { parseRun } from '../../src/domain/run.ts';
import { slotId } from '../../src/domain/schedule.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { bookHour } from '../../src/flows/booking.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import { askException } from '../../src/flows/exceptions.ts';
import { tendEnrolments } from '../../src/flows/tend-enrolments.ts';
import { waitingFor } from '../../src/flows/waiting-room.ts';
import { retention } from '../../src/tasks/retention.ts';
import { colleague, FULL, inLine, inSession } from '../support/desk.ts';
import { memoryParts } from '../support/memory.ts';

const OTHER = parseRun('12.345.678-5')!;

test('R-48, R-55: a session that nobody ends is ended, with what was asked in it; another officer begins anew', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const ask = { caseId, exception: 'no-card', words: 'trae otro documento', email: '', phone: '' } as const;
  t.deepEqual(await askException(parts, officer, ask), { kind: 'asked' });
  await tendEnrolments(parts);
  t.is((await parts.enrolments.byId(caseId))?.stage, 'in-session', 'not before its time');
  parts.travel(SESSION_LASTS);
  await Promise.all(Array.from({ length: 10 }, () => tendEnrolments(parts)));
  t.is((await parts.enrolments.byId(caseId))?.stage, 'contact-confirmed');
  t.like((await parts.evidence.ofCase(caseId))[0], { result: 'broken-off' });
  t.deepEqual(await parts.proposals.open(parts.clock()), []);
  const events = [...parts.tables.audit.values()].filter(({ kind }) => kind === 'case-broken-off');
  t.deepEqual(
    events.map(({ actorId, details }) => [actorId, details]),
    [[undefined, { case: caseId, officer: officer.staff.accountId, forsaken: true }]],
  );
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'gone' });
  const other = await colleague(parts, OTHER, ['officer']);
  await parts.queues.join({
    caseId,
    channel: 'office',
    office: 'Registro Civil Santiago Centro',
    joinedAt: parts.clock(),
  });
  t.like(await drawNext(parts, other, 'office'), { kind: 'drawn', caseId });
});

test('R-55, R-64, R-79: who is disabled with somebody before her holds nobody; what was overdue ends then', async (t) => {
  const { parts, officer, caseId } = await inSession('video');
  await parts.staff.setState(officer.staff.accountId, 'disabled', parts.clock());
  await tendEnrolments(parts);
  t.is((await parts.enrolments.byId(caseId))?.stage, 'contact-confirmed');
  t.is(await parts.evidence.inHand(officer.staff.accountId), undefined);
  parts.travel(31 * 86_400_000);
  await tendEnrolments(parts);
  t.is((await parts.enrolments.byId(caseId))?.stage, 'expired');
  await retention(parts).sweep();
  t.is(await parts.enrolments.byId(caseId), undefined);
  const told = [...parts.tables.audit.values()].filter(({ kind }) => kind === 'data-expired');
  t.like(told[0]?.details, { requests: 1 }, 'that it went is recorded');
});

test('R-55: whoever waits in her room is no no-show, however late her officer; she is told, and who has gone is one', async (t) => {
  const parts = await memoryParts();
  const caseId = await inLine(parts, { channel: 'video' });
  const startsAt = parts.clock() + 1_800_000;
  const spot = { channel: 'video', office: '' } as const;
  const place = { ...spot, id: slotId('video', '', startsAt), startsAt, endsAt: startsAt + 1_200_000, capacity: 1 };
  await parts.bookings.setPlaces({ ...spot, from: 0, to: 1e14 }, [place]);
  const passer = { device: 'd', deviceName: '', network: 'n', source: 's', requestId: 'r', lang: 'es' };
  t.like(await bookHour(parts, passer, { caseId, place: place.id }), { kind: 'booked' });
  parts.travel(1_800_000);
  t.deepEqual(await waitingFor(parts, caseId), { kind: 'hour', at: startsAt, late: false });
  parts.travel(PLACE.missed + 1);
  t.deepEqual(await waitingFor(parts, caseId), { kind: 'hour', at: startsAt, late: true });
  const comer = { caseId, side: 'citizen', link: 'l', device: 'd', now: parts.clock() } as const;
  t.true(await parts.rooms.enter(comer));
  const stage = async () => {
    await tendEnrolments(parts);
    return (await parts.enrolments.byId(caseId))?.stage;
  };
  t.is(await stage(), 'booked', 'she is in the line and in the room');
  await parts.queues.leave(caseId);
  t.is(await stage(), 'booked', 'she is in the room');
  await parts.rooms.leave(comer);
  await waitingFor(parts, caseId);
  t.is(await stage(), 'booked', 'she is in the line');
  parts.travel(THERE.video);
  t.is(await stage(), 'contact-confirmed');
});
