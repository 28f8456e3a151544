/** What the environment names is not there, or not as it should be: begins with the variable, and is all that is said. */
export class StartFault extends Error {}

export type Store = 'postgres' | 'redis';

type Why = {
  readonly retryAfter?: number;
  readonly store?: Store | undefined;
  readonly doubtful?: boolean;
  readonly cause?: unknown;
};

/** A part of ours is away for the moment: answered with 503 and `Retry-After` (seconds). Nothing has been changed. */
export class Unavailable extends Error {
  readonly part: string;
  readonly retryAfter: number;
  /** Which store it is; undefined where the error does not say. */
  readonly store: Store | undefined;
  /** It may be the question's own fault, and all others be answered. */
  readonly doubtful: boolean;
  constructor(part: string, { retryAfter = 5, store, doubtful = false, cause }: Why = {}) {
    super(`${part} is not available`, { cause });
    this.name = 'Unavailable';
    this.part = part;
    this.retryAfter = retryAfter;
    this.store = store;
    this.doubtful = doubtful;
  }
}

/** Postgres: connections refused or lost (08, 57P), too many (53), read-only after a failover (25006), out of time (57014). */
const POSTGRES = /^(08...|53...|57P..|57014|25006)$/;
const SYSTEM = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|NR_CLOSED)$/;
const POSTGRES_WORDS =
  /Connection terminated|is not queryable$|timeout exceeded when trying to connect|^timeout expired$|Query read timeout/;
const REDIS_NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'AbortError']);
const REDIS_WORDS =
  /Connection is closed|Command timed out|^Socket timeout\.|Stream isn't writeable|Cluster isn't ready|None of startup nodes is available|Too many Cluster redirections|^(READONLY|LOADING|OOM|MASTERDOWN|CLUSTERDOWN|MISCONF|NOREPLICAS|TRYAGAIN)\b/;
/** An answer that was not to be had in time; where no connection was, it is not the question's fault. */
const LATE = /Query read timeout|Command timed out|statement timeout/;
/** Cancelled, too much for its memory, and what poolers say of a server that is away and Postgres of a wrong number of values. */
const DOUBTFUL = /^(57014|53200|08P01)$/;

/** Whose words these are; the system's own (`ECONNREFUSED`) are anybody's, unless a store has put its name on them. */
function storeOf(error: Error, code: string): Store | 'unknown' | undefined {
  if (POSTGRES.test(code) || error.name === 'KnexTimeoutError' || POSTGRES_WORDS.test(error.message)) return 'postgres';
  if (REDIS_NAMES.has(error.name) || REDIS_WORDS.test(error.message)) return 'redis';
  if (!SYSTEM.test(code)) return undefined;
  const named = 'store' in error ? error.store : undefined;
  return named === 'postgres' || named === 'redis' ? named : 'unknown';
}

/** Tells a part that is away from a mistake of ours, by what the drivers of Postgres and Redis throw. */
export function asUnavailable(error: unknown, depth = 8): Unavailable | undefined {
  if (error instanceof Unavailable) return error;
  // Causes may go round in circles.
  if (!(error instanceof Error) || depth === 0) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const store = storeOf(error, code);
  if (store === undefined) return asUnavailable(error.cause, depth - 1);
  const doubtful = DOUBTFUL.test(code) || LATE.test(error.message);
  return new Unavailable('store', { store: store === 'unknown' ? undefined : store, doubtful, cause: error });
}
