import { createServer, type Server } from 'node:http';
import { createApp } from './app.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { connect, type Live } from './connect.ts';
import { startDemo } from './demo/server.ts';
import { installEmulatorClock } from './gateways/clock.ts';
import { captureConsole, createLog } from './gateways/log.ts';
import { prepareKeys } from './oidc/keys.ts';
import { claimMode } from './tasks/commands/access.ts';
import { Failure } from './tasks/commands/command.ts';
import { readOptions, type Options } from './tasks/options.ts';
import { dropEverything, isBehind, migrate } from './tasks/migrate.ts';
import { registerRp } from './tasks/register-rp.ts';
import { seed } from './tasks/seed.ts';

async function start(options: Options): Promise<void> {
  const config = readConfig();
  const log = createLog(config);
  captureConsole(log);
  const clock = config.emulator ? installEmulatorClock() : undefined;
  const live = await connect(config, { log, clock });
  const closing: (() => Promise<unknown>)[] = [live.close];
  let going = true;
  const stop = async () => {
    if (!going) return;
    going = false;
    // Nobody waits longer for us than platforms do.
    setTimeout(() => process.exit(1), 30_000).unref();
    for (const step of closing.toReversed()) await step().catch((err: unknown) => log.error({ err }, 'while stopping'));
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
  try {
    await prepareStore(config, { log, clock, options });
    clock?.set(Number((await live.parts.settings.read('clock-offset')) ?? 0));
    const { koa, provider } = createApp(config, live.parts, await prepareKeys(live.parts));
    const handle = koa.callback();
    const server = createServer((req, res) => void handle(req, res));
    closing.push(await listen(server, { port: config.port, variable: 'PORT', config }));
    if (config.demoPort > 0)
      closing.push(
        await startDemo(config, (handler) =>
          listen(createServer(handler), { port: config.demoPort, variable: 'DEMO_PORT', config }),
        ),
      );
    // The job runner is loaded when the first pages can already be served.
    const jobs = import('./tasks/work.ts').then(({ startJobs }) => startJobs({ ...live, config, provider }));
    jobs.catch((err: unknown) => log.error({ err }, 'jobs'));
    closing.push(async () => (await jobs)());
    console.log(await summary(config, live, options));
    console.log(`ready ${config.origin}`);
  } catch (error) {
    await live.close();
    throw error;
  }
}

type Preparing = Parameters<typeof connect>[1] & { readonly options: Options };

/** Brings the database to what this start needs, over connections of its own that may take their time. */
async function prepareStore(config: Config, { options, ...tools }: Preparing): Promise<void> {
  const { parts, db, databaseUrl, close } = await connect({ ...config, storeTimeoutMs: 60_000 }, tools);
  try {
    if (config.emulator) {
      if (options.reset) await dropEverything(db);
      await migrate(db, databaseUrl);
    } else if (await isBehind(db)) {
      throw new Failure('DATABASE_URL: the schema is not that of this version; run `npm run clave -- migrate`');
    }
    await claimMode(config, parts);
    if (parts.demo) await seed(parts, parts.demo);
  } finally {
    await close();
  }
}

type Listening = { readonly port: number; readonly variable: string; readonly config: Config };

/** The emulator listens on loopback only. Slow and silent peers are shown out. */
async function listen(server: Server, { port, variable, config }: Listening): Promise<() => Promise<void>> {
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.keepAliveTimeout = 65_000;
  server.maxConnections = 20_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      reject(taken ? new Failure(`${variable}: port ${String(port)} is taken`) : error);
    });
    server.listen(port, config.emulator ? '127.0.0.1' : undefined, resolve);
  });
  return () =>
    new Promise((resolve) => {
      // A connection that is just being answered goes idle later, and would be kept alive.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      server.close(() => {
        clearInterval(idle);
        resolve();
      });
    });
}

async function summary(config: Config, { parts }: Live, options: Options): Promise<string> {
  const rows: (readonly [string, string])[] = [['ClaveÚnica', config.origin]];
  if (config.emulator) {
    const [person] = parts.demo?.people ?? [];
    if (config.demoPort > 0) rows.push(['Demo sites', `http://localhost:${String(config.demoPort)}`]);
    rows.push(['Emulator', `${config.origin}/emulador`]);
    if (person) rows.push(['Demo person', `RUN ${person.run}, ClaveÚnica ${person.password ?? ''}`]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
  return options.rp === undefined ? table : `${table}\n\n${await registerRp(config, parts, options.rp)}`;
}

start(readOptions(process.argv.slice(2))).catch((error: unknown) => {
  const plain = error instanceof Failure || error instanceof ConfigError;
  console.error(plain ? error.message : error);
  process.exit(1);
});
