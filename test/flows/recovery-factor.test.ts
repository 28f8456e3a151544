import test from 'ava';
import { isRecentlyRecovered, mayAddFactor, RECENTLY } from '../../src/domain/account.ts';
import { parseRun } from '../../src/domain/run.ts';
import { newSavedCodes } from '../../src/flows/change-factors.ts';
import { denyNotice } from '../../src/flows/not-me.ts';
import type { Passer } from '../../src/flows/passing.ts';
import { leaveCodes, proveRecoveryFactor, recover } from '../../src/flows/recovery-end.ts';
import { askForRecovery, enterRecoveryCode, recoveryOf } from '../../src/flows/recovery.ts';
import { codeOf, NEW_CLAVE } from '../support/flow.ts';
import { memoryParts, type Memory } from '../support/memory.ts';
import { noLinks } from '../support/memory/sessions.ts';

const ANA = parseRun('12.345.678-5')!;
const MARIA = parseRun('11.111.111-1')!;
const SECRET = 'JBSWY3DPEHPK3PXP';
const passer: Passer = {
  ...{ device: 'new', deviceName: 'Chrome, Android', network: '10.1.1.0/24', source: '10.1.1.1' },
  ...{ requestId: 'r-1', lang: 'es' },
};
const wish = { password: NEW_CLAVE, again: NEW_CLAVE };

/** Up to where the code was right. */
async function verified(run = ANA) {
  const parts = await memoryParts();
  const account = (await parts.accounts.forLogin(run))!.account;
  const asked = await askForRecovery(parts, passer, { run, before: undefined });
  const id = asked.kind === 'asked' ? asked.id : '';
  const entered = await enterRecoveryCode(parts, passer, { id, run, code: codeOf(parts, 'recovery-code') });
  return { parts, id, account, entered };
}

test('who has a second factor is asked for it, cannot go around it, and comes out with it still there (R-14)', async (t) => {
  const { parts, id, account, entered } = await verified();
  t.deepEqual(entered, { kind: 'verified', next: 'factor' });
  t.deepEqual(await recover(parts, passer, { id, ...wish }), { kind: 'gone' });
  t.deepEqual(await proveRecoveryFactor(parts, passer, { id, typed: '000000' }), { kind: 'refused' });
  t.deepEqual(await recover(parts, passer, { id, ...wish }), { kind: 'gone' });
  const typed = await parts.oneTimeCodes.codeOf(SECRET, parts.clock());
  t.deepEqual(await proveRecoveryFactor(parts, passer, { id, typed }), { kind: 'proved' });
  t.deepEqual(await recover(parts, passer, { id, ...wish }), { kind: 'recovered', next: 'done' });
  t.true((await parts.factors.of(account.id)).some(({ kind }) => kind === 'totp'));
  const event = [...parts.tables.audit.values()].find(({ kind }) => kind === 'recovery-used');
  t.deepEqual(event?.details, { factor: true });
});

/** Ana recovers by the first of two saved codes. */
async function bySavedCode() {
  const { parts, id, account } = await verified();
  const [typed = '', other = ''] = newSavedCodes(parts);
  await parts.factors.setSavedCodes(account.id, [typed, other], parts.clock());
  const proof = await proveRecoveryFactor(parts, passer, { id, typed });
  const done = await recover(parts, passer, { id, ...wish });
  const stage = (await recoveryOf(parts, id))?.stage;
  const codes = stage?.at === 'codes' ? stage.codes : [];
  return { parts, id, accountId: account.id, other, proof, done, codes };
}
const events = (parts: Memory, kind: string) => [...parts.tables.audit.values()].filter((row) => row.kind === kind);
const letters = (parts: Memory, event: string) =>
  [...parts.tables.outbox.values()].filter((letter) => letter.letter === 'notice' && letter.event === event);

test('who came in by a saved code is offered ten others, which count once she says that she has them (R-12, R-14, R-17)', async (t) => {
  const { parts, id, accountId, other, proof, done, codes } = await bySavedCode();
  t.deepEqual(proof, { kind: 'proved' });
  t.deepEqual(done, { kind: 'recovered', next: 'codes' });
  t.is(new Set(codes).size, 10);
  t.like((await parts.factors.of(accountId)).at(-1), { kind: 'saved-codes', left: 1 }, 'nothing has changed yet');
  const both = await Promise.all([1, 2].map(() => leaveCodes(parts, passer, { id, kept: true })));
  t.deepEqual(both.map(({ kind }) => kind).sort(), ['gone', 'left'], 'once');
  t.like((await parts.factors.of(accountId)).at(-1), { kind: 'saved-codes', left: 10 });
  t.is(await parts.factors.useSavedCode(accountId, other), undefined, 'the old ones are over');
  t.is(await parts.factors.useSavedCode(accountId, codes[9] ?? ''), 9);
  t.like(events(parts, 'saved-codes-made'), { length: 1 });
  t.like(letters(parts, 'factor-added'), { length: 1 });
  t.is((await recoveryOf(parts, id))?.stage.at, 'done');
});

test('who has no pen goes on with what is left, and nothing is written of it', async (t) => {
  const { parts, id, accountId, other, codes } = await bySavedCode();
  t.deepEqual(await leaveCodes(parts, passer, { id, kept: false }), { kind: 'left' });
  t.is(await parts.factors.useSavedCode(accountId, codes[0] ?? ''), undefined);
  t.is(await parts.factors.useSavedCode(accountId, other), 0);
  t.deepEqual(events(parts, 'saved-codes-made'), []);
});

