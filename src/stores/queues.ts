import type { Channel } from '../domain/checklist.ts';
import { RETURNS, THERE } from '../domain/presence.ts';
import type { Knex } from './connections.ts';

type Spot = { readonly channel: Channel; readonly office: string };
export type InLine = Spot & { readonly caseId: string; readonly joinedAt: number };

/** Who waits: for the next officer who is free, and for a place to free. `office` is empty by video. Milliseconds. */
export interface Queues {
  /** Keeps her place when she stands in that line already, or did lately. */
  join(waiting: InLine): Promise<void>;
  /** She is still there. How many stand before her, or undefined when she is in no line. */
  seen(caseId: string, now: number): Promise<number | undefined>;
  leave(caseId: string): Promise<void>;
  /** How many stand in it who were seen since then. */
  length(spot: Spot, since: number): Promise<number>;
  /** Wants to be told when something frees. */
  want(waiting: InLine): Promise<void>;
  wants(caseId: string): Promise<boolean>;
  /** The longest waiting of those who were not told since; noted as told. */
  tell(
    spot: Spot,
    about: { readonly now: number; readonly since: number; readonly most: number },
  ): Promise<readonly string[]>;
  /** She waits for nothing any more. */
  forget(caseId: string): Promise<void>;
}

export function postgresQueues(db: Knex): Queues {
  const ask = async <T>(sql: string, values: Readonly<Record<string, unknown>>): Promise<T[]> =>
    (await db.raw<{ rows: T[] }>(sql, values)).rows;
  const forget = async (table: string, caseId: string): Promise<void> => {
    await db(table).where({ case_id: caseId }).delete();
  };
  return {
    async join({ caseId, channel, office, joinedAt }) {
      await ask(
        `insert into walk_ins as old (case_id, channel, office, joined_at, seen_at) values (:caseId, :channel, :office, :joinedAt, :joinedAt)
         on conflict (case_id) do update set channel = excluded.channel, office = excluded.office, called_at = null, seen_at = excluded.seen_at,
           joined_at = case when old.channel = excluded.channel and old.office = excluded.office and old.called_at is null
                       and old.seen_at > excluded.seen_at - :keeps then old.joined_at else excluded.joined_at end`,
        { caseId, channel, office, joinedAt, keeps: RETURNS[channel] },
      );
    },
    async seen(caseId, now) {
      const [row] = await ask<{ before: string }>(
        `with me as (update walk_ins set seen_at = :now where case_id = :caseId and called_at is null returning *)
         select (select count(*) from walk_ins w where w.channel = me.channel and w.office = me.office and w.called_at is null
                 and w.seen_at > case w.channel when 'video' then cast(:video as bigint) else cast(:desk as bigint) end
                 and (w.joined_at, w.case_id) < (me.joined_at, me.case_id)) as before from me`,
        { caseId, now, video: now - THERE.video, desk: now - THERE.office },
      );
      return row && Number(row.before);
    },
    leave: (caseId) => forget('walk_ins', caseId),
    async length({ channel, office }, since) {
      const [row] = await ask<{ n: string }>(
        `select count(*) as n from walk_ins where channel = :channel and office = :office and called_at is null and seen_at > :since`,
        { channel, office, since },
      );
      return Number(row?.n ?? 0);
    },
    async want({ caseId, channel, office, joinedAt }) {
      await db('waiting_list')
        .insert({ case_id: caseId, channel, office, joined_at: joinedAt })
        .onConflict('case_id')
        .merge(['channel', 'office']);
    },
    wants: async (caseId) => (await db('waiting_list').where({ case_id: caseId }).first('case_id')) !== undefined,
    async tell({ channel, office }, { now, since, most }) {
      const rows = await ask<{ case_id: string }>(
        `update waiting_list set told_at = :now where case_id in (
           select case_id from waiting_list where channel = :channel and office = :office and coalesce(told_at, 0) < :since
           order by joined_at limit :most for update skip locked) returning case_id`,
        { channel, office, since, now, most },
      );
      return rows.map(({ case_id }) => case_id);
    },
    forget: (caseId) => forget('waiting_list', caseId),
  };
}
