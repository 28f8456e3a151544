import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { activationOf, beginActivation, confirmContact } from '../../src/flows/activation.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { decideException } from '../../src/flows/exceptions.ts';
import type { Passer } from '../../src/flows/passing.ts';
import { proposeReissue } from '../../src/flows/reissue.ts';
import { printSecondCode } from '../../src/flows/second-code.ts';
import { printSlip } from '../../src/flows/slips.ts';
import { actorOf, colleague, FULL, GOOD, inSession, PEDRO } from '../support/desk.ts';

const OTHER = parseRun('12.345.678-5')!;
const THIRD = parseRun('11.111.111-1')!;
const DAY = 86_400_000;
const passer: Passer = {
  ...{ device: 'd', deviceName: 'Firefox', network: '10.0.0.0/24', source: '10.0.0.1', requestId: 'r', lang: 'es' },
};
type House = Awaited<ReturnType<typeof approvedWith>>;

/** Identified at the desk; the first slip waits for who approved. */
async function approvedWith(ask: { readonly mailless?: boolean; readonly phone?: string }) {
  const house = await inSession('office', () => GOOD, ask);
  const { parts, officer, caseId } = house;
  const outcome = await approveCase(parts, officer, { caseId, sheet: FULL });
  if (outcome.kind !== 'approved') throw new Error(JSON.stringify(outcome));
  const second = await colleague(parts, OTHER, ['officer']);
  return { ...house, second };
}
const print = ({ parts }: House, actor: House['second'], sms = true) =>
  printSecondCode(parts, actor, { run: PEDRO, sms });
const codeOf = (printed: { readonly kind: string; readonly code?: string }) => {
  if (printed.kind !== 'printed' || printed.code === undefined) throw new Error(printed.kind);
  return printed.code;
};
const begin = ({ parts }: House, code: string, sms = true) =>
  beginActivation(parts, passer, { ...{ run: '22.222.222-2', code, shared: false, sms, before: undefined } });

test('R-10, R-54: without any address two officers print a code each, and both open the account', async (t) => {
  const house = await approvedWith({ mailless: true });
  const { parts, officer, caseId, second } = house;
  t.like(await print(house, officer), { kind: 'denied', lacks: 'other' }, 'not who approved');
  const far = await colleague(parts, THIRD, ['officer']);
  const elsewhere = { ...far, staff: { ...far.staff, office: 'Arica' } };
  t.like(await print(house, elsewhere), { kind: 'denied', lacks: 'other' }, 'of the same office');
  const first = await printSlip(parts, officer, { caseId, sms: true });
  t.like(first, { second: true }, 'the paper tells of the other one');
  const all = await Promise.all(Array.from({ length: 20 }, () => print(house, second)));
  t.is(all.filter(({ kind }) => kind === 'printed').length, 1, 'RACE(20): once');
  t.deepEqual(await print(house, second), { kind: 'none' }, 'nobody sees it again');
  const events = [...parts.tables.audit.values()].filter(({ kind }) => kind === 'second-code-printed');
  t.is(events.length, 1);
  t.like(events[0], { actorId: second.staff.accountId, details: { case: caseId } });

  const begun = await begin(house, codeOf(first));
  const id = begun.kind === 'begun' ? begun.id : undefined;
  t.like((await activationOf(parts, id))?.stage, { at: 'confirm', channel: 'print' }, 'one code opens nothing');
  t.deepEqual(await confirmContact(parts, passer, { id, code: '0000-0000' }), { kind: 'refused' });
  t.deepEqual(await confirmContact(parts, passer, { id, code: codeOf(first) }), { kind: 'refused' });
  const code = codeOf(all.find(({ kind }) => kind === 'printed')!);
  t.deepEqual(await confirmContact(parts, passer, { id, code }), { kind: 'confirmed' });
  t.like((await activationOf(parts, id))?.stage, { at: 'clave' });
});

