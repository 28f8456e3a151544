import { readFile, writeFile } from 'node:fs/promises';
import test from 'ava';
import { openPostgres } from '../../src/stores/connections.ts';
import { migrate } from '../../src/tasks/migrate.ts';
import { schemaOf } from '../support/schema.ts';
import { freshDatabase } from '../support/servers.ts';

test('migrations/schema.sql is the picture of the migrations', async (t) => {
  const database = await freshDatabase();
  const db = openPostgres(database.url, { patience: 20_000 });
  try {
    await migrate(db, database.url);
    const now = await schemaOf(db);
    const file = new URL('../../migrations/schema.sql', import.meta.url);
    if (process.env['UPDATE_GENERATED'] === '1') await writeFile(file, now);
    else t.is(await readFile(file, 'utf8'), now);
    t.true(now.includes('create table accounts'));
  } finally {
    await db.destroy();
    await database.drop();
  }
});
