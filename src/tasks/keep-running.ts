import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from 'graphile-worker';
import { pauses } from './pace.ts';

/** Between two runners while none lives long, and between two questions whether Postgres takes changes again; milliseconds. */
const PAUSE = { least: 1000, most: 10_000 };
const ASKING = { least: 1000, most: 5000 };

type Keeping = {
  readonly begin: () => Promise<Runner>;
  /** What runners still hold that have ended: they could not tell Postgres. */
  readonly free: (runners: readonly string[]) => Promise<void>;
  readonly missed: (error: unknown) => void;
  /** From 0 to 1. */
  readonly chance: () => number;
};

/**
 * Keeps a runner going over a Postgres that goes away and comes back. One that could not tell Postgres of a job's end
 * ends itself, and one that could not learn the ids of its tasks never asks again: so each that meets a fault is ended,
 * when what it has under way is done, and after a pause another begins, but none before Postgres has taken back what they
 * hold: the same change that each would begin with, at the cost of one question. Returns after the first try; the answer
 * ends all.
 */
export async function keepRunning({ begin, free, missed, chance }: Keeping): Promise<() => Promise<void>> {
  const { promise: leaving, resolve: leave } = Promise.withResolvers<void>();
  const { promise: tried, resolve: firstTried } = Promise.withResolvers<void>();
  const ending = new Set<Promise<unknown>>();
  const ended: string[] = [];
  let isLeaving = false;
  const wait = (ms: number) => Promise.race([sleep(ms, undefined, { ref: false }), leaving]);
  const end = (runner: Runner) => {
    // One that has ended already says so.
    const stopped = runner
      .stop()
      .catch(() => undefined)
      .finally(() => ending.delete(stopped));
    ending.add(stopped);
  };
  const handBack = async () => {
    const those = [...ended];
    await free(those);
    ended.splice(0, those.length);
  };
  const takesChanges = async () => {
    const asking = pauses(ASKING, chance);
    for (let taken = false; !taken && !isLeaving;) {
      taken = await handBack().then(
        () => true,
        (error: unknown) => {
          missed(error);
          return false;
        },
      );
      if (!taken) await wait(asking.next());
    }
  };
  const keep = async () => {
    const pause = pauses(PAUSE, chance);
    while (!isLeaving) {
      const begun = performance.now();
      const runner = await begin().catch(missed);
      runner?.events.once('pool:gracefulShutdown:complete', ({ workerPool }) => ended.push(workerPool.id));
      firstTried();
      if (runner && ended.length > 0) void handBack().catch(missed);
      const fault = runner && (await Promise.race([faultOf(runner), leaving]));
      if (fault !== undefined) missed(fault);
      if (performance.now() - begun > PAUSE.most) pause.again();
      // Not in the middle of the fault: each of its workers would tell of it.
      await wait(pause.next());
      if (runner) end(runner);
      await takesChanges();
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
