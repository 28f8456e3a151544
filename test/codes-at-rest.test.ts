import { createHash, randomBytes } from 'node:crypto';
import test from 'ava';
import { Redis } from 'ioredis';
import { activationCodeFrom, codeFrom, writtenCode } from '../src/domain/code.ts';
import { checkDigit, parseRun } from '../src/domain/run.ts';
import { issueActivationCode } from '../src/flows/issue-code.ts';
import type { Fields, Log } from '../src/parts.ts';
import type { Letter } from '../src/stores/outbox.ts';
import { startJobs } from '../src/tasks/work.ts';
import { mailServer } from './support/mail-server.ts';
import { someAccount } from './support/memory/versions.ts';
import { serve } from './support/serve.ts';
import { until } from './support/until.ts';

const lines: string[] = [];
const write = (fields: Fields, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
const log: Log = { debug: () => undefined, info: write, warn: write, error: write };

const server = await mailServer({ refuses: (address) => address.startsWith('gone') });
const app = await serve({
  redis: true,
  env: { SMTP_URL: server.url, HASH_QUEUE_MS: '30000' },
  replace: () => ({ log }),
});
test.after.always(async () => {
  await app.close();
  await server.close();
});

/** Every row of every table, as text; bytes are hex there. */
async function postgresDump(): Promise<string> {
  const { db } = app.live;
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  );
  const dumps = await Promise.all(
    rows.map(
      async ({ name }) => (await db.raw<{ rows: { row: string }[] }>(`select t::text as row from ${name} t`)).rows,
    ),
  );
  return dumps
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

/** Every key with its value, as Redis would write it to disk; as text and as hex. */
async function redisDump(): Promise<string> {
  const redis = new Redis(process.env['TEST_REDIS_URL'] ?? '');
  const keys = await redis.keys('*');
  const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  redis.disconnect();
  return values.map((value, index) => `${keys[index]} ${value.toString('latin1')} ${value.toString('hex')}`).join('\n');
}

/** A code in each form in which somebody might find it. */
function formsOf(code: string): readonly string[] {
  return [code, writtenCode(code), code.toLowerCase()].flatMap((text) => {
    const bytes = Buffer.from(text);
    const digests = ['md5', 'sha1', 'sha256'].map((name) => createHash(name).update(text).digest());
    return [bytes, ...digests]
      .flatMap((each) => [each.toString('hex'), each.toString('base64').replace(/=+$/, '')])
      .concat(text);
  });
}

/** 200 of all kinds, each with its letter, as the flows issue them. */
async function issueMany(): Promise<readonly string[]> {
  const { parts } = app;
  const codes: string[] = [];
  const somebody = async (email: string, status: 'active' | 'not-activated') => {
    const body = 20_000_000 + randomBytes(3).readUIntBE(0, 3);
    const run = parseRun(`${body}-${checkDigit(body)}`)!;
    const person = { ...someAccount().person, run, email, emailVerified: true };
    const account = someAccount({ person, status, secret: undefined });
    await parts.accounts.add(account);
    return { id: account.id, run };
  };
  const asker = { deviceName: 'Chrome', network: '10.0.0.0/24', site: 'Municipalidad' };
  for (let n = 0; n < 150; n++) {
    const { id } = await somebody(n % 10 === 0 ? `gone${n}@correo.example` : `r${n}@correo.example`, 'active');
    const code = codeFrom(randomBytes(8), 8);
    codes.push(code);
    const now = parts.clock();
    const common = { accountId: id, at: now, until: now + 600_000, code, asker };
    const to = { channel: 'email', address: `new${n}@correo.example` } as const;
    const letters: readonly Letter[] = [
      { letter: 'sign-in-code', ...common },
      { letter: 'recovery-code', token: parts.chance(32), ...common },
      { letter: 'confirmation-code', to, ...common },
    ];
    const purpose = (['sign-in', 'recovery', 'contact-change'] as const)[n % 3]!;
    await parts.transaction(async (tx) => {
      const limits = { lifetime: 600_000, perHour: 3, perDay: 5 };
      await tx.codes.issue({ purpose, binding: `b${n}`, accountId: id, code, now, ...limits });
      await tx.outbox.add(letters[n % 3]!);
    });
  }
  for (let n = 0; n < 50; n++) {
    const { run } = await somebody(`a${n}@correo.example`, 'not-activated');
    // Handed over by print: the flow tells the code. By mail nobody but the reader knows it.
    const outcome = await issueActivationCode(parts, { run, by: 'print' });
    if (outcome.kind === 'issued') codes.push(outcome.code);
  }
  return codes;
}

test('R-13: after 200 issued codes nothing at rest holds one, while letters wait, when they are sent, and when they fail', async (t) => {
  const codes = await issueMany();
  t.is(codes.length, 200);
  const hits = async () => {
    const everything = `${await postgresDump()}\n${await redisDump()}\n${lines.join('\n')}`.toLowerCase();
    t.true(everything.length > 100_000);
    // The search finds what is there.
    t.true(everything.includes('municipalidad'), 'the sites of the emulator are in a table');
    return codes.flatMap((code) => formsOf(code).filter((form) => everything.includes(form.toLowerCase())));
  };
  t.deepEqual(await hits(), [], 'while they wait');
  const { rows } = await app.live.db.raw<{ rows: unknown[] }>('select 1 from graphile_worker.jobs');
  t.is(rows.length, 150);

  const stop = await startJobs({ ...app.live, parts: app.parts, config: app.config, provider: app.op.provider });
  await until(() => server.received.length >= 140);
  // What was refused waits for its next try, with its fault in the row and in the log.
  await until(async () => (await app.parts.outbox.stuck(100)).length >= 10, 100);
  t.true(server.received.length >= 140);
  t.true((await app.parts.outbox.stuck(100)).length >= 10);
  t.true(lines.length > 0);
  for (const code of codes.slice(0, 150).filter((_, n) => n % 10 !== 0))
    t.true(
      server.received.some(({ mail }) => mail.text?.startsWith(writtenCode(code))),
      'and the mail had it',
    );
  t.deepEqual(await hits(), [], 'afterwards');
  await stop();
});

test('a code made by hand is found by this search, in each form: else it would prove nothing', (t) => {
  const code = activationCodeFrom(randomBytes(13));
  const hidden = [code, Buffer.from(code).toString('hex'), createHash('sha1').update(code).digest('base64')];
  for (const text of hidden) t.true(formsOf(code).some((form) => `x${text}y`.includes(form)));
});
