import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Koa from 'koa';
import { readConfig } from '../../src/config.ts';
import { createMeters } from '../../src/gateways/meters.ts';
import { loadAssets } from '../../src/web/kit/assets.ts';
import { markKnown } from '../../src/web/kit/device.ts';
import { gate, precedence, type Gate } from '../../src/web/kit/gate.ts';
import { strangersLast } from '../../src/web/kit/pressure.ts';
import { browser } from '../support/browser.ts';
import { launch } from '../support/chromium.ts';
import { quickHasher } from '../support/memory/hasher.ts';
import { oldVault } from '../support/memory/versions.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serveMemory } from '../support/serve-memory.ts';

const MARIA = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };

/** How many get in at once, of whom none leaves; then all leave. */
async function room(door: ReturnType<typeof gate>): Promise<number> {
  const asked = Array.from({ length: 1000 }, () => door.enter('now'));
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
  const inside = await Promise.all(Array.from({ length: 64 }, () => door.enter('now')));
  const line = Array.from({ length: 256 }, () => door.enter('now'));
  t.is(await door.enter('now'), undefined);
  inside[0]?.();
  const next = await line[0];
  t.is(typeof next, 'function');
  next?.();
  t.is(typeof (await line[1]), 'function');
  t.is(await line[2], undefined, 'nobody else leaves: her patience ends');
});

test('R-94: a browser that is copied to many comes first six hundred times a minute', (t) => {
  let now = 0;
  const comesFirst = precedence(() => now, 600);
  const firsts = (device: string) => Array.from({ length: 700 }, () => comesFirst(device)).filter(Boolean).length;
  t.is(firsts('copied'), 600);
  t.is(firsts('another'), 600);
  now = 60_000;
  t.true(comesFirst('copied'));
});

const SERVED = '<title>served</title>served';
const BUSY = '/ingresar/ocupado';
const BUSY_MS = 100;
const standing = () => ({ room: 0, inside: 0, waiting: { first: 0, now: 0 } });
const NO_ROOM: Gate = { walkIn: () => undefined, enter: async () => undefined, felt: () => undefined, standing };

/** A door that opens and closes when it is told to; who wanted to come in, and how. */
function hinged() {
  const asked: string[] = [];
  const state = { isOpen: false };
  const out = () => undefined;
  const door: Gate = {
    walkIn: () => (state.isOpen ? out : undefined),
    enter: async (rank) => {
      asked.push(rank);
      return state.isOpen ? out : undefined;
    },
    felt: () => undefined,
    standing,
  };
  return { door, asked, state };
}

/** Only this part of the application, by itself with no room for strangers; `BUSY` keeps the process for a while; `/marcar` says that somebody has signed in. */
async function crowded(
  t: ExecutionContext,
  { door = NO_ROOM, hashMs = 0, isBusy = false }: { door?: Gate; hashMs?: number; isBusy?: boolean } = {},
) {
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
  const hasher = {
    ...quickHasher(oldVault()),
    quickest: () => hashMs,
    standing: () => ({ aSecond: isBusy ? 0.25 : 100, made: 0, waitedMs: isBusy ? 600 : 0 }),
  };
  let [now, elapsed, numbers] = [Date.now(), 0, 0];
  const parts = { clock: () => now, chance: () => `number-${(numbers += 1)}`, hasher, log, meters };
  const assets = loadAssets();
  koa.use(strangersLast({ config, assets, parts, door, stopwatch: () => elapsed }));
  koa.use(assets.serve);
  koa.use(async (ctx) => {
    if (ctx.path === '/marcar') markKnown(ctx, 'a-number', config);
    if (ctx.path === '/empezar') ctx.cookies.set('op-interaction', 'of-this-one', { signed: true });
    if (ctx.path === BUSY) {
      const until = performance.now() + BUSY_MS;
      while (performance.now() < until);
      await sleep(BUSY_MS);
    }
    ctx.type = 'html';
    ctx.body = '<title>served</title>served';
  });
  const handle = koa.callback();
  server.on('request', (req, res) => void handle(req, res));
  const turnedAway = () =>
    meters
      .figures()
      .find(({ name }) => name === 'claveunica_turned_away_total')
      ?.values.find(({ labels }) => labels['why'] === 'crowd')?.value;
  const setClock = (seconds: number) => (now += seconds * 1000);
  const pass = (seconds: number) => {
    setClock(seconds);
    elapsed += seconds * 1000;
  };
  return { origin: config.origin, user: browser(config.origin), turnedAway, pass, setClock };
}

