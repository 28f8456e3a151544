import { Redis } from 'ioredis';
import knex, { type Knex } from 'knex';
import type { Client } from 'pg';

export type { Knex, Redis };

type Connection = Client & { readonly __knexUid: string };

/**
 * Postgres by knex; `patience` is how long anybody waits for it, in milliseconds.
 * Callback transactions only: `await trx.commit()` resolves even when COMMIT failed.
 */
export function openPostgres(url: string, { patience, max = 10 }: { patience: number; max?: number }): Knex {
  const stuck = new Set<string>();
  const connections = new Map<string, Connection>();
  const db = knex({
    client: 'pg',
    connection: {
      connectionString: url,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
      application_name: 'claveunica',
    },
    pool: {
      min: 0,
      max,
      afterCreate: (connection: Connection, done: () => void) => {
        const { __knexUid: uid } = connection;
        connections.set(uid, connection);
        connection.once('end', () => {
          connections.delete(uid);
          stuck.delete(uid);
        });
        done();
      },
      validate: (connection: Connection) => !stuck.has(connection.__knexUid),
    },
    acquireConnectionTimeout: patience,
    // What it would say on the console comes out as an exception as well, and is logged there once.
    log: { debug: quiet, warn: quiet, error: quiet, deprecate: quiet },
  });
  // Who stopped waiting leaves the question behind, and its ROLLBACK may never be sent: what comes next on that
  // connection would be answered late, or be written into a transaction that nobody commits.
  db.on('query-error', (error: Error, { __knexUid: uid }: { readonly __knexUid: string }) => {
    const connection = error.message.endsWith('Query read timeout') ? connections.get(uid) : undefined;
    if (!connection) return;
    stuck.add(uid);
    void connection.end();
  });
  return db;
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
