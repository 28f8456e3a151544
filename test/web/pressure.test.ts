import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Koa from 'koa';
import { readConfig } from '../../src/config.ts';
import { createMeters } from '../../src/gateways/meters.ts';
import { loadAssets } from '../../src/web/kit/assets.ts';
import { markKnown } from '../../src/web/kit/device.ts';
import { gate, precedence, strangersLast, type Gate } from '../../src/web/kit/pressure.ts';
import { browser } from '../support/browser.ts';
import { quickHasher } from '../support/memory/hasher.ts';
import { oldVault } from '../support/memory/versions.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serveMemory } from '../support/serve-memory.ts';

const MARIA = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };

/** How many get in at once, of whom none leaves; then all leave. */
async function room(door: ReturnType<typeof gate>): Promise<number> {
  const asked = Array.from({ length: 1000 }, () => door.enter());
  const inside: (() => void)[] = [];
  for (const one of asked) void one.then((leave) => leave && inside.push(leave));
  await Promise.resolve();
  await Promise.resolve();
  const at = inside.length;
  const waited = Promise.allSettled(asked);
  for (let leave = inside.pop(); leave; leave = inside.pop()) {
    leave();
    await Promise.resolve();
    await Promise.resolve();
  }
  await waited;
  return at;
}

test('R-94: the room for strangers shrinks while the process comes late, to eight, and grows again', async (t) => {
  const door = gate();
  t.is(await room(door), 64);
  door.felt(100);
  t.is(await room(door), 51);
  for (let n = 0; n < 50; n++) door.felt(100);
  t.is(await room(door), 8);
  for (let n = 0; n < 1000; n++) door.felt(0);
  t.is(await room(door), 512);
});

test('R-94: who finds no room waits in a line, first come first served; when that is full too, she is told at once', async (t) => {
  const door = gate();
  const inside = await Promise.all(Array.from({ length: 64 }, () => door.enter()));
  const line = Array.from({ length: 256 }, () => door.enter());
  t.is(await door.enter(), undefined);
  inside[0]?.();
  const next = await line[0];
  t.is(typeof next, 'function');
  next?.();
  t.is(typeof (await line[1]), 'function');
  t.is(await line[2], undefined, 'nobody else leaves: her patience ends');
});

test('R-94: a browser that is copied to many comes first six hundred times a minute', (t) => {
  let now = 0;
  const comesFirst = precedence(() => now);
  const firsts = (device: string) => Array.from({ length: 700 }, () => comesFirst(device)).filter(Boolean).length;
  t.is(firsts('copied'), 600);
  t.is(firsts('another'), 600);
  now = 60_000;
  t.true(comesFirst('copied'));
});

const BUSY = '/ingresar/ocupado';
const BUSY_MS = 100;
const standing = () => ({ room: 0, inside: 0, waiting: 0 });
const NO_ROOM: Gate = { enter: async () => undefined, felt: () => undefined, standing };

/** Only this part of the application, by itself with no room for strangers; `BUSY` keeps the process for a while; `/marcar` says that somebody has signed in. */
async function crowded(t: ExecutionContext, { room = NO_ROOM, hashMs = 0 }: { room?: Gate; hashMs?: number } = {}) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const config = readConfig({ PORT: String(port), DEMO_PORT: '0' });
  const koa = new Koa({ keys: ['k'] });
  const lines: unknown[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (fields: unknown) => void lines.push(fields),
    error: () => undefined,
  };
  let answers = 0;
  koa.use(async (ctx, next) => {
    answers += 1;
    Object.assign(ctx.state, { nonce: `nonce-${answers}`, helpCode: `CODE${answers}` });
    await next();
  });
  const meters = createMeters();
  const hasher = { ...quickHasher(oldVault()), quickest: () => hashMs };
  koa.use(strangersLast({ config, assets: loadAssets(), parts: { clock: Date.now, hasher, log, meters }, room }));
  koa.use(async (ctx) => {
    if (ctx.path === '/marcar') markKnown(ctx, 'a-number', config);
    if (ctx.path === BUSY) {
      const until = performance.now() + BUSY_MS;
      while (performance.now() < until);
      await sleep(BUSY_MS);
    }
    ctx.body = 'served';
  });
  const handle = koa.callback();
  server.on('request', (req, res) => void handle(req, res));
  const turnedAway = () =>
    meters
      .figures()
      .find(({ name }) => name === 'claveunica_turned_away_total')
      ?.values.find(({ labels }) => labels['why'] === 'crowd')?.value;
  return { origin: config.origin, user: browser(config.origin), turnedAway };
}