const HTML = { accept: 'text/html' };
const AUTHORIZE = '/openid/authorize?client_id=x&prompt=login';
const numberOf = async (user: ReturnType<typeof browser>, origin: string) =>
  (await user.jar.getCookies(`${origin}/`)).find(({ key }) => key === 'op-turn')?.value;

test('R-94: without room who wants to begin gets a number in a line, and comes in with it when it is her turn', async (t) => {
  const { door, asked, state } = hinged();
  const { user, origin, pass } = await crowded(t, { door });
  const first = await user.get(AUTHORIZE, HTML);
  t.is(first.status, 503);
  t.deepEqual([first.headers.get('retry-after'), first.headers.get('cache-control')], ['5', 'no-store']);
  t.regex(first.text, /<h1>Estás en la fila<\/h1>/);
  t.regex(first.text, /<noscript><meta http-equiv="refresh" content="5"\/?><\/noscript>/);
  t.regex(first.text, /data-line="5"[^>]*>Te toca en menos de un minuto\./);
  t.notRegex(first.text, /OF-THIS-ANSWER/);
  const number = await numberOf(user, origin);
  t.regex(number ?? '', /^number-1\./);
  pass(5);
  t.regex((await user.get(AUTHORIZE, HTML)).text, /Estás en la fila/, 'the door is still shut');
  t.is(await numberOf(user, origin), number, 'and she keeps her number');
  t.deepEqual(asked, ['now', 'first']);
  state.isOpen = true;
  pass(5);
  const script = await user.get(AUTHORIZE, { accept: 'application/json' });
  t.deepEqual(
    [script.status, JSON.parse(script.text)],
    [503, { error: 'temporarily_unavailable', seconds: 0, text: 'Te toca en menos de un minuto.' }],
  );
  t.like(await user.get(AUTHORIZE, HTML), { status: 200, text: SERVED });
  t.is(await numberOf(user, origin), undefined, 'used');
});

test('R-94: a number is the process’s own, good for two hours, and used once', async (t) => {
  const { door, state } = hinged();
  const { user, origin, pass } = await crowded(t, { door });
  await user.get(AUTHORIZE, HTML);
  const cookies = await user.jar.getCookieString(origin);
  const ask = async (cookie: string) => {
    const answer = await fetch(`${origin}${AUTHORIZE}`, { headers: { ...HTML, cookie } });
    return [answer.status, answer.headers.getSetCookie().some((each) => each.startsWith('op-turn=number-'))];
  };
  t.deepEqual(await ask(cookies), [503, false], 'hers');
  t.deepEqual(await ask(cookies.replace(/op-turn=number-1\.\w+/, 'op-turn=number-1.1')), [503, true], 'forged');
  state.isOpen = true;
  pass(3);
  t.deepEqual(await ask(cookies), [200, false]);
  state.isOpen = false;
  t.deepEqual(await ask(cookies), [503, true], 'copied: another number');
  await user.get('/marcar');
  const later = browser(origin);
  await later.get(AUTHORIZE, HTML);
  const old = await later.jar.getCookieString(origin);
  pass(2 * 3600 + 1);
  t.deepEqual(await ask(old), [503, true], 'too old');
});

test('R-94: while as many type as can be hashed, who comes next waits, though the door be open', async (t) => {
  const { door, state } = hinged();
  const { origin, pass } = await crowded(t, { door, isBusy: true });
  pass(1);
  state.isOpen = true;
  const people = { ana: browser(origin), berta: browser(origin), carla: browser(origin) };
  const asks = async (who: keyof typeof people) => (await people[who].get(AUTHORIZE, HTML)).status;
  t.is(await asks('ana'), 200, 'one place');
  await people.ana.get('/empezar');
  await people.ana.get('/ingresar/of-this-one', HTML);
  t.is(await asks('berta'), 503);
  pass(1);
  t.is(await asks('berta'), 503, 'ana types');
  t.is(await asks('carla'), 503);
  await people.ana.post('/ingresar/of-this-one', { run: 'x' }, HTML);
  pass(1);
  t.is(await asks('carla'), 503, 'berta came before her');
  t.is(await asks('berta'), 200);
});

