import { randomUUID } from 'node:crypto';
import test from 'ava';
import { TICKS, type Sheet } from '../../src/domain/checklist.ts';
import { parseRun } from '../../src/domain/run.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { caseInHand, saveSheet } from '../../src/flows/case-in-hand.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import { endCase } from '../../src/flows/end-case.ts';
import { endHold } from '../../src/flows/supervise.ts';
import { printSlip } from '../../src/flows/slips.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import {
  actorOf,
  CARD,
  CHIEF,
  colleague,
  FULL,
  GOOD,
  idOf,
  inLine,
  inSession,
  OFFICER,
  PEDRO,
} from '../support/desk.ts';

const OTHER = parseRun('12.345.678-5')!;
const codes = (parts: Awaited<ReturnType<typeof inSession>>['parts']) =>
  [...parts.tables.codes.values()].filter(({ purpose, binding }) => purpose === 'activation' && binding === PEDRO);

test('R-48, R-53: twenty approvals at once give one code, one account, one slip, which is printed once', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const all = await Promise.all(Array.from({ length: 20 }, () => approveCase(parts, officer, { caseId, sheet: FULL })));
  t.is(all.filter(({ kind }) => kind === 'approved').length, 1);
  t.is(codes(parts).length, 1);
  const now = (await parts.enrolments.byId(caseId))!;
  t.like(now, { stage: 'code-issued', level: 'presencial' });
  t.like(await parts.accounts.byId(now.accountId!), { status: 'not-activated', identified: 'presencial' });
  const chief = await colleague(parts, OTHER, ['officer']);
  t.deepEqual(await printSlip(parts, chief, { caseId, sms: true }), { kind: 'gone' }, 'not by somebody else');
  const prints = await Promise.all(Array.from({ length: 20 }, () => printSlip(parts, officer, { caseId, sms: true })));
  t.is(prints.filter(({ kind }) => kind === 'printed').length, 1);
  t.deepEqual(await printSlip(parts, officer, { caseId, sms: true }), { kind: 'gone' }, 'nobody sees it again');
  t.is(await caseInHand(parts, officer, caseId), undefined, 'the officer is out of the case');
  const event = [...parts.tables.audit.values()].find(({ kind }) => kind === 'case-approved');
  t.like(event, { actorId: officer.staff.accountId, accountId: now.accountId });
});

test('R-73: an approval that cannot be recorded leaves the session open, and no code, account or slip', async (t) => {
  const { parts, officer, caseId } = await inSession();
  let full = true;
  const transaction: typeof parts.transaction = (work) =>
    parts.transaction((tx) => {
      const add: typeof tx.audit.add = async (event) => {
        if (full && event.kind === 'case-approved') throw new Error('the record is full');
        return tx.audit.add(event);
      };
      return work({ ...tx, audit: { ...tx.audit, add } });
    });
  const approve = () => approveCase({ ...parts, transaction }, officer, { caseId, sheet: FULL });
  await t.throwsAsync(approve, { message: 'the record is full' });
  const [session] = await parts.evidence.ofCase(caseId);
  t.is(session?.result, undefined);
  t.deepEqual(session?.work.sheet, FULL, 'what she ticked is kept');
  t.is((await parts.enrolments.byId(caseId))?.stage, 'in-session');
  t.is(codes(parts).length, 0);
  t.is(await parts.accounts.forLogin(PEDRO), undefined);
  t.deepEqual(await parts.handovers.waits(caseId, parts.clock()), []);
  full = false;
  t.deepEqual(await approve(), { kind: 'approved' });
});

