import { setTimeout as sleep } from 'node:timers/promises';

/** What comes at once on a quiet machine may take long on a busy one; only what never comes is waited for so long. */
const MOST_MS = 60_000;

/** Looks again and again until it is so; says whether it came to that. */
export async function until(is: () => boolean | Promise<boolean>, every = 20): Promise<boolean> {
  const end = performance.now() + MOST_MS;
  while (!(await is())) {
    if (performance.now() > end) return false;
    await sleep(every);
  }
  return true;
}
