import pg, { type Pool } from 'pg';

type PoolWish = { readonly max: number; readonly patience?: number };

/**
 * For the job runner, which does not wait for the end of a pool of its own; what is lost while idle is opened again. Who
 * stopped waiting leaves a connection behind on which nobody is answered, when the server has vanished without a word:
 * none lives for long.
 */
export function openPool(url: string, { max, patience = JOBS_PATIENCE_MS }: PoolWish): Pool {
  const pool = new pg.Pool({
    ...{ connectionString: url, max, application_name: 'claveunica jobs', keepAlive: true },
    ...{ connectionTimeoutMillis: patience, query_timeout: patience, maxLifetimeSeconds: (3 * patience) / 1000 },
  });
  pool.on('error', quiet);
  pool.on('connect', (client) => void client.on('error', quiet));
  return pool;
}

/** A look for jobs among a hundred thousand, of which Postgres has not been told, takes seconds. */
const JOBS_PATIENCE_MS = 10_000;

const quiet = () => undefined;

/** Pools that come and go; what is left of them is ended together. */
export function poolsOf(url: string): { readonly open: (max: number) => Pool; readonly end: () => Promise<unknown> } {
  const pools = new Set<Pool>();
  return {
    open(max) {
      for (const each of pools) if (each.ended) pools.delete(each);
      const pool = openPool(url, { max });
      pools.add(pool);
      return pool;
    },
    end: async () => Promise.all([...pools].filter(({ ending }) => !ending).map((pool) => pool.end())),
  };
}
