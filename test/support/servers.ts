/** The throw-away servers of a test run: `test/run.ts` starts them, test files take a part of them. */
import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const HOST = '127.0.0.1';

/** A Redis that answers. */
export interface RedisServer {
  url: string;
  pid: number;
  close(): Promise<void>;
}

/** What is given out, and above it what holds it. */
const PORTS = { least: 20_000, many: 6000 };

/**
 * A port that nobody listens on at this moment, and that no other process of these tests is given: a server may need
 * seconds to begin on it. Below those that the system gives to whoever calls somebody (from 32768 on Linux): of them one
 * can be gone before.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(PORTS.least, PORTS.least + PORTS.many);
    const held = await listening(port + PORTS.many);
    if (!held) continue;
    // For as long as this process lives.
    held.unref();
    const tried = await listening(port);
    if (!tried) continue;
    await new Promise((resolve) => tried.close(resolve));
    return port;
  }
  throw new Error('no port is free');
}

async function listening(port: number): Promise<Server | undefined> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<Server | undefined>();
  server.once('error', () => resolve(undefined));
  server.listen(port, HOST, () => resolve(server));
  return promise;
}

type RedisWish = {
  dir: string;
  port?: number;
  /** Settings beyond the usual. */
  settings?: Readonly<Record<string, string>>;
  /** A file of settings that the server may rewrite, as sentinels do. */
  file?: string;
};

/** A Redis that forgets everything, in its own process group so that Ctrl-C does not stop it before the tests. */
export async function startRedis({ dir, file, ...wish }: RedisWish): Promise<RedisServer> {
  const port = wish.port ?? (await freePort());
  const logFile = join(dir, 'redis.log');
  const log = openSync(logFile, 'a');
  const usual = { bind: HOST, port: String(port), dir, daemonize: 'no' };
  const settings = file === undefined ? { ...usual, save: '', appendonly: 'no', ...wish.settings } : usual;
  const args = [
    ...(file === undefined ? [] : [file]),
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ...(file === undefined ? [] : ['--sentinel']),
  ];
  const child = spawn('redis-server', args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  child.once('error', (error) => end(error.message));
  child.once('exit', (code, signal) => end(`ended with ${code ?? signal ?? 'no code'}`));

  for (let tries = 0; tries < 3000; tries++) {
    const why = await Promise.race([ended, ping(port)]);
    if (why === 'pong') return { url: `redis://${HOST}:${port}`, pid: child.pid ?? 0, close };
    if (why !== 'no answer') throw new Error(`redis-server ${why}: ${await readFile(logFile, 'utf8')}`);
    await sleep(10);
  }
  await close();
  throw new Error('redis-server did not answer within 30 s');

  async function close(): Promise<void> {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(insist);
  }
}

async function ping(port: number): Promise<'pong' | 'no answer'> {
  const { promise, resolve } = Promise.withResolvers<'pong' | 'no answer'>();
  const socket = createConnection(port, HOST, () => socket.write('PING\r\n'));
  socket.setTimeout(1000, () => resolve('no answer'));
  socket.once('data', (data) => resolve(data.toString().startsWith('+PONG') ? 'pong' : 'no answer'));
  socket.once('error', () => resolve('no answer'));
  socket.once('close', () => resolve('no answer'));
  return promise.finally(() => socket.destroy());
}

/** A database of its own for a test file, empty or a clone of `template`; `drop` cuts what is still connected. */
export async function freshDatabase(
  options: { template?: string } = {},
): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['TEST_POSTGRES_URL'];
  if (!server) throw new Error('TEST_POSTGRES_URL is unset: run tests by `npm test` or `node test/run.ts FILE`');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await ask(server, `create database ${name}${options.template ? ` template ${options.template}` : ''}`);
  const url = new URL(server);
  url.pathname = name;
  const drop = async () => {
    // Pools that are closing hang up by themselves; who is cut off instead would throw where nobody listens.
    for (let tries = 0; tries < 200 && (await isUsed(server, name)); tries++) await sleep(50);
    await ask(server, `drop database if exists ${name} with (force)`);
  };
  return { url: url.href, drop };
}

const isUsed = async (server: string, name: string): Promise<boolean> => {
  const rows = await ask(server, `select 1 from pg_stat_activity where datname = '${name}'`);
  return rows.length > 0;
};

async function ask(server: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
