import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { readConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { AUDIT_KEPT } from '../../src/domain/lifetimes.ts';
import { parseRun } from '../../src/domain/run.ts';
import { disableDormant } from '../../src/flows/dormant.ts';
import { makePlaces } from '../../src/flows/places.ts';
import { tendEnrolments } from '../../src/flows/tend-enrolments.ts';
import { watchEvents } from '../../src/flows/watch-events.ts';
import { watchGuessing } from '../../src/flows/watch-guessing.ts';
import { postgresAuditChain } from '../../src/stores/audit-chain.ts';
import type { Anchor } from '../../src/stores/audit-chain/blocks.ts';
import { openPostgres } from '../../src/stores/connections.ts';
import { keepStatistics } from '../../src/stores/jobs.ts';
import { isBehind, migrate } from '../../src/tasks/migrate.ts';
import { retention } from '../../src/tasks/retention.ts';
import { chainWatch } from '../../src/tasks/watch.ts';
import { startWorker } from '../../src/tasks/work.ts';
import { anchorsIn } from '../support/anchors.ts';
import { attempt } from '../support/attempt.ts';
import { mailServer } from '../support/mail-server.ts';
import { startProduct } from '../support/product.ts';
import { MARIA } from '../support/rp.ts';
import { freePort, freshDatabase } from '../support/servers.ts';
import { serve, silent } from '../support/serve.ts';
import { until } from '../support/until.ts';
import { claveJson, production } from './run-clave.ts';

/** What the document tells the operator to run, after each migration. */
const DOCUMENT = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, SNIPPET = ''] = /```sql\n(grant usage on schema[^]*?)```/.exec(DOCUMENT) ?? [];

/** An owner that is no superuser, and a role that has what the document grants; the product runs as the latter. */
const name = randomUUID().slice(0, 8);
const [owner, web] = [`owner_${name}`, `web_${name}`];
const database = await freshDatabase();
const as = (role: string) => Object.assign(new URL(database.url), { username: role, password: 'secret' }).href;
const superuser = openPostgres(database.url, { patience: 30_000 });
await superuser.raw(`create role ${owner} login password 'secret'; create role ${web} login password 'secret'`);
await superuser.raw(`alter database ${new URL(database.url).pathname.slice(1)} owner to ${owner}`);
const keeper = openPostgres(as(owner), { patience: 30_000 });
const permit = () => keeper.raw(SNIPPET.replaceAll(/\bweb\b/g, web));
await migrate(keeper, as(owner));
await permit();

const server = await mailServer();
const env = { SMTP_URL: server.url, TRUSTED_PROXIES: '127.0.0.1' };
const app = await serve({ database: as(web), env });
const { parts, live } = app;
const { db } = live;
const chain = postgresAuditChain(db, { settings: parts.settings, pause: () => sleep(1) });
test.after.always(async () => {
  await app.close();
  await server.close();
  await keeper.destroy();
  await superuser.raw(`reassign owned by ${owner} to current_user; drop owned by ${owner}, ${web}`);
  await superuser.raw(`alter database ${new URL(database.url).pathname.slice(1)} owner to current_user`);
  await superuser.raw(`drop role ${owner}, ${web}`);
  await superuser.destroy();
  await database.drop();
});

const denied = { code: '42501' } as object;

test.serial('R-72: as the role of the document people sign in, letters go out, and all jobs run', async (t) => {
  const { rows } = await db.raw<{ rows: { me: string; mine: string }[] }>(
    `select current_user as me, (select count(*) from pg_class where pg_has_role(current_user, relowner, 'usage')) as mine`,
  );
  t.deepEqual(rows, [{ me: web, mine: '0' }]);
  t.false(await isBehind(db));
  t.like(await attempt(app.origin), { in: true, text: '' });

  const worker = await startWorker({ ...live, parts, config: app.config, provider: app.op.provider });
  t.teardown(() => worker.stop());
  const { id: accountId, person } = (await parts.accounts.forLogin(parseRun(MARIA.run)!))!.account;
  const asker = { deviceName: 'Chrome', network: '200.1.2.0/24', site: 'Municipalidad' };
  const code = { code: '7K2M9QXT', token: parts.chance(32), until: parts.clock() + 600_000 };
  await parts.outbox.add({ letter: 'recovery-code', accountId, at: parts.clock(), asker, ...code });
  t.true((await server.waitFor(person.email!, 1)).length > 0);
  await until(async () => (await keeper('graphile_worker._private_jobs')).length === 0);
  t.deepEqual(await keeper('graphile_worker._private_jobs'), [], 'what is done is taken away');

  await parts.jobs.release(90);
  await retention(parts).sweep();
  await watchEvents(parts);
  await watchGuessing(parts);
  await disableDormant(parts);
  await tendEnrolments(parts);
  await makePlaces(parts);
});

