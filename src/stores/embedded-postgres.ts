/**
 * A real Postgres of our own, for an installation without `DATABASE_URL`: started as a detached process, found again
 * when we were killed, stopped by the last one who uses it.
 *
 * Under `dir`: `cluster/data` (Postgres's own), `cluster/password` (0600, of the superuser), `postgres.log`,
 * `init-*` (drafts of a first start, never used as they are) and sometimes `lib`.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { createCluster, removeDrafts } from './embedded-postgres/create-cluster.ts';
import {
  HOST,
  absent,
  codeOf,
  earlierPort,
  findRunning,
  followLog,
  homeOf,
  openLog,
  removeStaleLock,
  serves,
  type Home,
  type Postmaster,
} from './embedded-postgres/home.ts';
import { connect, giveBack, takeLease, urlOf } from './embedded-postgres/lease.ts';
import { explain, findRunner } from './embedded-postgres/runner.ts';

const STEP_MS = 15;
const START_MS = 60_000;
/** Fast: sessions are cut, everything is written. Immediate: the next start recovers from the log. */
const STOPS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
] as const;
const ATTEMPTS = 20;

/** What `startPostgres` needs to know. */
export interface PostgresOptions {
  /** Belongs to the cluster alone; made when missing. */
  dir: string;
  /** The folder of `initdb` and `postgres`; by default that of `@embedded-postgres/<platform>-<arch>`. */
  bin?: string | undefined;
  /** By default the port of the time before, or any free one. A cluster that already runs keeps its port. */
  port?: number | undefined;
  /** Gets what Postgres logs; `postgres.log` has it in any case. */
  onLine?: ((line: string) => void) | undefined;
  /** Settings of the server, such as `fsync: 'off'` in tests. */
  config?: Record<string, string> | undefined;
}

/** A server that takes connections. */
export interface EmbeddedPostgres {
  url: string;
  pid: number;
  /** Stops the server, unless another process that called `startPostgres` on the same folder still uses it. */
  close(): Promise<void>;
}

/**
 * Starts the Postgres of `dir`, or attaches to the one that already serves it; creates the cluster and the database
 * `claveunica` the first time. The server outlives this process unless closed.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const home = homeOf(options.dir);
  await mkdir(home.dir, { recursive: true, mode: 0o700 });
  const unfollow = options.onLine && (await followLog(home, options.onLine));
  try {
    // Each round may lose a race: to another starter, for a port, or against a server that is just stopping.
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await findRunning(home);
      const postmaster = found ?? (await launch(home, options));
      const lease =
        postmaster && (await takeLease(home, postmaster).catch(orStop(home, found ? undefined : postmaster)));
      if (postmaster && lease) {
        await removeDrafts(home);
        let closed: Promise<void> | undefined;
        const close = (): Promise<void> => (closed ??= leave(home, { postmaster, lease }).finally(unfollow));
        return { url: await urlOf(home, postmaster), pid: postmaster.pid, close };
      }
      await sleep(10 * STEP_MS);
    }
    throw new Error(`the Postgres of ${home.dir} starts and stops again; its log is ${home.log}`);
  } catch (error) {
    await unfollow?.();
    throw error;
  }
}

/**
 * The URL of the Postgres that serves `dir` now, or undefined when none does. Starts nothing and stops nothing: a
 * command that works beside the product asks for the URL, and loses its connections when the product stops.
 */
export async function attachPostgres(dir: string): Promise<string | undefined> {
  const home = homeOf(dir);
  const postmaster = await findRunning(home);
  const client = postmaster && (await connect(home, postmaster));
  await client?.end();
  return client && urlOf(home, postmaster);
}

/** Starts a server; undefined when it lost a race and the caller should look again. */
async function launch(home: Home, options: PostgresOptions): Promise<Postmaster | undefined> {
  const runner = await findRunner(home.dir, options.bin);
  if (!(await stat(home.cluster).catch(absent)))
    await createCluster(home, { runner, sync: options.config?.['fsync'] !== 'off' });
  await removeStaleLock(home);
  const settings = {
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.config,
    port: String(options.port ?? (await freePort(await earlierPort(home)))),
    listen_addresses: HOST,
    unix_socket_directories: '',
  };
  const args = ['-D', home.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const log = await openLog(home);
  const { size: from } = await log.stat();
  const [file, ...rest] = runner.command('postgres', args);
  // Detached: Ctrl-C goes to the whole process group, and Postgres must outlive our draining.
  const child = spawn(file, rest, { ...runner.options, detached: true, stdio: ['ignore', log.fd, log.fd] });
  const end: { why?: string } = {};
  child.once('error', (error) => (end.why = error.message));
  child.once('exit', (code, signal) => (end.why ??= `postgres ended with ${code ?? signal ?? 'no code'}`));
  child.unref();
  await log.close();

  for (let waited = 0; waited < START_MS; waited += STEP_MS) {
    const found = await findRunning(home);
    if (found) return found;
    if (end.why !== undefined) {
      const said = (await readFile(home.log)).subarray(from).toString();
      if (/lock file .* already exists|shared memory block .* in use/.test(said)) return undefined;
      if (!/could not bind/.test(said)) throw new Error(explain(`${end.why}\n${said}`, home.dir));
      if (options.port !== undefined) throw new Error(`port ${options.port}, meant for Postgres, is taken on ${HOST}`);
      return undefined;
    }
    await sleep(STEP_MS);
  }
  child.kill('SIGQUIT');
  throw new Error(`Postgres did not start within ${START_MS / 1000} s; its log is ${home.log}`);
}

/** A start that fails leaves nothing of its own behind. */
function orStop(home: Home, launched: Postmaster | undefined) {
  return async (error: unknown): Promise<never> => {
    if (launched) await stop(home, launched.pid);
    throw error;
  };
}

async function leave(home: Home, held: { postmaster: Postmaster; lease: Client }): Promise<void> {
  const { postmaster, lease } = held;
  try {
    if (await giveBack(lease)) await stop(home, postmaster.pid);
  } finally {
    await lease.end().catch(() => undefined);
  }
}

async function stop({ data, log }: Home, pid: number): Promise<void> {
  for (const [signal, patience] of STOPS) {
    for (let waited = 0; waited < patience; waited += STEP_MS) {
      if (!(await serves(pid, data))) return;
      if (waited === 0) signalTo(pid, signal);
      await sleep(STEP_MS);
    }
  }
  throw new Error(`Postgres (pid ${pid}) does not stop; its log is ${log}`);
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has just ended.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** A free port of the loopback: the wanted one if possible. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', wanted === 0 ? reject : () => resolve(freePort(0)));
  server.listen(wanted, HOST, () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
  return promise;
}
