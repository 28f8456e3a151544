import type { Config } from '../config.ts';
import { connect, type Live } from '../connect.ts';
import { asUnavailable } from '../domain/fault.ts';
import { makePlaces } from '../flows/places.ts';
import { accountSite, ownClient } from '../flows/own-client.ts';
import { prepareKeys } from '../oidc/keys.ts';
import type { Knex } from '../stores/connections.ts';
import { claimKnown, claimMode } from './commands/access.ts';
import { Failure, wordsOf } from './commands/command.ts';
import { dropEverything, isBehind, migrate } from './migrate.ts';
import type { Options } from './options.ts';
import { registerRp } from './register-rp.ts';
import { seed } from './seed.ts';
import { seedOffices, seedShifts } from './seed-offices.ts';

type Preparing = Parameters<typeof connect>[1] & { readonly options: Options };

/** Any number that nobody else locks. */
const LOCK = 733_520_003;

/**
 * Brings the database to what this start needs, over connections of its own that may take their time. Of several that
 * start at once one does it, and the others find it done.
 */
export async function prepareStore(config: Config, { options, ...tools }: Preparing): Promise<void> {
  const patient = { ...config, redisUrl: undefined, storeTimeoutMs: 60_000, hashQueueMs: 60_000 };
  const { parts, db, databaseUrl, masterKeys, anchors, close } = await connect(patient, tools);
  try {
    await db.transaction(async (trx) => {
      await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
      if (config.emulator) {
        // The embedded one is always ours, also when the keys are lost that sealed it.
        if (config.databaseUrl !== undefined || !options.reset) await claimKnown(config, { db, parts });
        if (options.reset) {
          await mustBeAlone(db);
          await dropEverything(db);
          await anchors.forget();
        }
        await migrate(db, databaseUrl);
      } else if (await isBehind(db)) {
        throw new Failure('DATABASE_URL: the schema is not that of this version; run `npm run clave -- migrate`');
      }
      await claimMode(config, parts);
      await masterKeys.inherit();
      await masterKeys.note(parts.clock());
      await prepareKeys(parts);
      await ownClient(parts, accountSite(config.origin));
      if (parts.demo) {
        await seed(parts, parts.demo);
        await seedOffices(parts);
        await seedShifts(parts);
      }
      await makePlaces(parts);
    });
  } catch (error) {
    const away = config.databaseUrl !== undefined && asUnavailable(error);
    throw away ? new Failure(`DATABASE_URL: Postgres does not answer: ${wordsOf(away.cause ?? away)}`) : error;
  } finally {
    await close();
  }
}

/** Who has been connected since before this process began serves from what would be emptied. */
async function mustBeAlone(db: Knex): Promise<void> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from pg_stat_activity where datname = current_database() and application_name like 'claveunica%'
     and backend_start < clock_timestamp() - make_interval(secs => ?) limit 1`,
    [process.uptime()],
  );
  if (rows.length > 0) throw new Failure('--reset: somebody else is at work on this database; stop that first');
}

/** What is printed once everything listens. */
export async function summary(config: Config, { parts }: Live, options: Options): Promise<string> {
  const rows: (readonly [string, string])[] = [['ClaveÚnica', config.origin]];
  if (config.emulator) {
    const person = parts.demo?.people.find(
      ({ account, status, password }) => account && status === 'active' && password,
    );
    if (config.consolePort > 0) rows.push(['Console', config.consoleOrigin]);
    if (config.demoPort > 0) rows.push(['Demo sites', `http://localhost:${String(config.demoPort)}`]);
    rows.push(['Emulator', `${config.origin}/emulador`]);
    if (person) rows.push(['Demo person', `RUN ${person.run}, ClaveÚnica ${person.password ?? ''}`]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
  return options.rp === undefined ? table : `${table}\n\n${await registerRp(config, parts, options.rp)}`;
}
