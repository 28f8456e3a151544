import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkDigit } from '../../src/domain/run.ts';
import { attempt, type Attempt } from '../support/attempt.ts';
import { balancer } from '../support/balancer.ts';
import { startProduct } from '../support/product.ts';
import { freshDatabase, startRedis } from '../support/servers.ts';
import { claveJson } from '../tasks/run-clave.ts';

/** So many that nobody has six sessions in a moment. */
const PEOPLE = 1000;
let turn = 0;
export function somebody() {
  turn += 1;
  const body = 30_000_000 + (turn % PEOPLE);
  return { run: `${body}-${checkDigit(body)}`, password: 'boldo-quillay-peumo' };
}

export type Two = Awaited<ReturnType<typeof twoInstances>>;

type Stores = { readonly database?: string; readonly redis?: string };

/** Two instances on one Postgres and one Redis, those given or new ones, behind a balancer. */
export async function twoInstances({ database, redis }: Stores = {}) {
  const front = await balancer();
  const own = {
    database: database === undefined ? await freshDatabase() : undefined,
    redis: redis === undefined ? await startRedis({ dir: await mkdtemp(join(tmpdir(), 'redis-')) }) : undefined,
  };
  const databaseUrl = database ?? own.database?.url ?? '';
  const redisUrl = redis ?? own.redis?.url ?? '';
  const env = {
    ...{ PUBLIC_ORIGIN: front.origin, DEMO_PORT: '0', DATABASE_URL: databaseUrl, REDIS_URL: redisUrl },
    ...{ CONSOLE_PORT: '0', MASTER_KEYS: `test:${'k'.repeat(43)}`, TRUSTED_PROXIES: '127.0.0.1' },
    // Two instances and the load share the machine.
    HASH_QUEUE_MS: '30000',
  };
  const ports = [await front.add(), await front.add()];
  const start = (index: number) => startProduct({ ...env, PORT: String(ports[index]) });
  const products = await Promise.all([start(0), start(1)]);
  await claveJson(['people', 'synth', '--count', String(PEOPLE)], {
    DATABASE_URL: env.DATABASE_URL,
    MASTER_KEYS: env.MASTER_KEYS,
  });
  const ready = async () => {
    while (!front.ready().every(Boolean)) await sleep(20);
  };
  await ready();
  const close = async () => {
    await Promise.all(products.map(({ stop }) => stop('SIGINT')));
    await Promise.all(products.map(({ remove }) => remove()));
    await own.database?.drop();
    await own.redis?.close();
    front.close();
  };
  return { origin: front.origin, databaseUrl, products, start, ready, close };
}

/** `at`: when it began. */
export type Timed = Attempt & { readonly at: number };
async function timed(origin: string): Promise<Timed> {
  const at = performance.now();
  return { ...(await attempt(origin, somebody())), at };
}

/** Sign-ins begin so often, whatever becomes of those before; the answer ends it and tells how they went. */
export function people(origin: string, rate: number): () => Promise<readonly Timed[]> {
  const flows: Promise<Timed>[] = [];
  const begun = performance.now();
  const timer = setInterval(() => {
    while (flows.length < ((performance.now() - begun) * rate) / 1000) flows.push(timed(origin));
  }, 10);
  return () => {
    clearInterval(timer);
    return Promise.all(flows);
  };
}

export const outOf = (results: readonly Timed[]) => {
  const bad = results.filter((result) => !result.in);
  const kinds = [...Map.groupBy(bad, ({ step, status }) => `${step} ${status}`)].map(
    ([kind, all]) => `${all.length} × ${kind}`,
  );
  return {
    bad,
    told: `${results.length - bad.length} of ${results.length} got in${kinds.length ? `; ${kinds.join(', ')}` : ''}`,
  };
};

/** The greatest of these rates that the machine keeps up with while nothing happens. */
export async function bearable({ origin }: Two, rates: readonly number[]): Promise<number> {
  for (const rate of rates) {
    const end = people(origin, rate);
    await sleep(4000);
    const begun = performance.now();
    await end();
    if (performance.now() - begun < 1500) return rate;
  }
  return rates.at(-1) ?? 1;
}
