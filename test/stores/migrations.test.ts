import { readFileSync } from 'node:fs';
import test from 'ava';
import { migrations } from '../../migrations/all.ts';
import { openPostgres, type Knex } from '../../src/stores/connections.ts';
import { dropEverything, isBehind, migrate, rollBack } from '../../src/tasks/migrate.ts';
import { schemaOf } from '../support/schema.ts';
import { freshDatabase } from '../support/servers.ts';

/** Those that found tables large already. */
const LATE = ['0063-lists', '0098-case-list', '0102-found-and-ended'];
const inTransactions = async (db: Knex, names: readonly string[], way: 'up' | 'down') => {
  for (const name of names)
    await db.transaction(async (trx) => {
      await migrations[name]?.[way]?.(trx);
    });
};
async function oidsOf(db: Knex): Promise<ReadonlySet<number>> {
  const { rows } = await db.raw<{ rows: { oid: number }[] }>(
    `select oid from pg_class where relkind = 'i' and relnamespace = 'public'::regnamespace`,
  );
  return new Set(rows.map(({ oid }) => oid));
}
/** What operations.md has psql do. */
async function builtBeforehand(db: Knex): Promise<void> {
  const manual = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [, sql = ''] = /```sql\n(-- 0063\n[^]*?)```/.exec(manual) ?? [];
  for (const statement of sql.split(/;\n|(?<=\\gexec)\n/).filter((one) => one.trim() !== '')) {
    const [asked = '', executed] = statement.split('\\gexec');
    const { rows } = await db.raw<{ rows: { format: string }[] }>(asked);
    for (const { format } of executed === undefined ? [] : rows) await db.raw(format);
  }
}

test('up, all the way back, and up again leaves the same schema, and nothing in between', async (t) => {
  const { url, drop } = await freshDatabase();
  const db = openPostgres(url, { patience: 30_000 });
  const names = Object.keys(migrations);
  t.deepEqual(names, names.toSorted(), 'their numbers say in which order');
  try {
    t.true(await isBehind(db));
    t.deepEqual(await migrate(db, url), names);
    const first = await schemaOf(db);
    t.true(first.includes('create table accounts'));
    t.false(await isBehind(db));
    t.deepEqual(await migrate(db, url), []);

    await rollBack(db);
    t.false(/create/i.test(await schemaOf(db)), 'nothing of ours is left');
    t.true(await isBehind(db));
    t.deepEqual(await migrate(db, url), names);
    t.is(await schemaOf(db), first);

    await dropEverything(db);
    t.deepEqual(await migrate(db, url), names);
    t.is(await schemaOf(db), first);

    const many = (await oidsOf(db)).size;
    await inTransactions(db, LATE.toReversed(), 'down');
    t.not(await schemaOf(db), first);
    const without = await oidsOf(db);
    await builtBeforehand(db);
    const built = new Set([...(await oidsOf(db))].filter((oid) => !without.has(oid)));
    t.true(built.size >= 8);
    await inTransactions(db, LATE, 'up');
    t.deepEqual(built.difference(await oidsOf(db)), new Set(), 'each of them stands');
    t.is((await oidsOf(db)).size, many, 'and none was built beside it');
    t.is(await schemaOf(db), first);
  } finally {
    await db.destroy();
    await drop();
  }
});

test('of processes that start at once one brings the schema up, and none fails', async (t) => {
  const { url, drop } = await freshDatabase();
  const processes = Array.from({ length: 3 }, () => openPostgres(url, { patience: 30_000 }));
  try {
    const done = await Promise.all(processes.map((db) => migrate(db, url)));
    t.deepEqual(done.flat().sort(), Object.keys(migrations).sort());
  } finally {
    await Promise.all(processes.map((db) => db.destroy()));
    await drop();
  }
});

test('a process that was killed in the middle does not keep the next one out', async (t) => {
  const { url, drop } = await freshDatabase();
  const db = openPostgres(url, { patience: 30_000 });
  try {
    t.true(await isBehind(db));
    await db('knex_migrations_lock').update({ is_locked: 1 });
    t.deepEqual(await migrate(db, url), Object.keys(migrations));
  } finally {
    await db.destroy();
    await drop();
  }
});
