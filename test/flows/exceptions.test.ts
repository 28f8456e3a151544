import test from 'ava';
import { STAGES, MOVES, after, CASE } from '../../src/domain/enrolment.ts';
import { parseRun } from '../../src/domain/run.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { endCase } from '../../src/flows/end-case.ts';
import { caseInHand, saveSheet } from '../../src/flows/case-in-hand.ts';
import { askException, decideException, showException, waitingExceptions } from '../../src/flows/exceptions.ts';
import { openHistory } from '../../src/flows/case-history.ts';
import { proposeReissue } from '../../src/flows/reissue.ts';
import { printSlip, slipWaits } from '../../src/flows/slips.ts';
import { endHold, reviewSample, toSupervise } from '../../src/flows/supervise.ts';
import { tendEnrolments } from '../../src/flows/tend-enrolments.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import { colleague, FULL, GOOD, inLine, inSession, PEDRO } from '../support/desk.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import { CARD } from '../support/desk.ts';

const OTHER = parseRun('12.345.678-5')!;
const THIRD = parseRun('11.111.111-1')!;
const reason = { kind: 'case', text: 'se le perdió el papel en el bus' } as const;
const words = 'cambió de nombre y trae el certificado';
type House = Awaited<ReturnType<typeof inSession>>;
const openId = async ({ parts }: House) => (await parts.proposals.open(parts.clock()))[0]?.id ?? '';

test('R-54: an exception passes when another person has agreed, never by whose session it is', async (t) => {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  const sheet = { ...FULL, mrz: cardOf({ ...CARD, names: ['Pedro', 'Andrés'] }) };
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet }), { kind: 'refused', differences: ['name'] });
  const ask = { caseId, exception: 'data-mismatch', words, email: '', phone: '' } as const;
  t.deepEqual(await askException(parts, officer, { ...ask, words: 'sí' }), { kind: 'malformed' });
  t.deepEqual(await askException(parts, officer, ask), { kind: 'asked' });
  t.deepEqual(await askException(parts, officer, ask), { kind: 'waiting' });
  const id = await openId(house);
  t.like(await decideException(parts, officer, { id, agreed: true }), { kind: 'denied' });
  t.like(await showException(parts, officer, id), { kind: 'denied' });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet }), { kind: 'refused', differences: ['name'] });
  const second = await colleague(parts, OTHER, ['officer']);
  const shown = await showException(parts, second, id);
  t.is(shown.kind === 'shown' && shown.waiting.evidence?.work.sheet.mrz, sheet.mrz, 'who decides sees the evidence');
  const all = await Promise.all(Array.from({ length: 20 }, () => decideException(parts, second, { id, agreed: true })));
  t.is(all.filter(({ kind }) => kind === 'decided').length, 1, 'once');
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet }), { kind: 'approved' });
});

test('R-50, R-54: no exception lets the dead or a silent registry pass, nor another RUN', async (t) => {
  let answer: unknown = { kind: 'mismatch' };
  const house = await inSession('office', () => answer as typeof GOOD);
  const { parts, officer, caseId } = house;
  await askException(parts, officer, { caseId, exception: 'registry-override', words, email: '', phone: '' });
  const second = await colleague(parts, OTHER, ['supervisor']);
  t.deepEqual(await decideException(parts, second, { id: await openId(house), agreed: true }), { kind: 'decided' });
  for (const kind of ['deceased', 'unavailable', 'unknown']) {
    answer = { kind };
    t.like(await approveCase(parts, officer, { caseId, sheet: FULL }), { problem: 'registry' }, kind);
  }
  answer = { kind: 'mismatch' };
  const foreign = { ...FULL, mrz: cardOf({ ...CARD, run: OTHER }) };
  t.like(await approveCase(parts, officer, { caseId, sheet: foreign }), { differences: ['run'] });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
});

test('R-10, R-54: a contact that changes in the session goes to the account only when a second person agreed', async (t) => {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  const ask = { caseId, exception: 'contact-change', words, email: 'nuevo@correo.example', phone: '' } as const;
  t.deepEqual(await askException(parts, officer, { ...ask, email: '' }), { kind: 'malformed' });
  await askException(parts, officer, ask);
  const second = await colleague(parts, OTHER, ['officer']);
  t.deepEqual(await decideException(parts, second, { id: await openId(house), agreed: true }), { kind: 'decided' });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
  const { person } = (await parts.accounts.forLogin(PEDRO))!.account;
  t.is(person.email, 'nuevo@correo.example');
  t.not(person.emailVerified, true, 'confirmed when its code comes back');
});

