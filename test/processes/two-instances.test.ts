import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { postgresClients } from '../../src/stores/clients.ts';
import { openPostgres } from '../../src/stores/connections.ts';
import { attempt, type Attempt } from '../support/attempt.ts';
import { balancer } from '../support/balancer.ts';
import { browser } from '../support/browser.ts';
import { startProduct } from '../support/product.ts';
import { basic, CALLBACK, call, MARIA, MUNICIPIO, post, provider, REGISTRO, request, VERIFIER } from '../support/rp.ts';
import { freshDatabase, startRedis } from '../support/servers.ts';

/** Two instances of the product on one Postgres and one Redis, behind one address. */
const front = await balancer();
const { origin } = front;
const op = provider(origin);
const database = await freshDatabase();
// Its own: all test files come from one network, and limits are counted in Redis.
const redis = await startRedis({ dir: await mkdtemp(join(tmpdir(), 'redis-')) });
const db = openPostgres(database.url, { patience: 30_000 });
const env = {
  PUBLIC_ORIGIN: origin,
  DEMO_PORT: '0',
  CONSOLE_PORT: '0',
  DATABASE_URL: database.url,
  REDIS_URL: redis.url,
  MASTER_KEYS: `test:${'k'.repeat(43)}`,
  // Machines that run tests are busy.
  HASH_QUEUE_MS: '30000',
  TRUSTED_PROXIES: '127.0.0.1',
};
const ports = [await front.add(), await front.add()];
const start = (port: number | undefined) => startProduct({ ...env, PORT: String(port) });
// At the same moment, on an empty database: one prepares it, the other finds it prepared.
const products = await Promise.all(ports.map(start));
const at = (instance: number) => ({ 'x-instance': String(instance) });
const bothReady = async () => {
  while (!front.ready().every(Boolean)) await sleep(20);
};
await bothReady();

test.after.always(async () => {
  await Promise.all(products.map(({ stop }) => stop('SIGINT')));
  await Promise.all(products.map(({ remove }) => remove()));
  await db.destroy();
  await database.drop();
  await redis.close();
  front.close();
});

test.serial('R-37: of fifty who redeem one code at once, half at each instance, one gets tokens', async (t) => {
  const user = browser(origin);
  const code = (await op.signIn(user, MUNICIPIO, MARIA)).get('code');
  const fields = {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
  };
  const redeem = (instance: number) => post(op.at('/token'), fields, { ...basic(MUNICIPIO), ...at(instance) });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => redeem(n % 2)));
  const winners = answers.filter(({ status }) => status === 200);
  t.is(winners.length, 1);
  for (const { status, json } of answers)
    if (status !== 200) t.deepEqual([status, json['error']], [400, 'invalid_grant']);
  t.true(front.served().every((count) => count >= 25));
  // Used twice: what it gave is taken back, on both.
  const bearer = { authorization: `Bearer ${String(winners[0]?.json['access_token'])}` };
  for (const instance of [0, 1])
    t.is((await call(op.at('/userinfo'), { headers: { ...bearer, ...at(instance) } })).status, 401);
});

test.serial('a login at one instance is a session at the other', async (t) => {
  const user = browser(origin);
  const { location } = await user.get(request(MUNICIPIO), at(0));
  const { text } = await user.get(location, at(0));
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  // Even the form may be answered by the other.
  const sent = await user.post(location.replace(/\?.*/, ''), { ...MARIA, csrf }, at(1));
  t.is(sent.status, 303);
  const resumed = await user.get(sent.location, at(0));
  t.truthy(new URL(resumed.location).searchParams.get('code'));
  for (const site of [MUNICIPIO, REGISTRO]) {
    let page = await user.get(request(site, { prompt: 'none' }), at(1));
    while (page.location.startsWith(origin) || page.location.startsWith('/'))
      page = await user.get(page.location, at(1));
    t.truthy(new URL(page.location).searchParams.get('code'), page.location);
  }
});

