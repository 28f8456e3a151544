import type { Runner, Task } from 'graphile-worker';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Live } from '../connect.ts';
import { tellLogout } from '../oidc/end-session.ts';
import { keepStatistics, LOGOUT_TASK } from '../stores/jobs.ts';
import { LETTER_TASK, openLetter } from '../stores/outbox.ts';
import { disableDormant } from '../flows/dormant.ts';
import { makePlaces } from '../flows/places.ts';
import { tendEnrolments } from '../flows/tend-enrolments.ts';
import { seedShifts } from './seed-offices.ts';
import { watchEvents } from '../flows/watch-events.ts';
import { watchGuessing } from '../flows/watch-guessing.ts';
import { startTending } from './tend-keys.ts';
import { keepRunning } from './keep-running.ts';
import { deliver } from './letters.ts';
import { missed } from './missed.ts';
import { pace, within } from './pace.ts';
import { retention } from './retention.ts';
import { startSealing } from './seal-audit.ts';
import { chainWatch, clockWatch } from './watch.ts';

const logout = z.object({ clientId: z.string(), accountId: z.string(), sid: z.string() });
const sealed = z.object({ letter: z.string(), sealed: z.string() });

type Tools = Pick<Live, 'parts' | 'mailer' | 'texter' | 'pool' | 'auditChain' | 'anchors' | 'masterKeys'> & {
  readonly config: Config;
  readonly provider: () => Provider;
};

/** A letter is given up after so many milliseconds and tried again: a mail server that hangs must not keep all slots. */
const AT_ONCE = 10;
const LETTER_MS = 45_000;
/** Notices beyond so many a second wait: 100,000 of them must not slow those who sign in. Codes never wait. */
const NOTICES_A_SECOND = 20;
/** Seconds after which a job is taken from whoever holds it: longer than any takes. */
export const PATIENCE_S = 90;
const LOOK_MS = 15_000;
const STATISTICS_MS = 2000;
const STOP_MS = { usual: 10_000, away: 1000 };

/**
 * Takes jobs and works them off, by priority: logouts, codes, notices; a fault is tried again with back-off. One runner:
 * a second one would look through all letters that wait to learn that there is no logout among them.
 */
export async function startWorker(tools: Tools): Promise<Pick<Runner, 'stop'>> {
  const { parts, provider } = tools;
  const { Logger, run } = await import('graphile-worker');
  const logger = new Logger(() => (level, message, { error, fatalError = error, failure }) => {
    const worth: string = level;
    const tell = () => {
      // Of what, is told by whoever keeps it going.
      if (message.startsWith('Runner stopping')) return;
      if (worth === 'error') parts.log.error({ jobs: message }, 'jobs');
      else if (worth === 'warning') parts.log.warn({ jobs: message }, 'jobs');
    };
    // What a job itself has met may be a mail server's.
    parts.outages.met(fatalError, { tell, ...(failure !== true && { store: 'postgres' }) });
  });
  const turn = pace(NOTICES_A_SECOND);
  const letter: Task = async (payload, { job }) => {
    const opened = openLetter(sealed.parse(payload), parts.vault);
    if (opened.letter === 'notice') await turn();
    const delivered = await within(LETTER_MS, deliver(tools, opened, job));
    if (delivered === 'too-late') parts.log.warn({ letter: opened.letter }, 'a code that expired was not sent');
  };
  const logOut: Task = async (payload) => tellLogout(provider(), logout.parse(payload));
  /** With connections of its own: who was shut out of writing stays so on the connections of then. */
  const begin = async () => {
    const pool = tools.pool(AT_ONCE);
    const end = () => void (pool.ending || pool.end());
    const beginning = run({
      ...{ pgPool: pool, noHandleSignals: true, pollInterval: 2000, logger, concurrency: AT_ONCE },
      taskList: { [LETTER_TASK]: letter, [LOGOUT_TASK]: logOut },
      // The end of a job is told to Postgres in a batch, be it of one: of others nobody hears that they cannot be told.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
    beginning.then(async (runner) => runner.promise).then(end, end);
    return beginning;
  };
  const chance = () => Buffer.from(parts.chance(2), 'base64url').readUInt16BE() / 65_536;
  const stopRunners = await keepRunning({ begin, free: parts.jobs.releaseOf, missed: missed(parts, 'jobs'), chance });
  const release = () => parts.jobs.release(PATIENCE_S).catch(missed(parts, 'jobs'));
  const counting = tools.pool(1);
  const statistics = () => keepStatistics(counting).catch(missed(parts, 'jobs'));
  const timers = [setInterval(() => void release(), LOOK_MS), setInterval(() => void statistics(), STATISTICS_MS)];
  await release();
  return {
    stop: async () => {
      timers.forEach(clearInterval);
      // A mail server that hangs must not hold up the end, nor a Postgres that could not be told: what was under way is sent again.
      const patience = parts.outages.isAway('postgres') ? STOP_MS.away : STOP_MS.usual;
      await within(patience, stopRunners()).catch(() =>
        parts.log.warn({}, 'jobs under way are left to the next process'),
      );
    },
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The worker, the broom that takes expired rows away, and who looks after the keys. The answer stops all. */
export async function startJobs(tools: Tools): Promise<() => Promise<void>> {
  const { parts } = tools;
  const worker = await startWorker(tools);
  const { sweep, tell } = retention(parts);
  const sealing = startSealing(tools);
  const tending = startTending(tools);
  const often = (work: () => Promise<unknown>, name: string) =>
    setInterval(() => void work().catch(missed(parts, name)), MINUTE_MS);
  /** Another day comes into reach; in the emulator somebody works on it. */
  const places = async () => {
    if (parts.demo) await seedShifts(parts);
    await makePlaces(parts);
  };
  const timers = [
    often(sweep, 'sweep'),
    often(() => watchGuessing(parts), 'watching for guessing'),
    often(() => watchEvents(parts), 'watching staff'),
    often(() => disableDormant(parts), 'dormant staff'),
    often(() => tendEnrolments(parts), 'requests'),
    setInterval(() => void places().catch(missed(parts, 'places')), HOUR_MS),
    often(chainWatch(tools), 'watching the audit chain'),
    often(clockWatch(tools), 'watching the clock'),
  ];
  return async () => {
    timers.forEach(clearInterval);
    await tending();
    await tell().catch(missed(parts, 'sweep'));
    await sealing();
    await worker.stop();
  };
}
