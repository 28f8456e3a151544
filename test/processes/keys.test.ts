import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { createLocalJWKSet, jwtVerify, type JWK } from 'jose';
import { attempt } from '../support/attempt.ts';
import { balancer } from '../support/balancer.ts';
import { browser } from '../support/browser.ts';
import { startProduct } from '../support/product.ts';
import { call, MUNICIPIO, provider, REGISTRO, type User } from '../support/rp.ts';
import { freshDatabase, startRedis } from '../support/servers.ts';
import { claveJson } from '../tasks/run-clave.ts';

/** Two instances on one Postgres and one Redis, behind one address; sites keep our keys as long as they may. */
const front = await balancer();
const { origin } = front;
const op = provider(origin);
const database = await freshDatabase();
const redis = await startRedis({ dir: await mkdtemp(join(tmpdir(), 'redis-')) });
const [K1, K2] = [`k1:${'a'.repeat(43)}`, `k2:${'b'.repeat(43)}`];
const env = (keys: readonly string[]) => ({
  ...{ PUBLIC_ORIGIN: origin, DEMO_PORT: '0', DATABASE_URL: database.url, REDIS_URL: redis.url },
  ...{ HASH_QUEUE_MS: '30000', TRUSTED_PROXIES: '127.0.0.1', MASTER_KEYS: keys.join() },
  // What is looked at are keys, at fifty sign-ins a second on two cores; the hashes are the cheapest that may be.
  ...{ ARGON2_MEMORY_KIB: '19456', ARGON2_TIME: '1' },
});
const ports = [await front.add(), await front.add()];
const start = (port: number | undefined, keys: readonly string[]) => startProduct({ ...env(keys), PORT: String(port) });
const products = await Promise.all(ports.map((port) => start(port, [K1])));
const bothReady = async () => {
  while (!front.ready().every(Boolean)) await sleep(20);
};
await bothReady();
test.after.always(async () => {
  await Promise.all(products.map(({ stop }) => stop('SIGINT')));
  await Promise.all(products.map(({ remove }) => remove()));
  await database.drop();
  await redis.close();
  front.close();
});

/** A site that reads our keys only when its copy has run out: never because it meets one that it does not know. */
type Copy = { readonly keys: JWK[]; readonly known: ReturnType<typeof createLocalJWKSet>; readonly maxAge: number };
let copies: Copy[] = [];
const readKeys = async (): Promise<Copy> => {
  const { json, headers } = await call(op.at('/jwks'));
  const maxAge = Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1]);
  const keys = json['keys'] as JWK[];
  return { keys, known: createLocalJWKSet({ keys }), maxAge };
};
/** A quarter of an hour goes by: every site reads anew. */
const copiesRunOut = async () => {
  copies = await Promise.all(Array.from({ length: 10 }, readKeys));
};

/** Others than those who come with a password all the time: only the five newest sessions of a person live. */
const PEOPLE = ['10.000.013-K', '15.234.871-1', '16.161.616-8', '13.579.246-2'].map((run) => ({
  run,
  password: 'boldo-quillay-peumo',
}));
let visitors: User[] = [];
const newVisitors = async () => {
  const fresh = PEOPLE.map((person, n) => ({
    user: browser(origin),
    person,
    site: n % 2 === 0 ? MUNICIPIO : REGISTRO,
  }));
  for (const { user, person, site } of fresh) await op.signIn(user, site, person);
  visitors = fresh.map(({ user }) => user);
};

type Changes = {
  readonly changes: readonly {
    readonly change: string;
    readonly alg: string;
    readonly kid: string;
    readonly at: string;
  }[];
};
/** The keys that an instance shows, first the one that signs. */
const shownBy = async (instance: string) =>
  ((await call(op.at('/jwks'), { headers: { 'x-instance': instance } })).json['keys'] as JWK[]).map(({ kid }) => kid);
/** Whatever was made is shown by both: a copy of before knows nothing of what signs next. */
const untilShown = async ({ changes }: Changes) => {
  const made = changes.filter(({ change }) => change === 'published').map(({ kid }) => kid);
  for (const instance of ['0', '1'])
    for (let shown = await shownBy(instance); made.some((kid) => !shown.includes(kid)); shown = await shownBy(instance))
      await sleep(20);
};
type Masters = { readonly master_keys: readonly { readonly id: string; readonly rows: number }[] };

/** As software does that reads the keys again when it meets one that it does not know. */
let eager = false;

/** As the n-th site: the signature is checked with its copy of the keys. */
async function verify(id: string, n: number): Promise<void> {
  const place = n % copies.length;
  const check = () => jwtVerify(id, copies[place]!.known, { issuer: op.at('') });
  await check().catch(async (error: unknown) => {
    if (!eager) throw error;
    copies[place] = await readKeys();
    await check();
  });
}

/**
 * Sign-ins without end, fifty a second where the machine can: one in ten with a password, the others with a session.
 * Of each a token is issued, and its signature checked. Two cores do not hash for fifty passwords a second beside the rest.
 */
