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

/**
 * Tells Postgres as soon as many jobs wait, not a minute later when autovacuum comes, in the name of the tables' owner;
 * answers whether it had to be told.
 */
export async function keepStatistics(pool: Pick<Pool, 'query'>): Promise<boolean> {
  const { rows } = await pool.query<{ told: boolean }>('select keep_statistics() as told');
  return rows[0]?.told === true;
}
