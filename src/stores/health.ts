import type { Store } from '../domain/fault.ts';
import { postgresAnswers, redisAnswers, type Knex, type Redis } from './connections.ts';

/** Whether a store answers right now, and takes changes. One that the process has not got does not. */
export async function storeAnswers(store: Store, db: Knex, redis: Redis | undefined): Promise<boolean> {
  const asked = store === 'postgres' ? postgresAnswers(db) : redis && redisAnswers(redis);
  if (!asked) return false;
  return asked.then(
    () => true,
    () => false,
  );
}

/** Which stores answer right now. */
export async function healthOf(db: Knex, redis: Redis | undefined): Promise<Readonly<Record<string, boolean>>> {
  const [postgres, cache] = await Promise.all([
    storeAnswers('postgres', db, redis),
    redis ? storeAnswers('redis', db, redis) : undefined,
  ]);
  return { postgres, ...(cache !== undefined && { redis: cache }) };
}