test('R-53: another code takes two people; the old one is dead; the slip is for the second alone', async (t) => {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  await approveCase(parts, officer, { caseId, sheet: FULL });
  const first = await printSlip(parts, officer, { caseId, sms: true });
  t.deepEqual(await proposeReissue(parts, officer, { caseId, reason }), { kind: 'proposed' });
  const id = await openId(house);
  t.like(await decideException(parts, officer, { id, agreed: true }), { kind: 'denied' }, 'not alone');
  const second = await colleague(parts, OTHER, ['officer']);
  t.deepEqual(await decideException(parts, second, { id, agreed: true }), { kind: 'decided', slip: caseId });
  t.is(await slipWaits(parts, officer, caseId), 'gone', 'of another’s slip nothing is there');
  t.deepEqual(await printSlip(parts, officer, { caseId, sms: true }), { kind: 'gone' });
  t.is(await slipWaits(parts, second, caseId), 'waits');
  const again = await printSlip(parts, second, { caseId, sms: true });
  t.is(await slipWaits(parts, second, caseId), 'gone');
  t.true(first.kind === 'printed' && again.kind === 'printed' && first.plain !== again.plain);
  const alive = [...parts.tables.codes.values()].filter(
    (row) => row.purpose === 'activation' && row.binding === PEDRO && row.until > parts.clock(),
  );
  t.is(alive.length, 1);
});

test('R-17, R-53: another code is told to the case’s and the account’s confirmed addresses; who lets it pass prints it', async (t) => {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  await approveCase(parts, officer, { caseId, sheet: FULL });
  const her = (await parts.accounts.forLogin(PEDRO))!.account;
  const person = { ...her.person, email: 'antes@correo.example', emailVerified: true };
  parts.tables.accounts.set(her.id, { ...parts.tables.accounts.get(her.id)!, account: { ...her, person } });
  await proposeReissue(parts, officer, { caseId, reason });
  const chief = await colleague(parts, OTHER, ['supervisor']);
  const letters = () => [...parts.tables.outbox.values()].filter((one) => 'event' in one && 'to' in one);
  const before = letters().length;
  t.like(await decideException(parts, chief, { id: await openId(house), agreed: true }), { kind: 'decided' });
  t.deepEqual(
    letters()
      .slice(before)
      .map((one) => 'event' in one && [one.event, one.to]),
    [
      ['code-reissued', 'antes@correo.example'],
      ['reissued', 'pedro@correo.example'],
    ],
  );
  t.is((await printSlip(parts, chief, { caseId, sms: true })).kind, 'printed', 'a supervisor’s yes is not lost');
});

test('R-58: what was flagged goes on only by somebody else, with a reason; then another officer begins anew', async (t) => {
  const { parts, officer, caseId } = await inSession();
  await endCase(parts, officer, { caseId, way: { result: 'held', words: 'alguien le dictaba' } });
  const chief = await colleague(parts, OTHER, ['supervisor']);
  const wish = { caseId, outcome: 'released', reason } as const;
  const both = { ...officer, staff: { ...officer.staff, roles: ['officer', 'supervisor'] as const } };
  t.like(await endHold(parts, both, wish), { kind: 'denied' }, 'not who raised it');
  t.like(await endHold(parts, chief, { ...wish, reason: { kind: 'case', text: '' } }), { lacks: 'reason' });
  t.like(await endHold(parts, officer, wish), { lacks: 'role' });
  const all = await Promise.all(Array.from({ length: 20 }, () => endHold(parts, chief, wish)));
  t.is(all.filter(({ kind }) => kind === 'done').length, 1);
  t.is((await parts.enrolments.byId(caseId))?.stage, 'contact-confirmed');
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'gone' });
});

test('R-54: a sample is drawn without the officer’s knowing and looked at by somebody else', async (t) => {
  const { parts, officer, caseId } = await inSession();
  // Whoever hurries is looked at for certain.
  parts.travel(-60_000);
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
  const [sample] = await parts.supervision.samples();
  const id = sample?.evidenceId ?? '';
  const both = { ...officer, staff: { ...officer.staff, roles: ['officer', 'supervisor'] as const } };
  t.deepEqual((await toSupervise(parts, both)).samples, [], 'she does not see it');
  const review = { id, verdict: 'good', words: 'todo está como debe' } as const;
  t.like(await reviewSample(parts, both, review), { kind: 'denied' });
  const chief = await colleague(parts, OTHER, ['supervisor']);
  t.is((await toSupervise(parts, chief)).samples.length, 1);
  t.deepEqual(await reviewSample(parts, chief, review), { kind: 'done' });
  t.deepEqual(await reviewSample(parts, chief, review), { kind: 'gone' });
});

test('R-49, R-63: the history opens for a reason; the evidence for auditors alone', async (t) => {
  const { parts, officer, caseId } = await inSession();
  t.like(await openHistory(parts, officer, { caseId, reason }), { kind: 'denied', lacks: 'role' });
  const chief = await colleague(parts, OTHER, ['supervisor']);
  t.like(await openHistory(parts, chief, { caseId, reason: { kind: 'case', text: '' } }), { lacks: 'reason' });
  const seen = await openHistory(parts, chief, { caseId, reason });
  t.is(seen.kind === 'opened' ? seen.seen.sessions : null, undefined);
  const auditor = await colleague(parts, THIRD, ['auditor']);
  const all = await openHistory(parts, auditor, { caseId, reason });
  t.is(all.kind === 'opened' && all.seen.sessions?.length, 1);
});

