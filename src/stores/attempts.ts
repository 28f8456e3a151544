import { ALARM, minuteOf, type Tally } from '../domain/alarm.ts';
import { curveOf, type Key } from '../domain/throttle.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { run } from './statement.ts';
import { sweepRows } from './sweep.ts';

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
  forgive(keys: readonly Key[], now: number): Promise<void>;
  /** Takes one try back, when nobody looked at it after all. */
  giveBack(keys: readonly Key[], now: number): Promise<void>;
  /** What happened to everybody, minute by minute, in whole minutes from the first moment to before the second. */
  tallies(from: number, to: number): Promise<readonly Tally[]>;
  /** Until then every try of `EVERYBODY` asks for a step. Tells whether that is new; of several at once to one. */
  raiseAlarm(until: number, now: number): Promise<boolean>;
  /** Begins these anew, however full they are: who has shown the mailbox is not kept waiting for what others did. */
  clear(keys: readonly Key[]): Promise<void>;
  /** Takes away what no curve remembers any more. */
  sweep(now: number): Promise<void>;
}

const SPEND = { name: 'attempts-spend', text: 'select spend_attempts($1, $2) as until' };
const FORGIVE = { name: 'attempts-forgive', text: 'select take_back_attempts($1, $2)' };

/** A try as the functions of the database take it. */
export const tryRow = (vault: Vault) => {
  // With the first master key alone: a rotation begins the counters anew, and is rare.
  const hex = (value: string, place: string) => vault.indexes(value, place)[0].toString('hex');
  return ({ context, id, member }: Key) => ({
    key: hex(`${context}|${id}`, 'attempts.key'),
    ...(member !== undefined && { member: hex(member, 'people_tried.person') }),
    ...curveOf(context),
  });
};
/** What they answer: 0, -1 for a step, or until when to wait. */
export const spentOf = (answer: string | undefined): Spent => {
  const until = Number(answer);
  return until === 0 ? { kind: 'go' } : until < 0 ? { kind: 'step' } : { kind: 'wait', until };
};

export function postgresAttempts(db: Knex, vault: Vault): Attempts {
  const row = tryRow(vault);
  return {
    async spend(keys, now) {
      const [spent] = await run<{ until: string }>(db, SPEND, [JSON.stringify(keys.map(row)), now]);
      return spentOf(spent?.until);
    },
    async forgive(keys, now) {
      await run(db, FORGIVE, [JSON.stringify(keys.map(row)), now]);
    },
    async giveBack(keys, now) {
      const tries = keys.map((key) => ({ ...row(key), forgives: 'one' }));
      await run(db, FORGIVE, [JSON.stringify(tries), now]);
    },
    async tallies(from, to) {
      const { rows } = await db.raw<{ rows: { failures: string; successes: string }[] }>(
        `select greatest(sum(tried - succeeded), 0) as failures, sum(succeeded) as successes from tries_by_minute
         where minute >= :from and minute < :to group by minute order by minute`,
        { from: minuteOf(from), to: minuteOf(to) },
      );
      return rows.map(({ failures, successes }) => ({ failures: Number(failures), successes: Number(successes) }));
    },
    async raiseAlarm(until, now) {
      const alarm = () => db('alarms').where({ name: 'guessing' });
      const begun = await alarm().andWhere('until_at', '<=', now).update({ until_at: until });
      if (begun === 0) await alarm().andWhere('until_at', '<', until).update({ until_at: until });
      return begun === 1;
    },
    async clear(keys) {
      const tries = keys.map((key) => ({ ...row(key), forgives: 'all' }));
      await db.raw('select forgive_attempts(:tries)', { tries: JSON.stringify(tries) });
    },
    async sweep(now) {
      await sweepRows(db, { table: 'attempts', over: 'over_at <= :now' }, { now });
      const before = now - curveOf('people').window;
      await sweepRows(db, { table: 'people_tried', over: 'at <= :before' }, { before });
      await db('tries_by_minute')
        .where('minute', '<', minuteOf(now - ALARM.remembered - ALARM.gap))
        .delete();
    },
  };
}
