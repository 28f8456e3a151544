import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import Koa, { type Context, type Middleware } from 'koa';
import { letGo } from '../../src/web/kit/let-go.ts';

/** A server with that after it, and the contexts that it has seen. */
async function serving(work: Middleware) {
  const koa = new Koa();
  const seen: Context[] = [];
  const closed: Promise<unknown>[] = [];
  const faults: unknown[] = [];
  koa.on('error', (error) => faults.push(error));
  koa.use(letGo);
  koa.use(async (ctx, next) => {
    seen.push(ctx);
    closed.push(once(ctx.res, 'close'));
    Object.defineProperty(ctx, 'oidc', { get: () => oidc });
    const oidc = { ctx, entities: { token: 'secret' } };
    await next();
  });
  koa.use(work);
  const server = createServer((req, res) => void koa.callback()(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  const ask = async () => {
    const [answer] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [Readable];
    const text = (await answer.toArray()).join('');
    await Promise.all(closed);
    return text;
  };
  return { ask, closed, faults, port, seen, close: () => server.close() };
}

const heldBy = (ctx: Context | undefined) =>
  Reflect.ownKeys(ctx ?? {}).filter((name) => name !== 'oidc' && Reflect.get(ctx ?? {}, name) !== undefined);

test('an answered request leaves nothing in its context, nor in what the library hung on it', async (t) => {
  const { ask, faults, seen, close } = await serving((ctx) => {
    ctx.cookies.set('a', 'b');
    ctx.state['person'] = 'Rosa';
    ctx.body = { said: ctx.get('host').slice(0, 9) };
  });
  t.is(await ask(), '{"said":"127.0.0.1"}');
  t.is(await ask(), '{"said":"127.0.0.1"}');
  for (const ctx of seen) {
    t.deepEqual(heldBy(ctx), []);
    t.deepEqual((ctx as Context & { readonly oidc: object }).oidc, { ctx: undefined, entities: undefined });
  }
  t.is(seen.length, 2);
  t.deepEqual(faults, []);
  close();
});

test('a fault is answered as ever', async (t) => {
  const { ask, faults, seen, close } = await serving((ctx) => ctx.throw(418, 'no'));
  t.is(await ask(), 'no');
  t.deepEqual(heldBy(seen[0]), []);
  t.is(faults.length, 1);
  close();
});

test('who hangs up disturbs nobody who is still at work, nor a stream that fails afterwards', async (t) => {
  const { promise: gone, resolve: goOn } = Promise.withResolvers<void>();
  const stream = new Readable({ read: () => undefined });
  const { closed, faults, port, seen, close } = await serving(async (ctx) => {
    if (ctx.path === '/stream') {
      stream.push('begun');
      ctx.body = stream;
      return;
    }
    await gone;
    ctx.state['path'] = ctx.path;
    ctx.body = 'late';
  });
  for (const [at, path] of ['/work', '/stream'].entries()) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    if (path === '/stream') await once(socket, 'data');
    while (seen.length <= at) await sleep(5);
    socket.destroy();
    await closed[at];
  }
  goOn();
  stream.destroy(new Error('it broke'));
  while (seen[0]?.state['path'] === undefined) await sleep(5);
  // What it would spoil comes before this.
  await sleep(50);
  t.deepEqual(
    seen.map((ctx) => ctx.path),
    ['/work', '/stream'],
  );
  t.is(seen[0].state['path'], '/work');
  t.deepEqual(
    faults.filter((fault) => fault instanceof TypeError),
    [],
  );
  close();
});