test('R-94: a number that is sent twenty times at once lets one in', async (t) => {
  const { door, asked } = hinged();
  const forTurns: Gate = {
    ...door,
    enter: async (rank) => {
      await sleep(50);
      asked.push(rank);
      return rank === 'first' ? () => undefined : undefined;
    },
  };
  const { user, origin, pass } = await crowded(t, { door: forTurns });
  await user.get(AUTHORIZE, HTML);
  const cookie = await user.jar.getCookieString(origin);
  pass(5);
  const all = await Promise.all(
    Array.from({ length: 20 }, async () => fetch(`${origin}${AUTHORIZE}`, { headers: { ...HTML, cookie } })),
  );
  t.is(all.filter(({ status }) => status === 200).length, 1);
  t.is(asked.filter((rank) => rank === 'first').length, 1);
});

test('R-94: a clock that is set back holds nobody up', async (t) => {
  const { door, state } = hinged();
  const { user, origin, pass, setClock } = await crowded(t, { door, isBusy: true });
  pass(1);
  state.isOpen = true;
  await user.get('/empezar');
  await user.get('/ingresar/of-this-one', HTML);
  const other = browser(origin);
  t.is((await other.get(AUTHORIZE, HTML)).status, 503);
  setClock(-3600);
  pass(31);
  t.is((await other.get(AUTHORIZE, HTML)).status, 200, 'who typed has left');
});

test('R-94: who has begun goes on before whoever comes; thirty times a minute', async (t) => {
  const { door, asked, state } = hinged();
  const { user } = await crowded(t, { door });
  state.isOpen = true;
  await user.get('/empezar');
  state.isOpen = false;
  for (const path of ['/ingresar/of-this-one', '/ingresar/of-another', '/ingresar/of-this-one/paso'])
    t.is((await user.get(path, HTML)).status, 503);
  t.deepEqual(asked.splice(0), ['first', 'now', 'first']);
  for (let n = 0; n < 40; n += 1) await user.post('/ingresar/of-this-one', { run: 'x' }, HTML);
  t.is(asked.filter((rank) => rank === 'first').length, 28);
});

test('R-94: no line for what would be too old after it, or has nobody who waits', async (t) => {
  const { user } = await crowded(t);
  for (const path of [
    '/openid/authorize?client_id=x&request_uri=urn:x',
    '/openid/authorize?request=ey&client_id=x',
    '/openid/authorize?client_id=x&prompt=none',
  ]) {
    const { status, text, headers } = await user.get(path, HTML);
    t.is(status, 503);
    t.regex(text, /Vuelve a probar en un momento/, path);
    t.deepEqual(headers.getSetCookie(), []);
  }
  t.regex((await user.post('/openid/authorize', { client_id: 'x' }, HTML)).text, /Vuelve a probar en un momento/);
});

test.serial('R-94: the page of the line goes in by itself, with and without scripts', async (t) => {
  const { door, state } = hinged();
  const { origin, pass } = await crowded(t, { door });
  const chromium = await launch();
  t.teardown(() => chromium.close());
  const ways = [true, false].map(async (javaScriptEnabled) => {
    const page = await (await chromium.newContext({ javaScriptEnabled, locale: 'es-CL' })).newPage();
    await page.goto(`${origin}${AUTHORIZE}`);
    return page;
  });
  const pages = await Promise.all(ways);
  for (const page of pages) t.is(await page.title(), 'Estás en la fila · ClaveÚnica');
  state.isOpen = true;
  pass(10);
  await Promise.all(pages.map((page) => page.getByText('served').waitFor({ timeout: 60_000 })));
});

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
    const door: Gate = {
      walkIn: () => () => undefined,
      enter: async () => () => undefined,
      felt: (late) => void heard.push(late),
      standing,
    };
    const { origin } = await crowded(t, { door, hashMs });
    t.is(await (await fetch(`${origin}${BUSY}`)).text(), SERVED);
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
    t.like(await user.get(path), { status: 200, text: SERVED }, path);
  t.is((await user.get('/ingresar/x')).status, 503);
  await user.get('/marcar');
  for (const path of ['/ingresar/x', '/openid/authorize', '/openid/authorize/x'])
    t.like(await user.get(path), { status: 200, text: SERVED }, path);
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
