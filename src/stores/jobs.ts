import type { Pool } from 'pg';
import type { Knex } from './connections.ts';

/** Work for later that is no letter. */
export type Job = {
  readonly job: 'backchannel-logout';
  readonly clientId: string;
  readonly accountId: string;
  readonly sid: string;
};

/** The task's name in graphile-worker. */
export const LOGOUT_TASK = 'backchannel-logout';

/** Of one task: what has not failed yet, what failed and is tried again, what is given up; and how late the oldest is that is due. */
export type Standing = {
  readonly job: string;
  readonly waiting: number;
  readonly retrying: number;
  readonly dead: number;
  readonly lateSeconds: number;
};

export interface Jobs {
  add(job: Job): Promise<void>;
  /** Jobs that a process held when it was killed go to others: none of ours takes so many seconds. */
  release(seconds: number): Promise<void>;
  /** The same at once, of runners that hold nothing any more but what they could not tell the end of. */
  releaseOf(runners: readonly string[]): Promise<void>;
  /** What there is to do, letters and all; no more than `most` are counted. */
  standing(most: number): Promise<readonly Standing[]>;
}

export function postgresJobs(db: Knex): Jobs {
  return {
    async add({ job, ...payload }) {
      await db.raw('select graphile_worker.add_job(?, ?::json, max_attempts := 8, priority := -20)', [
        job,
        JSON.stringify(payload),
      ]);
    },
    async release(seconds) {
      await db.raw(
        `select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)) from graphile_worker.jobs
         where locked_at < now() - make_interval(secs => ?) having count(*) > 0`,
        [seconds],
      );
    },
    async releaseOf(runners) {
      await db.raw('select graphile_worker.force_unlock_workers(?::text[])', [[...runners]]);
    },
    async standing(most) {
      type Row = { job: string; waiting: string; retrying: string; dead: string; late: number | null };
      const { rows } = await db.raw<{ rows: Row[] }>(
        `select task_identifier as job, count(*) filter (where last_error is null) as waiting,
           count(*) filter (where last_error is not null and attempts < max_attempts) as retrying,
           count(*) filter (where last_error is not null and attempts >= max_attempts) as dead,
           extract(epoch from now() - min(run_at) filter (where attempts < max_attempts and locked_at is null))::float8 as late
         from (select * from graphile_worker.jobs limit ?) found group by 1 order by 1`,
        [most],
      );
      return rows.map(({ job, waiting, retrying, dead, late }) => ({
        ...{ job, waiting: Number(waiting), retrying: Number(retrying), dead: Number(dead) },
        lateSeconds: Math.max(0, late ?? 0),
      }));
    },
  };
}

/**
 * Tells Postgres as soon as many jobs wait, not a minute later when autovacuum comes, in the name of the tables' owner;
 * answers whether it had to be told.
 */
export async function keepStatistics(pool: Pick<Pool, 'query'>): Promise<boolean> {
  const { rows } = await pool.query<{ told: boolean }>('select keep_statistics() as told');
  return rows[0]?.told === true;
}
