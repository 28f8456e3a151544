import { Redis } from 'ioredis';
import knex, { type Knex } from 'knex';

export type { Knex, Redis };

/**
 * Postgres by knex; `patience` is how long anybody waits for it, in milliseconds.
 * Callback transactions only: `await trx.commit()` resolves even when COMMIT failed.
 */
export function openPostgres(url: string, { patience, max = 10 }: { patience: number; max?: number }): Knex {
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
      application_name: 'claveunica',
    },
    pool: { min: 0, max },
    acquireConnectionTimeout: patience,
    // What it would say on the console comes out as an exception as well, and is logged there once.
    log: { debug: quiet, warn: quiet, error: quiet, deprecate: quiet },
  });
}

const quiet = () => undefined;

type Settings = { readonly patience: number; readonly onError: (error: Error) => void };

/** Redis by ioredis. Commands fail at once while it is away; it connects again by itself, every second at the latest. */
export async function openRedis(url: string, { patience, onError }: Settings): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    connectTimeout: patience,
    commandTimeout: patience,
    retryStrategy: (times) => Math.min(times * 50, 1000),
  });
  redis.on('error', onError);
  await redis.connect();
  return redis;
}