test('R-48: of all moves from all stages by all kinds of people only those of the table pass', async (t) => {
  const { parts, caseId } = await inSession();
  const row = parts.tables.enrolments.get(caseId)!;
  let passed = 0;
  for (const stage of STAGES)
    for (const move of MOVES)
      for (const kind of ['citizen', 'officer', 'system'] as const) {
        const was = { ...row.enrolment, stage, lastBy: undefined };
        parts.tables.enrolments.set(caseId, { ...row, enrolment: was });
        const by = { kind, ...(kind === 'officer' && { id: 'somebody' }) };
        const moved = await parts.enrolments.move(was, { move, by, at: 1 });
        const rules: Readonly<Record<string, { readonly to: string; readonly by: readonly string[] } | undefined>> =
          CASE[stage];
        const rule = rules[move];
        const allowed = rule?.by.includes(kind) === true;
        t.is(moved?.stage, allowed ? (rule.to as typeof stage) : undefined, `${stage} ${move} ${kind}`);
        t.is(after(stage, move, { by }), moved?.stage);
        passed += allowed ? 1 : 0;
      }
  t.true(passed > 30);
});

test('R-53, R-54: four days after an identification a new one still needs a second person', async (t) => {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
  parts.travel(4 * 86_400_000);
  await tendEnrolments(parts);
  const again = await inLine(parts);
  const fresh = await colleague(parts, OTHER, ['officer']);
  t.like(await drawNext(parts, fresh, 'office'), { kind: 'drawn', caseId: again });
  parts.travel(90_000);
  const wish = { caseId: again, sheet: FULL };
  t.deepEqual(await approveCase(parts, fresh, wish), { kind: 'refused', problem: 'again-soon' });
  const ask = { caseId: again, exception: 'again-soon', words, email: '', phone: '' } as const;
  t.deepEqual(await askException(parts, fresh, ask), { kind: 'asked' });
  const second = await colleague(parts, THIRD, ['officer']);
  t.deepEqual(await decideException(parts, second, { id: await openId(house), agreed: true }), { kind: 'decided' });
  t.deepEqual(await approveCase(parts, fresh, wish), { kind: 'approved' });
});

test('R-54, R-57: what is asked for in one session is never written into another', async (t) => {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  const ask = { caseId, exception: 'no-card', words, email: '', phone: '' } as const;
  t.deepEqual(await askException(parts, officer, ask), { kind: 'asked' });
  const id = await openId(house);
  const [asked] = parts.tables.proposals.values();
  await endCase(parts, officer, { caseId, way: { result: 'broken-off' } });
  t.is(await openId(house), '', 'withdrawn when the session ended');
  const second = await colleague(parts, OTHER, ['officer']);
  await parts.queues.join({
    caseId,
    channel: 'office',
    office: 'Registro Civil Santiago Centro',
    joinedAt: parts.clock(),
  });
  t.like(await drawNext(parts, second, 'office'), { kind: 'drawn', caseId });
  const third = await colleague(parts, THIRD, ['officer']);
  t.deepEqual(await decideException(parts, third, { id, agreed: true }), { kind: 'gone' });
  // Though it were open still.
  parts.tables.proposals.set(id, asked!);
  t.deepEqual(await showException(parts, third, id), { kind: 'gone' });
  t.deepEqual(await decideException(parts, third, { id, agreed: true }), { kind: 'gone' });
  t.deepEqual(await waitingExceptions(parts), []);
  t.deepEqual((await parts.evidence.inHand(second.staff.accountId))?.work.exceptions, []);
});

test('R-54, R-57: a contact that changed after she looked is shown and read back before anything is approved', async (t) => {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  await saveSheet(parts, officer, { caseId, sheet: FULL, seen: 1 });
  const seen = (await caseInHand(parts, officer, caseId))!.evidence.version;
  const ask = { caseId, exception: 'contact-change', words, email: 'nuevo@correo.example', phone: '' } as const;
  await askException(parts, officer, ask);
  const second = await colleague(parts, OTHER, ['officer']);
  t.deepEqual(await decideException(parts, second, { id: await openId(house), agreed: true }), { kind: 'decided' });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL, seen }), { kind: 'refused', problem: 'race' });
  t.deepEqual(await saveSheet(parts, officer, { caseId, sheet: FULL, seen }), { kind: 'race' });
  const { evidence } = (await caseInHand(parts, officer, caseId))!;
  t.false(evidence.work.sheet.ticks.includes('read-back'));
  const now = { caseId, sheet: FULL, seen: evidence.version };
  t.deepEqual(await approveCase(parts, officer, now), { kind: 'approved' });
});