test('R-10: nothing is printed for who has an address; a telephone is none where no SMS is sent', async (t) => {
  const withMail = await approvedWith({});
  t.deepEqual(await print(withMail, withMail.second), { kind: 'none' });
  const withPhone = await approvedWith({ mailless: true, phone: '+56911112222' });
  t.deepEqual(await print(withPhone, withPhone.second, true), { kind: 'none' });
  t.is((await print(withPhone, withPhone.second, false)).kind, 'printed');
  const slip = await printSlip(withPhone.parts, withPhone.officer, { caseId: withPhone.caseId, sms: false });
  t.is((await begin(withPhone, codeOf(slip), false)).kind, 'begun');
  const nobody = await printSecondCode(withPhone.parts, withPhone.second, { run: THIRD, sms: true });
  t.deepEqual(nobody, { kind: 'none' });
});

test('R-10, R-12: the second code lasts a day, and five tries', async (t) => {
  const house = await approvedWith({ mailless: true });
  const { parts, officer, caseId, second } = house;
  const first = codeOf(await printSlip(parts, officer, { caseId, sms: true }));
  const code = codeOf(await print(house, second));
  const other = await approvedWith({ mailless: true });
  const paper = codeOf(await printSlip(other.parts, other.officer, { caseId: other.caseId, sms: true }));
  const right = codeOf(await print(other, other.second));
  const begun = await begin(other, paper);
  const worn = { id: begun.kind === 'begun' ? begun.id : undefined };
  for (let n = 0; n < 5; n++) {
    const from = { ...passer, source: `10.0.1.${String(n)}` };
    t.deepEqual(await confirmContact(other.parts, from, { ...worn, code: '0000-0000' }), { kind: 'refused' });
  }
  t.deepEqual(await confirmContact(other.parts, passer, { ...worn, code: right }), { kind: 'refused' }, 'worn out');
  parts.travel(DAY + 1);
  const late = await begin(house, first);
  const entry = { id: late.kind === 'begun' ? late.id : undefined, code };
  t.deepEqual(await confirmContact(parts, passer, entry), { kind: 'refused' }, 'over');
  t.is((await activationOf(parts, entry.id))?.stage.at, 'confirm');
});

test('R-53: other codes kill the second one too, and another person than who let them pass prints it anew', async (t) => {
  const house = await approvedWith({ mailless: true });
  const { parts, officer, caseId, second } = house;
  const old = codeOf(await print(house, second));
  const reason = { kind: 'case', text: 'se le perdieron los dos papeles' } as const;
  t.deepEqual(await proposeReissue(parts, officer, { caseId, reason }), { kind: 'proposed' });
  const id = (await parts.proposals.open(parts.clock()))[0]?.id ?? '';
  t.like(await decideException(parts, second, { id, agreed: true }), { kind: 'decided', slip: caseId });
  const first = codeOf(await printSlip(parts, second, { caseId, sms: true }));
  t.like(await print(house, second), { kind: 'denied', lacks: 'other' }, 'she has the first one');
  const begun = await begin(house, first);
  const entry = { id: begun.kind === 'begun' ? begun.id : undefined };
  t.deepEqual(await confirmContact(parts, passer, { ...entry, code: old }), { kind: 'refused' });
  const code = codeOf(await print(house, await actorOf(parts, parseRun('7.654.321-6')!)));
  t.deepEqual(await confirmContact(parts, passer, { ...entry, code }), { kind: 'confirmed' });
});

test('R-73: a second code that cannot be recorded is not printed, and waits', async (t) => {
  const house = await approvedWith({ mailless: true });
  const { parts, second, caseId } = house;
  const transaction: typeof parts.transaction = (work) =>
    parts.transaction((tx) => work({ ...tx, audit: { ...tx.audit, add: () => Promise.reject(new Error('full')) } }));
  await t.throwsAsync(printSecondCode({ ...parts, transaction }, second, { run: PEDRO, sms: true }), {
    message: 'full',
  });
  t.true((await parts.handovers.waits(caseId, parts.clock())).includes('second'));
  t.is([...parts.tables.codes.values()].filter(({ purpose }) => purpose === 'activation-second').length, 0);
  t.is((await print(house, second)).kind, 'printed');
});
