import { randomUUID } from 'node:crypto';
import test from 'ava';
import { THERE } from '../../src/domain/presence.ts';
import { ROOM } from '../../src/domain/room.ts';
import { slotId, type Place } from '../../src/domain/schedule.ts';
import { postgresBookings } from '../../src/stores/bookings.ts';
import { openPostgres } from '../../src/stores/connections.ts';
import { postgresEnrolments } from '../../src/stores/enrolments.ts';
import { postgresQueues } from '../../src/stores/queues.ts';
import { postgresRooms } from '../../src/stores/rooms.ts';
import { memoryBookings, memoryQueues } from '../support/memory/bookings.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someRun } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();
const cases = postgresEnrolments(postgres.db, oldVault());
const MINUTE = 60_000;

async function someCase(): Promise<string> {
  const id = randomUUID();
  const request = { run: someRun(), document: '1', lang: 'es' } as const;
  await cases.add({ id, request, token: randomUUID(), network: 'n', createdAt: 1, expiresAt: 2 });
  return id;
}

const VERSIONS = {
  memory: { bookings: memoryBookings(tables, write), queues: memoryQueues(tables, write) },
  postgres: { bookings: postgresBookings(postgres.db), queues: postgresQueues(postgres.db) },
};

/** Where nobody else in this file books. */
const somewhere = () => ({ channel: 'office', office: randomUUID() }) as const;
const placesAt = ({ office }: { office: string }, capacities: readonly number[]): readonly Place[] =>
  capacities.map((capacity, at) => {
    const startsAt = (at + 100) * 15 * MINUTE;
    return {
      id: slotId('office', office, startsAt),
      channel: 'office',
      office,
      startsAt,
      endsAt: startsAt + 15 * MINUTE,
      capacity,
    };
  });
const EVER = { from: 0, to: 1e12 };
const NOW = 1000;