test.serial('R-69: a client that is suspended is shut out at every instance within five seconds', async (t) => {
  const user = browser(origin);
  const enter = (instance: number) => user.get(request(REGISTRO), { ...at(instance), accept: 'text/html' });
  for (const instance of [0, 1]) t.is((await enter(instance)).status, 303);
  const clients = postgresClients(db);
  await clients.change(REGISTRO.id, (one) => ({ ...one, state: 'suspended' }), Date.now());
  const answers = () => Promise.all([enter(0), enter(1)]);
  for (let tries = 0; tries < 45 && (await answers()).some(({ status }) => status === 303); tries++) await sleep(100);
  for (const { status, text } of await answers()) {
    t.is(status, 400);
    t.regex(text, /<html/);
  }
  await clients.change(REGISTRO.id, (one) => ({ ...one, state: 'sandbox' }), Date.now());
});

test.serial('the clock moves at both instances, and waiting jobs move with it', async (t) => {
  // No instance knows this task: the job stays.
  await db.raw(`select graphile_worker.add_job('unknown-here', '{}', run_at := now() + interval '2 hours')`);
  const shown = async (instance: number) => (await browser(origin).get('/emulador/reloj', at(instance))).text;
  const ahead = async (instance: number) =>
    Date.parse(/datetime="([^"]+)"/.exec(await shown(instance))?.[1] ?? '') - Date.now();
  const hour = 3_600_000;
  for (const instance of [0, 1]) t.true(Math.abs(await ahead(instance)) < hour / 2);
  // At both at the same moment: neither is lost.
  const moves = await Promise.all(
    [0, 1].map((instance) => post(`${origin}/emulador/reloj`, { advance: '3600' }, { origin, ...at(instance) })),
  );
  t.deepEqual(
    moves.map(({ status }) => status),
    [303, 303],
  );
  for (let tries = 0; tries < 500 && (await ahead(0)) + (await ahead(1)) < 3.5 * hour; tries++) await sleep(20);
  for (const instance of [0, 1]) t.true(Math.abs((await ahead(instance)) - 2 * hour) < hour / 2);
  const { rows } = await db.raw<{ rows: { due: boolean }[] }>(
    `select run_at <= now() as due from graphile_worker.jobs where task_identifier = 'unknown-here'`,
  );
  t.deepEqual(rows, [{ due: true }]);

  // Who has lost the connection on which it listens hears of it when it is back.
  const { rows: cut } = await db.raw<{ rows: unknown[] }>(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query = 'listen claveunica_clock'`,
  );
  t.is(cut.length, 2);
  await post(`${origin}/emulador/reloj`, { advance: '3600' }, { origin, ...at(0) });
  for (let tries = 0; tries < 500 && (await ahead(1)) < 2.5 * hour; tries++) await sleep(20);
  for (const instance of [0, 1]) t.true(Math.abs((await ahead(instance)) - 3 * hour) < hour / 2);
});

test.serial('R-98: a rolling restart under ten sign-ins a second loses none', async (t) => {
  const flows: Promise<Attempt>[] = [];
  // Where the machine can: so many at once are never turned away as a crowd, however late an instance comes to them.
  let running = 0;
  const people = setInterval(() => {
    if (running >= 8) return;
    running++;
    flows.push(attempt(origin).finally(() => running--));
  }, 100);
  try {
    for (const [instance, product] of products.entries()) {
      await sleep(500);
      t.is(await product.stop('SIGTERM'), 0, product.said.err);
      products[instance] = await start(ports[instance]);
      await bothReady();
    }
    await sleep(500);
  } finally {
    clearInterval(people);
  }
  const results = await Promise.all(flows);
  t.deepEqual(
    results.filter((result) => !result.in),
    [],
  );
  t.true(results.length >= 30, String(results.length));
  t.log(`${results.length} sign-ins, ${front.served().join(' and ')} answers`);
});
