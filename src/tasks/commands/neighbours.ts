import type { Config } from '../../config.ts';
import { wordsOf } from './command.ts';
import { fail, ok, warn, type Row } from './row.ts';

const PATIENCE = 10_000;

/** Redis: there, new enough, and forbidden to forget; of a cluster every master. */
export async function redisRow({ redisUrl }: Config): Promise<Row> {
  if (redisUrl === undefined) return ok('redis', 'not configured: Postgres holds what is short-lived too');
  const { mastersOf, openRedis } = await import('../../stores/connections.ts');
  // What went wrong is told to listeners; the caller only hears that the connection is closed.
  let reason: unknown;
  const onError = (error: unknown) => void (reason ??= error);
  try {
    const redis = await openRedis(redisUrl, { patience: PATIENCE, onError });
    try {
      const found = (await Promise.all(mastersOf(redis).map((node) => node.info()))).map(serverRow);
      const [first = fail('redis', 'no master', 'make the cluster whole')] = found;
      return found.find(({ level }) => level === 'fail') ?? found.find(({ level }) => level === 'warn') ?? first;
    } finally {
      redis.disconnect();
    }
  } catch (error) {
    return fail(
      'redis',
      wordsOf(reason ?? error),
      'start it, or set REDIS_URL right: the product does not start without it',
    );
  }
}

function serverRow(info: string): Row {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? '';
  const [version, policy] = [field('redis_version'), field('maxmemory_policy')];
  if (Number.parseInt(version) < 7) return fail('redis', `version ${version}`, 'install Redis 7 or newer');
  if (policy === 'noeviction') return ok('redis', `version ${version}, maxmemory-policy noeviction`);
  return warn(
    'redis',
    `version ${version}, maxmemory-policy ${policy || 'unknown'}`,
    'set maxmemory-policy to noeviction: a full Redis must refuse, not forget sessions and used codes',
  );
}

/** SMTP: connects and says EHLO, as far as letters would get before the password. */
export async function smtpRow({ smtpUrl }: Config): Promise<Row> {
  if (smtpUrl === undefined) return ok('smtp', 'not configured: letters stay in the mailbox page of the emulator');
  const { createTransport } = await import('nodemailer');
  const url = new URL(smtpUrl);
  url.username = '';
  url.password = '';
  for (const timeout of ['connectionTimeout', 'greetingTimeout', 'socketTimeout', 'dnsTimeout'])
    url.searchParams.set(timeout, String(PATIENCE));
  const transport = createTransport(url.href);
  try {
    await transport.verify();
    const secret = new URL(smtpUrl).password !== '';
    return ok('smtp', `${url.host} answers${secret ? '; user and password are tried with the first letter' : ''}`);
  } catch (error) {
    return fail(
      'smtp',
      `${url.host}: ${wordsOf(error)}`,
      'letters wait and are tried again; set SMTP_URL right, or open the way',
    );
  } finally {
    transport.close();
  }
}
