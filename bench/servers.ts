/** Everything that is started: throw-away Postgres and Redis, and the servers under test. */
import { execFile, spawn } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../src/stores/embedded-postgres.ts';
import { MANY } from './people.ts';
import { freePort, startRedis } from '../test/support/servers.ts';

const ROOT = resolve(import.meta.dirname, '..');
const START_MS = 60_000;

export type Services = {
  readonly dir: string;
  readonly postgresVersion: string;
  readonly database: (name: string) => Promise<string>;
  /** The same, with `MANY` people. */
  readonly peopled: (name: string) => Promise<string>;
  readonly redisUrl: string;
  readonly close: () => Promise<void>;
};

/** Debian's newest Postgres, or without one the embedded; durable as in production (`fsync` stays on). Debian's Redis. */
export async function startServices(): Promise<Services> {
  const dir = mkdtempSync(join(tmpdir(), 'claveunica-bench-'));
  // Root starts Postgres as nobody, who must get through to a folder in this one.
  chmodSync(dir, 0o711);
  const version = (bin: string) => Number(basename(dirname(bin)));
  const [bin] = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => version(b) - version(a));
  const closing: (() => Promise<void>)[] = [async () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 })];
  const close = async () => {
    for (const step of closing.toReversed()) await step();
  };
  try {
    const redis = await startRedis({ dir }).catch((cause: unknown) => {
      throw new Error('redis-server does not start: run `npm test` once as root, which installs it', { cause });
    });
    closing.push(() => redis.close());
    const postgres = await startPostgres({ dir: join(dir, 'postgres'), bin });
    closing.push(() => postgres.close());
    closing.push(guard(dir, [redis.pid, postgres.pid]));
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    closing.push(() => client.end());
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    const database = async (name: string) => {
      await client.query(`create database ${name}`);
      const url = new URL(postgres.url);
      url.pathname = name;
      return url.href;
    };
    const peopled = async (name: string) => {
      const url = await database(name);
      const env = { ...process.env, ...productEnv(dir), DATABASE_URL: url };
      const args = ['src/tasks/clave.ts', 'people', 'synth', '--json', '--count', String(MANY)];
      await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
      return url;
    };
    return { dir, postgresVersion: rows[0]?.server_version ?? '', database, peopled, redisUrl: redis.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A shell that hears from its closed stdin that we were killed outright, and then stops what would stay. */
function guard(dir: string, pids: readonly number[]): () => Promise<void> {
  const script = 'read -r _ || { kill -INT "$@"; sleep 2; rm -rf "$0"; }';
  const args = ['-c', script, dir, ...pids.map(String)];
  const shell = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  return async () => void shell.stdin.end('done\n');
}

export type Launch = {
  readonly name: string;
  readonly script: 'src/main.ts' | 'bench/yardstick.ts';
  readonly env: Readonly<Record<string, string>>;
  /** As `taskset -c` takes them; undefined: anywhere. */
  readonly cores: string | undefined;
  /** With a way to ask for its heap and a profile; costs a little memory. */
  readonly probed?: boolean;
};

export type Server = {
  readonly name: string;
  readonly origin: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to the line `ready …`. */
  readonly readyMs: number;
  readonly startedAt: number;
  readonly ask: (...question: string[]) => Promise<unknown>;
  /** What it said on stderr. */
  readonly complaints: readonly string[];
  readonly stop: () => Promise<void>;
};

/** How `npm start` starts the product: `… exec env NAME=VALUE NAME=${NAME:-VALUE} node FLAGS src/main.ts`. */
const [, VARIABLES = '', FLAGS = ''] = / env ((?:\w+=\S+ )+)node (-.*) src\/main\.ts$/.exec(startScript()) ?? [];
const SET: Readonly<Record<string, string>> = Object.fromEntries(
  [...VARIABLES.matchAll(/(\w+)=(?:\$\{\w+:-)?([^\s}]+)/g)].map(([, name = '', value = '']) => [name, value] as const),
);

function startScript(): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start;
}

/** Starts a server on a free port and waits until it is ready. */
export async function startServer({ name, script, env, cores, probed = false }: Launch): Promise<Server> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const probe = probed ? ['--expose-gc', '--import', './bench/probe.ts'] : [];
  const node = [process.execPath, ...(script === 'src/main.ts' ? FLAGS.split(' ') : []), ...probe, script];
  const [file = '', ...args] = cores === undefined ? node : ['taskset', '-c', cores, ...node];
  const startedAt = performance.now();
  const child = spawn(file, args, {
    cwd: ROOT,
    // Nothing of our own environment but what finds programs. What `npm start` sets is the product's alone.
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], ...(script === 'src/main.ts' && SET) },
      ...{ ...env, PORT: String(port), PUBLIC_ORIGIN: origin },
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(probed ? (['ipc'] as const) : [])],
  });
  const { pid = 0, stdout, stderr } = child;
  const complaints: string[] = [];
  if (stderr) createInterface({ input: stderr }).on('line', (line) => complaints.push(line));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal ?? 'no code'}`));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(insist);
  };
  const ready = new Promise<number>((resolve) => {
    if (stdout)
      createInterface({ input: stdout }).on('line', (line) => {
        if (line.startsWith('ready ')) resolve(performance.now() - startedAt);
      });
  });
  const late = new Promise<string>((resolve) => setTimeout(resolve, START_MS, 'is not ready').unref());
  const readyMs = await Promise.race([ready, ended, late]);
  if (typeof readyMs === 'string') {
    await stop();
    throw new Error(`${name} ${readyMs}:\n${complaints.slice(-20).join('\n')}`);
  }
  const ask = (...question: string[]) =>
    new Promise<unknown>((resolve, reject) => {
      child.once('message', (answer: { value?: unknown; error?: string }) => {
        if (answer.error === undefined) resolve(answer.value);
        else reject(new Error(answer.error));
      });
      child.send(question);
    });
  return { name, origin, pid, readyMs, startedAt, ask, complaints, stop };
}

/** What every product under test is told. */
export const productEnv = (dir: string): Readonly<Record<string, string>> => ({
  MODE: 'emulator',
  DEMO_PORT: '0',
  CONSOLE_PORT: '0',
  METRICS_PORT: '0',
  LOG_LEVEL: 'warn',
  DATA_DIR: dir,
  MASTER_KEYS: `bench:${Buffer.alloc(32, 'bench').toString('base64url')}`,
  // The load comes from many networks: limits are per network.
  TRUSTED_PROXIES: '127.0.0.1',
});
