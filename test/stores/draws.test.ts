import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Run } from '../../src/domain/run.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { postgresBookings } from '../../src/stores/bookings.ts';
import { postgresDraws } from '../../src/stores/draws.ts';
import { postgresEnrolments } from '../../src/stores/enrolments.ts';
import { postgresFigures } from '../../src/stores/figures.ts';
import { postgresOffices } from '../../src/stores/offices.ts';
import { postgresQueues } from '../../src/stores/queues.ts';
import { memoryBookings, memoryQueues } from '../support/memory/bookings.ts';
import { memoryDraws, memoryFigures } from '../support/memory/draws.ts';
import { memoryEnrolments, memoryOffices } from '../support/memory/enrolment.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount, someRun } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const { db } = postgres;
const vault = oldVault();
const tables = emptyTables();
const accounts = postgresAccounts(db, vault);

const VERSIONS = {
  memory: {
    draws: memoryDraws(tables, write),
    enrolments: memoryEnrolments(tables, write),
    queues: memoryQueues(tables, write),
    bookings: memoryBookings(tables, write),
    figures: memoryFigures(tables),
    offices: memoryOffices(tables, write),
    person: async (): Promise<string> => randomUUID(),
  },
  postgres: {
    draws: postgresDraws(db, vault),
    enrolments: postgresEnrolments(db, vault),
    queues: postgresQueues(db),
    bookings: postgresBookings(db),
    figures: postgresFigures(db),
    offices: postgresOffices(db),
    person: async (): Promise<string> => {
      const account = someAccount();
      await accounts.add(account);
      return account.id;
    },
  },
};

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