test.serial(
  'R-72, R-75: as that role the log is sealed, verified and expired, and nothing else is done to it',
  async (t) => {
    const now = parts.clock();
    await chain.prepare(now);
    const anchors: Anchor[] = [];
    // Not while any transaction of the server is older, which tests share.
    const sealAll = () =>
      until(async () => {
        if ((await chain.state()).oldestUnsealed === undefined) return true;
        const anchor = await chain.seal(now);
        if (anchor) anchors.push(anchor);
        return false;
      });
    await sealAll();
    // A block of its own.
    await parts.audit.add({ kind: 'login-refused', at: now - AUDIT_KEPT * 1000 - 1000 });
    await sealAll();
    const old = anchors.length;
    await parts.audit.add({ kind: 'login-refused', at: now });
    await sealAll();
    t.is(anchors.length, old + 1);
    const whole = { anchors: anchorsIn(anchors), kept: AUDIT_KEPT * 1000, clock: parts.clock };
    t.like(await chain.verify(whole), { unsealed: 0, expired: 0, breach: undefined });
    await chainWatch({ parts, auditChain: chain, anchors: anchorsIn(anchors) })();

    const { rows } = await keeper.raw<{ rows: { name: string }[] }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit'::regclass`,
    );
    const months = rows.map((month) => month.name);
    t.true(months.includes('audit_first') && months.includes('audit_other') && months.length > 2);
    for (const table of ['audit', ...months, 'audit_blocks', 'audit_expired'])
      for (const change of [`delete from ${table}`, `truncate ${table}`, `drop table ${table}`])
        await t.throwsAsync(db.raw(`set claveunica.expiring = 'on'; ${change}`), denied, change);
    for (const change of [
      ...['audit', 'audit_first'].map((table) => `update ${table} set at = 0`),
      'update audit_blocks set hash = hash',
      'insert into audit_expired values (1, 0)',
      ...months.map((month) => `insert into ${month} (id, at, kind, details) values (1, 0, 'login-refused', '{}')`),
      `insert into audit (id, at, kind, details) overriding system value values (9000000000, 0, 'login-refused', '{}')`,
      `select nextval(pg_get_serial_sequence('audit', 'id'))`,
      `alter table audit disable trigger all`,
      `set session_replication_role = replica`,
      `set role ${owner}`,
      `create or replace function refuse_change() returns trigger language sql as 'select 1'`,
      `select expire_audit_at(2, ${String(now * 2)}, 0)`,
      `select drop_audit_months_at(${String(now * 2)})`,
      `create table mine (n integer)`,
    ])
      await t.throwsAsync(db.raw(change), denied, change);
    t.like(await chain.verify(whole), { unsealed: 0, expired: 0, breach: undefined });

    t.is(await chain.expire(now, AUDIT_KEPT * 1000), 1);
    t.like(await chain.verify(whole), { unsealed: 0, expired: 1, breach: undefined });
  },
);

test.serial('as that role Postgres is told when many jobs wait', async (t) => {
  const pool = live.pool(1);
  t.false(await keepStatistics(pool));
  await keeper.raw(
    `alter table graphile_worker._private_jobs set (autovacuum_enabled = false);
     insert into graphile_worker._private_jobs (task_id, payload, max_attempts)
     select (select min(id) from graphile_worker._private_tasks), '{}'::json, 25 from generate_series(1, 6000);
     delete from graphile_worker._private_jobs; analyze graphile_worker._private_jobs`,
  );
  await keeper.raw(
    `insert into graphile_worker._private_jobs (task_id, payload, max_attempts)
     select (select min(id) from graphile_worker._private_tasks), '{}'::json, 25 from generate_series(1, 6000)`,
  );
  const known = async () =>
    (
      await keeper.raw<{ rows: { n: number }[] }>(
        `select reltuples as n from pg_class where oid = 'graphile_worker._private_jobs'::regclass`,
      )
    ).rows[0]?.n;
  t.true(await keepStatistics(pool));
  t.is(await known(), 6000);
  t.false(await keepStatistics(pool));
});

test.serial('R-72: as that role the product starts in production, and so do its commands', async (t) => {
  const env = { ...production(as(web)), MASTER_KEYS: `test:${'k'.repeat(43)}` } as Record<string, string>;
  const metricsPort = await freePort();
  const ports = { DEMO_PORT: '0', CONSOLE_PORT: '0', METRICS_PORT: String(metricsPort) };
  const product = await startProduct({ ...env, ...ports });
  t.teardown(() => product.remove());
  t.true(await until(async () => (await fetch(`${product.origin}/readyz`)).status === 200, 500));
  const metrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  // A busy machine may not answer in the second that the figures are given.
  t.true(await until(async () => /^claveunica_database_figures_up 1$/m.test(await metrics()), 500));
  t.is(await product.stop('SIGINT'), 0);
  t.notRegex(product.said.err, /permission denied/);
  const started = await connect(readConfig(env), { log: silent });
  t.teardown(() => started.close());
  const far = Date.UTC(2200, 0, 1);
  await started.auditChain.prepare(far);
  t.is(await started.auditChain.expire(far, 0), 0);
  const { rows } = await keeper.raw<{ rows: unknown[] }>(`select from pg_class where relname = 'audit_2200_01'`);
  t.deepEqual(rows, [], 'in production nobody says what time it is');
  await claveJson(['client', 'create', '--name', 'Muni', '--redirect-uri', 'https://muni.example.cl/cb'], env);
  t.like(await claveJson(['audit', 'verify'], env), { whole: true });
});