test('R-50: blocked, deceased, mismatch, unknown, expired, silent: no code; after it has recovered it goes on', async (t) => {
  let answer: unknown = GOOD;
  const { parts, officer, caseId } = await inSession('office', () => answer as typeof GOOD);
  for (const kind of ['blocked', 'deceased', 'mismatch', 'unknown', 'expired', 'unavailable']) {
    answer = { kind };
    t.like(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'refused', problem: 'registry' }, kind);
    const hand = await caseInHand(parts, officer, caseId);
    t.is(hand?.evidence.work.registry?.says, kind as 'blocked');
    t.is(codes(parts).length, 0);
  }
  answer = GOOD;
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
});

test('R-49: what is missing is told, what was ticked is kept, and nothing is issued', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const sheet: Sheet = { ...FULL, ticks: TICKS.filter((tick) => tick !== 'consent' && tick !== 'read-back') };
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet }), {
    kind: 'refused',
    missing: ['consent', 'read-back'],
  });
  t.deepEqual((await caseInHand(parts, officer, caseId))?.evidence.work.sheet, sheet);
  const refused = async (differing: Partial<Sheet>) =>
    approveCase(parts, officer, { caseId, sheet: { ...FULL, ...differing } });
  t.deepEqual(await refused({ mrz: FULL.mrz.replace('920120', '920121') }), {
    kind: 'refused',
    mrzFault: 'check-digit',
  });
  const foreign = cardOf({ ...CARD, run: OTHER });
  t.deepEqual(await refused({ mrz: foreign }), { kind: 'refused', differences: ['run'] });
  t.deepEqual(await refused({ mrz: cardOf({ ...CARD, expiry: '2020-01-01' }) }), {
    kind: 'refused',
    differences: ['expired'],
  });
  t.deepEqual(await refused({ coercion: 'signs' }), { kind: 'refused', missing: ['coercion'] });
  t.is(codes(parts).length, 0);
});

test('R-59: the day before she is fourteen somebody is too young, whoever asks; on the day itself she is not', async (t) => {
  let birthdate = '';
  const house = await inSession('office', () => ({ ...GOOD, birthdate }));
  const [{ caseId }, now] = [house, Date.parse('2027-05-17T15:00:00Z')];
  const parts = { ...house.parts, clock: () => now };
  const officer = { staff: { ...house.officer.staff, trainedAt: now }, provedAt: now, requestId: 'r', network: 'n' };
  const approved = (born: string) => {
    birthdate = born;
    return approveCase(parts, officer, { caseId, sheet: { ...FULL, mrz: cardOf({ ...CARD, birthdate }) } });
  };
  for (const young of ['2026-01-20', '2013-05-18']) {
    t.like(await approved(young), { problem: 'too-young' }, young);
    t.is(codes(parts).length, 0);
  }
  t.deepEqual(await approved('2013-05-17'), { kind: 'approved' });
});

test('R-61, training: a passkey of six minutes, or a training of a year and a day, approves nothing', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const late = { ...officer, provedAt: parts.clock() - 301_000 };
  t.deepEqual(await approveCase(parts, late, { caseId, sheet: FULL }), { kind: 'refused', problem: 'fresh' });
  const untrained = { ...officer, staff: { ...officer.staff, trainedAt: parts.clock() - 366 * 86_400_000 } };
  t.deepEqual(await approveCase(parts, untrained, { caseId, sheet: FULL }), { kind: 'refused', problem: 'untrained' });
  t.like(await drawNext(parts, untrained, 'office'), { kind: 'denied', lacks: 'trained' });
  t.is(codes(parts).length, 0);
});

