import { setTimeout as sleep } from 'node:timers/promises';

/** How one operation went: milliseconds from the moment it was due, and the fault when it had one. */
export type Sample = { readonly ms: number; readonly fault?: string; readonly said?: string };

/** More than that at once are let go: the load must not die of what it loads. */
const MOST = 3000;

/** Begins `operation` so often, whatever becomes of those before. */
export async function openLoop(
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
  operation: (turn: number) => Promise<string | void>,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const running = new Set<Promise<unknown>>();
  const begun = performance.now();
  for (let turn = 0; turn < rate * seconds; turn++) {
    const due = begun + (turn * 1000) / rate;
    const pause = due - performance.now();
    if (pause > 1) await sleep(pause);
    if (running.size >= MOST) {
      samples.push({ ms: 0, fault: 'let go by the load' });
      continue;
    }
    const flow = operation(turn)
      .then(
        (said) => samples.push({ ms: performance.now() - due, ...(said !== undefined && { said }) }),
        (error: unknown) => samples.push({ ms: performance.now() - due, fault: String(error) }),
      )
      .finally(() => running.delete(flow));
    running.add(flow);
  }
  await Promise.all(running);
  return samples;
}

/** Milliseconds that so large a share stayed below; what failed counts as it took. */
export function percentile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
