import type { Config } from '../../config.ts';
import { wordsOf } from './command.ts';
import { fail, ok, warn, type Row } from './row.ts';

const PATIENCE = 10_000;

/** Redis: there, new enough, and forbidden to forget. */
export async function redisRow({ redisUrl }: Config): Promise<Row> {
  if (redisUrl === undefined) return ok('redis', 'not configured: Postgres holds what is short-lived too');
  const { Redis } = await import('ioredis');
  const redis = new Redis(redisUrl, {
    ...{ lazyConnect: true, connectTimeout: PATIENCE, commandTimeout: PATIENCE },
    ...{ maxRetriesPerRequest: 0, retryStrategy: () => null },
  });
  // What went wrong is told to listeners; the caller only hears that the connection is closed.
  let reason: unknown;
  redis.on('error', (error: unknown) => (reason ??= error));
  try {
    await redis.connect();
    const info = await redis.info();
    const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? '';
    const [version, policy] = [field('redis_version'), field('maxmemory_policy')];
    if (Number.parseInt(version) < 7) return fail('redis', `version ${version}`, 'install Redis 7 or newer');
    if (policy === 'noeviction') return ok('redis', `version ${version}, maxmemory-policy noeviction`);
    return warn(
      'redis',
      `version ${version}, maxmemory-policy ${policy || 'unknown'}`,
      'set maxmemory-policy to noeviction: a full Redis must refuse, not forget sessions and used codes',
    );
  } catch (error) {
    return fail(
      'redis',
      wordsOf(reason ?? error),
      'start it, or set REDIS_URL right: the product does not start without it',
    );
  } finally {
    redis.disconnect();
  }
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
    return ok('smtp', `${url.host} answers`);
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
