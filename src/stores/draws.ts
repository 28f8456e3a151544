import type { Channel } from '../domain/checklist.ts';
import { VIDEO_SESSIONS } from '../domain/enrolment.ts';
import { EARLY, THERE } from '../domain/presence.ts';
import type { Run } from '../domain/run.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

export type Wish = {
  readonly channel: Channel;
  /** Empty by video. */
  readonly office: string;
  readonly officer: string;
  /** The officer's own: nobody works on her own RUN. */
  readonly ownRun: Run;
  readonly now: number;
};

/** Who is next. An officer asks for somebody, never for one whom she chooses. */
export interface Draws {
  /** Of those who are there: first whose hour has come, then the line. Two officers get two people (`skip locked`). */
  next(wish: Wish): Promise<string | undefined>;
  /** Who noted a request at a desk: she does not review it. */
  noted(caseId: string, officer: string, at: number): Promise<void>;
  /** She stands in the line by video at this moment. */
  byVideo(caseId: string, now: number): Promise<boolean>;
  /** Who noted that somebody has come: she is not given her, unless that somebody has an hour booked at the office. */
  arrived(caseId: string, officer: string, at: number): Promise<void>;
}

type Values = Readonly<Record<string, string | number | readonly Buffer[]>>;

export function postgresDraws(db: Knex, vault: Vault): Draws {
  return {
    async next({ channel, office, officer, ownRun, now }) {
      // pg takes arrays of buffers; knex does not say so.
      const values: Values = {
        ...{ channel, office, officer, now, since: now - THERE[channel], soon: now + EARLY },
        sessions: VIDEO_SESSIONS,
        own: vault.indexes(ownRun, 'enrolments.run'),
      };
      const { rows } = await db.raw<{ rows: { case_id: string }[] }>(
        `with one as (
           select w.case_id from walk_ins w
             join enrolments e on e.id = w.case_id
             left join bookings b on b.case_id = e.id and b.state = 'booked'
             left join slots s on s.id = b.slot_id and s.channel = w.channel and s.office = w.office
           where w.channel = :channel and w.office = :office and w.called_at is null and w.seen_at > :since
             and (e.stage in ('contact-confirmed', 'booked') or e.stage = 'requested' and w.channel = 'office')
             and (s.id is null or s.starts_at <= :soon)
             and (w.channel = 'office' or e.sessions < :sessions)
             and not e.run_index = any(:own)
             and not exists (select 1 from enrolment_moves m where m.case_id = e.id and m.by_id = :officer)
             and not exists (select 1 from desk_requests d where d.case_id = e.id and d.officer_id = :officer)
             and (s.id is not null
                  or not exists (select 1 from desk_arrivals a where a.case_id = e.id and a.officer_id = :officer))
           order by s.starts_at nulls last, w.joined_at, w.case_id
           limit 1 for update of w skip locked)
         update walk_ins set called_at = :now from one where walk_ins.case_id = one.case_id returning walk_ins.case_id`,
        values as Record<string, string>,
      );
      return rows[0]?.case_id;
    },
    async noted(caseId, officer, at) {
      await db('desk_requests').insert({ case_id: caseId, officer_id: officer, at });
    },
    async byVideo(caseId, now) {
      const rows = await db('walk_ins')
        .where({ case_id: caseId, channel: 'video' })
        .whereNull('called_at')
        .andWhere('seen_at', '>', now - THERE.video)
        .select<{ case_id: string }[]>('case_id');
      return rows.length > 0;
    },
    async arrived(caseId, officer, at) {
      await db('desk_arrivals').insert({ case_id: caseId, officer_id: officer, at }).onConflict().ignore();
    },
  };
}