for (const [name, { bookings, queues }] of Object.entries(VERSIONS)) {
  const hold = (caseId: string, place: string, now = NOW) => bookings.hold({ id: randomUUID(), caseId, place, now });

  test(`${name}: a place is held, booked, moved and freed`, async (t) => {
    const spot = somewhere();
    const [first, second] = placesAt(spot, [1, 2]);
    await bookings.setPlaces({ ...spot, ...EVER }, [first!, second!]);
    const free = async () => (await bookings.places({ ...spot, ...EVER })).map((place) => place.free);
    t.deepEqual(await free(), [1, 2]);
    const mine = await someCase();
    t.like(await hold(mine, first!.id), { caseId: mine, state: 'held', holdUntil: NOW + 10 * MINUTE });
    t.is(await hold(await someCase(), first!.id), undefined, 'full');
    t.is(await hold(await someCase(), second!.id, second!.startsAt), undefined, 'over');
    t.is(await hold(await someCase(), 'none'), undefined);
    t.like(await hold(mine, second!.id), { place: { id: second!.id } });
    t.deepEqual(await free(), [1, 1], 'the one she held before is free');
    t.like(await bookings.book(mine, NOW), { state: 'booked', place: { id: second!.id } });
    t.is(await bookings.book(mine, NOW), undefined, 'nothing is held any more');
    await hold(mine, first!.id);
    t.deepEqual(await free(), [0, 1], 'while she chooses another she keeps hers');
    t.like(await bookings.of(mine, NOW), { state: 'booked', place: { id: second!.id } });
    t.like(await bookings.book(mine, NOW), { place: { id: first!.id } });
    t.deepEqual(await free(), [0, 2]);
    t.like(await bookings.free(mine, 'cancelled'), { state: 'cancelled', place: { id: first!.id } });
    t.is(await bookings.free(mine, 'cancelled'), undefined);
    t.deepEqual(await free(), [1, 2]);
    t.is(await bookings.of(mine, NOW), undefined);
  });

  test(`${name}: what is held too long frees, and is not booked any more`, async (t) => {
    const spot = somewhere();
    const [place] = placesAt(spot, [1]);
    await bookings.setPlaces({ ...spot, ...EVER }, [place!]);
    const mine = await someCase();
    // Earlier than all that is held elsewhere.
    const early = -1e9;
    await hold(mine, place!.id, early);
    const late = early + 10 * MINUTE;
    t.is(await bookings.of(mine, late), undefined);
    t.is(await bookings.book(mine, late), undefined);
    t.true((await bookings.lapse(late)) >= 1);
    t.deepEqual(
      (await bookings.places({ ...spot, ...EVER })).map(({ free }) => free),
      [1],
    );
    t.truthy(await hold(await someCase(), place!.id));
  });

  test(`${name}: rosters change, and whoever has a place keeps it`, async (t) => {
    const spot = somewhere();
    const [first, second] = placesAt(spot, [2, 1]);
    await bookings.setPlaces({ ...spot, ...EVER }, [first!, second!]);
    const mine = await someCase();
    await hold(mine, first!.id);
    await bookings.book(mine, NOW);
    await bookings.setPlaces({ ...spot, ...EVER }, []);
    t.deepEqual(
      (await bookings.places({ ...spot, ...EVER })).map(({ id, free }) => [id, free]),
      [[first!.id, 0]],
    );
    t.is(await hold(await someCase(), first!.id), undefined);
    await bookings.setPlaces({ ...spot, ...EVER }, [{ ...first!, capacity: 3 }]);
    t.deepEqual(
      (await bookings.places({ ...spot, ...EVER })).map(({ free }) => free),
      [2],
    );
  });

  test(`${name}: reminders once each, and who did not come`, async (t) => {
    const spot = somewhere();
    const [place] = placesAt(spot, [2]);
    await bookings.setPlaces({ ...spot, ...EVER }, [place!]);
    const [mine, held] = [await someCase(), await someCase()];
    await hold(mine, place!.id);
    await bookings.book(mine, NOW);
    await hold(held, place!.id);
    const span = { from: place!.startsAt, to: place!.startsAt + 1 };
    const told = async (what: 'day' | 'hour') =>
      (await bookings.remind({ what, ...span })).map(({ caseId }) => caseId).filter((id) => id === mine || id === held);
    t.deepEqual([await told('day'), await told('day'), await told('hour')], [[mine], [], [mine]]);
    const at = place!.startsAt + 1;
    const missed = async (now = at) => (await bookings.missed(at, now)).map(({ caseId }) => caseId);
    t.true((await missed()).includes(mine) && !(await missed()).includes(held));
    const hours = THERE.office;
    await queues.join({ caseId: mine, ...spot, joinedAt: at - hours + 1 });
    t.false((await missed()).includes(mine), 'R-55: she sits there');
    t.true((await missed(at + 1)).includes(mine));
    await queues.join({ caseId: mine, channel: 'video', office: '', joinedAt: at - THERE.video + 1 });
    t.false((await missed()).includes(mine), 'her page is open');
    t.true((await missed(at + 1)).includes(mine));
    t.like(await bookings.free(mine, 'attended'), { state: 'attended' });
    t.deepEqual(
      (await bookings.places({ ...spot, ...EVER })).map(({ free }) => free),
      [0],
      'used up',
    );
  });

  test(`${name}: the line keeps its order, and forgets who left`, async (t) => {
    const spot = { channel: 'video', office: randomUUID() } as const;
    const [a, b, c] = [await someCase(), await someCase(), await someCase()];
    await queues.join({ caseId: a, ...spot, joinedAt: 1000 });
    await queues.join({ caseId: b, ...spot, joinedAt: 2000 });
    await queues.join({ caseId: c, ...spot, joinedAt: 3000 });
    await queues.join({ caseId: b, ...spot, joinedAt: 4000 });
    t.deepEqual([await queues.seen(a, 5000), await queues.seen(b, 5000), await queues.seen(c, 5000)], [0, 1, 2]);
    t.is(await queues.length(spot, 0), 3);
    await queues.seen(b, 200_000);
    t.is(await queues.seen(c, 200_000), 1, 'who was not seen for a while is passed over');
    t.is(await queues.length(spot, 110_000), 2);
    await queues.leave(c);
    t.is(await queues.seen(c, 200_000), undefined);
    t.is(await queues.length(spot, 110_000), 1);
    t.is(await queues.seen(randomUUID(), 0), undefined);
  });

  test(`${name}: at an office whoever arrived is there for four hours; who comes another day is last`, async (t) => {
    const spot = somewhere();
    const HOUR = 60 * MINUTE;
    const [a, b] = [await someCase(), await someCase()];
    await queues.join({ caseId: a, ...spot, joinedAt: 1000 });
    await queues.join({ caseId: b, ...spot, joinedAt: 2000 });
    t.is(await queues.seen(b, 3 * HOUR), 1);
    t.is(await queues.seen(b, 5 * HOUR), 0);
    await queues.join({ caseId: a, ...spot, joinedAt: 24 * HOUR });
    await queues.join({ caseId: b, ...spot, joinedAt: 24 * HOUR - 1 });
    t.is(await queues.seen(a, 24 * HOUR), 1);
  });

  test(`${name}: whoever waits for a place is told in turn, not too often`, async (t) => {
    const spot = somewhere();
    const [a, b] = [await someCase(), await someCase()];
    await queues.want({ caseId: a, ...spot, joinedAt: 1000 });
    await queues.want({ caseId: b, ...spot, joinedAt: 2000 });
    const tell = (now: number, since: number) => queues.tell(spot, { now, since, most: 1 });
    t.deepEqual([await tell(5000, 1), await tell(6000, 1), await tell(7000, 1)], [[a], [b], []]);
    t.true(await queues.wants(a));
    await queues.forget(a);
    t.false(await queues.wants(a));
    t.deepEqual(await tell(8000, 7000), [b]);
  });
}

