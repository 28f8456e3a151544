import { hash, verify } from '@node-rs/argon2';
import type { Secret } from '../domain/account.ts';
import { Unavailable } from '../domain/fault.ts';
import type { Vault } from '../domain/vault.ts';
import type { Meters } from './meters.ts';

export interface Hasher {
  /** argon2id with today's parameters and pepper. `idle` work gives way to everybody who waits. */
  hash(password: string, priority?: 'idle'): Promise<Secret>;
  /**
   * Without a secret it works as long as with one, and answers false. Throws `Unavailable` when the queue is full.
   * `first`: before everybody else who waits.
   */
  verify(secret: Secret | undefined, password: string, priority?: 'first'): Promise<boolean>;
  /** Made with other parameters, another pepper or another function than today's. */
  isStale(secret: Secret): boolean;
  /** Milliseconds of the quickest hash with today's parameters so far: so long this thread may wait for a core. */
  quickest(): number;
  /**
   * Sign-ins a second when all goes as quickly as it ever has, how many hashes were made, and for how many milliseconds
   * whoever is next has waited.
   */
  standing(): { readonly aSecond: number; readonly made: number; readonly waitedMs: number };
}

type Settings = {
  readonly memoryKib: number;
  readonly time: number;
  /** Hashes at once, as `hashesAtOnce` has them. */
  readonly concurrency: number;
  /** The process's share of the machine, if it is not alone on it. */
  readonly cores?: number;
  readonly queueMs: number;
  readonly meters?: Meters;
  /** Milliseconds that only grow, for `quickest`. */
  readonly stopwatch?: () => number;
};

/** Signatures, files and names are for the same threads of libuv, and do not wait for hashes. */
const OTHER_THREADS = 2;

/** What a sign-in takes of its process beside the hash, nearly all of it the main thread's (docs/measured.md). */
const BESIDE_MS = 10;

/** Sign-ins a second at best: by the threads that hash, by the cores for all of it, and by the main thread. */
export const signInsAtBest = (hashMs: number, { concurrency, cores }: { concurrency: number; cores: number }): number =>
  1000 * Math.min(concurrency / hashMs, cores / (hashMs + BESIDE_MS), 1 / BESIDE_MS);

/** Of those `wanted` on a machine, what one of its processes makes at once. */
export const hashesAtOnce = (p: {
  readonly wanted: number;
  readonly workers: number;
  readonly threads: number;
}): number => Math.max(1, Math.min(Math.floor(p.wanted / p.workers), p.threads - OTHER_THREADS));

/** `nobody` is a password that no person has: its hash, with the parameters of today, stands in for unknown people. */
export async function argon2Hasher(settings: Settings, vault: Vault, nobody: string): Promise<Hasher> {
  const { memoryKib: m, time: t, concurrency, cores = Infinity, stopwatch = () => performance.now() } = settings;
  const queue = boundedQueue(settings);
  let quickest = Infinity;
  /** Of a hash with today's parameters; the first one is made while all else starts, and takes longer than others. */
  const timed = async <T>(make: () => Promise<T>): Promise<T> => {
    // Before it begins: this thread gives way to it, and may come to the next line when it is over.
    const begun = stopwatch();
    const result = await make();
    quickest = Math.min(quickest, stopwatch() - begun);
    return result;
  };
  const make = async (password: string): Promise<Secret> => {
    const pepper = vault.pepper();
    if (!pepper) throw new Error('hasher: no pepper');
    // argon2id, a salt of 16 bytes and a tag of 32 are the package's defaults.
    const options = { memoryCost: m, timeCost: t, parallelism: 1 };
    return { hash: await timed(() => hash(password, { ...options, secret: pepper.key })), pepper: pepper.id };
  };
  const dummy = await make(nobody);
  const today = new RegExp(`^\\$argon2id\\$v=19\\$m=${String(m)},t=${String(t)},p=1\\$`);
  const isStale = ({ hash: phc, pepper }: Secret) => !today.test(phc) || pepper !== vault.pepper()?.id;

  return {
    hash: (password, priority) => queue(() => make(password), priority),
    async verify(known, password, priority) {
      const secret = known ?? dummy;
      const pepper = secret.pepper === undefined ? undefined : vault.pepper(secret.pepper);
      if (secret.pepper !== undefined && !pepper) throw new Error('hasher: the pepper of this hash is not here');
      const same = await queue(() => {
        const made = () => verify(secret.hash, password, pepper && { secret: pepper.key });
        return isStale(secret) ? made() : timed(made);
      }, priority);
      return known !== undefined && same;
    },
    isStale,
    quickest: () => quickest,
    standing: () => ({ aSecond: signInsAtBest(quickest, { concurrency, cores }), ...queue.standing() }),
  };
}

type Priority = 'first' | 'now' | 'idle';

/**
 * So many at once, by priority and then first come first served; who waits longer than `queueMs` is turned away. Between
 * two of them everything else that has come gets its turn of the loop.
 */
function boundedQueue({ concurrency, queueMs, meters }: Settings) {
  type Waiter = { readonly start: () => void; readonly since: number };
  const waiting: Record<Priority, Waiter[]> = { first: [], now: [], idle: [] };
  const longest = concurrency * 256;
  let [running, made] = [0, 0];
  const waited = meters?.spread('claveunica_hash_wait_seconds', {});
  const worked = meters?.spread('claveunica_hash_duration_seconds', {});
  meters?.watch('claveunica_hashes', { state: 'running' }, () => running);
  const inLine = () => waiting.first.length + waiting.now.length + waiting.idle.length;
  meters?.watch('claveunica_hashes', { state: 'waiting' }, inLine);
  const waitedMs = () => {
    const since = Object.values(waiting).flatMap(([next]) => next?.since ?? []);
    return since.length === 0 ? 0 : performance.now() - Math.min(...since);
  };
  const next = () => {
    const waiter = waiting.first.shift() ?? waiting.now.shift() ?? waiting.idle.shift();
    if (waiter) waiter.start();
    else running -= 1;
  };
  const turn = (priority: Priority) =>
    new Promise<void>((resolve, reject) => {
      if (running < concurrency) {
        running += 1;
        resolve();
        return;
      }
      const line = waiting[priority];
      if (line.length >= longest) {
        reject(new Unavailable('hasher'));
        return;
      }
      const waiter: Waiter = {
        since: performance.now(),
        start: () => {
          clearTimeout(timer);
          setImmediate(resolve);
        },
      };
      const timer = setTimeout(() => {
        line.splice(line.indexOf(waiter), 1);
        reject(new Unavailable('hasher'));
      }, queueMs);
      line.push(waiter);
    });

  const run = async <T>(work: () => Promise<T>, priority: Priority = 'now'): Promise<T> => {
    const asked = performance.now();
    await turn(priority);
    const begun = performance.now();
    waited?.observe((begun - asked) / 1000);
    try {
      return await work();
    } finally {
      worked?.observe((performance.now() - begun) / 1000);
      made += 1;
      next();
    }
  };
  return Object.assign(run, { standing: () => ({ made, waitedMs: waitedMs() }) });
}
