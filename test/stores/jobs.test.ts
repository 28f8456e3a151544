import test from 'ava';
import { keepStatistics } from '../../src/stores/jobs.ts';
import { openPool } from '../../src/stores/connections.ts';
import { realPostgres } from '../support/memory/versions.ts';

const postgres = await realPostgres();
const pool = openPool(postgres.url, 1);
test.after.always(async () => {
  await pool.end();
  await postgres.close();
});

const TABLE = 'graphile_worker._private_jobs';
const wait = (count: number) =>
  pool.query(
    `insert into ${TABLE} (task_id, payload, max_attempts)
     select (select min(id) from graphile_worker._private_tasks), '{}'::json, 25 from generate_series(1, $1::int)`,
    [count],
  );
/** Postgres' own guess of how many wait. */
const guess = async () => {
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) select from ${TABLE}`,
  );
  return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'];
};

test('when many jobs come into a table that was analysed empty, Postgres is told, once', async (t) => {
  await pool.query(`alter table ${TABLE} set (autovacuum_enabled = false)`);
  await pool.query(`select graphile_worker.add_job('letter', '{}'::json)`);
  await pool.query(`delete from ${TABLE}`);
  await pool.query(`analyze ${TABLE}`);
  await wait(4000);
  t.false(await keepStatistics(pool), 'a few are read as quickly');
  t.true((await guess()) < 10);
  await wait(2000);
  t.true(await keepStatistics(pool));
  t.is(await guess(), 6000);
  t.false(await keepStatistics(pool));
});
