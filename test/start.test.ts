import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import test from 'ava';
import { run, startProduct } from './support/product.ts';
import { freePort } from './support/servers.ts';

test('a wrong configuration ends with 1 and lists every fault at once', async (t) => {
  const { said, ended } = run([], {
    PORT: 'x',
    PUBLIC_ORIGIN: 'http://a/b/',
    LOG_LEVEL: 'loud',
    MASTER_KEYS: 'k:short',
  });
  t.is(await ended, 1);
  for (const name of ['PORT', 'PUBLIC_ORIGIN', 'LOG_LEVEL', 'MASTER_KEYS'])
    t.regex(said.err, new RegExp(`^  ${name}: `, 'm'));
  t.notRegex(said.err, /at .*\.ts/);
  t.is(said.out, '');
});

test('R-82: production refuses to start without its own keys and stores, and lists what is missing', async (t) => {
  const { said, ended } = run([], { MODE: 'production', NODE_ENV: 'production' });
  t.is(await ended, 1);
  for (const name of ['PUBLIC_ORIGIN', 'DATABASE_URL', 'MASTER_KEYS', 'SMTP_URL'])
    t.regex(said.err, new RegExp(`^  ${name}: is needed`, 'm'));
});

test('the emulator refuses NODE_ENV=production and a database that is not on loopback', async (t) => {
  const { said, ended } = run([], { NODE_ENV: 'production', DATABASE_URL: 'postgres://u:p@db.example/x' });
  t.is(await ended, 1);
  t.regex(said.err, /^ {2}NODE_ENV: /m);
  t.regex(said.err, /^ {2}DATABASE_URL: /m);
});

test('an unknown option ends with 2, --help with 0', async (t) => {
  const wrong = run(['--nonsense'], {});
  t.is(await wrong.ended, 2);
  t.regex(wrong.said.err, /--reset/);
  const help = run(['--help'], {});
  t.is(await help.ended, 0);
  t.regex(help.said.out, /--rp URI/);
});

test('a taken port ends with 1 and names port and variable; nothing is left running', async (t) => {
  const port = await freePort();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  t.teardown(() => void taken.close());
  const error = await t.throwsAsync(startProduct({ PORT: String(port) }));
  t.regex(error.message, new RegExp(`ended with 1: PORT: port ${port} is taken`));
});

test('R-98: connections on which nothing was asked, as browsers open them in advance, do not keep the process', async (t) => {
  const product = await startProduct();
  const silent = [product.origin, product.demo].map((origin) => connect(Number(new URL(origin).port), '127.0.0.1'));
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  const closed = Promise.all(silent.map((socket) => once(socket, 'close')));
  t.is(await product.stop('SIGINT'), 0, product.said.err);
  await closed;
  await product.remove();
});

test('the emulator starts again with its people, its keys and its clock; --rp prints five lines; it listens on loopback', async (t) => {
  const first = await startProduct();
  const jwks = async (origin: string) => (await fetch(`${origin}/openid/jwks`)).text();
  const keys = await jwks(first.origin);
  t.is(first.said.out.trim().split('\n').at(-1), `ready ${first.origin}`);
  t.is(await first.stop(), 0);
  const second = await startProduct({ DATA_DIR: first.dir }, ['--rp', 'http://localhost:8080/cb']);
  t.is(await jwks(second.origin), keys);
  t.regex(
    second.said.out,
    /OIDC_ISSUER=.*\nOIDC_CLIENT_ID=.*\nOIDC_CLIENT_SECRET=.*\nOIDC_REDIRECT_URI=http:\/\/localhost:8080\/cb\nOIDC_SCOPE=openid/,
  );
  t.is(await second.stop('SIGINT'), 0, second.said.err);
  const third = await startProduct({ DATA_DIR: first.dir }, ['--reset']);
  t.not(await jwks(third.origin), keys);
  t.is(await third.stop(), 0, third.said.err);
  await first.remove();
});
