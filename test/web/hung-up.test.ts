import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Koa from 'koa';
import { createMeters } from '../../src/gateways/meters.ts';
import { createOutages } from '../../src/gateways/outages.ts';
import { unfinished } from '../../src/web/kit/hung-up.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { until } from '../support/until.ts';

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
  const seen: string[] = [];
  const { promise: goOn, resolve: answerSlowly } = Promise.withResolvers<void>();
  koa.use(async (ctx) => {
    seen.push(ctx.path);
    if (ctx.path === '/slow') {
      ctx.res.once('close', answerSlowly);
      await goOn;
    }
    if (ctx.path === '/slow' || ctx.path === '/big') ctx.body = Buffer.alloc(2e7, 'x');
    if (ctx.path === '/endless') ctx.body = Readable.from(endless());
    if (ctx.path === '/breaking') ctx.body = Readable.from(breaking(OURS));
    if (ctx.path === '/lost') ctx.body = Readable.from(breaking(LOST));
    if (ctx.path === '/vanishing') ctx.body = vanishing();
    if (ctx.path === '/thrown') throw OURS;
    if (ctx.method === 'POST') await ctx.req.toArray();
  });
  const handle = koa.callback();
  const handled: Promise<unknown>[] = [];
  const server = createServer((req, res) => void handled.push(handle(req, res))).listen(0, '127.0.0.1');
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
  const isSeen = (path: string) => until(() => seen.includes(path));
  const settled = async () => {
    await Promise.all(handled);
    await turn();
  };
  return { port, lines, hungUp, isSeen, settled };
}

const LEAVING = {
  reset: (socket: ReturnType<typeof connect>) => socket.resetAndDestroy(),
  close: (socket: ReturnType<typeof connect>) => socket.destroy(),
};
const head = (path: string) => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
const HALF = 'POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n\r\nabc';

type Leaves = { readonly how: keyof typeof LEAVING; readonly when: (socket: Socket) => Promise<unknown> };
/** Sends that, reads no more than has come when it goes. */
async function leave(port: number, said: string, { how, when }: Leaves) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(said);
  await when(socket);
  LEAVING[how](socket);
}
/** In the middle of an answer. */
async function begun(socket: Socket) {
  await once(socket, 'data');
  socket.pause();
}

for (const how of ['reset', 'close'] as const)
  test(`whoever goes in the middle of an answer is counted, and no line says so: ${how}`, async (t) => {
    const { port, lines, hungUp, isSeen, settled } = await serving(t);
    for (const path of ['/big', '/endless']) await leave(port, head(path), { how, when: begun });
    await leave(port, HALF, { how, when: () => isSeen('/body') });
    t.true(await until(() => hungUp() === 3), String(hungUp()));
    await leave(port, head('/slow'), { how, when: () => isSeen('/slow') });
    await settled();
    t.deepEqual(lines, []);
  });

test('what breaks here is a fault, told once', async (t) => {
  const { port, lines, hungUp, settled } = await serving(t);
  for (const path of ['/breaking', '/lost', '/vanishing', '/thrown'])
    await fetch(`http://127.0.0.1:${port}${path}`).then(
      async (answer) => answer.text().catch(() => undefined),
      () => undefined,
    );
  await until(() => lines.length >= 4);
  await settled();
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
  const over: Promise<unknown>[] = [];
  // Of this server: the other tests have some too.
  const note = (message: unknown) => {
    const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
    if (request.socket.localPort === port) over.push(once(response, 'close'));
  };
  subscribe('http.server.request.start', note);
  t.teardown(() => unsubscribe('http.server.request.start', note));
  let sent = 0;
  for (const how of ['reset', 'close'] as const)
    for (const said of [token, page, json]) {
      sent += 1;
      await leave(port, said, { how, when: async () => t.true(await until(() => over.length === sent)) });
    }
  await Promise.all(over);
  // What could be said of it comes before this.
  await sleep(100);
  t.deepEqual(
    app.parts.lines.filter(({ level }) => level !== 'info'),
    [],
  );
});
