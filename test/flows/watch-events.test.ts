import test from 'ava';
import { isOffHours } from '../../src/domain/alert.ts';
import { parseRun } from '../../src/domain/run.ts';
import { acknowledgeAlert } from '../../src/flows/alerts.ts';
import { disableDormant } from '../../src/flows/dormant.ts';
import { lookUp } from '../../src/flows/person.ts';
import type { Actor } from '../../src/flows/permit.ts';
import { watchEvents } from '../../src/flows/watch-events.ts';
import { memoryParts, type Memory } from '../support/memory.ts';

const OFFICER = parseRun('7.654.321-6')!;
const CHIEF = parseRun('9.876.543-3')!;
const CITIZEN = parseRun('11.111.111-1')!;
const reason = { kind: 'citizen-asks', text: 'llamó porque no puede entrar' } as const;
/** A Wednesday, at noon and at three in the morning in Santiago. */
const NOON = Date.UTC(2030, 4, 15, 16);
const NIGHT = Date.UTC(2030, 4, 15, 7);

async function house(at: number) {
  const parts = await memoryParts();
  parts.travel(at - parts.clock());
  const of = async (run: typeof OFFICER): Promise<Actor> => {
    const { id } = (await parts.accounts.forLogin(run))!.account;
    const staff = (await parts.staff.byId(id))!;
    return { staff: { ...staff, state: 'active' }, provedAt: parts.clock(), requestId: 'r', network: '10.0.0.0/24' };
  };
  return { parts, officer: await of(OFFICER), chief: await of(CHIEF) };
}
const alerts = (parts: Memory) => [...parts.tables.alerts.values()];

test('R-65: the sixty-first look-up of an hour alerts, once, with a letter, an event and a line in the log', async (t) => {
  const { parts, officer } = await house(NOON);
  for (let n = 0; n < 60; n++) t.is((await lookUp(parts, officer, { run: CITIZEN, reason })).kind, 'found');
  t.deepEqual(await watchEvents(parts), []);
  t.is((await lookUp(parts, officer, { run: CITIZEN, reason })).kind, 'too-many');
  t.deepEqual(await watchEvents(parts), ['staff-look-ups']);
  t.deepEqual(await watchEvents(parts), [], 'once');
  t.like(alerts(parts)[0], { kind: 'staff-look-ups', actorId: officer.staff.accountId });
  const raised = [...parts.tables.audit.values()].filter(({ kind }) => kind === 'alert-raised');
  t.is(raised.length, 1);
  t.is(raised[0]?.actorId, officer.staff.accountId);
  t.deepEqual(
    [...parts.tables.outbox.values()].map(({ letter }) => letter),
    ['alert'],
  );
  t.regex(parts.lines.find(({ level }) => level === 'error')?.message ?? '', /^ALERT: .*looked up/);
});

test('R-65: records opened at night or on a Sunday alert; in office hours they do not', async (t) => {
  const day = await house(NOON);
  await lookUp(day.parts, day.officer, { run: CITIZEN, reason });
  t.deepEqual(await watchEvents(day.parts), []);
  const night = await house(NIGHT);
  await lookUp(night.parts, night.officer, { run: CITIZEN, reason });
  t.deepEqual(await watchEvents(night.parts), ['staff-off-hours']);
  t.false('words' in (alerts(night.parts)[0]?.details ?? {}), 'what she wrote stays in the record');
  t.true(isOffHours(Date.UTC(2030, 4, 19, 16)), 'a Sunday');
  t.false(isOffHours(Date.UTC(2030, 4, 15, 11)), 'seven in winter');
  t.true(isOffHours(Date.UTC(2030, 0, 16, 0)), 'nine in the evening in summer');
});

test('R-54: who tries to work on her own record alerts; ten refusals in ten minutes do too', async (t) => {
  const { parts, officer, chief } = await house(NOON);
  t.is((await lookUp(parts, officer, { run: OFFICER, reason })).kind, 'denied');
  t.deepEqual(await watchEvents(parts), ['own-record']);
  for (let n = 0; n < 10; n++) await lookUp(parts, chief, { run: CITIZEN, reason: { kind: 'case', text: '' } });
  t.deepEqual(await watchEvents(parts), ['staff-denied']);
  t.is(alerts(parts).at(-1)?.actorId, chief.staff.accountId);
});

test('R-100: many more recoveries than on a usual day alert, as many as usual do not', async (t) => {
  const { parts } = await house(NOON);
  const recoveries = async (count: number, at: number) => {
    for (let n = 0; n < count; n++) await parts.audit.add({ kind: 'recovery-used', at });
  };
  await recoveries(29, parts.clock() - 1000);
  t.deepEqual(await watchEvents(parts), []);
  await recoveries(1, parts.clock() - 1000);
  t.deepEqual(await watchEvents(parts), ['mass-recovery']);
  const usual = await house(NOON);
  for (let hour = 1; hour <= 20; hour++)
    for (let n = 0; n < 50; n++)
      await usual.parts.audit.add({ kind: 'recovery-used', at: usual.parts.clock() - hour * 3_600_000 });
  for (let n = 0; n < 34; n++) await usual.parts.audit.add({ kind: 'recovery-used', at: usual.parts.clock() - 1000 });
  t.deepEqual(await watchEvents(usual.parts), [], 'a thousand a day are seven in ten minutes');
  await usual.parts.audit.add({ kind: 'recovery-used', at: usual.parts.clock() - 1000 });
  t.deepEqual(await watchEvents(usual.parts), ['mass-recovery']);
});

