import type { Run } from './run.ts';

/** Guessing slows down where it happens; nobody can close the account of somebody else (SECURITY §4.3). */
export type Context = 'known-device' | 'unknown-network';
export type Key = { readonly context: Context; readonly id: string };
export type Counter = { readonly failures: number; readonly first: number; readonly last: number };

/** Milliseconds. `free` tries, then the waits one after another, at the ceiling the rest of the window. */
export type Curve = {
  readonly free: number;
  readonly waits: readonly number[];
  readonly ceiling: number;
  readonly window: number;
};

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const CURVES: Record<Context, Curve> = {
  'known-device': {
    free: 10,
    waits: [30 * S, 1 * MIN, 2 * MIN, 4 * MIN, 8 * MIN, 16 * MIN, 32 * MIN, 1 * H],
    ceiling: 50,
    window: 24 * H,
  },
  'unknown-network': {
    free: 5,
    waits: [30 * S, 1 * MIN, 2 * MIN, 5 * MIN, 15 * MIN, 30 * MIN, 1 * H],
    ceiling: 20,
    window: 12 * H,
  },
};
export const curveOf = (context: Context): Curve => CURVES[context];

const running = (curve: Curve, counter: Counter | undefined, now: number) =>
  counter && now < counter.first + curve.window ? counter : undefined;

/**
 * The moment until which a password is not even looked at, or undefined when one may be tried now. A wait that was told
 * is kept to, also when the window ends in the middle of it.
 */
export function wait(context: Context, counter: Counter | undefined, now: number): number | undefined {
  const { free, waits, ceiling, window } = CURVES[context];
  if (!counter || counter.failures < free) return undefined;
  const pause = waits[Math.min(counter.failures - free, waits.length - 1)] ?? window;
  const until = counter.failures >= ceiling ? counter.first + window : counter.last + pause;
  return until > now ? until : undefined;
}

/** Every try counts as a failure beforehand; a success is forgiven afterwards. */
export function counted(context: Context, counter: Counter | undefined, now: number): Counter {
  const current = running(CURVES[context], counter, now);
  return { failures: (current?.failures ?? 0) + 1, first: current?.first ?? now, last: now };
}

export const keyFor = (run: Run, from: { known: boolean; device: string; network: string }): Key =>
  from.known
    ? { context: 'known-device', id: `${run}|${from.device}` }
    : { context: 'unknown-network', id: `${run}|${from.network}` };

/** /24 of IPv4, /64 of IPv6. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/i.exec(address)?.[1];
  if (v4) return `${v4}.0/24`;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
