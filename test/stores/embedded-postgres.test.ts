import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { attachPostgres, startPostgres, type EmbeddedPostgres } from '#src/stores/embedded-postgres.ts';
import { until } from '../support/until.ts';

const config = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const launcher = new URL('../../src/stores/embedded-postgres.ts', import.meta.url).href;

const made = await mkdtemp(join(tmpdir(), 'claveunica-embedded-'));

async function place(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'claveunica-embedded-'));
  t.teardown(() => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return dir;
}

/** A place where Postgres has been before, which saves most of the time. */
async function usedPlace(t: ExecutionContext): Promise<string> {
  const dir = await place(t);
  await copy(made, dir);
  return dir;
}

/** A copy with the same owner, which is not root where root may not make user namespaces. */
async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', `${from}/.`, to]);
}

test.before(async () => (await startPostgres({ dir: made, config })).close());
test.after.always(() => rm(made, { recursive: true, force: true }));

async function start(t: ExecutionContext, dir: string): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dir, config });
  t.teardown(() => postgres.close());
  return postgres;
}

/** Another process that starts Postgres and stays, at the head of its own process group. */
function startElsewhere(t: ExecutionContext, dir: string): ChildProcess & { url: Promise<string> } {
  const options = JSON.stringify({ dir, config });
  const script = `import { startPostgres } from ${JSON.stringify(launcher)};
    console.log((await startPostgres(${options})).url);
    setInterval(() => undefined, 1000);`;
  const args = ['--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const url = once(child.stdout, 'data').then(([data]) => String(data).trim());
  return Object.assign(child, { url });
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query<Row>(sql)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** An orphan is a zombie until the first process of the machine reaps it. */
const hasEnded = (pid: number): Promise<boolean> => until(() => !isAlive(pid));

async function reaches(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection(port, host, () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

const lockOf = (dir: string): string => join(dir, 'cluster', 'data', 'postmaster.pid');

test('The first start makes a cluster, the next one finds its data at the same port', async (t) => {
  const dir = await place(t);
  t.is(await attachPostgres(dir), undefined);
  const first = await start(t, dir);
  t.is(await attachPostgres(dir), first.url);
  t.like((await query(first.url, `select current_database() as db, lower('Ñ') as lower, 'Z' < 'a' as bytes`))[0], {
    db: 'claveunica',
    lower: 'ñ',
    bytes: true,
  });
  t.is((await stat(join(dir, 'cluster', 'password'))).mode & 0o777, 0o600);
  await query(first.url, `create table kept as select 42 as answer`);
  await first.close();
  t.true(await hasEnded(first.pid));
  t.is(await attachPostgres(dir), undefined);

  const second = await start(t, dir);
  t.not(second.pid, first.pid);
  t.is(second.url, first.url);
  t.deepEqual(await query(second.url, 'select answer from kept'), [{ answer: 42 }]);
});

test('It listens on the loopback only, and wants the password', async (t) => {
  const { url } = await start(t, await usedPlace(t));
  t.deepEqual(await query(url, 'show listen_addresses'), [{ listen_addresses: '127.0.0.1' }]);
  t.deepEqual(await query(url, 'show unix_socket_directories'), [{ unix_socket_directories: '' }]);
  const port = Number(new URL(url).port);
  t.true(await reaches('127.0.0.1', port));
  const others = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const addresses = others.filter(({ address, scopeid }) => address !== '127.0.0.1' && !scopeid);
  // All of 127/8 is this machine on Linux, so that there is another address to try even without a network.
  for (const { address } of [...addresses, { address: '127.0.0.2' }]) t.false(await reaches(address, port), address);

  for (const password of ['', 'wrong']) {
    const other = new URL(url);
    other.password = password;
    const refused = await t.throwsAsync(query(other.href, 'select 1'));
    t.regex(refused.message, /password/);
  }
});

test('Who is killed finds the server again, and who closes last stops it', async (t) => {
  const dir = await usedPlace(t);
  const killed = startElsewhere(t, dir);
  const url = await killed.url;
  await query(url, 'create table kept as select 42 as answer');
  killed.kill('SIGKILL');
  await once(killed, 'exit');

  const again = await start(t, dir);
  t.is(again.url, url);
  t.deepEqual(await query(again.url, 'select answer from kept'), [{ answer: 42 }]);

  const beside = startElsewhere(t, dir);
  t.is(await beside.url, url);
  await again.close();
  t.true(isAlive(again.pid), 'another process still uses it');
  // As Ctrl-C in a terminal does.
  process.kill(-beside.pid!, 'SIGINT');
  await once(beside, 'exit');
  t.true(isAlive(again.pid), 'not even Ctrl-C reaches it');

  const last = await start(t, dir);
  t.is(last.pid, again.pid);
  await last.close();
  t.true(await hasEnded(last.pid));
});

test('Those who start at once share one server', async (t) => {
  const dir = await place(t);
  const all = await Promise.all([start(t, dir), start(t, dir)]);
  t.is(new Set(all.map(({ pid }) => pid)).size, 1);
  t.deepEqual(
    (await readdir(dir)).filter((name) => name.startsWith('init-')),
    [],
  );
});

test('A first start that was killed half-way is done anew', async (t) => {
  const dir = await place(t);
  const killed = startElsewhere(t, dir);
  while (!(await readdir(dir, { recursive: true })).some((name) => name.endsWith('PG_VERSION'))) await sleep(5);
  killed.kill('SIGKILL');
  await mkdir(join(dir, 'init-earlier', 'data'), { recursive: true });
  await writeFile(join(dir, 'init-earlier', 'data', 'PG_VERSION'), '18\n');
  t.false((await readdir(dir)).includes('cluster'));

  const { url } = await start(t, dir);
  t.deepEqual(await query(url, 'select current_database() as db'), [{ db: 'claveunica' }]);
  t.false((await readdir(dir)).includes('init-earlier'));
});

test('A lock file that speaks of nobody, of another program or of the original of a copy is no hindrance', async (t) => {
  const dir = await usedPlace(t);
  const postgres = await start(t, dir);
  const lock = await readFile(lockOf(dir), 'utf8');
  const other = await place(t);
  await copy(dir, other);
  const copied = await start(t, other);
  t.not(copied.pid, postgres.pid);
  await copied.close();
  t.true(isAlive(postgres.pid), 'the original is left alone');

  // Its backends notice the death of the postmaster, and the next start may have to wait for them.
  process.kill(postgres.pid, 'SIGKILL');
  const afterCrash = await start(t, dir);
  t.not(afterCrash.pid, postgres.pid);
  await afterCrash.close();

  const stranger = spawn('sleep', ['60']);
  t.teardown(() => stranger.kill());
  const [, ...rest] = lock.split('\n');
  for (const stale of [[String(stranger.pid), ...rest].join('\n'), '']) {
    await writeFile(lockOf(dir), stale);
    t.is(await attachPostgres(dir), undefined);
    await (await start(t, dir)).close();
  }
  t.true(isAlive(stranger.pid!));
});

test('What hinders a start is said in plain words', async (t) => {
  const dir = await usedPlace(t);
  await (await start(t, dir)).close();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  await t.throwsAsync(startPostgres({ dir, port, config }), { message: new RegExp(`port ${port}.* is taken`) });

  await writeFile(join(dir, 'cluster', 'data', 'PG_VERSION'), '15\n');
  await t.throwsAsync(startPostgres({ dir, config }), { message: /was made by Postgres 15 and this is 18/ });
  await t.throwsAsync(startPostgres({ dir: join(dir, 'new'), bin: join(dir, 'none', 'bin') }), {
    message: /did not start/,
  });
});

test('The lines of the log are handed on', async (t) => {
  const lines: string[] = [];
  const postgres = await startPostgres({ dir: await usedPlace(t), config, onLine: (line) => lines.push(line) });
  await postgres.close();
  t.true(lines.some((line) => line.includes('ready to accept connections')));
  t.true(lines.at(-1)?.includes('database system is shut down'));
});
