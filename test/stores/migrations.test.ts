import test from 'ava';
import { migrations } from '../../migrations/all.ts';
import { openPostgres } from '../../src/stores/connections.ts';
import { dropEverything, isBehind, migrate, rollBack } from '../../src/tasks/migrate.ts';
import { schemaOf } from '../support/schema.ts';
import { freshDatabase } from '../support/servers.ts';

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
