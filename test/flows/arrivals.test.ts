import { randomUUID } from 'node:crypto';
import test from 'ava';
import { maskedRun } from '../../src/domain/mask.ts';
import { parseRun } from '../../src/domain/run.ts';
import { dayAfter, localDay } from '../../src/domain/schedule.ts';
import { noteArrival, noteRequest } from '../../src/flows/arrivals.ts';
import { bookHour } from '../../src/flows/booking.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import { endCase } from '../../src/flows/end-case.ts';
import { lookUp } from '../../src/flows/person.ts';
import { makePlaces } from '../../src/flows/places.ts';
import { seedOffices, seedShifts } from '../../src/tasks/seed-offices.ts';
import { actorOf, colleague, inLine, inSession, OFFICER } from '../support/desk.ts';
import { memoryParts } from '../support/memory.ts';

const OTHER = parseRun('12.345.678-5')!;
const HERS = parseRun('11.111.111-1')!;

/** An officer with nobody before her, a colleague, and somebody at home with a case. */
async function quiet() {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  await endCase(parts, officer, { caseId, way: { result: 'rejected', rejection: 'picture-poor' } });
  const hers = await inLine(parts, { run: HERS, email: 'ella@correo.example' });
  await parts.queues.leave(hers);
  return { ...house, hers, other: await colleague(parts, OTHER, ['officer']) };
}

test('R-54: who notes that somebody has come is not given her: nobody picks a case', async (t) => {
  const { parts, officer, other, hers } = await quiet();
  t.deepEqual(await noteArrival(parts, officer, HERS), { kind: 'arrived' });
  t.deepEqual(await drawNext(parts, officer, 'office'), { kind: 'none' });
  t.like(await drawNext(parts, other, 'office'), { kind: 'drawn', caseId: hers });
});

test('R-63, R-65: noting an arrival is a look-up: sixty an hour, and each answer is recorded', async (t) => {
  const { parts, officer, hers } = await quiet();
  const events = () => [...parts.tables.audit.values()].filter(({ actorId }) => actorId === officer.staff.accountId);
  t.deepEqual(await noteArrival(parts, officer, OTHER), { kind: 'no-case' });
  const account = (await parts.accounts.forLogin(OTHER))!.account.id;
  t.like(events().at(-1), { kind: 'case-arrived', accountId: account, details: { found: false } });
  t.deepEqual(await noteArrival(parts, officer, HERS), { kind: 'arrived' });
  t.like(events().at(-1), { kind: 'case-arrived', details: { case: hers } });
  const reason = { kind: 'case', text: 'pregunta por su solicitud' } as const;
  for (let n = 2; n < 60; n++) t.is((await lookUp(parts, officer, { run: HERS, reason })).kind, 'found');
  t.deepEqual(await noteArrival(parts, officer, HERS), { kind: 'too-many' });
  t.like(events().at(-1), { kind: 'staff-denied', details: { act: 'case arrive', lacks: 'limit' } });
  t.deepEqual(await lookUp(parts, officer, { run: HERS, reason }), { kind: 'too-many' }, 'one limit for both');
});

test('R-55, R-63: an officer takes nobody out of the line by video, but for the hour that she has here', async (t) => {
  const { parts, officer, hers } = await quiet();
  const now = parts.clock();
  await parts.queues.join({ caseId: hers, channel: 'video', office: '', joinedAt: now });
  t.deepEqual(await noteArrival(parts, officer, HERS), { kind: 'by-video' });
  t.is(parts.tables.walkIns.get(hers)?.channel, 'video');
  const office = 'Registro Civil Santiago Centro';
  const where = { channel: 'office', office, from: now, to: now + 9e6 } as const;
  const place = { id: 'p-1', channel: 'office', office, startsAt: now + 6e5, endsAt: now + 15e5, capacity: 1 } as const;
  await parts.bookings.setPlaces(where, [place]);
  await parts.bookings.hold({ id: randomUUID(), caseId: hers, place: 'p-1', now });
  await parts.bookings.book(hers, now);
  t.deepEqual(await noteArrival(parts, officer, HERS), { kind: 'arrived' });
  t.like(await drawNext(parts, officer, 'office'), { kind: 'drawn', caseId: hers }, 'and an office of one serves her');
});

test('R-55: of the emulator, each office has an officer who is given whom has booked an hour there', async (t) => {
  const parts = await memoryParts();
  await seedOffices(parts);
  await seedShifts(parts);
  await makePlaces(parts, 7);
  const day = localDay(parts.clock());
  for (const run of [OFFICER, parseRun('8.765.432-K')!, parseRun('6.789.012-4')!]) {
    const officer = (await parts.accounts.forLogin(run))!.account.id;
    const shifts = await parts.offices.shifts({ from: day, to: dayAfter(day, 7), officer });
    t.is(new Set(shifts.map((one) => one.day)).size, shifts.length, 'nobody is at two places at one hour');
  }
  for (const [office, run, whose] of [
    ['rc-santiago-centro', OFFICER, HERS],
    ['ips-valdivia', parseRun('6.789.012-4')!, OTHER],
  ] as const) {
    const caseId = await inLine(parts, { run: whose, email: `${office}@correo.example` });
    await parts.queues.leave(caseId);
    const now = parts.clock();
    const [place] = await parts.bookings.places({ channel: 'office', office, from: now, to: now + 7 * 86_400_000 });
    t.truthy(place, office);
    const passer = {
      device: 'd',
      deviceName: '',
      network: '10.0.0.0/24',
      source: '10.0.0.1',
      requestId: 'r-1',
      lang: 'es',
    };
    t.is((await bookHour(parts, passer, { caseId, place: place!.id })).kind, 'booked');
    parts.travel(place!.startsAt - now);
    const officer = await actorOf(parts, run);
    t.deepEqual(await noteArrival(parts, officer, whose), { kind: 'arrived' });
    t.like(await drawNext(parts, officer, 'office'), { kind: 'drawn', caseId });
  }
  const [rosa, ximena, jorge] = await Promise.all(
    ['7.654.321-6', '8.765.432-K', '9.876.543-3'].map(async (run) => (await actorOf(parts, parseRun(run)!)).staff),
  );
  t.deepEqual(ximena!.roles, ['officer'], 'another one, for whom the first has noted');
  t.is(new Set([rosa!.office, ximena!.office, jorge!.office]).size, 1);
});

test('R-63: a list shows the end of a RUN', (t) => {
  t.is(maskedRun(parseRun('22.222.222-2')!), '••.•••.222-2');
  t.is(maskedRun(parseRun('7.654.321-6')!), '•.•••.321-6');
});

test('R-58: what is asked for at a desk is read and counted as what is asked for by internet', async (t) => {
  const { parts, officer } = await quiet();
  const wish = { run: OTHER, document: ' 100.200.300 ', email: 'ella@hotmail.cl', phone: '' };
  for (const document of ['12', '', 'Ñ100200300', '1002003004005'])
    t.deepEqual(await noteRequest(parts, officer, { ...wish, document }), { kind: 'invalid' }, document);
  t.deepEqual(await noteRequest(parts, officer, wish), { kind: 'noted' });
  t.deepEqual(await noteRequest(parts, officer, { ...wish, email: 'ella@Muni.Example' }), { kind: 'noted' });
  const rows = [...parts.tables.enrolments.values()].filter(({ enrolment }) => enrolment.request.run === OTHER);
  t.deepEqual(
    rows.map(({ domain, enrolment }) => [domain, enrolment.request.document]),
    [
      [undefined, '100200300'],
      ['muni.example', '100200300'],
    ],
  );
});