function people(rate = 50, most = 40) {
  const failed: string[] = [];
  let [done, passwords, running, number] = [0, 0, 0, 0];
  const begun = performance.now();
  const one = async (n: number) => {
    if (n % 10 !== 0) {
      const { id } = await op.tokensFor(visitors[n % visitors.length]!, n % 2 === 0 ? MUNICIPIO : REGISTRO);
      return verify(id, n);
    }
    const result = await attempt(origin);
    if (result.id === undefined) throw new Error(`${result.step} ${result.status} ${result.text.slice(0, 200)}`);
    passwords++;
    return verify(result.id, n);
  };
  const timer = setInterval(() => {
    while (running < most && number < ((performance.now() - begun) * rate) / 1000) {
      running++;
      void one(number++)
        .catch((error: unknown) => failed.push(String(error)))
        .finally(() => {
          running--;
          done++;
        });
    }
  }, 5);
  return async () => {
    clearInterval(timer);
    const perSecond = done / ((performance.now() - begun) / 1000);
    while (running > 0) await sleep(20);
    const told = `${done} sign-ins, ${passwords} of them with a password, ${perSecond.toFixed(1)} a second (wanted ${rate})`;
    return { failed, told };
  };
}

test.serial(
  'R-83: signing keys rotate under sign-ins, twice, and no site meets a signature that it cannot check',
  async (t) => {
    t.timeout(300_000);
    await newVisitors();
    await claveJson(['keys', 'rotate'], env([K1]));
    await sleep(3000);
    await copiesRunOut();
    for (const { maxAge } of copies) t.is(maxAge, 900);
    const kids = new Set<unknown>();
    const stop = people();
    for (let round = 0; round < 2; round++) {
      await sleep(4000);
      const first = async (instance: string) => (await shownBy(instance))[0];
      const old = await first('0');
      const followed = ['0', '1'].map(async (instance) => {
        while ((await first(instance)) === old) await sleep(20);
        return Date.now();
      });
      const { changes } = await claveJson<Changes>(['keys', 'rotate', '--now'], env([K1]));
      const signs = changes.find(({ change, alg }) => change === 'signs' && alg === 'RS256');
      kids.add(signs?.kid);
      // The first moment of the change is in the command's answer.
      const took = Math.max(...(await Promise.all(followed))) - Date.parse(signs?.at ?? '');
      t.log(`round ${round}: both instances after ${took} ms`);
      t.true(took <= 5000, String(took));
      await sleep(4000);
      await untilShown({ changes });
      await copiesRunOut();
    }
    const { failed, told } = await stop();
    t.deepEqual(failed, []);
    t.is(kids.size, 2);
    t.log(told);
  },
);

test.serial('R-83: keys in wrong hands are withdrawn from all instances while people sign in', async (t) => {
  t.timeout(300_000);
  await newVisitors();
  await copiesRunOut();
  const old = new Set(copies.flatMap(({ keys }) => keys.map(({ kid }) => kid)));
  eager = true;
  const stop = people();
  await sleep(2000);
  const { changes } = await claveJson<Changes>(['keys', 'rotate', '--now', '--compromised'], env([K1]));
  const withdrawn = Date.parse(changes.findLast(({ change }) => change === 'retired')?.at ?? '');
  for (const instance of ['0', '1']) while ((await shownBy(instance)).some((kid) => old.has(kid))) await sleep(20);
  const took = Date.now() - withdrawn;
  t.true(took <= 5000, String(took));
  await sleep(3000);
  const { failed, told } = await stop();
  eager = false;
  t.deepEqual(failed, []);
  t.log(`withdrawn everywhere after ${took} ms; ${told}`);
});

/** Each instance is started again with these master keys, under sign-ins. */
async function roll(t: ExecutionContext, keys: readonly string[]): Promise<void> {
  t.timeout(400_000);
  const stop = people();
  for (const [instance, product] of products.entries()) {
    await sleep(500);
    t.is(await product.stop('SIGTERM'), 0, product.said.err);
    products[instance] = await start(ports[instance], keys);
    await bothReady();
  }
  await sleep(1000);
  const { failed, told } = await stop();
  t.deepEqual(failed, []);
  t.log(told);
}

test.serial('R-83: master keys, first step: all can open what a new one will seal', (t) => roll(t, [K1, K2]));

test.serial('R-83: second step: the new one seals, and all is sealed anew', async (t) => {
  await roll(t, [K2, K1]);
  const { master_keys } = await claveJson<Masters>(['keys', 'reseal'], env([K2, K1]));
  t.like(master_keys[1], { id: 'k1', rows: 0 });
});

test.serial('R-83: third step, fifteen days later: the old one is gone', async (t) => {
  // Whoever is signed in then has signed in since.
  await newVisitors();
  await roll(t, [K2]);
  const { master_keys } = await claveJson<Masters>(['keys', 'list'], env([K2]));
  t.deepEqual(
    master_keys.map(({ id }) => id),
    ['k2'],
  );
});
