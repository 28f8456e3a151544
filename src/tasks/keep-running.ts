import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from 'graphile-worker';
import type { Log } from '../parts.ts';

/** Between two runners; it grows while none lives long. */
const PAUSE_MS = { least: 1000, most: 8000 };

type Keeping = {
  readonly begin: () => Promise<Runner>;
  /** What runners still hold that have ended: they could not tell Postgres. */
  readonly free: (runners: readonly string[]) => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
};

/**
 * Keeps a runner going over a Postgres that goes away and comes back. One that could not tell Postgres of a job's end
 * ends itself, and one that could not learn the ids of its tasks never asks again: so each that meets a fault is ended,
 * when what it has under way is done, and after a pause another begins. Returns after the first try; the answer ends all.
 */
export async function keepRunning({ begin, free, log }: Keeping): Promise<() => Promise<void>> {
  const { promise: leaving, resolve: leave } = Promise.withResolvers<void>();
  const { promise: tried, resolve: firstTried } = Promise.withResolvers<void>();
  const warn = (err: unknown) => log.warn({ err }, 'jobs');
  const ending = new Set<Promise<unknown>>();
  const ended: string[] = [];
  let isLeaving = false;
  const end = (runner: Runner) => {
    // One that has ended already says so.
    const stopped = runner
      .stop()
      .catch(() => undefined)
      .finally(() => ending.delete(stopped));
    ending.add(stopped);
  };
  const keep = async () => {
    for (let pause = PAUSE_MS.least; !isLeaving; pause = Math.min(2 * pause, PAUSE_MS.most)) {
      const begun = performance.now();
      const runner = await begin().catch(warn);
      runner?.events.once('pool:gracefulShutdown:complete', ({ workerPool }) => ended.push(workerPool.id));
      firstTried();
      if (runner && ended.length > 0) void free(ended.splice(0)).catch(warn);
      const fault = runner && (await Promise.race([faultOf(runner), leaving]));
      if (fault !== undefined) warn(fault);
      if (performance.now() - begun > PAUSE_MS.most) pause = PAUSE_MS.least;
      // Not in the middle of the fault: each of its workers would tell of it.
      await Promise.race([sleep(pause, undefined, { ref: false }), leaving]);
      if (runner) end(runner);
    }
    await Promise.all(ending);
  };
  const kept = keep();
  await tried;
  return async () => {
    isLeaving = true;
    leave();
    await kept;
  };
}

/** Resolves with what a runner could not ask or tell Postgres. */
async function faultOf({ events }: Runner): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  events.once('pool:fatalError', ({ error }) => resolve(error));
  events.once('worker:getJob:error', ({ error }) => resolve(error));
  events.once('pool:gracefulShutdown', ({ message }) => resolve(message));
  return promise;
}
