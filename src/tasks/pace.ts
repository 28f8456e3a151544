import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** So many turns a second; after a quiet second so many at once. */
export function pace(perSecond: number): () => Promise<void> {
  let last = 0;
  return async () => {
    const now = performance.now();
    last = Math.max(last, now - 1000) + 1000 / perSecond;
    if (last > now) await sleep(last - now);
  };
}

/**
 * Longer and longer waits, in milliseconds. Each is shorter by up to a quarter, as chance will have it (0 to 1): those who
 * have failed together do not come again together.
 */
export function pauses({ least, most }: { readonly least: number; readonly most: number }, chance: () => number) {
  let next = least;
  return {
    next: (): number => {
      const now = next;
      next = Math.min(2 * next, most);
      return now * (1 - chance() / 4);
    },
    again: (): void => {
      next = least;
    },
  };
}

/** Rejects when the work takes longer; milliseconds. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not done within ${String(ms)} ms`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
