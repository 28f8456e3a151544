import { postgresAnswers, redisAnswers, type Knex, type Redis } from './connections.ts';

/** Which stores answer right now. */
export async function healthOf(db: Knex, redis: Redis | undefined): Promise<Readonly<Record<string, boolean>>> {
  const answers = async (question: Promise<unknown>) =>
    question.then(
      () => true,
      () => false,
    );
  const [postgres, cache] = await Promise.all([
    answers(postgresAnswers(db)),
    redis ? answers(redisAnswers(redis)) : undefined,
  ]);
  return { postgres, ...(cache !== undefined && { redis: cache }) };
}
