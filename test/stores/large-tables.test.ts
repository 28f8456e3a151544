import test from 'ava';
import { postgresDevices } from '../../src/stores/devices.ts';
import { postgresEnrolments } from '../../src/stores/enrolments.ts';
import type { Knex } from '../../src/stores/connections.ts';
import { sweepRows } from '../../src/stores/sweep.ts';
import { oldVault, realPostgres, someRun } from '../support/memory/versions.ts';

const { db, close } = await realPostgres();
test.after.always(close);

/** So many rows that Postgres minds whether it has to look at all of them. */
const MANY = 20_000;
test.before(async () => {
  await db.raw(`
    insert into devices (device, person, first_at, last_at)
      select sha256(('d' || n)::bytea), sha256(('p' || n)::bytea), n, n from generate_series(1, ${MANY}) n;
    insert into enrolments (id, run_index, stage, data, token, network, created_at, updated_at, expires_at)
      select gen_random_uuid(), sha256(('r' || n)::bytea), 'withdrawn', '', sha256(('t' || n)::bytea), 'n', n, n, n
      from generate_series(1, ${MANY}) n;
    insert into slots (id, channel, starts_at, ends_at, rostered, capacity) values ('s', 'video', 1, 2, 0, 0);
    insert into bookings (id, case_id, slot_id, state, at, hold_until) select gen_random_uuid(), id, 's', 'cancelled', 1, 1 from enrolments;
    analyze devices, enrolments, bookings;
  `);
});

/** How many rows of a table were looked at one after the other, of all that there are. */
async function lookedThrough(table: string, work: (trx: Knex) => Promise<unknown>): Promise<number> {
  return db.transaction(async (trx) => {
    await work(trx);
    const { rows } = await trx.raw<{ rows: { read: string }[] }>(
      'select seq_tup_read as read from pg_stat_xact_user_tables where relname = ?',
      [table],
    );
    return Number(rows[0]?.read);
  });
}

test('R-31, R-32: a person’s devices are found, and forgotten, without a look at those of everybody', async (t) => {
  const read = await lookedThrough('devices', async (trx) => {
    const devices = postgresDevices(trx, oldVault());
    await devices.of(someRun());
    await devices.forget(someRun());
  });
  t.is(read, 0);
});

test('R-79: with a request go its hours, without a look at those of all others', async (t) => {
  const before = 100;
  const read = await lookedThrough('bookings', async (trx) => {
    t.is(await postgresEnrolments(trx, oldVault()).sweep(before), before);
  });
  t.is(read, 0);
});

test('R-79: however many are over, each statement takes some of them, and all go', async (t) => {
  let statements = 0;
  const counting = (query: { readonly sql: string }) =>
    void (statements += Number(query.sql.startsWith('delete from codes')));
  db.on('query', counting);
  t.teardown(() => db.removeListener('query', counting));
  await db.raw(`insert into codes (purpose, binding, hash, created_at, expires_at)
    select 'sign-in', '', '', n, n from generate_series(1, 12001) n`);
  t.is(await sweepRows(db, { table: 'codes', over: 'expires_at <= :now' }, { now: 12_000 }), 12_000);
  t.is(statements, 3);
  t.is((await db('codes').select('id')).length, 1);
  t.is(await postgresDevices(db, oldVault()).sweep(MANY), MANY - 1);
});
