import test from 'ava';
import { randomUUID } from 'node:crypto';
import { postgresAudit } from '../../src/stores/audit.ts';
import { clave } from '../tasks/run-clave.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

const app = await serve();
test.after.always(() => app.close());
const { db } = app.live;
const audit = postgresAudit(db);
/** Long before anything that the emulator does. */
const FROM = Date.UTC(2026, 2, 3, 12);
const UNTIL = FROM + 3_600_000;
const [ana, eva] = [randomUUID(), randomUUID()];

test.before(async () => {
  const add = (kind: Parameters<typeof audit.add>[0]['kind'], at: number, more: object = {}) =>
    audit.add({ kind, at, network: '200.83.0.0/24', ...more });
  await add('login-refused', FROM - 1, { accountId: ana });
  for (const accountId of [ana, ana, eva, undefined]) await add('login-refused', FROM, { accountId });
  await add('not-me', FROM + 2, { accountId: eva });
  await add('person-blocked', FROM + 3, {
    accountId: eva,
    actorId: ana,
    details: { words: 'canary', reason: 'fraud' },
  });
  await add('alert-raised', FROM + 4, { details: { alert: 'guessing', canary: 'canary' } });
  await add('switch-flipped', FROM + 5, {
    actorId: ana,
    details: { name: 'recovery-stopped', flipped: true, decision: 'approved' },
  });
  await add('staff-disabled', FROM + 6, { accountId: ana, details: { words: 'canary' } });
  await add('login-refused', UNTIL, { accountId: ana });
});

test('R-74, R-100: an incident in numbers: events and accounts of that time, what was done to the service, and nobody', async (t) => {
  const { figures, moments, more, sealed } = await app.live.incidents.of({ from: FROM, until: UNTIL });
  t.deepEqual(figures.blocked, { events: 4, accounts: 2 });
  t.deepEqual(figures.affected, { events: 2, accounts: 1 });
  t.deepEqual(figures.recovered, { events: 0, accounts: 0 });
  t.deepEqual(moments, [
    { at: FROM + 4, kind: 'alert-raised', details: { alert: 'guessing' } },
    {
      at: FROM + 5,
      kind: 'switch-flipped',
      details: { name: 'recovery-stopped', flipped: true, decision: 'approved' },
    },
    { at: FROM + 6, kind: 'staff-disabled', details: {} },
  ]);
  t.false(more);
  t.is(sealed.rows, 9);
  for (const secret of [ana, eva, 'canary', '200.83'])
    t.false(JSON.stringify({ figures, moments, sealed }).includes(secret), secret);
  const empty = await app.live.incidents.of({ from: 1, until: 2 });
  t.like(empty.sealed, { rows: 0, firstRow: null, firstBlock: null, hash: null });
});

test('R-71, R-75, R-100: `clave incident report` names the sealed blocks and the deadlines, and is recorded', async (t) => {
  const env = { DATABASE_URL: app.live.databaseUrl, MASTER_KEYS: `test:${'k'.repeat(43)}` };
  // Nothing is sealed as long as a transaction is under way that might have written before.
  t.true(await until(async () => (await app.live.auditChain.seal(app.parts.clock())) !== undefined, 100));
  const period = ['--from', '2026-03-03T09:00-03:00', '--to', '2026-03-03T13:00Z', '--reason', 'simulacro'];
  const [block] = await db('audit_blocks').orderBy('id', 'desc').limit(1).select<{ hash: Buffer }[]>('hash');
  const told = await clave(['incident', 'report', ...period], env);
  t.true(told.out.includes(`bloques 1 a 1, hash del último ${block?.hash.toString('base64url') ?? '?'}`));
  t.regex(told.out, /de ellos 0 sin sellar/);
  t.regex(told.out, /Informe final +antes de 2026-03-18 09:00:00 GMT−3/);
  t.regex(told.out, /Alerta temprana +antes de 2026-03-03 12:00:00 GMT−3/);
  t.regex(told.out, /Ingresos impedidos[^\n]* 4 +2/);
  t.regex(told.out, /switch-flipped[^\n]*recovery-stopped/);
  t.notRegex(told.out, /canary|200\.83/);
  t.is(await audit.count('incident-reported', 0, Number.MAX_SAFE_INTEGER), 1);
  t.is((await clave(['incident', 'report', '--from', '3 de marzo', '--reason', 'x'], env)).code, 2);
});