test('«No fui yo» takes the codes that are offered away, and half an hour does (R-17, R-29)', async (t) => {
  const denied = await bySavedCode();
  const about = { accountId: denied.accountId, event: 'recovered', at: denied.parts.clock() } as const;
  await denied.parts.notices.add({ token: 'a-token', ...about, asker: { ...passer, site: 'ClaveÚnica' } });
  t.is(
    (await denyNotice(denied.parts, { token: 'a-token', links: noLinks, network: 'n', requestId: 'r' })).kind,
    'denied',
  );
  t.deepEqual(await leaveCodes(denied.parts, passer, { id: denied.id, kept: true }), { kind: 'gone' });
  t.is(await denied.parts.factors.useSavedCode(denied.accountId, denied.codes[0] ?? ''), undefined);
  const late = await bySavedCode();
  late.parts.travel(30 * 60_000);
  t.deepEqual(await leaveCodes(late.parts, passer, { id: late.id, kept: true }), { kind: 'gone' });
});

test('R-14, R-31: who was blocked meanwhile gets no new codes', async (t) => {
  const { parts, id, accountId, other, codes } = await bySavedCode();
  await parts.accounts.moveStatus(accountId, { from: ['active'], to: 'blocked', at: parts.clock() });
  t.deepEqual(await leaveCodes(parts, passer, { id, kept: true }), { kind: 'gone' });
  t.is(await parts.factors.useSavedCode(accountId, codes[0] ?? ''), undefined);
  t.is(await parts.factors.useSavedCode(accountId, other), 0, 'hers are as they were');
});

test('wrong factors are slowed down as everywhere (R-19)', async (t) => {
  const { parts, id } = await verified();
  const kinds = [];
  for (let n = 0; n < 7; n++) kinds.push((await proveRecoveryFactor(parts, passer, { id, typed: '000000' })).kind);
  t.deepEqual(kinds.slice(0, 5), Array<string>(5).fill('refused'));
  t.true(kinds.slice(5).every((kind) => kind === 'wait'));
});

test('a factor that was added while somebody recovers is asked for too (R-14)', async (t) => {
  const { parts, id, account, entered } = await verified(MARIA);
  t.deepEqual(entered, { kind: 'verified', next: 'clave' });
  await parts.factors.addTotp({ accountId: account.id, secret: SECRET, step: 1, at: parts.clock() });
  t.deepEqual(await recover(parts, passer, { id, ...wish }), { kind: 'gone' });
});

test('for 72 hours it is known that she recovered, and who has no factor adds none meanwhile (R-14, decision 2)', async (t) => {
  const { parts, id, account } = await verified(MARIA);
  t.deepEqual(await recover(parts, passer, { id, ...wish }), { kind: 'recovered', next: 'done' });
  const after = (await parts.accounts.byId(account.id))!;
  const now = parts.clock();
  t.true(isRecentlyRecovered(after, now));
  t.false(isRecentlyRecovered(after, (after.recoveredAt ?? 0) + RECENTLY));
  t.false(mayAddFactor(after, { has: false, now }));
  t.true(mayAddFactor(after, { has: true, now }));
  t.true(mayAddFactor(after, { has: false, now: now + RECENTLY }));
  t.true(mayAddFactor(account, { has: false, now }));
});

test('of two tabs that choose at once one does; the journey is over in half an hour (R-29)', async (t) => {
  const { parts, id } = await verified(MARIA);
  const both = await Promise.all([recover(parts, passer, { id, ...wish }), recover(parts, passer, { id, ...wish })]);
  t.deepEqual(both.map(({ kind }) => kind).sort(), ['gone', 'recovered']);
  const late = await verified(MARIA);
  late.parts.travel(30 * 60_000);
  t.is(await recoveryOf(late.parts, late.id), undefined);
  t.deepEqual(await recover(late.parts, passer, { id: late.id, ...wish }), { kind: 'gone' });
});

test('who blocked her own account opens it by recovery, as the page told her', async (t) => {
  const parts = await memoryParts();
  const { account } = (await parts.accounts.forLogin(MARIA))!;
  await parts.accounts.setStatus(account.id, 'paused', parts.clock());
  const asked = await askForRecovery(parts, passer, { run: MARIA, before: undefined });
  const id = asked.kind === 'asked' ? asked.id : '';
  await enterRecoveryCode(parts, passer, { id, run: MARIA, code: codeOf(parts, 'recovery-code') });
  t.deepEqual(await recover(parts, passer, { id, ...wish }), { kind: 'recovered', next: 'done' });
  t.is((await parts.accounts.byId(account.id))?.status, 'active');
});

test('what an officer blocked is not opened by a mailbox (R-31)', async (t) => {
  const parts = await memoryParts();
  const { account } = (await parts.accounts.forLogin(MARIA))!;
  await parts.accounts.setStatus(account.id, 'blocked', parts.clock());
  await askForRecovery(parts, passer, { run: MARIA, before: undefined });
  t.deepEqual(
    [...parts.tables.outbox.values()].map(({ accountId }) => accountId),
    [undefined],
  );
  t.is((await parts.accounts.byId(account.id))?.status, 'blocked');
});

test('whoever was blocked meanwhile goes no further (R-31)', async (t) => {
  const { parts, id, account } = await verified(MARIA);
  await parts.accounts.setStatus(account.id, 'blocked', parts.clock());
  t.deepEqual(await recover(parts, passer, { id, ...wish }), { kind: 'gone' });
});
