/** How long a start takes, and what is in memory once somebody has signed in. */
import { join } from 'node:path';
import { logIn, newVisitor, openSite } from './flows.ts';
import { memoryOf, type Cores } from './machine.ts';
import { productEnv, startServer, type Services } from './servers.ts';

export type Start = {
  /** Milliseconds since the process was started. */
  readonly ready: number;
  readonly firstLogin: number;
  /** Megabytes after that login. */
  readonly rss: number;
};

export type Starts = {
  /** Postgres (its schema is there already) and Redis run elsewhere. */
  readonly external: readonly Start[];
  /** The emulator as `npm start` has it, with its own Postgres: its very first start, and later ones. */
  readonly embeddedFirst: Start;
  readonly embedded: readonly Start[];
};

type Env = Readonly<Record<string, string>>;

/** One start on all cores, one login, one stop. */
async function startOnce(env: Env, cores: Cores): Promise<Start> {
  const server = await startServer({ name: 'start', script: 'src/main.ts', env, cores: cores?.all });
  try {
    const site = await openSite(server.origin);
    await logIn(site, newVisitor());
    const firstLogin = performance.now() - server.startedAt;
    site.client.close();
    return { ready: server.readyMs, firstLogin, rss: memoryOf(server.pid).rss };
  } finally {
    await server.stop();
  }
}

/** `times` starts of each kind. */
export async function measureStarts(
  services: Services,
  { cores, times }: { cores: Cores; times: number },
): Promise<Starts> {
  const { dir, redisUrl, database } = services;
  const repeat = async (env: Env) => {
    const starts: Start[] = [];
    while (starts.length < times) starts.push(await startOnce(env, cores));
    return starts;
  };
  const external = { ...productEnv(join(dir, 'external')), DATABASE_URL: await database('start'), REDIS_URL: redisUrl };
  await startOnce(external, cores);
  const embedded = productEnv(join(dir, 'embedded'));
  const embeddedFirst = await startOnce(embedded, cores);
  return { external: await repeat(external), embeddedFirst, embedded: await repeat(embedded) };
}
