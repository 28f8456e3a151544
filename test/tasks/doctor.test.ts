import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Redis } from 'ioredis';
import { readConfig } from '#src/config.ts';
import { connect } from '#src/connect.ts';
import { parseRun } from '#src/domain/run.ts';
import { nodeRow } from '#src/tasks/commands/doctor.ts';
import { clockRow } from '#src/tasks/commands/stores.ts';
import { serve, silent } from '../support/serve.ts';
import { freePort, freshDatabase, startRedis } from '../support/servers.ts';
import { clave, claveJson, production, query, type Env } from './run-clave.ts';

type Row = { check: string; level: string; found: string; next?: string };
type Report = { ok: boolean; checks: Row[]; configuration: { name: string; value: string; fallback: boolean }[] };

const TARGET = {
  ...{ ARGON2_MEMORY_KIB: '65536', TRUSTED_PROXIES: '10.0.0.0/8' },
  ...{ CIVIL_REGISTRY_URL: 'https://u:s3cret@registro.example', CONSOLE_ORIGIN: 'https://consola.example' },
  AUDIT_ANCHORS: join(tmpdir(), 'claveunica-anchors', 'none.jsonl'),
  ...{ ALERT_MAILTO: 'turno@example.cl', TURN_URLS: 'turn:turn.example:3478', TURN_SECRET: 's3cret'.repeat(4) },
};
const levels = ({ checks }: Report) => Object.fromEntries(checks.map(({ check, level }) => [check, level]));
const row = ({ checks }: Report, name: string) => checks.find(({ check }) => check === name);

