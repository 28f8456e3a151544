import { hash } from 'node:crypto';
import test from 'ava';
import pg from 'pg';
import { openPostgres } from '../../src/stores/connections.ts';
import { Prepared, type Value } from '../../src/stores/prepared.ts';
import { run } from '../../src/stores/statement.ts';
import { freshDatabase } from '../support/servers.ts';

const { url, drop } = await freshDatabase();
test.after.always(drop);

/** A connection of its own, what it says of the looks of rows counted, and `pg`'s own way beside ours. */
async function connected(more: pg.ClientConfig = {}) {
  const client = new pg.Client({ connectionString: url, ...more });
  await client.connect();
  const seen = { descriptions: 0, parsed: 0 };
  const connection = Reflect.get(client, 'connection') as NodeJS.EventEmitter;
  connection.on('rowDescription', () => (seen.descriptions += 1));
  connection.on('parseComplete', () => (seen.parsed += 1));
  const ask = (text: string, values: readonly Value[] = [], name = hash('md5', text)) =>
    client.query(new Prepared<Record<string, unknown>>(client, { name, text, values })).answer;
  return { client, seen, ask };
}

const KINDS = `select 7::int4 as four, 9007199254740993::int8 as eight, 'ñandú «»'::text as text, ''::text as empty, null::text as none,
  '\\x00ff'::bytea as bytes, true as yes, '{"a":[1]}'::json as json, '{"b":null}'::jsonb as jsonb,
  '{a,NULL,"b,c"}'::text[] as texts, '{1,2}'::int4[] as numbers, 1.5::float8 as part,
  '2026-01-02T03:04:05.678Z'::timestamptz as moment, '6f1c2b1e-0c59-4f54-9c1a-0d9f1f1b2a3c'::uuid as id`;

test('each type is read as pg reads it, the first time and later', async (t) => {
  const { client, ask } = await connected();
  const { rows } = await client.query<Record<string, unknown>>(KINDS);
  t.deepEqual(await ask(KINDS), rows);
  t.deepEqual(await ask(KINDS), rows);
  await client.end();
});

test('each value arrives as pg sends it', async (t) => {
  const { client, ask } = await connected();
  const text = `select $1::text as a, $2::int8 as b, $3::bool as c, $4::text as d, $5::bytea as e, $6::text[] as f, $7::bytea[] as g, $8::float8 as h`;
  const hard = ['', 'plain', 'comma, "quote"', 'back\\slash', '{brace}', 'NULL', 'ñ\n', "'"];
  const values = [
    '"\\',
    12,
    false,
    null,
    Buffer.from([0, 92, 34]),
    hard,
    [Buffer.from([0, 255]), Buffer.alloc(0)],
    -0.5,
  ];
  const { rows } = await client.query<Record<string, unknown>>(text, values);
  t.deepEqual(await ask(text, values), rows);
  t.like(rows[0], { f: hard });
  t.deepEqual(await ask('select $1::text[] as none', [[]]), [{ none: [] }]);
  await client.end();
});

test('what rows look like is asked once a connection, also of those that have none', async (t) => {
  const { client, ask, seen } = await connected();
  for (let n = 0; n < 3; n++)
    t.deepEqual(await ask('select n from generate_series(1, $1::int4) n', [2]), [{ n: 1 }, { n: 2 }]);
  t.deepEqual(seen, { descriptions: 1, parsed: 1 });
  await client.query('create temp table kept (n int4)');
  for (let n = 0; n < 2; n++) t.deepEqual(await ask('insert into kept values ($1)', [n]), []);
  t.deepEqual(await ask('select n from kept where false'), []);
  t.deepEqual(await ask('select n from kept'), [{ n: 0 }, { n: 1 }]);
  t.is(seen.parsed, 4);
  await client.end();
});

test('a statement that failed may be asked again, whether it failed at first or later', async (t) => {
  const { client, ask } = await connected();
  const divide = (n: number) => ask('select 6 / $1::int4 as n', [n]);
  await t.throwsAsync(divide(0), { message: /division by zero/ });
  t.deepEqual(await divide(2), [{ n: 3 }]);
  await t.throwsAsync(divide(0), { message: /division by zero/ });
  t.deepEqual(await divide(3), [{ n: 2 }]);
  await t.throwsAsync(ask('select nothing from nowhere'), { message: /nowhere/ });
  t.deepEqual(await divide(6), [{ n: 1 }]);
  await client.end();
});

test('of two statements with one name the second is refused, and the first goes on', async (t) => {
  const { client, ask } = await connected();
  t.deepEqual(await ask('select 1 as n', [], 'same'), [{ n: 1 }]);
  await t.throwsAsync(ask('select 2 as n', [], 'same'), { message: /two statements/ });
  t.deepEqual(await ask('select 1 as n', [], 'same'), [{ n: 1 }]);
  await client.end();
});

test('when a migration changes what rows look like Postgres refuses, and nothing is misread', async (t) => {
  const { client, ask } = await connected();
  await client.query(`create temp table changed (a int4, b text); insert into changed values (1, 'b')`);
  t.deepEqual(await ask('select * from changed'), [{ a: 1, b: 'b' }]);
  await client.query('alter table changed drop column a; alter table changed add column c int8 default 5');
  await t.throwsAsync(ask('select * from changed'), { message: /cached plan must not change result type/ });
  await client.end();
});

test('nobody waits longer than patience lasts, and who was quick is not disturbed by its end', async (t) => {
  const { client, ask } = await connected({ query_timeout: 1500 });
  t.deepEqual(await ask('select 1 as one'), [{ one: 1 }]);
  await t.throwsAsync(ask('select pg_sleep(3)::text as slept'), { message: 'Query read timeout' });
  client.removeAllListeners().on('error', () => undefined);
  await client.end();
});

test('who asks on a connection that is gone hears it', async (t) => {
  const { client, ask } = await connected();
  client.on('error', () => undefined);
  const [{ pid }] = (await ask('select pg_backend_pid() as pid')) as [{ readonly pid: number }];
  const cut = ask('select pg_sleep(30)::text');
  const other = await connected();
  await other.ask('select pg_terminate_backend($1)', [pid]);
  await t.throwsAsync(cut, { message: /terminat/ });
  await t.throwsAsync(ask('select 1'));
  await other.client.end();
});

test('of a transaction all is undone', async (t) => {
  const db = openPostgres(url, { patience: 5000 });
  await db.raw('create table undone (n int4)');
  const add = { name: 'add', text: 'insert into undone values ($1)' };
  const failed = db.transaction(async (trx) => {
    await run(trx, add, [1]);
    throw new Error('no');
  });
  await t.throwsAsync(failed, { message: 'no' });
  await db.transaction(async (trx) => run(trx, add, [2]));
  t.deepEqual(await run(db, { name: 'all', text: 'select n from undone' }, []), [{ n: 2 }]);
  await db.destroy();
});
