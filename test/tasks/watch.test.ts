import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { postgresAuditChain } from '../../src/stores/audit-chain.ts';
import type { Knex } from '../../src/stores/connections.ts';
import { postgresSettings } from '../../src/stores/settings.ts';
import { retention } from '../../src/tasks/retention.ts';
import { chainWatch, clockWatch } from '../../src/tasks/watch.ts';
import { anchorsIn } from '../support/anchors.ts';
import { memoryParts } from '../support/memory.ts';
import { oldVault, realPostgres } from '../support/memory/versions.ts';

type Anchor = NonNullable<Awaited<ReturnType<ReturnType<typeof postgresAuditChain>['seal']>>>;

/** A chain on a real database, the alerts in memory; each block has one row. */
async function house(blocks: number) {
  const { db, close } = await realPostgres();
  const parts = await memoryParts({ empty: true });
  const auditChain = postgresAuditChain(db, { settings: postgresSettings(db, oldVault()), pause: () => sleep(1) });
  const known: Anchor[] = [];
  for (let n = 0; n < blocks; n++) {
    await db.raw(`insert into audit (at, kind, details) values (?, 'login-refused', '{}')`, [parts.clock()]);
    // Not while any transaction of the server is older, which tests share.
    while (known.length <= n) {
      const anchor = await auditChain.seal(parts.clock());
      if (anchor) known.push(anchor);
    }
  }
  const anchors = anchorsIn(known);
  const rung = () => [...parts.tables.alerts.values()].map(({ kind, details }) => ({ kind, ...details }));
  return { db, close, parts, auditChain, anchors, rung };
}
/** As a superuser does it. */
const change = (db: Knex, statement: string) =>
  db.transaction(async (trx) => {
    await trx.raw('set local session_replication_role = replica');
    await trx.raw(statement);
  });

test('R-100: a change of the newest blocks rings at once, one of old blocks when it is their turn, a cut tail at once', async (t) => {
  const { db, close, parts, auditChain, anchors, rung } = await house(32);
  t.teardown(close);
  const look = chainWatch({ parts, auditChain, anchors });
  await look();
  await look();
  t.deepEqual(rung(), [], 'all is whole');
  await change(db, `update audit set kind = 'x' where id = 31`);
  await look();
  t.deepEqual(rung(), [{ kind: 'chain-broken', what: 'row-changed', block: 31, row: '31' }]);
  await change(db, `update audit set kind = 'login-refused' where id = 31; update audit set kind = 'x' where id = 3`);
  await look();
  await look();
  t.deepEqual(rung()[1], { kind: 'chain-broken', what: 'row-changed', block: 3, row: '3' });
  await change(
    db,
    `update audit set kind = 'login-refused' where id = 3; delete from audit where id = 32; delete from audit_blocks where id = 32`,
  );
  await look();
  t.deepEqual(rung()[2], { kind: 'chain-broken', what: 'chain-cut', block: 32 });
});

test('R-100: rows that nobody seals for five minutes ring; so does a clock that is wrong (R-71)', async (t) => {
  const { db, close, parts, auditChain, anchors, rung } = await house(1);
  t.teardown(close);
  const look = chainWatch({ parts, auditChain, anchors });
  await db.raw(`insert into audit (at, kind, details) values (?, 'login-refused', '{}')`, [parts.clock()]);
  await look();
  t.deepEqual(rung(), []);
  parts.travel(301_000);
  await look();
  t.deepEqual(rung(), [{ kind: 'chain-late', minutes: 5 }]);
  const clocks = (ahead: number | undefined) =>
    clockWatch({ parts: { ...parts, ahead: ahead === undefined ? undefined : () => ahead }, auditChain });
  await clocks(301)();
  t.is(rung().length, 1, 'the emulator’s clock runs ahead on purpose');
  await clocks(undefined)();
  t.like(rung()[1], { kind: 'clock-off' });
});

