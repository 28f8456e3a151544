import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/app.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { connect, type Live } from '../../src/connect.ts';
import { installEmulatorClock } from '../../src/gateways/clock.ts';
import { prepareKeys } from '../../src/oidc/keys.ts';
import type { Log, Parts } from '../../src/parts.ts';
import type { Sessions } from '../../src/stores/sessions.ts';
import { isBehind, migrate } from '../../src/tasks/migrate.ts';
import { seed } from '../../src/tasks/seed.ts';
import { browser } from './browser.ts';
import { withHashesOfTheRun } from './hashes.ts';
import { giveKeys } from './keys.ts';
import { migratedDatabase } from './migrated.ts';

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Moves `Date` in this test process, as the emulator does; one for the whole process. */
let clock: ReturnType<typeof installEmulatorClock> | undefined;
export const theClock = () => (clock ??= installEmulatorClock());

/** What is counted by the hour of the clock is tried within one: near its end the clock goes on into the next. */
export function withinTheHour(): void {
  const left = 3600 - (Math.floor(Date.now() / 1000) % 3600);
  if (left < 300) theClock().set(theClock().ahead() + left);
}

type Wish = {
  /** With the run's Redis, or with Postgres alone. */
  readonly redis?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Any part replaced. */
  readonly replace?: (parts: Parts, live: Live) => Partial<Parts>;
  readonly database?: string;
  /** Tests that run at once sign the same people in many times: no session makes room for another. */
  readonly crowded?: boolean;
};

/** The whole application on a real Postgres (and Redis), with the emulator's people and sites, on a port of its own. */
export async function serve({ redis = false, env = {}, replace, database, crowded = false }: Wish = {}) {
  const [server, staffServer] = [createServer(), createServer()];
  const [port, consolePort] = [await listening(server), await listening(staffServer)];
  const fresh = database === undefined ? await migratedDatabase() : undefined;
  const config: Config = readConfig({
    PORT: String(port),
    DEMO_PORT: '0',
    CONSOLE_PORT: String(consolePort),
    DATABASE_URL: database ?? fresh?.url,
    REDIS_URL: redis ? process.env['TEST_REDIS_URL'] : undefined,
    // The machine may be busy with other tests; what faults do is tried with the real figure.
    STORE_TIMEOUT_MS: '20000',
    HASH_QUEUE_MS: '60000',
    MASTER_KEYS: `test:${'k'.repeat(43)}`,
    ...env,
  });
  const live = await connect(config, { log: silent, clock: theClock() });
  if (await isBehind(live.db)) await migrate(live.db, live.databaseUrl);
  await withHashesOfTheRun(live.parts, config, (all) => seed(all, live.parts.demo!));
  const { sessions } = live.parts;
  const begin: Sessions['begin'] = (session, _most, access) => sessions.begin(session, 10_000, access);
  const roomy = { ...sessions, begin };
  const parts: Parts = { ...live.parts, ...(crowded && { sessions: roomy }), ...replace?.(live.parts, live) };
  await giveKeys(parts);
  const { koa, console: consoleApp, op, calls } = createApp(config, parts, await prepareKeys(parts));
  const handle = koa.callback();
  server.on('request', (req, res) => void handle(req, res));
  const handleStaff = consoleApp.callback();
  staffServer.on('request', (req, res) => void handleStaff(req, res));
  server.on('upgrade', calls.citizens);
  staffServer.on('upgrade', calls.staff);
  const close = async () => {
    await calls.close();
    for (const each of [server, staffServer]) {
      each.closeAllConnections();
      each.close();
    }
    await live.close();
    await fresh?.drop();
  };
  return {
    op,
    origin: config.origin,
    console: config.consoleOrigin,
    config,
    parts,
    live,
    close,
    visitor: () => browser(config.origin),
    user: browser(config.origin),
  };
}

/** On a free port of the loopback. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
