/** What the environment names is not there, or not as it should be: begins with the variable, and is all that is said. */
export class StartFault extends Error {}

/** A part of ours is away for the moment: answered with 503 and `Retry-After` (seconds). Nothing has been changed. */
export class Unavailable extends Error {
  readonly part: string;
  readonly retryAfter: number;
  constructor(part: string, { retryAfter = 5, cause }: { retryAfter?: number; cause?: unknown } = {}) {
    super(`${part} is not available`, { cause });
    this.name = 'Unavailable';
    this.part = part;
    this.retryAfter = retryAfter;
  }
}

/** Postgres: connections refused or lost (08, 57P), too many (53), read-only after a failover (25006), out of time (57014). */
const POSTGRES = /^(08...|53...|57P..|57014|25006)$/;
const SYSTEM = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|NR_CLOSED)$/;
const NAMES = new Set(['KnexTimeoutError', 'MaxRetriesPerRequestError', 'ClusterAllFailedError', 'AbortError']);
const WORDS =
  /Connection is closed|Connection terminated|is not queryable$|timeout exceeded when trying to connect|^timeout expired$|Query read timeout|Command timed out|Stream isn't writeable|Cluster isn't ready|None of startup nodes is available|Too many Cluster redirections|^(READONLY|LOADING|OOM|MASTERDOWN|CLUSTERDOWN|MISCONF|NOREPLICAS|TRYAGAIN)\b/;

/** Tells a part that is away from a mistake of ours, by what the drivers of Postgres and Redis throw. */
export function asUnavailable(error: unknown, depth = 8): Unavailable | undefined {
  if (error instanceof Unavailable) return error;
  // Causes may go round in circles.
  if (!(error instanceof Error) || depth === 0) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (POSTGRES.test(code) || SYSTEM.test(code) || NAMES.has(error.name) || WORDS.test(error.message))
    return new Unavailable('store', { cause: error });
  return asUnavailable(error.cause, depth - 1);
}
