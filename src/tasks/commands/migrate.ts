import { readConfig } from '../../config.ts';
import { migrate } from '../migrate.ts';
import { claimKnown, claimMode } from './access.ts';
import { command } from './command.ts';

const HOUR = 3_600_000;

/** `clave migrate` */
export const migrateCommand = command({
  name: 'migrate',
  summary: 'Brings the database to this version. Safe to repeat, and for several at once.',
  run: async (_given, access) => {
    const config = readConfig();
    // A large table takes its time.
    const { databaseUrl, db, parts } = await access.reach(config, HOUR);
    await claimKnown(config, { db, parts });
    const applied = await migrate(db, databaseUrl);
    await claimMode(config, parts);
    const text =
      applied.length === 0 ? 'the schema is up to date' : applied.map((name) => `applied ${name}`).join('\n');
    return { json: { applied }, text };
  },
});
