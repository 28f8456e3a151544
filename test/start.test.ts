import { once } from 'node:events';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { browser } from './support/browser.ts';
import { run, startProduct } from './support/product.ts';
import { authorizeUrl } from './support/requests.ts';
import { freePort } from './support/servers.ts';
import { production } from './tasks/run-clave.ts';

/** The threads of a process, the main one first: names, and how much each gives way to others (`nice`). */
async function threadsOf(pid: number) {
  const ids = (await readdir(`/proc/${pid}/task`)).map(Number).toSorted((a, b) => a - b);
  const stats = await Promise.all(ids.map((id) => readFile(`/proc/${pid}/task/${id}/stat`, 'utf8')));
  return stats.map((stat) => {
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
    return { name, gives: Number(rest.split(' ')[16]) };
  });
}

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

test('a taken port ends with 1 and names port and variable, before anything else is done', async (t) => {
  const port = await freePort();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  t.teardown(() => void taken.close());
  for (const variable of ['PORT', 'CONSOLE_PORT', 'DEMO_PORT', 'METRICS_PORT']) {
    const dir = await mkdtemp(join(tmpdir(), 'claveunica-'));
    // Whoever starts twice with --reset does not empty what the first start serves.
    const error = await t.throwsAsync(startProduct({ DATA_DIR: dir, [variable]: String(port) }, ['--reset']));
    t.regex(error.message, new RegExp(`ended with 1: ${variable}: port ${port} is taken`));
    t.deepEqual(await readdir(dir), []);
  }
});

