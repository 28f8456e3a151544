import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Knex } from './connections.ts';
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
const AGAIN_MS = 500;

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
    async follow(heard) {
      const { promise: heardFirst, resolve, reject } = Promise.withResolvers<void>();
      let stop: (() => Promise<void>) | undefined;
      let stopped = false;
      const listen = async () => {
        const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 10_000 });
        const ended = new Promise((end) => client.once('end', end));
        // A connection that breaks also ends.
        client.on('error', () => undefined);
        client.on('notification', ({ payload }) => heard(Number(payload)));
        stop = () => client.end();
        try {
          await client.connect();
          await client.query(`listen ${CHANNEL}`);
          heard(await stored(db));
          resolve();
          await ended;
        } finally {
          await client.end();
        }
      };
      const keepListening = async () => {
        for (;;) {
          // Only the first failure is anybody's business: what was missed meanwhile is read when it is back.
          await listen().catch(reject);
          if (stopped) return;
          await sleep(AGAIN_MS, undefined, { ref: false });
        }
      };
      void keepListening();
      const end = async () => {
        stopped = true;
        await stop?.();
      };
      await heardFirst.catch(async (error: unknown) => {
        await end();
        throw error;
      });
      return end;
    },
  };
}