test('R-79: what was about people and is past its time goes, and that is recorded, summed up', async (t) => {
  const parts = await memoryParts();
  const { accountId } = [...parts.tables.staff.values()][0]!;
  const begun = { accountId, at: parts.clock(), network: '10.0.0.0/24', device: 'Chrome', agent: 'x', shared: false };
  await parts.sessions.begin({ ...begun, uid: 'a' }, 10);
  await parts.notices.add({
    ...{ token: 'n', accountId, event: 'new-device', at: parts.clock() },
    asker: { site: '', deviceName: '', network: '' },
  });
  const caseId = '00000000-0000-4000-8000-000000000001';
  await parts.handovers.put({ caseId, kind: 'room', code: '7K2M9QXT4B8NWH', until: parts.clock() + 3_600_000 });
  const id = '00000000-0000-4000-8000-000000000002';
  const plan = { kind: 'switch', flipped: true } as const;
  const proposal = { id, subject: 'recovery-stopped', plan, reason: 'prueba', proposedBy: accountId };
  await parts.proposals.add({ ...proposal, proposedAt: parts.clock(), expiresAt: parts.clock() + 1000 });
  await parts.cases.open({ id, kind: 'not-me', accountId, at: parts.clock(), details: {} });
  const step = { id: caseId, by: accountId, at: parts.clock(), words: 'visto' };
  await parts.cases.take(id, { ...step, was: undefined });
  await parts.cases.close(id, { ...step, outcome: 'owner' });
  const { sweep, tell } = retention(parts);
  const told = () => [...parts.tables.audit.values()].filter(({ kind }) => kind === 'data-expired');
  await sweep();
  t.is(parts.tables.sessions.size + parts.tables.notices.size, 2);
  t.is(parts.tables.handovers.size, 1);
  t.is(told().length, 0);
  parts.travel(31 * 86_400_000);
  await sweep();
  t.is(parts.tables.sessions.size + parts.tables.notices.size, 0);
  t.is(parts.tables.handovers.size, 0, 'a code that nobody read');
  t.deepEqual(
    told().map(({ details }) => details),
    [{ notices: 1, proposals: 1, sessions: 1 }],
  );
  await sweep();
  await tell();
  t.is(told().length, 1, 'nothing went');
  t.is(parts.tables.cases.size, 1);
  parts.travel(700 * 86_400_000);
  await sweep();
  t.is(parts.tables.cases.size, 0, 'two years after it was closed');
  t.deepEqual(told()[1]?.details, { cases: 1 });
});

test('R-79: a table that cannot be swept keeps nothing in another; what was not recorded is recorded later', async (t) => {
  const parts = await memoryParts();
  const { accountId } = [...parts.tables.staff.values()][0]!;
  const begun = { accountId, at: parts.clock(), network: '10.0.0.0/24', device: 'Chrome', agent: 'x', shared: false };
  await parts.sessions.begin({ ...begun, uid: 'a' }, 10);
  const id = '00000000-0000-4000-8000-000000000002';
  const step = { id, by: accountId, at: parts.clock(), words: 'visto' };
  await parts.cases.open({ id, kind: 'not-me', accountId, at: parts.clock(), details: {} });
  await parts.cases.take(id, { ...step, was: undefined });
  await parts.cases.close(id, { ...step, outcome: 'owner' });
  parts.travel(731 * 86_400_000);
  const slow = new Error('Query read timeout');
  let isRecording = false;
  const { sweep } = retention({
    ...parts,
    codes: { ...parts.codes, sweep: () => Promise.reject(slow) },
    proposals: { ...parts.proposals, sweep: () => Promise.reject(slow) },
    audit: { ...parts.audit, add: async (event) => (isRecording ? parts.audit.add(event) : Promise.reject(slow)) },
  });
  await t.throwsAsync(sweep(), { is: slow });
  t.is(parts.tables.sessions.size + parts.tables.cases.size, 0);
  isRecording = true;
  await t.throwsAsync(sweep(), { is: slow });
  const told = [...parts.tables.audit.values()].filter(({ kind }) => kind === 'data-expired');
  t.deepEqual(
    told.map(({ details }) => details),
    [{ cases: 1, sessions: 1 }],
  );
});
