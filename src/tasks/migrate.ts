import type { Knex } from 'knex';
import { migrations } from '../../migrations/all.ts';
import { Failure } from './commands/command.ts';

const source: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(migrations),
  getMigrationName: (name) => name,
  getMigration: async (name) => {
    const migration = migrations[name];
    if (!migration) throw new Error(`no migration ${name}`);
    return migration;
  },
};
const config: Knex.MigratorConfig = { migrationSource: source };

/** Any number that nobody else locks. */
const LOCK = 733_520_001;

/** Who has migrated and starts the version of before hears what is wrong; knex would speak of a corrupt directory. */
function isNewer(error: unknown): never {
  if (!(error instanceof Error && error.message.startsWith('The migration directory is corrupt'))) throw error;
  throw new Failure('the schema is newer than this version: start the version that has migrated it, or a later one');
}

/** Brings the schema to now, jobs' tables too; of several processes at once one does it. Tells what it did. */
export async function migrate(db: Knex, databaseUrl: string): Promise<readonly string[]> {
  return db.transaction(async (trx) => {
    // knex's own lock turns away instead of waiting, comes after its tables are made, and outlives a killed process.
    await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    await db.migrate.forceFreeMigrationsLock(config);
    const [, done] = (await db.migrate.latest(config).catch(isNewer)) as [number, string[]];
    const { runMigrations } = await import('graphile-worker');
    await runMigrations({ connectionString: databaseUrl });
    return done;
  });
}

/** Takes the last batch back; for tests and accidents. */
export async function rollBack(db: Knex): Promise<void> {
  await db.migrate.rollback(config, true);
}

/** Whether something is still to be done; a database that nobody has touched counts. */
export async function isBehind(db: Knex): Promise<boolean> {
  const [, pending] = (await db.migrate.list(config).catch(isNewer)) as [unknown[], unknown[]];
  return pending.length > 0;
}

/** Empties the emulator's database. */
export async function dropEverything(db: Knex): Promise<void> {
  await db.raw('drop schema if exists graphile_worker cascade');
  await db.raw('drop schema public cascade');
  await db.raw('create schema public');
}
