import pg from 'pg';
import { freshDatabase } from './servers.ts';

const TEMPLATE = 'migrated';
/** Any number that nobody else locks on the run's Postgres. */
const LOCK = 1;

/** A database of its own with today's schema. The migrations run once in a run: whoever comes later gets a copy. */
export async function migratedDatabase(): ReturnType<typeof freshDatabase> {
  const server = new pg.Client({ connectionString: process.env['TEST_POSTGRES_URL'] });
  await server.connect();
  try {
    await server.query('select pg_advisory_lock($1)', [LOCK]);
    const { rowCount } = await server.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (rowCount === 0) await makeTemplate(server);
  } finally {
    await server.end();
  }
  return freshDatabase({ template: TEMPLATE });
}

/** It has its name only when it is whole. */
async function makeTemplate(server: pg.Client): Promise<void> {
  // Most test files get their copy without what migrations need.
  const [{ openPostgres }, { migrate }] = await Promise.all([
    import('../../src/stores/connections.ts'),
    import('../../src/tasks/migrate.ts'),
  ]);
  const { url } = await freshDatabase();
  const db = openPostgres(url, { patience: 30_000 });
  await migrate(db, url);
  await db.destroy();
  await server.query(`alter database ${new URL(url).pathname.slice(1)} rename to ${TEMPLATE}`);
}
