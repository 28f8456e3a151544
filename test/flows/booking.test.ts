import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { slotId } from '../../src/domain/schedule.ts';
import { bookHour, cancelHour } from '../../src/flows/booking.ts';
import { inLine } from '../support/desk.ts';
import { memoryParts } from '../support/memory.ts';

const ANA = parseRun('12.345.678-5')!;
const passer = { device: 'd', deviceName: '', network: '10.0.0.0/24', source: '10.0.0.1', requestId: 'r', lang: 'es' };

test('whoever waits for an hour hears of one that is given back, and of one that is left for another', async (t) => {
  const parts = await memoryParts();
  const [mine, other] = [await inLine(parts), await inLine(parts, { run: ANA, email: 'ana@correo.example' })];
  const now = parts.clock();
  const [first, second] = [1, 2].map((hours) => {
    const startsAt = now + hours * 3_600_000;
    const place = { id: slotId('video', '', startsAt), channel: 'video', office: '', startsAt } as const;
    return { ...place, endsAt: startsAt + 1_200_000, capacity: 1 };
  });
  await parts.bookings.setPlaces({ channel: 'video', office: '', from: 0, to: 1e14 }, [first!, second!]);
  t.like(await bookHour(parts, passer, { caseId: mine, place: first!.id }), { kind: 'booked' });
  await parts.queues.want({ caseId: other, channel: 'video', office: '', joinedAt: now });
  const told = () =>
    [...parts.tables.outbox.values()].filter((letter) => letter.letter === 'enrolment' && letter.event === 'free')
      .length;
  t.is(told(), 0);
  t.like(await bookHour(parts, passer, { caseId: mine, place: second!.id }), { kind: 'booked' });
  t.is(told(), 1, 'she has another hour, and the first is free');
  t.is(await cancelHour(parts, passer, mine), 'done');
  t.is(told(), 1, 'not twice within an hour');
  parts.travel(3_600_000 + 1);
  t.like(await bookHour(parts, passer, { caseId: mine, place: second!.id }), { kind: 'booked' });
  t.is(await cancelHour(parts, passer, mine), 'done');
  t.is(told(), 2);
});
