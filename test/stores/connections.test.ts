import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { asUnavailable } from '../../src/domain/fault.ts';
import { redisArtifacts } from '../../src/stores/artifacts-redis.ts';
import { openPostgres, openRedis } from '../../src/stores/connections.ts';
import { openPool, poolsOf } from '../../src/stores/pool.ts';
import { someKey } from '../support/memory/versions.ts';
import { relay } from '../support/relay.ts';
import { freePort, freshDatabase, startRedis } from '../support/servers.ts';
import { until } from '../support/until.ts';

/** What the drivers really throw when a store is away: all of it must become a 503, never a 500. */
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? '';
const moved = (url: string, port: number) => {
  const other = new URL(url);
  other.port = String(port);
  return other.href;
};
/** Short enough for a test, long enough for a busy machine to get a connection. */
const PATIENCE = 5000;
/** Where nobody has to wait until it ends. */
const LONG = 60_000;

/** The fault of a piece of work, and whether it counts as a store that is away. */
async function faultOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    const away = asUnavailable(error);
    if (away && away.store === undefined) return `of nobody: ${String(error)}`;
    return away?.part === 'store' ? 'away' : `not recognised: ${String(error)}`;
  }
}

test('postgres: nobody listens', async (t) => {
  const db = openPostgres(moved(postgresUrl, await freePort()), { patience: PATIENCE });
  t.is(await faultOf(() => db.raw('select 1')), 'away');
  await db.destroy();
});

test('postgres: it takes connections and never says a word, to one and to many who wait for the same one', async (t) => {
  const wire = await relay(Number(new URL(postgresUrl).port));
  wire.set('frozen');
  const db = openPostgres(moved(postgresUrl, wire.port), { patience: 300, max: 1 });
  const ask = () => faultOf(() => db.raw('select 1'));
  t.is(await ask(), 'away');
  const faults = await Promise.all([ask(), ask(), ask()]);
  t.deepEqual(faults, ['away', 'away', 'away']);
  await db.destroy();
  wire.close();
});

test('postgres: cut in the middle, and well again with the wire', async (t) => {
  const wire = await relay(Number(new URL(postgresUrl).port));
  // Who was cut off knows it, and need not wait.
  const db = openPostgres(moved(postgresUrl, wire.port), { patience: LONG });
  t.is(await faultOf(() => db.raw('select 1')), 'none');
  const sleeping = faultOf(() => db.raw('select pg_sleep(30)'));
  const working = faultOf(() => db.transaction((trx) => trx.raw('select pg_sleep(30)')));
  await db.raw('select 1');
  wire.set('cut');
  t.deepEqual([await sleeping, await working], ['away', 'away']);
  t.is(await faultOf(() => db.raw('select 1')), 'away');
  wire.set('open');
  t.is(await faultOf(() => db.raw('select 1')), 'none');
  await db.destroy();
  wire.close();
});

test('postgres: too slow, shut down, read-only, or with nothing left in the pool', async (t) => {
  const db = openPostgres(postgresUrl, { patience: PATIENCE, max: 1 });
  t.is(await faultOf(() => db.raw('select pg_sleep(30)')), 'away');
  t.is(await faultOf(() => db.raw('select 1')), 'none', 'the next one does not wait for it');
  t.is(await faultOf(() => db.raw('select pg_terminate_backend(pg_backend_pid())')), 'away');
  const readOnly = async () =>
    db.transaction(async (trx) => {
      await trx.raw('set transaction read only');
      await trx.raw('create table never (id int)');
    });
  t.is(await faultOf(readOnly), 'away');
  const { promise: done, resolve: finish } = Promise.withResolvers<undefined>();
  const holding = db.transaction(() => done);
  t.is(await faultOf(() => db.raw('select 1')), 'away');
  finish(undefined);
  await holding;
  t.is(await faultOf(() => db.raw('select 1')), 'none');
  await db.destroy();
});

test('postgres: after a transaction that nobody waited for, what is written next is really written (R-96)', async (t) => {
  const { url, drop } = await freshDatabase();
  const other = openPostgres(url, { patience: 30_000, max: 2 });
  const db = openPostgres(url, { patience: PATIENCE, max: 1 });
  await other.raw('create table kept (value text)');
  const locked = await other.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(1)');
    return faultOf(() =>
      db.transaction(async (slow) => {
        await slow.raw(`insert into kept values ('given up')`);
        await slow.raw('select pg_advisory_xact_lock(1)');
      }),
    );
  });
  t.is(locked, 'away');
  t.is(await faultOf(() => db.raw(`insert into kept values ('kept')`)), 'none');
  const { rows } = await other.raw<{ rows: { value: string }[] }>('select value from kept');
  t.deepEqual(rows, [{ value: 'kept' }]);
  await db.destroy();
  await other.destroy();
  await drop();
});

