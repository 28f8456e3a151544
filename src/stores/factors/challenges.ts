import { createHash } from 'node:crypto';
import type { Knex } from '../connections.ts';
import { sweepRows } from '../sweep.ts';

/** Challenges that were answered, as long as they could be again. */
export const spentChallenges = (db: Knex) => ({
  async spend(challenge: string, until: number): Promise<boolean> {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      'insert into challenges_spent (challenge, until) values (:challenge, :until) on conflict do nothing returning 1',
      { challenge: createHash('sha256').update(challenge).digest(), until },
    );
    return rows.length === 1;
  },
  async sweep(now: number): Promise<void> {
    await sweepRows(db, { table: 'challenges_spent', over: 'until <= :now' }, { now });
  },
});
