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

export interface Jobs {
  add(job: Job): Promise<void>;
  /** Jobs that a process held when it was killed go to others: none of ours takes so many seconds. */
  release(seconds: number): Promise<void>;
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
  };
}

const MANY = 5000;
/**
 * Postgres believes that the table is empty when it was analysed in a quiet moment, and then reads all that wait to find
 * the next one: 200 ms a job instead of 0.4 with 100,000. It is told as soon as many wait, not a minute later when
 * autovacuum comes. Tells whether it had to be.
 */
export async function keepStatistics(pool: Pick<Pool, 'query'>): Promise<boolean> {
  const { rows } = await pool.query(
    `select from pg_class where oid = 'graphile_worker._private_jobs'::regclass and relpages > 0 and reltuples < $1::int / 2
       and (select count(*) from (select from graphile_worker._private_jobs limit $1::int) waiting) = $1::int`,
    [MANY],
  );
  if (rows.length > 0) await pool.query('analyze graphile_worker._private_jobs');
  return rows.length > 0;
}