test('R-100: a key that is replaced alerts', async (t) => {
  const { parts } = await house(NOON);
  await parts.audit.add({ kind: 'key-retiring', at: parts.clock(), details: { kid: 'a', alg: 'RS256' } });
  t.deepEqual(await watchEvents(parts), ['key-changed']);
});

const HOUR = 3_600_000;

test('R-65, R-100: what happened while nobody looked rings when somebody looks again, once', async (t) => {
  const { parts, officer, chief } = await house(NOON);
  t.deepEqual(await watchEvents(parts), []);
  parts.travel(60_000);
  const before = parts.clock();
  await lookUp(parts, officer, { run: OFFICER, reason });
  const after = parts.clock();
  await parts.audit.add({ kind: 'key-retiring', at: parts.clock(), details: { kid: 'a' } });
  const refused = () => lookUp(parts, chief, { run: CITIZEN, reason: { kind: 'case', text: '' } });
  for (let n = 0; n < 10; n++) await refused();
  for (let n = 0; n < 30; n++) await parts.audit.add({ kind: 'recovery-used', at: parts.clock() + n * 15_000 });
  parts.travel(5 * HOUR);
  t.deepEqual((await watchEvents(parts)).toSorted(), ['key-changed', 'mass-recovery', 'own-record', 'staff-denied']);
  const { at } = alerts(parts).find(({ kind }) => kind === 'own-record')!;
  t.true(at >= before && at <= after, 'when it happened');
  t.deepEqual(await watchEvents(parts), []);
  parts.travel(5 * HOUR);
  t.deepEqual(await watchEvents(parts), []);
});

test('R-65: an outage makes no alert of what is none, and passes over nothing because there was much', async (t) => {
  const { parts, officer, chief } = await house(NOON);
  await watchEvents(parts);
  for (let n = 0; n < 30; n++) {
    await lookUp(parts, chief, { run: CITIZEN, reason: { kind: 'case', text: '' } });
    await parts.audit.add({ kind: 'recovery-used', at: parts.clock() });
    parts.travel(70_000);
  }
  t.deepEqual(await watchEvents(parts), [], 'nine in ten minutes');
  parts.travel(NIGHT + 24 * HOUR - parts.clock());
  await parts.audit.add({ kind: 'person-looked-up', at: parts.clock(), actorId: officer.staff.accountId });
  for (let n = 0; n < 4100; n++)
    await parts.audit.add({ kind: 'person-looked-up', at: parts.clock() + n, actorId: chief.staff.accountId });
  parts.travel(12 * HOUR);
  t.deepEqual(await watchEvents(parts), ['staff-off-hours', 'staff-off-hours']);
  t.deepEqual(new Set(alerts(parts).map(({ actorId }) => actorId)).size, 2);
});

test('R-65: what could not be told is told the next time', async (t) => {
  const { parts, officer } = await house(NOON);
  await watchEvents(parts);
  await lookUp(parts, officer, { run: OFFICER, reason });
  parts.travel(HOUR);
  const transaction = async () => Promise.reject(new Error('the store is away'));
  await t.throwsAsync(watchEvents({ ...parts, transaction }));
  parts.travel(HOUR);
  t.deepEqual(await watchEvents(parts), ['own-record']);
});

test('R-100: an alert is acknowledged once, by who may, and recorded', async (t) => {
  const { parts, officer, chief } = await house(NOON);
  await parts.audit.add({ kind: 'key-retiring', at: parts.clock(), details: { kid: 'a' } });
  await watchEvents(parts);
  t.deepEqual(await acknowledgeAlert(parts, officer, '1'), { kind: 'denied', lacks: 'role' });
  t.is(await parts.alerts.open(), 1);
  t.deepEqual(await acknowledgeAlert(parts, chief, '1'), { kind: 'done' });
  t.deepEqual(await acknowledgeAlert(parts, chief, '1'), { kind: 'gone' });
  t.is(await parts.alerts.open(), 0);
  t.is([...parts.tables.audit.values()].at(-1)?.kind, 'alert-acknowledged');
});

test('R-64: who has not come for thirty days is disabled by the job, out of the console, and recorded', async (t) => {
  const { parts, officer, chief } = await house(NOON);
  const [hers, his] = [officer.staff.accountId, chief.staff.accountId];
  await parts.staff.seen(hers, parts.clock());
  const id = await parts.journeys.begin({
    ...{ kind: 'console', state: {}, accountId: hers, until: parts.clock() + 40 * 86_400_000 },
  });
  parts.travel(29 * 86_400_000);
  await parts.staff.seen(his, parts.clock());
  await disableDormant(parts);
  t.not((await parts.staff.byId(hers))?.state, 'disabled');
  parts.travel(2 * 86_400_000);
  t.is(await disableDormant(parts), 1);
  t.is((await parts.staff.byId(hers))?.state, 'disabled');
  t.not((await parts.staff.byId(his))?.state, 'disabled');
  t.is(await parts.journeys.find({ kind: 'console', id, now: parts.clock() }), undefined);
  t.like([...parts.tables.audit.values()].at(-1), {
    kind: 'staff-disabled',
    accountId: hers,
    details: { why: 'dormant' },
  });
  t.is(await disableDormant(parts), 0);
});