test('R-54, R-63: nobody but whose draw it was sees or moves a case; nobody is given her own', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const other = await colleague(parts, OTHER, ['officer', 'supervisor', 'auditor', 'operator']);
  t.is(await caseInHand(parts, other, caseId), undefined);
  t.deepEqual(await saveSheet(parts, other, { caseId, sheet: FULL }), { kind: 'gone' });
  t.deepEqual(await approveCase(parts, other, { caseId, sheet: FULL }), { kind: 'gone' });
  for (const way of [
    { result: 'broken-off' },
    { result: 'held', words: '' },
    { result: 'rejected', rejection: 'not-the-same' },
  ] as const)
    t.deepEqual(await endCase(parts, other, { caseId, way }), { kind: 'gone' });
  t.is(await caseInHand(parts, officer, '00000000-0000-4000-8000-000000000000'), undefined, 'nor one that is guessed');
  const denials = [...parts.tables.audit.values()].filter(
    ({ kind, actorId }) => kind === 'staff-denied' && actorId === other.staff.accountId,
  );
  t.is(denials.length, 6, 'each try is recorded');
  t.deepEqual(await drawNext(parts, officer, 'office'), { kind: 'busy', caseId, channel: 'office' }, 'one at a time');
  await endCase(parts, officer, { caseId, way: { result: 'broken-off' } });
  await inLine(parts, { run: OFFICER, email: 'rosa@correo.example' });
  t.deepEqual(await drawNext(parts, officer, 'office'), { kind: 'none' }, 'her own RUN, and one that she has had');
  const own = { ...officer, staff: { ...officer.staff } };
  t.is((await drawNext(parts, other, 'office')).kind, 'drawn');
  t.is(await idOf(parts, OFFICER), own.staff.accountId);
});

test('R-54: of two officers at once each gets somebody else; twenty presses of one give her one', async (t) => {
  const { parts, officer, caseId } = await inSession();
  await endCase(parts, officer, { caseId, way: { result: 'rejected', rejection: 'picture-poor' } });
  await inLine(parts, { run: parseRun('11.111.111-1')!, email: 'a@correo.example' });
  await inLine(parts, { run: CHIEF, email: 'b@correo.example' });
  const other = await colleague(parts, OTHER, ['officer']);
  const [mine, hers] = await Promise.all([drawNext(parts, officer, 'office'), drawNext(parts, other, 'office')]);
  t.is(mine.kind, 'drawn');
  t.is(hers.kind, 'drawn');
  t.not(mine.kind === 'drawn' && mine.caseId, hers.kind === 'drawn' && hers.caseId);
  const again = await Promise.all(Array.from({ length: 20 }, () => drawNext(parts, officer, 'office')));
  t.true(again.every(({ kind }) => kind === 'busy'));
});

test('R-51: by video three actions are drawn when the session begins; a fourth session is not given', async (t) => {
  const { parts, officer, caseId } = await inSession('video');
  const first = (await caseInHand(parts, officer, caseId))!;
  t.is(first.evidence.drawn.length, 3);
  t.is(first.enrolment.sessions, 1);
  const others = [OTHER, CHIEF, parseRun('11.111.111-1')!];
  let actor = officer;
  for (const run of others) {
    await endCase(parts, actor, { caseId, way: { result: 'broken-off' } });
    actor = await colleague(parts, run, ['officer']);
    await parts.queues.join({ caseId, channel: 'video', office: '', joinedAt: parts.clock() });
    const outcome = await drawNext(parts, actor, 'video');
    t.is(outcome.kind, run === others[2] ? 'none' : 'drawn');
  }
  await parts.queues.join({
    caseId,
    channel: 'office',
    office: 'Registro Civil Santiago Centro',
    joinedAt: parts.clock(),
  });
  t.is((await drawNext(parts, actor, 'office')).kind, 'drawn', 'the office is always open to her');
});

test('R-57: whoever else asked for that RUN has no case any more, and her mail is nowhere', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const attacker = await inLine(parts, { email: 'ladron@correo.example', channel: 'video' });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
  t.is((await parts.enrolments.byId(attacker))?.stage, 'expired');
  const account = (await parts.accounts.forLogin(PEDRO))!.account;
  t.is(account.person.email, 'pedro@correo.example');
  t.is(await parts.queues.seen(attacker, parts.clock()), undefined);
});

