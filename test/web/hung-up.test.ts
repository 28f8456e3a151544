import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Koa from 'koa';
import { createMeters } from '../../src/gateways/meters.ts';
import { createOutages } from '../../src/gateways/outages.ts';
import { unfinished } from '../../src/web/kit/hung-up.ts';
import { serveMemory } from '../support/serve-memory.ts';

const OURS = new Error('ours');
const LOST = new Error('Connection terminated unexpectedly');

async function* endless() {
  for (;;) {
    yield 'x'.repeat(100_000);
    await sleep(1);
  }
}
async function* breaking(error: Error) {
  yield 'begun';
  await sleep(50);
  throw error;
}
/** Ends without having said so. */
function vanishing() {
  const stream = new Readable({ read: () => undefined });
  stream.push('begun');
  setTimeout(() => stream.destroy(), 50);
  return stream;
}

/** A server whose answers go wrong in each way, and what is said of them. */
async function serving(t: ExecutionContext) {
  const lines: { readonly level: string; readonly message: string; readonly err: unknown }[] = [];
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push({ level, message, err: fields['err'] });
  const log = { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };
  const meters = createMeters();
  const koa = new Koa();
  const outages = createOutages({ log, answers: async () => true });
  t.teardown(outages.end);
  koa.on('error', unfinished({ log, meters, outages }, 'public'));
  koa.use(async (ctx) => {
    if (ctx.path === '/slow') await sleep(200);
    if (ctx.path === '/slow' || ctx.path === '/big') ctx.body = Buffer.alloc(2e7, 'x');
    if (ctx.path === '/endless') ctx.body = Readable.from(endless());
    if (ctx.path === '/breaking') ctx.body = Readable.from(breaking(OURS));
    if (ctx.path === '/lost') ctx.body = Readable.from(breaking(LOST));
    if (ctx.path === '/vanishing') ctx.body = vanishing();
    if (ctx.path === '/thrown') throw OURS;
    if (ctx.method === 'POST') await ctx.req.toArray();
  });
  const handle = koa.callback();
  const server = createServer((req, res) => void handle(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const hungUp = () =>
    meters
      .figures()
      .find(({ name }) => name === 'claveunica_hung_up_total')
      ?.values.find(({ labels }) => labels['listener'] === 'public')?.value;
  return { port, lines, hungUp };
}

const LEAVING = {
  reset: (socket: ReturnType<typeof connect>) => socket.resetAndDestroy(),
  close: (socket: ReturnType<typeof connect>) => socket.destroy(),
};
const head = (path: string) => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
const HALF = 'POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n\r\nabc';

/** Sends that, reads nothing, and goes. */
async function leave(port: number, said: string, how: keyof typeof LEAVING) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(said);
  await sleep(100);
  LEAVING[how](socket);
}

for (const how of ['reset', 'close'] as const)
  test(`whoever goes in the middle of an answer is counted, and no line says so: ${how}`, async (t) => {
    const { port, lines, hungUp } = await serving(t);
    for (const said of [head('/big'), head('/endless'), HALF]) await leave(port, said, how);
    for (let tries = 0; tries < 100 && hungUp() !== 3; tries++) await sleep(20);
    t.is(hungUp(), 3);
    await leave(port, head('/slow'), how);
    await sleep(400);
    t.deepEqual(lines, []);
  });

test('what breaks here is a fault, told once', async (t) => {
  const { port, lines, hungUp } = await serving(t);
  for (const path of ['/breaking', '/lost', '/vanishing', '/thrown'])
    await fetch(`http://127.0.0.1:${port}${path}`).then(
      async (answer) => answer.text().catch(() => undefined),
      () => undefined,
    );
  for (let tries = 0; tries < 100 && lines.length < 4; tries++) await sleep(20);
  await sleep(100);
  const fault = { level: 'error', message: 'fault in an answer' };
  t.like(lines[0], { ...fault, err: OURS });
  t.like(lines[1], { level: 'error', message: 'a part is away', err: LOST });
  t.like(lines[2], fault);
  t.like(lines[3], { ...fault, err: OURS });
  t.is(lines.length, 4);
  t.is(hungUp(), 0);
});

test('a body that ends too early is its sender’s fault, and no store is away', async (t) => {
  const app = await serveMemory();
  t.teardown(app.close);
  const port = Number(new URL(app.origin).port);
  const form = 'content-type: application/x-www-form-urlencoded';
  const token = `POST /openid/token HTTP/1.1\r\nhost: localhost:${port}\r\n${form}\r\ncontent-length: 20\r\n\r\ngrant`;
  const page = token.replace('/openid/token', '/activar');
  const json = token.replace('/openid/token', '/openid/reg').replace(form, 'content-type: application/json');
  for (const how of ['reset', 'close'] as const) for (const said of [token, page, json]) await leave(port, said, how);
  await sleep(300);
  t.deepEqual(
    app.parts.lines.filter(({ level }) => level !== 'info'),
    [],
  );
});
