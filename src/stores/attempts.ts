import { curveOf, type Key } from '../domain/throttle.ts';
import type { Vault } from '../domain/vault.ts';
import { run, type Knex } from './connections.ts';

export type Spent =
  | { readonly kind: 'go' }
  /** Look at the password, but let nobody in by it alone. */
  | { readonly kind: 'step' }
  | { readonly kind: 'wait'; readonly until: number };

/** Counters of guesses. In Postgres: they must survive a flush of Redis and a restart. */
export interface Attempts {
  /**
   * Asks and counts in one atomic statement: of n parallel tries only those that are free pass. A wait counts
   * nothing; a step is counted, so that it ends in a wait as well.
   */
  spend(keys: readonly Key[], now: number): Promise<Spent>;
  forgive(keys: readonly Key[]): Promise<void>;
  /** Takes one try back, when nobody looked at it after all. */
  giveBack(keys: readonly Key[]): Promise<void>;
  /** Begins these anew, however full they are: who has shown the mailbox is not kept waiting for what others did. */
  clear(keys: readonly Key[]): Promise<void>;
  /** Takes away what no curve remembers any more. */
  sweep(now: number): Promise<void>;
}

const SPEND = { name: 'attempts-spend', text: 'select spend_attempts($1, $2) as until' };
const FORGIVE = { name: 'attempts-forgive', text: 'select forgive_attempts($1)' };

export function postgresAttempts(db: Knex, vault: Vault): Attempts {
  // With the first master key alone: a rotation begins the counters anew, and is rare.
  const hex = (value: string, place: string) => vault.indexes(value, place)[0].toString('hex');
  const row = ({ context, id, member }: Key) => ({
    key: hex(`${context}|${id}`, 'attempts.key'),
    ...(member !== undefined && { member: hex(member, 'people_tried.person') }),
    ...curveOf(context),
  });
  return {
    async spend(keys, now) {
      const [spent] = await run<{ until: string }>(db, SPEND, [JSON.stringify(keys.map(row)), now]);
      const until = Number(spent?.until);
      return until === 0 ? { kind: 'go' } : until < 0 ? { kind: 'step' } : { kind: 'wait', until };
    },
    async forgive(keys) {
      await run(db, FORGIVE, [JSON.stringify(keys.map(row))]);
    },
    async giveBack(keys) {
      const tries = keys.map((key) => ({ ...row(key), forgives: 'one' }));
      await run(db, FORGIVE, [JSON.stringify(tries)]);
    },
    async clear(keys) {
      const tries = keys.map((key) => ({ ...row(key), forgives: 'all' }));
      await db.raw('select forgive_attempts(:tries)', { tries: JSON.stringify(tries) });
    },
    async sweep(now) {
      await db('people_tried')
        .where('at', '<=', now - curveOf('people').window)
        .delete();
    },
  };
}
