/** The machine: its cores and who may use them, and what /proc says of a process. Linux only. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** As `taskset -c` takes them; undefined: nothing is pinned. */
export type Cores = { readonly server: string; readonly load: string; readonly all: string } | undefined;

/**
 * The first core for the server under test, the others for this process, and so for everything else that it starts:
 * load generator, Postgres and Redis.
 */
export function pinCores(): Cores {
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const [server, ...rest] = expand(list);
  if (server === undefined || rest.length === 0) return undefined;
  const load = rest.join(',');
  const done = spawnSync('taskset', ['-acp', load, String(process.pid)]);
  return done.status === 0 ? { server: String(server), load, all: list } : undefined;
}

const expand = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });

export type Facts = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly date: string;
};

/** What a reader must know to compare. */
export const machineFacts = (): Facts => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
});

/** Seconds of CPU: `pool` is libuv's (argon2 and RSA), `v8` collects garbage and compiles beside the main thread. */
export type Cpu = { readonly total: number; readonly main: number; readonly pool: number; readonly v8: number };

const TICKS = 100;
const seconds = (stat: string): number => {
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / TICKS;
};

/** What a process has used so far, by kind of thread. */
export function cpuOf(pid: number): Cpu {
  const total = seconds(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const sums = { main: 0, pool: 0, v8: 0 };
  for (const id of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8');
    const kind = id === String(pid) ? 'main' : stat.includes('(libuv-worker)') ? 'pool' : 'v8';
    sums[kind] += seconds(stat);
  }
  return { total, ...sums };
}

export const minus = (after: Cpu, before: Cpu): Cpu => ({
  total: after.total - before.total,
  main: after.main - before.main,
  pool: after.pool - before.pool,
  v8: after.v8 - before.v8,
});

/** Megabytes (10^6): what is in memory now, and the most that ever was. */
export function memoryOf(pid: number): { readonly rss: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => (Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024) / 1e6;
  return { rss: field('VmRSS'), peak: field('VmHWM') };
}

/** Seconds that those cores have been busy, whoever used them. */
export function busySeconds(list: string): number {
  const wanted = new Set(expand(list).map((core) => `cpu${core}`));
  const rows = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .map((line) => line.split(/\s+/));
  const busy = ([, user, nice, system, , , irq, softirq, steal]: string[]) =>
    [user, nice, system, irq, softirq, steal].reduce((sum, value) => sum + Number(value), 0);
  return rows.filter(([name = '']) => wanted.has(name)).reduce((sum, row) => sum + busy(row), 0) / TICKS;
}

export const coreCount = (list: string): number => expand(list).length;