/** Enough of SMTP to be greeted; what a client says is kept. */
async function mailServer(t: ExecutionContext): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 mail.example ESMTP\r\n');
    socket.setEncoding('utf8').on('data', (line: string) => {
      heard.push(line.trim());
      socket.write(line.startsWith('EHLO') ? '250-mail.example\r\n250 AUTH PLAIN\r\n' : '221 bye\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  return { url: `smtp://user:s3cret@127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

async function migrated(t: ExecutionContext, more: Env = {}): Promise<{ env: Env; url: string }> {
  const database = await freshDatabase();
  t.teardown(() => database.drop());
  const env = production(database.url, { ...TARGET, ...more });
  await claveJson(['migrate'], env);
  return { env, url: database.url };
}

test.serial('a sound installation of production: everything is in order, and shown', async (t) => {
  const mail = await mailServer(t);
  const { env } = await migrated(t, { SMTP_URL: mail.url, REDIS_URL: process.env['TEST_REDIS_URL'] });
  const report = await claveJson<Report>(['doctor'], env);
  t.true(report.ok);
  const names = [
    'node',
    'configuration',
    'proxies',
    'civil registry',
    'console',
    'anchors',
    'alerts',
    'relay',
    'metrics',
    'postgres',
    'clock',
    'schema',
    'mode',
    'keys',
    'master keys',
    'demo',
    'argon2',
    'redis',
    'smtp',
  ];
  t.deepEqual(
    report.checks.map(({ check }) => check),
    names,
  );
  const hashes = row(report, 'argon2');
  const [, took = ''] = /^argon2id m=65536 KiB t=2: one hash takes (\d+) ms here$/.exec(hashes?.found ?? '') ?? [];
  t.not(took, '', hashes?.found);
  t.is(hashes?.level, Number(took) > 1000 ? 'warn' : 'ok', 'on a busy machine people would wait too long for it');
  t.deepEqual(
    report.checks.filter((each) => each.level !== 'ok' && each !== hashes),
    [],
  );
  t.regex(row(report, 'postgres')?.found ?? '', /^version \d+/);
  t.regex(row(report, 'smtp')?.found ?? '', /answers; user and password are tried with the first letter$/);
  t.like(
    report.configuration.find(({ name }) => name === 'MODE'),
    { value: 'production', fallback: false },
  );
  // Greeted, and no password given.
  t.regex(mail.heard[0] ?? '', /^EHLO /);
  t.false(mail.heard.join().includes('AUTH'));
});

test.serial('what is wrong fails with what to do next, all in one run; R-74: no secret is shown', async (t) => {
  const { env } = await migrated(t);
  const port = await freePort();
  const broken = {
    ...env,
    SMTP_URL: `smtp://user:s3cret@127.0.0.1:${port}`,
    REDIS_URL: `redis://:s3cret@127.0.0.1:${port}`,
    ...{ ARGON2_TIME: '1', ARGON2_MEMORY_KIB: '19456', TRUSTED_PROXIES: '' },
    ...{ CIVIL_REGISTRY_URL: undefined, CONSOLE_ORIGIN: undefined, AUDIT_ANCHORS: undefined, METRICS_HOST: '::' },
    ...{ ALERT_MAILTO: undefined, TURN_URLS: undefined, TURN_SECRET: undefined },
  };
  const { code, out, err } = await clave(['doctor'], broken);
  t.is(code, 1);
  for (const name of ['argon2', 'redis', 'smtp']) t.regex(out, new RegExp(`^  fail +${name} .*\\n +→ `, 'm'));
  t.regex(out, /^ {2}warn +proxies .*\n +→ set TRUSTED_PROXIES/m);
  t.regex(out, /^ {2}warn +civil registry +none.*\n +→ set CIVIL_REGISTRY_URL/m);
  t.regex(out, /^ {2}warn +console +off.*\n +→ set CONSOLE_ORIGIN/m);
  t.regex(out, /^ {2}warn +anchors .*\n +→ set AUDIT_ANCHORS/m);
  t.regex(out, /^ {2}warn +alerts .*\n +→ set ALERT_MAILTO/m);
  t.regex(out, /^ {2}warn +relay .*\n +→ set TURN_URLS/m);
  t.regex(out, /^ {2}warn +metrics +\[::\]:9464: .*\n +→ set METRICS_HOST/m);
  t.regex(out, /redis .*ECONNREFUSED/);
  t.regex(out, /^ {2}DATABASE_URL +postgres:\/\/\*\*\*@/m);
  t.regex(out, /^9 ok, 7 to look at, 3 wrong$/m);
  t.false(`${out}${err}`.includes('s3cret'));
  t.false(`${out}${err}`.includes(new URL(env['DATABASE_URL']!).password));
  t.false(`${out}${err}`.includes('k'.repeat(43)));
});

test.serial('all faults of the configuration are told at once', async (t) => {
  const report = await claveJson<Report>(['doctor'], { MODE: 'production', PORT: 'x', MASTER_KEYS: 'k1:short' }, 1);
  t.false(report.ok);
  t.deepEqual(report.configuration, []);
  const faults = report.checks.filter(({ check, level }) => check === 'configuration' && level === 'fail');
  for (const name of ['PORT', 'MASTER_KEYS', 'PUBLIC_ORIGIN', 'DATABASE_URL', 'SMTP_URL', 'MAIL_FROM'])
    t.true(
      faults.some(({ found }) => found.startsWith(`${name}: `)),
      name,
    );
});

test.serial('a database that is away, empty, behind or ahead', async (t) => {
  const away = production(`postgres://u:p@127.0.0.1:${await freePort()}/x`, TARGET);
  const report = await claveJson<Report>(['doctor'], away, 1);
  t.regex(row(report, 'postgres')?.found ?? '', /ECONNREFUSED/);
  t.is(row(report, 'schema'), undefined);

  const empty = await freshDatabase();
  t.teardown(() => empty.drop());
  const untouched = await claveJson<Report>(['doctor'], production(empty.url, TARGET), 1);
  t.like(row(untouched, 'schema'), { level: 'fail', next: 'run `npm run clave -- migrate`' });
  t.deepEqual(await query(empty.url, `select from pg_tables where schemaname = 'public'`), []);

  const { env, url } = await migrated(t);
  await query(url, `insert into knex_migrations (name, batch, migration_time) values ('9999-later', 9, now())`);
  t.regex(
    row(await claveJson<Report>(['doctor'], env, 1), 'schema')?.found ?? '',
    /^newer than this version: 9999-later$/,
  );
  for (const command of [['office', 'list'], ['migrate']]) {
    const { code, err } = await clave(command, env);
    t.is(code, 1);
    t.regex(err, /^the schema is newer than this version: start the version that has migrated it/);
  }
  await query(url, `delete from knex_migrations where name in ('9999-later', '0002-attempts-spent')`);
  t.is(row(await claveJson<Report>(['doctor'], env, 1), 'schema')?.found, 'behind: 0002-attempts-spent');
});

test.serial("R-82: the emulator's database in production: wrong mode, and its people are named", async (t) => {
  const emulator = await serve();
  t.teardown(() => emulator.close());
  const url = emulator.live.databaseUrl;
  const keys = { MASTER_KEYS: `test:${'k'.repeat(43)}`, SMTP_URL: (await mailServer(t)).url };
  await emulator.parts.settings.once('mode', 'emulator');
  t.deepEqual(levels(await claveJson<Report>(['doctor'], { DATABASE_URL: url, ...keys })), {
    ...{ node: 'ok', configuration: 'ok', postgres: 'ok', clock: 'ok', schema: 'ok', mode: 'ok', keys: 'ok' },
    ...{ 'master keys': 'ok', demo: 'ok', argon2: 'ok', redis: 'ok', smtp: 'ok' },
  });
  const report = await claveJson<Report>(['doctor'], production(url, { ...TARGET, ...keys }), 1);
  t.like(levels(report), { mode: 'fail', demo: 'fail', keys: 'ok' });
  t.regex(row(report, 'demo')?.found ?? '', /11\.111\.111-1/);

  const stranger = await claveJson<Report>(['doctor'], production(url, { ...TARGET, SMTP_URL: keys.SMTP_URL }), 1);
  t.like(levels(stranger), { mode: 'fail', keys: 'fail', schema: 'ok' });
  t.regex(row(stranger, 'keys')?.next ?? '', /MASTER_KEYS/);
});

test.serial('a citizen who has the RUN of a demo person in life is none', async (t) => {
  const { env } = await migrated(t, { SMTP_URL: (await mailServer(t)).url });
  const live = await connect(readConfig({ ...env, STORE_TIMEOUT_MS: '20000' }), { log: silent });
  const run = parseRun('11.111.111-1')!;
  const person = { run, names: ['Otra'], surnames: ['Persona'] };
  const secret = await live.parts.hasher.hash('una clave propia y larga');
  const account = { id: 'a5c8c2a4-6d0e-4f5b-9a53-0d6a8f2a7b11', status: 'active', identified: 'video' } as const;
  await live.parts.accounts.add({ ...account, person, secret, at: live.parts.clock() });
  await live.close();
  t.like(row(await claveJson<Report>(['doctor'], env), 'demo'), { level: 'ok', found: 'no invented people' });
});

test.serial('a Redis that may forget is to be looked at', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'claveunica-redis-'));
  const server = await startRedis({ dir });
  t.teardown(async () => {
    await server.close();
    await rm(dir, { recursive: true });
  });
  const redis = new Redis(server.url);
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  redis.disconnect();
  const { env } = await migrated(t, { REDIS_URL: server.url, SMTP_URL: (await mailServer(t)).url });
  const found = row(await claveJson<Report>(['doctor'], env), 'redis');
  t.like(found, { level: 'warn' });
  t.regex(found?.found ?? '', /maxmemory-policy allkeys-lru/);
  t.regex(found?.next ?? '', /noeviction/);
});

test('clocks that differ, and old versions of Node, are judged by how much', (t) => {
  t.deepEqual(
    [0, -900, 1500, -9000, 60_000].map((skew) => clockRow(skew).level),
    ['ok', 'ok', 'warn', 'warn', 'fail'],
  );
  t.is(clockRow(-1500).found, 'Postgres is 1500 ms behind this machine');
  t.deepEqual(
    ['20.19.0', '22.17.9', '22.18.0', '24.1.0', '26.0.0'].map((version) => nodeRow(version).level),
    ['fail', 'fail', 'warn', 'ok', 'ok'],
  );
});
