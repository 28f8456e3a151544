import type { Knex } from 'knex';
import { migrations } from '../../migrations/all.ts';

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

/** Brings the schema to now, jobs' tables too; of several processes at once one does it. Tells what it did. */
export async function migrate(db: Knex, databaseUrl: string): Promise<readonly string[]> {
  return db.transaction(async (trx) => {
    // knex's own lock turns away instead of waiting, comes after its tables are made, and outlives a killed process.
    await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    await db.migrate.forceFreeMigrationsLock(config);
    const [, done] = (await db.migrate.latest(config)) as [number, string[]];
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
  const [, pending] = (await db.migrate.list(config)) as [unknown[], unknown[]];
  return pending.length > 0;
}

/** Empties the emulator's database. */
export async function dropEverything(db: Knex): Promise<void> {
  await db.raw('drop schema if exists graphile_worker cascade');
  await db.raw('drop schema public cascade');
  await db.raw('create schema public');
}
