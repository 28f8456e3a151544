import type { Knex } from './connections.ts';
import { listen } from './listening.ts';
import type { Settings } from './settings.ts';

/** How many seconds the emulator's clock runs ahead: kept for ever, and told to every process on this database. */
export interface ClockOffset {
  /** Moves it, and with it the jobs that wait; `from` is where the caller stands. Tells how far ahead it is then. */
  advance(seconds: number, from: number): Promise<number>;
  /** Tells where it stands now, and then of each move in whatever process, until the answer is called. */
  follow(heard: (ahead: number) => void): Promise<() => Promise<void>>;
}

type Needs = { readonly db: Knex; readonly url: string; readonly settings: (on: Knex) => Settings };

const CHANNEL = 'claveunica_clock';
/** Any number that nobody else locks. */
const LOCK = 733_520_002;

export function postgresClockOffset({ db, url, settings }: Needs): ClockOffset {
  const stored = async (on: Knex) => Number((await settings(on).read('clock-offset')) ?? 0);
  return {
    advance: (seconds, from) =>
      db.transaction(async (trx) => {
        // Of two who move it at once none is lost.
        await trx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
        const ahead = Math.max(await stored(trx), from) + seconds;
        await settings(trx).write('clock-offset', String(ahead));
        // The job runner goes by the clock of Postgres, which does not move.
        await trx.raw(
          `select graphile_worker.reschedule_jobs(array[id], run_at := run_at - make_interval(secs => ?))
           from graphile_worker.jobs where locked_at is null and run_at > now()`,
          [seconds],
        );
        await trx.raw('select pg_notify(?, ?)', [CHANNEL, String(ahead)]);
        return ahead;
      }),
    follow: (heard) =>
      listen({
        url,
        channel: CHANNEL,
        heard: (payload) => heard(Number(payload)),
        catchUp: async () => heard(await stored(db)),
      }),
  };
}
