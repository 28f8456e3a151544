import { curveOf, type Key } from '../domain/throttle.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

export type Spent = { readonly kind: 'go' } | { readonly kind: 'wait'; readonly until: number };

/** Counters of guesses. In Postgres: they must survive a flush of Redis and a restart. */
export interface Attempts {
  /** Asks and counts in one atomic statement: of n parallel tries only those that are free pass. */
  spend(keys: readonly Key[], now: number): Promise<Spent>;
  forgive(keys: readonly Key[]): Promise<void>;
}

export function postgresAttempts(db: Knex, vault: Vault): Attempts {
  // With the first master key alone: a rotation begins the counters anew, and is rare.
  const named = ({ context, id }: Key) => vault.indexes(`${context}|${id}`, 'attempts.key')[0];
  return {
    async spend(keys, now) {
      const tries = keys.map((key) => ({ key: named(key).toString('hex'), ...curveOf(key.context) }));
      const { rows } = await db.raw<{ rows: { until: string }[] }>('select spend_attempts(:tries, :now) as until', {
        tries: JSON.stringify(tries),
        now,
      });
      const until = Number(rows[0]?.until);
      return until === 0 ? { kind: 'go' } : { kind: 'wait', until };
    },
    async forgive(keys) {
      await db('attempts').whereIn('key', keys.map(named)).delete();
    },
  };
}