test('R-94: without room strangers get a cheap page with 503, and so do programs in their way', async (t) => {
  const { origin, turnedAway } = await crowded(t);
  const ask = (accept: string, path = '/ingresar/x') => fetch(`${origin}${path}`, { headers: { accept } });
  for (const n of [1, 2]) {
    const page = await ask('text/html');
    t.is(page.status, 503);
    t.deepEqual([page.headers.get('retry-after'), page.headers.get('cache-control')], ['5', 'no-store']);
    const text = await page.text();
    t.regex(text, /<h1>Vuelve a probar en un momento<\/h1>/);
    t.true(text.includes(`nonce="nonce-${n}"`) && text.includes(`CODE${n}`));
    t.regex(page.headers.get('content-security-policy') ?? '', new RegExp(`'nonce-nonce-${n}'`));
    t.notRegex(text, /OF-THIS-ANSWER/);
  }
  const program = await ask('application/json', '/openid/authorize?client_id=x');
  t.deepEqual([program.status, await program.json()], [503, { error: 'temporarily_unavailable' }]);
  t.is(turnedAway(), 3);
});

test('R-94: the room hears how late the process comes, but for the time of a hash, which it may have to wait', async (t) => {
  const latest = async (hashMs: number) => {
    const heard: number[] = [];
    const room: Gate = {
      enter: async () => () => undefined,
      felt: (late) => void heard.push(late),
      standing,
    };
    const { origin } = await crowded(t, { room, hashMs });
    t.is(await (await fetch(`${origin}${BUSY}`)).text(), 'served');
    return Math.max(...heard);
  };
  const late = await latest(0);
  t.true(late > BUSY_MS / 2, `${late}`);
  // Later than that no machine is, however busy.
  t.true((await latest(600_000)) < 0);
});

test('R-94: without room everything but logins goes on, and logins in browsers where somebody has signed in', async (t) => {
  const { user, origin } = await crowded(t);
  for (const path of [
    '/openid/token',
    '/openid/jwks',
    '/openid/userinfo',
    '/healthz',
    '/',
    '/api/v1/accounts/app/logout',
  ])
    t.like(await user.get(path), { status: 200, text: 'served' }, path);
  t.is((await user.get('/ingresar/x')).status, 503);
  await user.get('/marcar');
  for (const path of ['/ingresar/x', '/openid/authorize', '/openid/authorize/x'])
    t.like(await user.get(path), { status: 200, text: 'served' }, path);
  const [cookie] = (await user.jar.getCookies(`${origin}/`)).filter(({ key }) => key === 'op-device');
  const forged = await fetch(`${origin}/ingresar/x`, { headers: { cookie: `op-device=${cookie?.value}` } });
  t.is(forged.status, 503, 'without its signature it is nobody’s');
});

test('a login marks the browser as one that comes first, unless it is a shared computer’s', async (t) => {
  const app = await serveMemory();
  t.teardown(app.close);
  const mark = async (more: Record<string, string>) => {
    const user = app.visitor();
    const { location } = await user.get(authorizeUrl(app.origin));
    t.is((await user.submit(location, { ...MARIA, ...more })).status, 303);
    const cookies = await user.jar.getCookies(`${app.origin}/`);
    return cookies.find(({ key }) => key === 'op-device')?.value;
  };
  t.regex((await mark({})) ?? '', /^[\w-]{22}\.1$/);
  t.regex((await mark({ compartido: 'on' })) ?? '', /^[\w-]{22}$/);
});
