import test from 'ava';
import { keepStatistics, postgresJobs } from '../../src/stores/jobs.ts';
import { openPool } from '../../src/stores/pool.ts';
import { realPostgres } from '../support/memory/versions.ts';

const postgres = await realPostgres();
const pool = openPool(postgres.url, { max: 1 });
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

test.serial('when many jobs come into a table that was analysed empty, Postgres is told, once', async (t) => {
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

test.serial(
  'what there is to do, by task: what waits, what failed, what is given up, and how late it is',
  async (t) => {
    const jobs = postgresJobs(postgres.db);
    await pool.query(`delete from ${TABLE}`);
    t.deepEqual(await jobs.standing(100), []);
    const add = (task: string, how = '') => pool.query(`select graphile_worker.add_job($1, '{}'::json ${how})`, [task]);
    await add('backchannel-logout');
    await add('letter', ", run_at := now() - interval '10 minutes'");
    await add('letter', ", run_at := now() + interval '10 minutes'");
    await add('letter');
    await add('letter');
    const change = (what: string, nth: number) =>
      pool.query(`update ${TABLE} set ${what} where id = (select id from ${TABLE} order by id offset $1 limit 1)`, [
        nth,
      ]);
    await change("last_error = 'x', attempts = 1, run_at = now() + interval '1 hour'", 3);
    await change("last_error = 'x', attempts = max_attempts", 4);
    const [logouts, letters] = await jobs.standing(100);
    t.like(logouts, { job: 'backchannel-logout', waiting: 1, retrying: 0, dead: 0 });
    t.like(letters, { job: 'letter', waiting: 2, retrying: 1, dead: 1 });
    t.true(letters!.lateSeconds >= 600 && letters!.lateSeconds < 700, String(letters!.lateSeconds));
    t.true(logouts!.lateSeconds < 100);
    // While somebody works on it, it is not late.
    await change('locked_at = now(), attempts = 1', 1);
    t.true((await jobs.standing(100))[1]!.lateSeconds < 100);
    const some = await jobs.standing(3);
    t.is(
      some.reduce((sum, { waiting, retrying, dead }) => sum + waiting + retrying + dead, 0),
      3,
      'and no more are counted',
    );
  },
);