test('postgres: a machine that vanishes without a word holds up the job runner for a while, not until TCP gives up', async (t) => {
  const wire = await relay(Number(new URL(postgresUrl).port));
  const pool = openPool(moved(postgresUrl, wire.port), { max: 1, patience: PATIENCE });
  t.teardown(async () => {
    await pool.end();
    wire.close();
  });
  // As the runner does it, which keeps a connection whatever became of its question.
  const ask = async () => {
    const client = await pool.connect();
    try {
      return await client.query('select 1');
    } finally {
      client.release();
    }
  };
  await ask();
  wire.vanish();
  await t.throwsAsync(ask(), { message: 'Query read timeout' });
  const works = () =>
    ask().then(
      () => true,
      () => false,
    );
  t.true(await until(works));
});

test('postgres: a job runner is as patient as requests are at least, until it would lose its jobs', async (t) => {
  for (const [patience, own] of [
    [900, 10_000],
    [20_000, 20_000],
    [120_000, 30_000],
  ] as const) {
    const pools = poolsOf(postgresUrl, { patience });
    const { options } = pools.open(1);
    t.deepEqual([options.connectionTimeoutMillis, options.query_timeout], [own, own]);
    await pools.end();
  }
});

test('postgres: an error names the statement, not what was put into it (R-74)', async (t) => {
  const db = openPostgres(postgresUrl, { patience: LONG });
  const values = ['12345678-5', '$argon2id$v=19$secret'];
  const works: (() => Promise<unknown>)[] = [
    async () => {
      await db('not_there').insert({ run: values[0], hash: values[1] });
    },
    async () => {
      await db.raw('select :run from not_there', { run: values[0]! });
    },
  ];
  const faults = await Promise.all(works.map((work) => t.throwsAsync<Error>(work())));
  for (const fault of faults) {
    t.regex(fault.message, /not_there.*does not exist/);
    for (const value of values) t.false(`${fault.message} ${fault.stack ?? ''}`.includes(value));
  }
  await db.destroy();
});

test('postgres: no question is compiled first, on any connection', async (t) => {
  const db = openPostgres(postgresUrl, { patience: LONG, max: 3 });
  const told = await Promise.all(
    Array.from({ length: 3 }, () =>
      db.raw<{ rows: { jit: string }[] }>(`select current_setting('jit') as jit, pg_sleep(0.05)`),
    ),
  );
  t.deepEqual(
    told.map(({ rows }) => rows[0]?.jit),
    ['off', 'off', 'off'],
  );
  await db.destroy();
});

test('postgres: a mistake of ours is none of that', async (t) => {
  const db = openPostgres(postgresUrl, { patience: LONG });
  t.regex(await faultOf(() => db.raw('selct 1')), /not recognised: .*syntax error/);
  await db.destroy();
});

const noted = (errors: Error[]) => ({ patience: PATIENCE, onError: (error: Error) => void errors.push(error) });

test('redis: nobody listens at the start', async (t) => {
  t.is(await faultOf(async () => openRedis(`redis://127.0.0.1:${await freePort()}`, noted([]))), 'away');
});

/** Connecting again takes a moment. */
async function comesBack(work: () => Promise<string>): Promise<string> {
  return (await until(async () => (await work()) === 'none')) ? 'none' : work();
}

test('redis: it is stopped, full, a replica, and gone', async (t) => {
  const server = await startRedis({ dir: await mkdtemp(join(tmpdir(), 'redis-')) });
  const errors: Error[] = [];
  const redis = await openRedis(server.url, noted(errors));
  const operator = await openRedis(server.url, noted(errors));
  const artifacts = redisArtifacts(redis);
  const artifact = { key: someKey(), model: 'Grant', payload: Buffer.from('x'), expiresAt: 60_000 };
  const put = () => faultOf(() => artifacts.put(artifact, 0));
  t.is(await put(), 'none');

  process.kill(server.pid, 'SIGSTOP');
  t.is(await put(), 'away');
  process.kill(server.pid, 'SIGCONT');
  t.is(await comesBack(put), 'none');

  await operator.config('SET', 'maxmemory', '1');
  t.is(await put(), 'away');
  t.deepEqual((await artifacts.get(artifact.key, 0))?.payload, artifact.payload, 'what is there can be read');
  await operator.config('SET', 'maxmemory', '0');
  t.is(await comesBack(put), 'none');

  await operator.call('REPLICAOF', '127.0.0.1', String(await freePort()));
  t.is(await put(), 'away');
  t.is(await faultOf(() => artifacts.consume(artifact.key, { now: 1, keepUntil: 2 })), 'away');
  await operator.call('REPLICAOF', 'NO', 'ONE');
  t.is(await comesBack(put), 'none');
  t.true(await artifacts.consume(artifact.key, { now: 1, keepUntil: 2 }), 'and nothing was consumed meanwhile');

  const closed = once(redis, 'close');
  await server.close();
  await closed;
  t.is(await put(), 'away');
  t.true(errors.every((error) => asUnavailable(error) !== undefined));
  redis.disconnect();
  operator.disconnect();
  t.is(await put(), 'away');
});
