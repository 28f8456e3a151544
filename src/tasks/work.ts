import type { Runner } from 'graphile-worker';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Live } from '../connect.ts';
import { tendKeys } from '../flows/signing-keys.ts';
import { tellLogout } from '../oidc/end-session.ts';
import { LOGOUT_TASK } from '../stores/jobs.ts';
import { LETTER_TASK, openLetter } from '../stores/outbox.ts';
import { deliver } from './letters.ts';
import { startSealing } from './seal-audit.ts';

const logout = z.object({ clientId: z.string(), accountId: z.string(), sid: z.string() });
const sealed = z.object({ letter: z.string(), sealed: z.string() });

type Tools = Pick<Live, 'parts' | 'mailer' | 'texter' | 'databaseUrl' | 'auditChain' | 'anchors'> & {
  readonly config: Config;
  readonly provider: () => Provider;
};

/** Takes letters from the outbox and sends them; a fault is tried again with back-off by the job runner. */
export async function startWorker(tools: Tools): Promise<Runner> {
  const { parts, databaseUrl, provider } = tools;
  const { Logger, run } = await import('graphile-worker');
  const logger = new Logger(() => (level, message) => {
    const worth: string = level;
    if (worth === 'error') parts.log.error({ jobs: message }, 'jobs');
    else if (worth === 'warning') parts.log.warn({ jobs: message }, 'jobs');
  });
  return run({
    connectionString: databaseUrl,
    concurrency: 8,
    maxPoolSize: 4,
    noHandleSignals: true,
    pollInterval: 2000,
    logger,
    taskList: {
      [LOGOUT_TASK]: async (payload) => tellLogout(provider(), logout.parse(payload)),
      [LETTER_TASK]: async (payload, { job }) => {
        const letter = openLetter(sealed.parse(payload), parts.vault);
        const delivered = await deliver(tools, letter, job);
        if (delivered === 'too-late') parts.log.warn({ letter: letter.letter }, 'a code that expired was not sent');
      },
    },
  });
}

/** Long over; what happened is in the audit log. */
const SESSIONS_KEPT = 30 * 86_400_000;
const MINUTE_MS = 60_000;

/** The worker, the broom that takes expired rows away, and who looks after the keys. The answer stops all. */
export async function startJobs(tools: Tools): Promise<() => Promise<void>> {
  const { parts } = tools;
  const worker = await startWorker(tools);
  const sweep = async () => {
    await parts.artifacts.sweep(parts.clock());
    await parts.limits.sweep(parts.clock());
    await parts.attempts.sweep(parts.clock());
    await parts.codes.sweep(parts.clock());
    await parts.factors.sweep(parts.clock());
    await parts.journeys.sweep(parts.clock());
    await parts.notices.sweep(parts.clock());
    await parts.outbox.sweep();
    await parts.sessions.sweep(parts.clock() - SESSIONS_KEPT);
  };
  const sealing = startSealing(tools);
  const tend = async () => {
    const changes = await tendKeys(parts);
    if (changes.length > 0) parts.log.info({ changes }, 'signing keys');
  };
  const often = (work: () => Promise<unknown>, name: string) =>
    setInterval(() => void work().catch((err: unknown) => parts.log.warn({ err }, name)), MINUTE_MS);
  const timers = [often(sweep, 'sweep'), often(tend, 'signing keys')];
  return async () => {
    timers.forEach(clearInterval);
    await sealing();
    await worker.stop();
  };
}