for (const [name, { draws, enrolments, queues, bookings, figures, offices, person }] of Object.entries(VERSIONS)) {
  type Line = { readonly run?: Run; readonly office?: string; readonly at?: number; readonly confirmed?: boolean };
  const stands = async ({ run = someRun(), office = 'o-1', at = NOW, confirmed = true }: Line): Promise<string> => {
    const id = randomUUID();
    const request = { run, document: '100200300', email: `${id}@correo.example`, lang: 'es' } as const;
    await enrolments.add({ id, request, network: '10.0.0.0/24', token: id, createdAt: at, expiresAt: at + 1e9 });
    const asked = (await enrolments.byId(id))!;
    if (confirmed) await enrolments.move(asked, { move: 'confirm-contact', by: { kind: 'citizen' }, at });
    await queues.join({ caseId: id, channel: office === '' ? 'video' : 'office', office, joinedAt: at });
    return id;
  };
  const wish = async (office: string, differing: object = {}) => ({
    ...({
      channel: office === '' ? 'video' : 'office',
      office,
      officer: await person(),
      ownRun: someRun(),
      now: NOW,
    } as const),
    ...differing,
  });

  test.serial(
    `${name}: who came first is next, once; of twenty who ask at once each gets somebody else (R-54)`,
    async (t) => {
      const first = await stands({ office: 'line', at: NOW - 2 });
      const rest = await Promise.all([1, 2, 3].map((n) => stands({ office: 'line', at: NOW + n })));
      t.is(await draws.next(await wish('line')), first);
      t.is(await queues.seen(first, NOW), undefined, 'called');
      const wishes = await Promise.all(Array.from({ length: 20 }, () => wish('line')));
      const drawn = (await Promise.all(wishes.map((one) => draws.next(one)))).filter((id) => id !== undefined);
      t.true(drawn.length >= 1 && new Set(drawn).size === drawn.length && drawn.every((id) => rest.includes(id)));
      t.is(await draws.next(await wish('other')), undefined, 'another office has a line of its own');
    },
  );

  test.serial(
    `${name}: nobody gets herself, whom she has had, whose request she noted, or who has left (R-54)`,
    async (t) => {
      const officer = await person();
      const own = someRun();
      await stands({ office: 'own', run: own });
      t.is(await draws.next(await wish('own', { officer, ownRun: own })), undefined);
      const noted = await stands({ office: 'noted', confirmed: false });
      await draws.noted(noted, officer, NOW);
      t.is(await draws.next(await wish('noted', { officer })), undefined);
      t.is(await draws.next(await wish('noted')), noted, 'somebody else does, though no contact was confirmed');
      const had = await stands({ office: 'had' });
      const by = { kind: 'officer', id: officer } as const;
      const started = await enrolments.move((await enrolments.byId(had))!, { move: 'start-at-desk', by, at: NOW });
      await enrolments.move(started!, { move: 'break-off', by, at: NOW });
      t.is(await draws.next(await wish('had', { officer })), undefined);
      t.is(await draws.next(await wish('had')), had);
      const came = await stands({ office: 'came' });
      for (const one of [officer, await person(), officer]) await draws.arrived(came, one, NOW);
      t.is(await draws.next(await wish('came', { officer })), undefined, 'whose arrival she noted');
      t.is(await draws.next(await wish('came')), came);
      const closed = await stands({ office: '', at: NOW - 91_000 });
      t.false(await draws.byVideo(closed, NOW));
      t.true(await draws.byVideo(closed, NOW - 2000));
      t.false(await draws.byVideo(had, NOW), 'at a desk');
      t.is(await draws.next(await wish('')), undefined, 'her page is closed');
      await stands({ office: '', confirmed: false });
      t.is(await draws.next(await wish('')), undefined, 'by video only whose contact is confirmed');
    },
  );

  test.serial(
    `${name}: whose hour has come goes before the line; whose hour is far waits; figures count them`,
    async (t) => {
      const place = (id: string, startsAt: number) => ({
        ...({ id, channel: 'office', office: 'hours', startsAt, endsAt: startsAt + 15 * MINUTE, capacity: 2 } as const),
      });
      const where = { channel: 'office', office: 'hours', from: NOW - 60 * MINUTE, to: NOW + 60 * MINUTE } as const;
      await bookings.setPlaces(where, [
        place(`${name}-soon`, NOW + 5 * MINUTE),
        place(`${name}-far`, NOW + 40 * MINUTE),
      ]);
      const book = async (caseId: string, at: string) => {
        await bookings.hold({ id: randomUUID(), caseId, place: `${name}-${at}`, now: NOW - MINUTE });
        await bookings.book(caseId, NOW - MINUTE);
        await enrolments.move((await enrolments.byId(caseId))!, { move: 'book', by: { kind: 'citizen' }, at: NOW });
      };
      const walked = await stands({ office: 'hours', at: NOW - 30 * MINUTE });
      const soon = await stands({ office: 'hours' });
      const far = await stands({ office: 'hours', at: NOW - 31 * MINUTE });
      await book(soon, 'soon');
      await book(far, 'far');
      t.is(await figures.due({ channel: 'office', office: 'hours', from: NOW, to: NOW + 60 * MINUTE }), 2);
      t.deepEqual(await figures.places({ from: NOW, to: NOW + 60 * MINUTE }), [
        { office: 'hours', taken: 2, capacity: 4 },
      ]);
      t.is(await draws.next(await wish('hours')), soon);
      t.is(await draws.next(await wish('hours')), walked);
      t.is(await draws.next(await wish('hours')), undefined);
      t.is(await draws.next(await wish('hours', { now: NOW + 31 * MINUTE })), far);
      await bookings.free(far, 'no-show');
      t.is(await figures.noShows({ from: NOW, to: NOW + 60 * MINUTE }), 1);
      await offices.put({
        ...{ id: 'waits', agency: 'ips', name: 'W', address: 'x', comuna: 'x', region: 'x', hours: {}, closed: [] },
      });
      const before = await figures.waiting({ video: NOW - 1, office: NOW - 1 });
      await stands({ office: 'waits' });
      t.is(await figures.waiting({ video: NOW - 1, office: NOW - 1 }), before + 1);
      for (const officer of [await person(), await person()])
        await offices.setShifts(officer, '2026-12-01', [
          { officer, day: '2026-12-01', from: 540, to: 600, channel: 'office', office: 'waits' },
          { officer, day: '2026-12-01', from: 660, to: 720, channel: 'office', office: 'waits' },
          { officer, day: '2026-12-01', from: 720, to: 780, channel: 'video' },
        ]);
      const at = (day: string, since: number) => figures.offices(['waits', 'hours', 'none'], { day, since });
      t.deepEqual(
        await at('2026-12-01', NOW - 1),
        new Map([
          ['waits', { rostered: 2, waiting: 1 }],
          ['hours', { rostered: 0, waiting: 0 }],
          ['none', { rostered: 0, waiting: 0 }],
        ]),
      );
      t.deepEqual((await at('2026-12-02', NOW)).get('waits'), { rostered: 0, waiting: 0 });
      t.is((await figures.offices([], { day: '2026-12-02', since: NOW })).size, 0);
    },
  );

  test.serial(
    `${name}: an hour by video, or at another office, keeps nobody waiting who walks into this one (R-55)`,
    async (t) => {
      const [tomorrow, begun] = [NOW + 1440 * MINUTE, NOW + MINUTE];
      const booked = async (channel: 'video' | 'office', at: string, startsAt: number) => {
        const place = `${name}-${channel}-${at}`;
        const where = { channel, office: at, from: startsAt, to: startsAt + MINUTE };
        await bookings.setPlaces(where, [
          { id: place, channel, office: at, startsAt, endsAt: startsAt + 15 * MINUTE, capacity: 1 },
        ]);
        const id = await stands({ office: 'walked-into' });
        await bookings.hold({ id: randomUUID(), caseId: id, place, now: NOW - MINUTE });
        await bookings.book(id, NOW - MINUTE);
        await enrolments.move((await enrolments.byId(id))!, { move: 'book', by: { kind: 'citizen' }, at: NOW });
        return id;
      };
      const first = await stands({ office: 'walked-into', at: NOW - 3 });
      const byVideo = await booked('video', '', tomorrow);
      const elsewhere = await booked('office', 'elsewhere', begun);
      const here = await booked('office', 'walked-into', tomorrow);
      t.is(await draws.next(await wish('walked-into')), first, 'an hour elsewhere goes before nobody here');
      const both = [await draws.next(await wish('walked-into')), await draws.next(await wish('walked-into'))];
      t.deepEqual(both.sort(), [byVideo, elsewhere].sort());
      t.is(await draws.next(await wish('walked-into')), undefined, 'whose hour here is tomorrow waits');
      t.is(await draws.next(await wish('walked-into', { now: tomorrow - 5 * MINUTE })), undefined, 'and has gone home');
      await queues.seen(here, tomorrow - 6 * MINUTE);
      t.is(await draws.next(await wish('walked-into', { now: tomorrow - 5 * MINUTE })), here);
    },
  );

  test.serial(
    `${name}: an arrival keeps nobody from whose hour at that office it is; a request she noted does (R-54)`,
    async (t) => {
      const office = `alone-${name}`;
      const place = { id: office, channel: 'office', office, startsAt: NOW, endsAt: NOW + 15 * MINUTE } as const;
      const where = { channel: 'office', office, from: NOW - 1, to: NOW + 1 } as const;
      await bookings.setPlaces(where, [{ ...place, capacity: 2 }]);
      const officer = await person();
      for (const what of ['noted', 'arrived'] as const) {
        const caseId = await stands({ office });
        await bookings.hold({ id: randomUUID(), caseId, place: office, now: NOW - MINUTE });
        await bookings.book(caseId, NOW - MINUTE);
        await draws[what](caseId, officer, NOW);
        t.is(await draws.next(await wish(office, { officer })), what === 'arrived' ? caseId : undefined, what);
      }
    },
  );
}