test('production knows no --reset and no --rp', async (t) => {
  for (const [options, fault] of [
    [['--reset'], '--reset: is for the emulator only'],
    [['--rp', 'https://rp.example/cb'], '--rp: is for the emulator only; `clave client create` registers sites'],
  ] as const) {
    const { said, ended } = run([...options], production('postgres://u:p@127.0.0.1:1/x'));
    t.is(await ended, 1);
    t.is(said.err, `${fault}\n`);
  }
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

test('what is not there, or not as it should be, ends with 1 in a line that names its variable, without a trace of ours', async (t) => {
  const nobody = 'postgres://u:s3cret@127.0.0.1:1/x';
  const wrong = [
    [{ PEOPLE_FILE: 'package.json' }, /^PEOPLE_FILE: \S*package\.json has a fault:\n {2}all: .*expected array/],
    [{ DATABASE_URL: nobody }, /^DATABASE_URL: Postgres does not answer: connect ECONNREFUSED/],
    [{ DATABASE_URL: nobody, REDIS_URL: 'redis://:s3cret@127.0.0.1:1' }, /^REDIS_URL: Redis does not answer: /m],
    [{ DATA_DIR: '/dev/null/x' }, /^DATA_DIR: its Postgres does not start: ENOTDIR/],
  ] as const;
  for (const [env, words] of wrong) {
    const { said, ended } = run([], { LOG_LEVEL: 'silent', ...env });
    t.is(await ended, 1);
    t.regex(said.err, words);
    t.notRegex(said.err, /at .*\.ts|s3cret/);
  }
});

test('the emulator starts again with its people, its keys and its clock; --rp prints five lines; PEOPLE_FILE has other people', async (t) => {
  const start = async (...wish: Parameters<typeof startProduct>) => {
    const product = await startProduct(...wish);
    t.teardown(() => product.stop());
    return product;
  };
  const first = await start();
  const jwks = async (origin: string) => (await fetch(`${origin}/openid/jwks`)).text();
  const keys = await jwks(first.origin);
  t.is(first.said.out.trim().split('\n').at(-1), `ready ${first.origin}`);
  t.regex(first.said.out, /^Demo person +RUN 11\.111\.111-1, ClaveÚnica boldo-quillay-peumo$/m);
  if (process.platform === 'linux') {
    const threads = await threadsOf(first.child.pid ?? 0);
    // These tests may have been told to give way themselves.
    const usual = getPriority();
    t.is(threads[0]?.gives, Math.max(4, usual), 'this thread gives way to hashes');
    const hashing = threads.filter(({ name }) => name === 'libuv-worker');
    t.true(hashing.length > 0 && hashing.every(({ gives }) => gives === usual), JSON.stringify(hashing));
  }
  t.is(await first.stop(), 0);

  const peopleFile = join(first.dir, 'people.json');
  const write = (people: readonly object[]) => writeFile(peopleFile, JSON.stringify(people));
  const ana = { run: '20000003-K', names: ['Ana'], surnames: ['Soto'], password: 'una-clave' };
  await write([ana, { ...ana, run: '11.111.111-1' }]);
  const env = { DATA_DIR: first.dir, PEOPLE_FILE: peopleFile };
  const second = await start(env, ['--rp', 'http://localhost:8080/cb']);
  t.is(await jwks(second.origin), keys);
  t.regex(
    second.said.out,
    /OIDC_ISSUER=.*\nOIDC_CLIENT_ID=.*\nOIDC_CLIENT_SECRET=.*\nOIDC_REDIRECT_URI=http:\/\/localhost:8080\/cb\nOIDC_SCOPE=openid/,
  );
  t.regex(second.said.out, /^Demo person +RUN 20\.000\.003-K, ClaveÚnica una-clave$/m);
  const listed = async (origin: string) =>
    ((await (await fetch(`${origin}/emulador/personas.json`)).json()) as { run: string }[]).map(({ run: one }) => one);
  t.deepEqual(await listed(second.origin), ['20.000.003-K', '11.111.111-1']);
  // Who was there keeps her account: the other password is not hers.
  t.regex(second.said.err, /"places":"\[1\]".*accounts of before/);
  const signIn = async (run: string, password: string) => {
    const user = browser(second.origin);
    const { location } = await user.get(authorizeUrl(second.origin));
    return (await user.submit(location, { run, password })).status;
  };
  t.is(await signIn('20.000.003-K', 'una-clave'), 303);
  t.is(await signIn('11.111.111-1', 'una-clave'), 422);
  t.is(await signIn('11.111.111-1', 'boldo-quillay-peumo'), 303);
  // The demo sites listen elsewhere than at the first start, and are known there.
  t.not(second.demo, first.demo);
  const { location } = await browser(second.demo).get('/municipio/entrar');
  t.is(new URL(location).searchParams.get('redirect_uri'), `${second.demo}/municipio/cb`);
  t.is((await browser(second.origin).get(location)).status, 303);
  // Nobody empties the house beneath them, from other ports either.
  await t.throwsAsync(startProduct(env, ['--reset']), { message: /ended with 1: --reset: somebody else is at work/ });
  t.is(await jwks(second.origin), keys);
  t.is(await second.stop('SIGINT'), 0, second.said.err);

  const { password: _, ...mute } = ana;
  await write([mute, { ...mute, run: '20.000.004-8', account: false, password: 'x' }]);
  const anchors = join(first.dir, 'audit-anchors.jsonl');
  await writeFile(anchors, '{"block":999,"to":"1","at":1,"hash":"h","signature":"s"}\n', { flag: 'a' });
  const third = await start(env, ['--reset']);
  t.notRegex(await readFile(anchors, 'utf8').catch(() => ''), /"block":999/, 'of a log that is gone');
  t.not(await jwks(third.origin), keys);
  t.notRegex(third.said.out, /Demo person/);
  t.notRegex(third.said.err, /accounts of before/);
  const user = browser(third.origin);
  const page = (await user.get((await user.get(authorizeUrl(third.origin))).location)).text;
  t.regex(page, /name="password"/);
  t.notRegex(page, /class="demo"|with-aside/);
  t.deepEqual(await listed(third.origin), ['20.000.003-K', '20.000.004-8']);
  const shown = async (path: string) => (await fetch(`${third.origin}${path}`)).text();
  t.notRegex(await shown('/emulador'), /id="tramite"/, 'nobody of the walk is there');
  t.is((await shown('/emulador/personas')).match(/Todavía no tiene cuenta/g)?.length, 1, 'of two without a password');
  t.is(await third.stop(), 0, third.said.err);
  await first.remove();
});
