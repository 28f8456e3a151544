import { execFile } from 'node:child_process';
import { open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The only address that Postgres listens on. */
export const HOST = '127.0.0.1';
const STEP_MS = 15;
/** Recovery after a crash replays at most what was written since the last checkpoint. */
const READY_MS = 60_000;
const LOG_LIMIT = 10 << 20;

/** What lies where under the folder of an embedded Postgres. */
export interface Home {
  dir: string;
  /** Complete whenever it exists: holds the two below. */
  cluster: string;
  data: string;
  password: string;
  log: string;
}

/** The process that answers for a cluster, and where. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** Names the places under `dir`. */
export function homeOf(dir: string): Home {
  const home = resolve(dir);
  const cluster = join(home, 'cluster');
  const [data, password] = [join(cluster, 'data'), join(cluster, 'password')];
  return { dir: home, cluster, data, password, log: join(home, 'postgres.log') };
}

/** The server of this cluster, once it takes connections; undefined when there is none or it has just stopped. */
export async function findRunning({ data }: Home): Promise<Postmaster | undefined> {
  for (let waited = 0; waited < READY_MS; waited += STEP_MS) {
    const [pid, , , port, , , , status] = (await lockFile(data))?.split('\n') ?? [];
    if (pid === undefined || !(await serves(Number(pid), data))) return undefined;
    if (status?.trim() === 'ready') return { pid: Number(pid), port: Number(port) };
    await sleep(STEP_MS);
  }
  throw new Error(`the Postgres of ${data} is alive but does not become ready`);
}

/** Whether this process is the postmaster of that cluster, and not a program that got the number of a dead one. */
export async function serves(pid: number, data: string): Promise<boolean> {
  if (!(pid > 1) || !isAlive(pid)) return false;
  if (process.platform === 'linux') {
    // A postmaster works in its data folder; the comparison survives links and renames, and a zombie has no folder.
    const [here, there] = await Promise.all(
      [`/proc/${pid}/cwd`, data].map((path) => stat(path).catch(() => undefined)),
    );
    return here !== undefined && here.dev === there?.dev && here.ino === there.ino;
  }
  const [program, args, proof]: [string, string[], string] =
    process.platform === 'win32'
      ? ['tasklist', ['/NH', '/FI', `PID eq ${pid}`], 'postgres.exe']
      : ['ps', ['-o', 'command=', '-p', String(pid)], `-D ${data} `];
  const { stdout } = await promisify(execFile)(program, args).catch(() => ({ stdout: '' }));
  return stdout.includes(proof);
}

/**
 * Postgres replaces the lock file of a dead process itself, but believes one whose pid now belongs to another program,
 * and an empty one. The pause spares the file of a server that is just being started.
 */
export async function removeStaleLock({ data }: Home): Promise<void> {
  const before = await lockFile(data);
  if (before === undefined) return;
  await sleep(10 * STEP_MS);
  const pid = Number.parseInt(before);
  if (pid > 1 && (!isAlive(pid) || (await serves(pid, data)))) return;
  if ((await lockFile(data)) === before) await rm(join(data, 'postmaster.pid'), { force: true });
}

/** The port that the cluster had the last time, or 0. */
export async function earlierPort({ data }: Home): Promise<number> {
  const options = await readFile(join(data, 'postmaster.opts'), 'utf8').catch(absent);
  return Number(/"port=(\d+)"/.exec(options ?? '')?.[1] ?? 0);
}

/** Opens the log to append to it; one that has grown long starts anew. */
export async function openLog({ log }: Home): Promise<FileHandle> {
  const file = await open(log, 'a+', 0o600);
  if ((await file.stat()).size > LOG_LIMIT) await file.truncate();
  return file;
}

/**
 * Hands on what is appended to the log from now on. Reading the file rather than a pipe works for a server that
 * another process started, too, and leaves the server its log when we die.
 */
export async function followLog(home: Home, onLine: (line: string) => void): Promise<() => Promise<void>> {
  const file = await openLog(home);
  let at = (await file.stat()).size;
  let rest = '';
  let busy = Promise.resolve();
  const decoder = new TextDecoder();
  const read = async (): Promise<void> => {
    if ((await file.stat()).size < at) at = 0;
    const buffer = Buffer.alloc(64 << 10);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach((line) => onLine(line));
    }
  };
  const timer = setInterval(() => void (busy = busy.then(read)), 200).unref();
  return async () => {
    clearInterval(timer);
    await busy.then(read).finally(() => file.close());
  };
}

/** For a file that may be missing: `readFile(…).catch(absent)`. */
export function absent(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** The `code` of an error of Node or Postgres, or nothing. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function lockFile(data: string): Promise<string | undefined> {
  return readFile(join(data, 'postmaster.pid'), 'utf8').catch(absent);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
