import type { Run } from './run.ts';

/** Guessing slows down where it happens; nobody can close the account of somebody else (SECURITY §4.3). */
export type Context =
  | 'known-device'
  | 'unknown-network'
  | 'unknown-hour'
  | 'unknown-ever'
  | 'current'
  | 'factor'
  | 'proof'
  | 'source'
  | 'people'
  | 'everybody';
/** `member`: for counters of different people, not of tries. */
export type Key = { readonly context: Context; readonly id: string; readonly member?: string };
export type Counter = { readonly failures: number; readonly first: number; readonly last: number };

/**
 * Milliseconds. `free` tries, then the waits one after another, at the ceiling the rest of the window. A `step` counter
 * has no waits: when it is full, whoever knows the password must show the mailbox too. `forgives`: what a success
 * takes back, all or the one try that it was. An `alarm` counter is everybody's (`alarm.ts`).
 */
export type Curve = {
  readonly then: 'wait' | 'step' | 'alarm';
  readonly forgives: 'all' | 'one';
  readonly free: number;
  readonly waits: readonly number[];
  readonly ceiling: number;
  readonly window: number;
};

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const CENTURY = 100 * 365 * 24 * H;
const CURVES: Record<Context, Curve> = {
  'known-device': {
    then: 'wait',
    forgives: 'all',
    free: 10,
    waits: [30 * S, 1 * MIN, 2 * MIN, 4 * MIN, 8 * MIN, 16 * MIN, 32 * MIN, 1 * H],
    ceiling: 50,
    window: 24 * H,
  },
  'unknown-network': {
    then: 'wait',
    forgives: 'all',
    free: 5,
    waits: [30 * S, 1 * MIN, 2 * MIN, 5 * MIN, 15 * MIN, 30 * MIN, 1 * H],
    ceiling: 20,
    window: 12 * H,
  },
  // All unknown contexts of one RUN together.
  'unknown-hour': { then: 'step', forgives: 'one', free: 20, waits: [], ceiling: 20, window: H },
  // Consecutive, whenever: NIST SP 800-63B §3.2.2 allows a hundred.
  'unknown-ever': { then: 'step', forgives: 'all', free: 100, waits: [], ceiling: 100, window: CENTURY },
  // The current ClaveÚnica, asked for in an open session: whoever sits there may be somebody else.
  current: {
    then: 'wait',
    forgives: 'all',
    free: 5,
    waits: [30 * S, 1 * MIN, 2 * MIN, 5 * MIN, 15 * MIN, 30 * MIN, 1 * H],
    ceiling: 20,
    window: 12 * H,
  },
  // All unknown contexts of one RUN at its second factor: only who knows the password comes so far, and a million
  // codes are few where many places guess.
  factor: {
    then: 'wait',
    forgives: 'all',
    free: 10,
    waits: [1 * MIN, 5 * MIN, 15 * MIN, 1 * H],
    ceiling: 50,
    window: 24 * H,
  },
  // One right password: the first code after it is one try together with it, and waits for nothing that it has waited for.
  proof: { then: 'wait', forgives: 'one', free: 1, waits: [15 * MIN], ceiling: 1, window: 15 * MIN },
  // One address: many people may stand behind it, so it is slowed and never closed.
  source: { then: 'wait', forgives: 'one', free: 20, waits: [MIN], ceiling: 1_000_000, window: MIN },
  // Different RUNs from one address.
  people: { then: 'step', forgives: 'one', free: 100, waits: [], ceiling: 100, window: H },
  // All unknown contexts of all people: judged by `alarm.ts` once a minute.
  everybody: { then: 'alarm', forgives: 'all', free: 0, waits: [], ceiling: 0, window: 10 * MIN },
};
/** A success of anybody. */
export const EVERYBODY: Key = { context: 'everybody', id: '' };
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

/** Where a try comes from. `source` is one address, `network` its neighbourhood. */
export type From = { readonly device: string; readonly network: string; readonly source: string };

/** A device that has signed in before stands apart from whatever others do to its owner. */
export const keysOfKnown = (run: Run, { device }: Pick<From, 'device'>): readonly Key[] => [
  { context: 'known-device', id: `${run}|${device}` },
];
export const keysOfUnknown = (run: Run, { network, source }: Omit<From, 'device'>): readonly Key[] => [
  { context: 'unknown-network', id: `${run}|${network}` },
  { context: 'unknown-hour', id: run },
  { context: 'unknown-ever', id: run },
  { context: 'source', id: source },
  { context: 'people', id: source, member: run },
  EVERYBODY,
];
/** At the second factor, after the password: where it counts too, but for whom was tried. */
export const keysOfFactor = (run: Run, from: Omit<From, 'device'>): readonly Key[] => [
  ...keysOfUnknown(run, from).filter(({ context }) => context !== 'people' && context !== 'everybody'),
  { context: 'factor', id: run },
];
/** Those that six digits need, whoever tries them: what else counts has let the password pass a moment ago. */
export const ownOfFactor = ({ context }: Key): boolean => context === 'factor' || context === 'source';
/** In an open session, beside what counts at signing in from there. */
export const keysOfCurrent = (run: Run, uid: string, entered: readonly Key[]): readonly Key[] => [
  ...entered,
  { context: 'current', id: `${run}|${uid}` },
];
/** What a success takes back: its own counters, and the ceiling, which counts consecutive failures. */
export const keysForgiven = (run: Run, spent: readonly Key[]): readonly Key[] =>
  spent.some(({ context }) => context === 'unknown-ever') ? spent : [...spent, { context: 'unknown-ever', id: run }];

/** One address of IPv4; of IPv6 the /64, which is one subscriber's. */
export const sourceOf = (address: string): string => (address.includes(':') ? networkOf(address) : address);

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
