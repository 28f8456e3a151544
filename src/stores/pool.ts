import pg, { type Pool } from 'pg';

type PoolWish = { readonly max: number; readonly patience?: number };

/**
 * For the job runner, which does not wait for the end of a pool of its own; what is lost while idle is opened again. Who
 * stopped waiting leaves a connection behind on which nobody is answered, when the server has vanished without a word:
 * none lives for long.
 */
export function openPool(url: string, { max, patience = JOBS_PATIENCE_MS.least }: PoolWish): Pool {
  const pool = new pg.Pool({
    ...{ connectionString: url, max, application_name: 'claveunica jobs', keepAlive: true },
    ...{ connectionTimeoutMillis: patience, query_timeout: patience, maxLifetimeSeconds: (3 * patience) / 1000 },
  });
  pool.on('error', quiet);
  pool.on('connect', (client) => void client.on('error', quiet));
  return pool;
}

/**
 * A look for jobs among a hundred thousand, of which Postgres has not been told, takes seconds. Where requests wait for
 * longer, so does the runner: else a slow Postgres is told of as one that is away. After a minute and a half a job is taken
 * from whoever holds it, so a question must be over well before.
 */
const JOBS_PATIENCE_MS = { least: 10_000, most: 30_000 };

const quiet = () => undefined;

type Pools = { readonly open: (max: number) => Pool; readonly end: () => Promise<unknown> };

/** Pools that come and go; what is left of them is ended together. `patience` is that of a request. */
export function poolsOf(url: string, { patience: ofRequests }: { readonly patience: number }): Pools {
  const pools = new Set<Pool>();
  const patience = Math.min(Math.max(ofRequests, JOBS_PATIENCE_MS.least), JOBS_PATIENCE_MS.most);
  return {
    open(max) {
      for (const each of pools) if (each.ended) pools.delete(each);
      const pool = openPool(url, { max, patience });
      pools.add(pool);
      return pool;
    },
    end: async () => Promise.all([...pools].filter(({ ending }) => !ending).map((pool) => pool.end())),
  };
}