test('R-58: a third case with one address of mail is held, and the officer’s silent flag stops all', async (t) => {
  const { parts, officer, caseId } = await inSession();
  for (const run of ['11.111.111-1', '12.345.678-5']) await inLine(parts, { run: parseRun(run)! });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'held' });
  t.is(codes(parts).length, 0);
  t.deepEqual(
    (await parts.supervision.holds()).map(({ kind }) => kind),
    ['same-email'],
  );
  t.is((await parts.enrolments.byId(caseId))?.stage, 'held');
  const flagged = await inSession();
  t.deepEqual(
    await endCase(flagged.parts, flagged.officer, {
      caseId: flagged.caseId,
      way: { result: 'held', words: 'dos voces' },
    }),
    { kind: 'ended' },
  );
  t.deepEqual(await approveCase(flagged.parts, flagged.officer, { caseId: flagged.caseId, sheet: FULL }), {
    kind: 'gone',
  });
  t.is(codes(flagged.parts).length, 0);
  t.truthy(await actorOf(parts, OFFICER));
});

test('R-55, R-57, R-58: nobody stops her by writing her address, nor by asking for her RUN again', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const stranger = { document: '100200300', email: 'pedro@correo.example', lang: 'es' } as const;
  for (const run of [OTHER, CHIEF, PEDRO]) {
    const ask = { request: { run, ...stranger }, network: '10.1.1.0/24', createdAt: parts.clock() };
    await parts.enrolments.add({ id: randomUUID(), token: randomUUID(), ...ask, expiresAt: parts.clock() + 1e9 });
  }
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
});

test('R-58: what a supervisor has let go on is not held for the same again', async (t) => {
  const { parts, officer, caseId } = await inSession();
  for (const run of [OTHER, CHIEF]) await inLine(parts, { run });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'held' });
  const chief = await colleague(parts, parseRun('11.111.111-1')!, ['supervisor']);
  const reason = { kind: 'case', text: 'son hermanos con un solo correo' } as const;
  t.deepEqual(await endHold(parts, chief, { caseId, outcome: 'released', reason }), { kind: 'done' });
  for (const one of parts.tables.walkIns.keys()) await parts.queues.leave(one);
  await parts.queues.join({
    caseId,
    channel: 'office',
    office: 'Registro Civil Santiago Centro',
    joinedAt: parts.clock(),
  });
  const other = await colleague(parts, OTHER, ['officer']);
  t.like(await drawNext(parts, other, 'office'), { kind: 'drawn', caseId });
  parts.travel(90_000);
  t.deepEqual(await approveCase(parts, other, { caseId, sheet: FULL }), { kind: 'approved' });
  t.is((await parts.supervision.samples()).length, 1, 'somebody looks at it again');
});

test('R-65: the twenty-first code of an hour waits', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const use = { row: 'issue', network: officer.staff.accountId, limit: '20 per hour per member of staff' } as const;
  for (let n = 0; n < 20; n++) await parts.limits.take({ ...use, now: parts.clock() });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'refused', problem: 'limit' });
});

test('R-100: while requests are stopped nobody is called or approved by video; at a desk people are', async (t) => {
  const { parts, officer, caseId } = await inSession('video');
  await parts.switches.set('enrolment-stopped', true, parts.clock());
  const stopped = await approveCase(parts, officer, { caseId, sheet: FULL });
  t.like(stopped, { kind: 'refused', problem: 'stopped' });
  t.is(codes(parts).length, 0);
  const other = await colleague(parts, OTHER, ['officer']);
  t.deepEqual(await drawNext(parts, other, 'video'), { kind: 'stopped' });
  t.deepEqual(await drawNext(parts, other, 'office'), { kind: 'none' });
  await parts.switches.set('enrolment-stopped', false, parts.clock());
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });

  const desk = await inSession('office');
  await desk.parts.switches.set('enrolment-stopped', true, desk.parts.clock());
  t.deepEqual(await approveCase(desk.parts, desk.officer, { caseId: desk.caseId, sheet: FULL }), { kind: 'approved' });
});
