/** Makes load, and measures what it does to whom it meets. */
import { setTimeout as sleep } from 'node:timers/promises';
import { busySeconds, coreCount, cpuOf, minus, type Cores, type Cpu } from './machine.ts';
import { openSite } from './flows.ts';
import type { Operation, Scenario } from './scenarios.ts';
import type { Server } from './servers.ts';

export type Window = {
  readonly operations: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Milliseconds of the server’s CPU for one operation, work that it did at once afterwards included. */
  readonly cpu: Cpu;
  /** Parts of a core: the server's own use, that of strangers on its core, and that of the load's core(s). */
  readonly serverBusy: number;
  readonly strangers: number;
  readonly loadBusy: number;
  /** Seconds that the server went on working after the last answer. */
  readonly backlog: number;
  readonly errors: readonly string[];
};

export type Shape = {
  readonly cores: Cores;
  readonly concurrency: number;
  readonly seconds: number;
  readonly warmUp: number;
  /** Arrivals a second, at random moments, whatever the server does; undefined: as fast as it answers. */
  readonly rate?: number;
};

const MANY_ERRORS = 20;

/** One window of load on one server: prepares, warms up, measures, and waits until the server rests. */
export async function measure(server: Server, scenario: Pick<Scenario, 'prepare'>, shape: Shape): Promise<Window> {
  const { cores, concurrency, seconds, warmUp, rate } = shape;
  await rest(server.pid, ALL);
  const site = await openSite(server.origin);
  try {
    const users: Operation[] = [];
    while (users.length < concurrency) users.push(await scenario.prepare(site));
    const warm = await closedLoop(users, warmUp);
    await rest(server.pid, SOON);

    const read = () => ({
      at: performance.now() / 1000,
      cpu: cpuOf(server.pid),
      server: cores ? busySeconds(cores.server) : 0,
      load: cores ? busySeconds(cores.load) : 0,
    });
    const before = read();
    const { latencies, errors } =
      rate === undefined ? await closedLoop(users, seconds) : await openLoop(users, { rate, seconds });
    const after = read();
    const backlog = await rest(server.pid, SOON);
    const cpu = minus(cpuOf(server.pid), before.cpu);

    const elapsed = after.at - before.at;
    const operations = latencies.length;
    const each = (value: number) => (value * 1000) / Math.max(1, operations);
    const serverBusy = minus(after.cpu, before.cpu).total / elapsed;
    latencies.sort((a, b) => a - b);
    const rank = (share: number) => latencies[Math.min(operations - 1, Math.floor(operations * share))] ?? 0;
    return {
      ...{ operations, perSecond: operations / elapsed, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) },
      cpu: { total: each(cpu.total), main: each(cpu.main), pool: each(cpu.pool), v8: each(cpu.v8) },
      ...{ serverBusy, backlog, errors: [...warm.errors, ...errors] },
      strangers: cores ? Math.max(0, (after.server - before.server) / elapsed - serverBusy) : 0,
      loadBusy: cores ? (after.load - before.load) / elapsed / coreCount(cores.load) : 0,
    };
  } finally {
    site.client.close();
  }
}

/** So many users, each beginning anew when it has finished. */
async function closedLoop(users: readonly Operation[], seconds: number) {
  const latencies: number[] = [];
  const errors: string[] = [];
  const until = performance.now() + seconds * 1000;
  const loop = async (operation: Operation) => {
    while (performance.now() < until && errors.length < MANY_ERRORS) {
      const begun = performance.now();
      try {
        await operation();
        latencies.push(performance.now() - begun);
      } catch (error) {
        errors.push(String(error));
      }
    }
  };
  await Promise.all(users.map(loop));
  return { latencies, errors };
}

/** Arrivals do not wait for answers; who arrives in a rush waits from the moment it arrived (Poisson). */
async function openLoop(users: readonly Operation[], { rate, seconds }: { rate: number; seconds: number }) {
  const latencies: number[] = [];
  const errors: string[] = [];
  const running = new Set<Promise<void>>();
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let due = begun;
  for (let turn = 0; due < until && errors.length < MANY_ERRORS; turn++) {
    const operation = users[turn % users.length]!;
    const arrived = due;
    const flow = operation()
      .then(
        () => void latencies.push(performance.now() - arrived),
        (error: unknown) => void errors.push(String(error)),
      )
      .finally(() => running.delete(flow));
    running.add(flow);
    due += (-Math.log(1 - Math.random()) * 1000) / rate;
    const pause = due - performance.now();
    if (pause > 1) await sleep(pause);
  }
  await Promise.all(running);
  return { latencies, errors };
}

/** What strangers may use of a core. */
export const QUIET = 0.1;

type Resting = { readonly step: number; readonly idle: number; readonly longest: number };
/** The work that follows at once. */
const SOON: Resting = { step: 0.25, idle: 0.08, longest: 30 };
/** Letters too, of which twenty a second leave: those of one window are no cost of the next. */
const ALL: Resting = { step: 1, idle: 0.012, longest: 90 };

/** Waits until the server does nothing. Tells how many seconds it took. */
async function rest(pid: number, { step, idle, longest }: Resting): Promise<number> {
  let before = cpuOf(pid).total;
  for (let waited = 0; waited < longest; waited += step) {
    await sleep(step * 1000);
    const now = cpuOf(pid).total;
    if (now - before <= idle * step) return waited;
    before = now;
  }
  return longest;
}

/** Waits until nobody uses the cores, or for so many seconds; tells how long it took. */
export async function untilQuiet({ all }: NonNullable<Cores>, patience: number): Promise<number> {
  const begun = performance.now();
  const waited = () => (performance.now() - begun) / 1000;
  while (waited() < patience) {
    const [before, from] = [busySeconds(all), waited()];
    await sleep(1000);
    if ((busySeconds(all) - before) / (waited() - from) / coreCount(all) < QUIET) break;
  }
  return waited();
}
