import type { Runner } from 'graphile-worker';
import type Provider from 'oidc-provider';
import { newDeviceLetter } from '#views/letters/new-device.ts';
import { signInCodeLetter } from '#views/letters/sign-in-code.ts';
import { words } from '#views/words.ts';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Live } from '../connect.ts';
import { MAILED_CODE_PLACE, writtenCode } from '../domain/code.ts';
import { tellLogout } from '../oidc/end-session.ts';
import { LOGOUT_TASK } from '../stores/jobs.ts';
import { LETTER_TASK } from '../stores/outbox.ts';
import { startSealing } from './seal-audit.ts';

const about = { accountId: z.string().optional(), at: z.number(), device: z.string(), site: z.string() };
const letter = z.discriminatedUnion('letter', [
  z.object({ letter: z.literal('new-device'), ...about }),
  z.object({ letter: z.literal('sign-in-code'), code: z.string(), ...about }),
]);

const logout = z.object({ clientId: z.string(), accountId: z.string(), sid: z.string() });

type Tools = Pick<Live, 'parts' | 'mailer' | 'databaseUrl' | 'auditChain' | 'anchors'> & {
  readonly config: Config;
  readonly provider: Provider;
};

/** Takes letters from the outbox and sends them; a fault is tried again with back-off by the job runner. */
export async function startWorker({ parts, mailer, databaseUrl, config, provider }: Tools): Promise<Runner> {
  const { Logger, run } = await import('graphile-worker');
  const logger = new Logger(() => (level, message) => {
    const worth: string = level;
    if (worth === 'error') parts.log.error({ jobs: message }, 'jobs');
    else if (worth === 'warning') parts.log.warn({ jobs: message }, 'jobs');
  });
  return run({
    connectionString: databaseUrl,
    concurrency: 2,
    maxPoolSize: 3,
    noHandleSignals: true,
    pollInterval: 2000,
    logger,
    taskList: {
      [LOGOUT_TASK]: async (payload) => tellLogout(provider, logout.parse(payload)),
      [LETTER_TASK]: async (payload) => sendLetter({ parts, mailer, config }, letter.parse(payload)),
    },
  });
}

type Post = Pick<Tools, 'parts' | 'mailer' | 'config'>;

/** Written when it is sent, to the address that is confirmed then. */
async function sendLetter({ parts, mailer, config }: Post, wanted: z.output<typeof letter>): Promise<void> {
  const { accountId, at, device, site } = wanted;
  const account = accountId === undefined ? undefined : await parts.accounts.byId(accountId);
  const { email, emailVerified, names } = account?.person ?? {};
  if (email === undefined || !emailVerified) return;
  const when = new Intl.DateTimeFormat('es-CL', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'America/Santiago',
  });
  const facts = { lang: 'es', name: names?.[0] ?? '', site, device, phone: config.helpPhone, when: when.format(at) };
  const written =
    wanted.letter === 'new-device'
      ? newDeviceLetter(words('es'), facts)
      : signInCodeLetter(words('es'), { ...facts, code: writtenCode(openCode(parts, wanted.code)) });
  await mailer.send({ to: email, ...written });
}

const openCode = ({ vault }: Pick<Post['parts'], 'vault'>, sealed: string) =>
  vault.open(Buffer.from(sealed, 'base64'), MAILED_CODE_PLACE);

const SWEEP_MS = 60_000;

/** The worker, and the broom that takes expired rows away. The answer stops both. */
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
  };
  const sealing = startSealing(tools);
  const timer = setInterval(() => {
    sweep().catch((err: unknown) => parts.log.warn({ err }, 'sweep'));
  }, SWEEP_MS);
  return async () => {
    clearInterval(timer);
    await sealing();
    await worker.stop();
  };
}
