import knex from 'knex';
import { readConfig } from '../../config.ts';
import { migrate } from '../migrate.ts';
import { claimMode } from './access.ts';
import { command } from './command.ts';

/** `clave migrate` */
export const migrateCommand = command({
  name: 'migrate',
  summary: 'Brings the database to this version. Safe to repeat, and for several at once.',
  run: async (_given, access) => {
    const config = readConfig();
    const { databaseUrl, parts } = await access.reach(config);
    // The product's own connections give up after a second, which is no time for a large table.
    const db = knex({
      client: 'pg',
      connection: { connectionString: databaseUrl, application_name: 'clave migrate' },
      pool: { min: 0, max: 3 },
    });
    try {
      // Before it is touched, if it is somebody's.
      if (await db.schema.hasTable('settings')) await claimMode(config, parts);
      const applied = await migrate(db, databaseUrl);
      await claimMode(config, parts);
      const text =
        applied.length === 0 ? 'the schema is up to date' : applied.map((name) => `applied ${name}`).join('\n');
      return { json: { applied }, text };
    } finally {
      await db.destroy();
    }
  },
});
