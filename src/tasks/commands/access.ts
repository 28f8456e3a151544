import { readConfig, type Config } from '../../config.ts';
import type { Live } from '../../connect.ts';
import type { Log, Parts } from '../../parts.ts';
import { isBehind, migrate } from '../migrate.ts';
import { Failure, wordsOf } from './command.ts';

/** Everything that a command works with. */
export type Ready = { readonly config: Config; readonly parts: Parts };

/** The way of a command to the stores; `clave.ts` closes it, whatever happens. */
export type Access = {
  /** On a database of this version and of this mode. */
  ready(): Promise<Ready>;
  /** Whatever state the database is in. Nobody else waits for a command: it may be patient (milliseconds). */
  reach(config: Config, patience?: number): Promise<Live>;
  close(): Promise<void>;
};

const PATIENCE = 20_000;

/** Opens nothing before it is asked to. */
export function openAccess(): Access {
  const opened: Promise<Live>[] = [];
  const reach = (config: Config, storeTimeoutMs = PATIENCE): Promise<Live> => {
    // All that commands touch is in Postgres: they work while Redis is away. The parts are loaded when needed.
    const wanted = { ...config, redisUrl: undefined, storeTimeoutMs };
    const live = import('../../connect.ts').then(({ connect }) => connect(wanted, { log }));
    opened.push(live);
    return live;
  };
  return {
    reach,
    async ready() {
      const config = readConfig();
      const live = await reach(config);
      await claimKnown(config, live);
      if (await isBehind(live.db)) {
        if (!config.emulator)
          throw new Failure('the schema is not that of this version: run `npm run clave -- migrate` first');
        await migrate(live.db, live.databaseUrl);
      }
      await claimMode(config, live.parts);
      await live.masterKeys.inherit();
      const ahead = Number((await live.parts.settings.read('clock-offset')) ?? 0) * 1000;
      return { config, parts: { ...live.parts, clock: () => live.parts.clock() + ahead } };
    },
    async close() {
      // One that is just being opened may already have started a Postgres.
      for (const result of await Promise.allSettled(opened.splice(0)))
        if (result.status === 'fulfilled') await result.value.close();
    },
  };
}

/** A database keeps the mode of its first use: public passwords and real people never meet. */
export async function claimMode({ mode }: Config, { settings }: Pick<Parts, 'settings'>): Promise<void> {
  const claimed = await settings.once('mode', mode).catch((cause: unknown) => {
    if (cause instanceof Error && cause.message.startsWith('vault:')) throw new Failure(OTHER_KEYS, { cause });
    throw cause;
  });
  if (claimed !== mode) throw new Failure(`this database belongs to MODE=${claimed}, and this is MODE=${mode}`);
}

/** The same before anything is touched: nothing of a database that is somebody else's is migrated or emptied. */
export async function claimKnown(config: Config, { db, parts }: Pick<Live, 'db' | 'parts'>): Promise<void> {
  if (await db.schema.hasTable('settings')) await claimMode(config, parts);
}

export const OTHER_KEYS = 'MASTER_KEYS: this database was sealed with other keys';

/** A command says what it has to say by its result; only warnings come in between. */
const words = (fields: Readonly<Record<string, unknown>>, message: string) =>
  console.error('err' in fields ? `${message}: ${wordsOf(fields['err'])}` : message);
const log: Log = { debug: () => undefined, info: () => undefined, warn: words, error: words };