test('R-55: fifty at once for the last place, through two pools: one gets it; one person for twenty places: one', async (t) => {
  const other = openPostgres(postgres.url, { max: 10, patience: 30_000 });
  const two = [VERSIONS.postgres.bookings, postgresBookings(other)];
  const spot = somewhere();
  const places = placesAt(spot, [1, ...Array.from({ length: 20 }, () => 1)]);
  await two[0]!.setPlaces({ ...spot, ...EVER }, places);
  const people = await Promise.all(Array.from({ length: 50 }, someCase));
  const held = await Promise.all(
    people.map((caseId, at) => two[at % 2]!.hold({ id: randomUUID(), caseId, place: places[0]!.id, now: NOW })),
  );
  t.is(held.filter((one) => one !== undefined).length, 1);
  const one = await someCase();
  await Promise.allSettled(
    places.slice(1).map(async ({ id: place }, at) => {
      await two[at % 2]!.hold({ id: randomUUID(), caseId: one, place, now: NOW });
      await two[at % 2]!.book(one, NOW);
    }),
  );
  const after = await two[0]!.places({ ...spot, ...EVER });
  const taken = after.slice(1).filter(({ free }) => free === 0).length;
  const [{ count } = { count: '0' }] = await postgres
    .db('bookings')
    .where({ case_id: one })
    .whereIn('state', ['held', 'booked'])
    .count<{ count: string }[]>();
  t.is(taken, Number(count), 'capacity is exact');
  t.is((await postgres.db('bookings').where({ case_id: one, state: 'booked' })).length, 1);
  await other.destroy();
});

test('postgres: R-55: whoever is in the room of her call has not missed it', async (t) => {
  const { bookings } = VERSIONS.postgres;
  const rooms = postgresRooms(postgres.db, { vault: oldVault(), url: postgres.url });
  const spot = somewhere();
  const [place] = placesAt(spot, [1]);
  await bookings.setPlaces({ ...spot, ...EVER }, [place!]);
  const caseId = await someCase();
  await bookings.hold({ id: randomUUID(), caseId, place: place!.id, now: NOW });
  await bookings.book(caseId, NOW);
  const at = place!.startsAt + 1;
  const missed = async (now: number) => (await bookings.missed(at, now)).some((each) => each.caseId === caseId);
  t.true(await missed(at));
  await rooms.open({ caseId, token: randomUUID(), opensAt: 0, closesAt: 1e12 });
  t.true(await missed(at), 'nobody is in it');
  const her = { caseId, side: 'citizen', link: 'l', device: 'd', now: at } as const;
  t.true(await rooms.enter(her));
  t.false(await missed(at + ROOM.gone - 1));
  t.true(await missed(at + ROOM.gone));
  await rooms.leave(her);
  t.true(await missed(at));
});

test('postgres: R-55: two who change to each other’s hour at once both have it', async (t) => {
  const spot = somewhere();
  const [one, two] = placesAt(spot, [2, 2]);
  await VERSIONS.postgres.bookings.setPlaces({ ...spot, ...EVER }, [one!, two!]);
  const go = (caseId: string, place: string) =>
    postgres.db.transaction(async (trx) => {
      const bookings = postgresBookings(trx);
      t.truthy(await bookings.hold({ id: randomUUID(), caseId, place, now: NOW }));
      await new Promise((resolve) => setTimeout(resolve, 50));
      return (await bookings.book(caseId, NOW))?.place.id;
    });
  const [a, b] = [await someCase(), await someCase()];
  await Promise.all([go(a, one!.id), go(b, two!.id)]);
  t.deepEqual(await Promise.all([go(a, two!.id), go(b, one!.id)]), [two!.id, one!.id]);
  t.deepEqual(
    (await VERSIONS.postgres.bookings.places({ ...spot, ...EVER })).map(({ free }) => free),
    [1, 1],
  );
});
