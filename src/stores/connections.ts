import { Redis } from 'ioredis';
import knex, { type Knex } from 'knex';

export type { Knex, Redis };

/** What waits longer than this for a store gets a 503 (milliseconds). */
const PATIENCE = 900;

/** Postgres by knex. Callback transactions only: `await trx.commit()` resolves even when COMMIT failed. */
export function openPostgres(
  url: string,
  { max = 10, patience = PATIENCE }: { max?: number; patience?: number } = {},
): Knex {
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
  });
}

/** Redis by ioredis. Commands fail at once while it is away; it connects again by itself, every second at the latest. */
export async function openRedis(url: string, onError: (error: Error) => void): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE,
    commandTimeout: PATIENCE,
    retryStrategy: (times) => Math.min(times * 50, 1000),
  });
  redis.on('error', onError);
  await redis.connect();
  return redis;
}
