import test from 'ava';
import { NOTICES } from '../../src/domain/notice.ts';
import { parseRun } from '../../src/domain/run.ts';
import { makeSavedCodes } from '../../src/flows/change-factors.ts';
import { logIn, type LogInForm } from '../../src/flows/log-in.ts';
import { denyNotice, lookAtNotice } from '../../src/flows/not-me.ts';
import { proveFactor } from '../../src/flows/second-factor.ts';
import { tell } from '../../src/flows/notice.ts';
import { noLinks } from '../support/memory/sessions.ts';
import { PASSWORD, memoryParts, type Memory } from '../support/memory.ts';

const MARIA = parseRun('11.111.111-1')!;
const form: LogInForm = {
  ...{ run: MARIA, password: PASSWORD, shared: false, device: 'thief', deviceName: 'Firefox, Linux' },
  ...{ network: '10.0.0.0/24', source: '10.0.0.7', clientId: 'demo-municipio', site: 'Municipalidad' },
  ...{ uid: 'page', requestId: 'r-1' },
};
const by = { links: noLinks, network: '10.7.7.0/24', requestId: 'r-2' };

/** Somebody has signed in on a new device, and the letter has left. */
async function told() {
  const parts = await memoryParts();
  await logIn(parts, form);
  const [letter] = parts.tables.outbox.values();
  if (letter?.letter !== 'notice') throw new Error('no notice');
  const { token, event, at, asker } = letter;
  const accountId = letter.accountId!;
  await parts.notices.add({ token, event, at, asker, accountId });
  return { parts, token, accountId };
}
const openCode = (parts: Memory, accountId: string) =>
  parts.codes.issue({
    ...{ purpose: 'recovery', binding: 'b', accountId, code: '7K2M9QXT', now: parts.clock() },
    ...{ lifetime: 600_000, perHour: 3, perDay: 5 },
  });

test('looking at it changes nothing, however often (R-18)', async (t) => {
  const { parts, token } = await told();
  for (let n = 0; n < 5; n++) {
    const seen = await lookAtNotice(parts, token);
    t.is(seen.kind, 'told');
    t.is(seen.kind === 'told' && seen.notice.asker.site, 'Municipalidad');
  }
  t.is((await parts.accounts.forLogin(MARIA))?.account.revokedUntil, 0);
  t.is(parts.tables.cases.size, 0);
});

test('«No fui yo» ends sessions and open recoveries, forgets devices, opens a case and leaves a record (R-17, R-31)', async (t) => {
  const { parts, token, accountId } = await told();
  await openCode(parts, accountId);
  const journey = await parts.journeys.begin({
    ...{ kind: 'recovery', accountId, until: parts.clock() + 60_000 },
    state: { at: 'clave', run: MARIA, accountId, factor: false },
  });
  const now = parts.clock();
  t.is((await denyNotice(parts, { token, ...by })).kind, 'denied');
  t.true((await parts.accounts.forLogin(MARIA))!.account.revokedUntil > now / 1000);
  t.false(await parts.devices.knows('thief', MARIA));
  t.true((await parts.accounts.clave(accountId)).compromised, 'whoever it was knows her ClaveÚnica (R-02)');
  t.is(
    await parts.codes.use({ purpose: 'recovery', binding: 'b', code: '7K2M9QXT', now: parts.clock(), tries: 5 }),
    undefined,
  );
  t.is(await parts.journeys.find({ kind: 'recovery', id: journey, now: parts.clock() }), undefined);
  const [opened, ...more] = await parts.cases.ofAccount(accountId);
  t.deepEqual(more, []);
  t.like(opened, { kind: 'not-me', accountId, details: { event: 'new-device', site: 'Municipalidad' } });
  t.like([...parts.tables.audit.values()].at(-1), { kind: 'not-me', accountId, requestId: 'r-2' });
});

test('R-17: a factor that the stranger added does not let him in again, nor does saying so take one away (R-14)', async (t) => {
  const { parts, token, accountId } = await told();
  const changer = { accountId, asker: { ...form, lang: 'es' } };
  const secret = await parts.oneTimeCodes.secretOf(parts.chance(20));
  await parts.factors.addTotp({ accountId, secret, step: 1, at: parts.clock() });
  const codes = (await makeSavedCodes(parts, changer))!;
  t.is((await denyNotice(parts, { token, ...by })).kind, 'denied');
  parts.travel(60_000);
  const asker = { ...form, requestId: 'r-3' };
  for (const typed of [await parts.oneTimeCodes.codeOf(secret, parts.clock()), codes[0]!])
    t.is((await proveFactor(parts, { accountId, typed, asker })).kind, 'refused');
  t.true((await parts.accounts.forLogin(MARIA))!.secondFactor);
});

test('R-14, R-17, R-21: the second letter of the same stranger takes nothing from what she has added since the first', async (t) => {
  const { parts, token, accountId } = await told();
  parts.travel(60_000);
  const asker = { deviceName: 'Firefox', network: 'n', site: 's' };
  await parts.notices.add({ token: 'second', event: 'password-changed', at: parts.clock(), asker, accountId });
  parts.travel(60_000);
  t.is((await denyNotice(parts, { token, ...by })).kind, 'denied');
  parts.travel(3_600_000);
  const secret = await parts.oneTimeCodes.secretOf(parts.chance(20));
  await parts.factors.addTotp({ accountId, secret, step: 1, at: parts.clock() });
  parts.travel(60_000);
  t.is((await denyNotice(parts, { token: 'second', ...by })).kind, 'denied');
  parts.travel(60_000);
  const typed = await parts.oneTimeCodes.codeOf(secret, parts.clock());
  t.is((await proveFactor(parts, { accountId, typed, asker: form })).kind, 'proved');
});

test('R-02: whoever recovered, or changed factors or addresses, knows the ClaveÚnica; who asked for a code does not', async (t) => {
  for (const event of NOTICES) {
    const parts = await memoryParts();
    const accountId = (await parts.accounts.forLogin(MARIA))!.account.id;
    const asker = { deviceName: '', network: '', site: '' };
    await parts.notices.add({ token: event, event, at: parts.clock(), asker, accountId });
    await denyNotice(parts, { token: event, ...by });
    const expected = [
      'new-device',
      'recovered',
      'password-changed',
      'contact-changed',
      'factor-added',
      'factor-removed',
    ];
    t.is((await parts.accounts.clave(accountId)).compromised, expected.includes(event), event);
  }
});

test('R-31: of two revocations in one second, the later ends what began between them', async (t) => {
  const { parts, token, accountId } = await told();
  const at = parts.clock();
  const second = Math.floor(at / 1000) + 2;
  await parts.accounts.revokeUntil(accountId, second);
  const session = { uid: 'between', accountId, at, shared: false, network: '', device: 'thief', agent: '' };
  await parts.sessions.begin(session, 5);
  await denyNotice(parts, { token, ...by });
  t.is((await parts.accounts.byId(accountId))?.revokedUntil, second, 'no later than it was');
  t.not((await parts.sessions.find('between'))?.endedAt, undefined);
});

test('said twice it is done once, and says so; ten at once open one case', async (t) => {
  const { parts, token, accountId } = await told();
  const answers = await Promise.all(Array.from({ length: 10 }, () => denyNotice(parts, { token, ...by })));
  t.deepEqual([...new Set(answers.map(({ kind }) => kind))], ['denied']);
  t.is((await parts.cases.ofAccount(accountId)).length, 1);
  t.is((await lookAtNotice(parts, token)).kind, 'denied');
});

test('another token, none, and one that is eleven days old do nothing (R-16)', async (t) => {
  const { parts, token, accountId } = await told();
  for (const wrong of [undefined, '', 'x'.repeat(43), `${token}x`])
    t.is((await denyNotice(parts, { token: wrong, ...by })).kind, 'unknown');
  parts.travel(11 * 86_400_000);
  t.is((await denyNotice(parts, { token, ...by })).kind, 'unknown');
  t.deepEqual(await parts.cases.ofAccount(accountId), []);
  t.is((await parts.accounts.forLogin(MARIA))?.account.revokedUntil, 0);
});

test('who can’t be blamed with half of it: when the case cannot be opened nothing is done', async (t) => {
  const { parts, token } = await told();
  const transaction: Memory['transaction'] = (work) =>
    parts.transaction((tx) =>
      work({ ...tx, cases: { ...tx.cases, open: () => Promise.reject(new Error('disk full')) } }),
    );
  await t.throwsAsync(denyNotice({ ...parts, transaction }, { token, ...by }), { message: 'disk full' });
  t.is((await lookAtNotice(parts, token)).kind, 'told');
  t.true(await parts.devices.knows('thief', MARIA));
});

test('every confirmed address and those that just stopped to be get one letter each, of one token (R-16, R-17)', async (t) => {
  const parts = await memoryParts();
  const accountId = (await parts.accounts.forLogin(MARIA))!.account.id;
  const asker = { deviceName: '', network: '', site: '' };
  const to = ['old@correo.example', 'maria.del@correo.example'];
  await parts.transaction((tx) =>
    tell(tx, parts, { event: 'contact-changed', accountId, at: 7, asker, to, ref: 'c1' }),
  );
  const letters = [...parts.tables.outbox.values()].flatMap((one) => (one.letter === 'notice' ? [one] : []));
  t.deepEqual(letters.map((one) => one.to).toSorted(), ['maria.del@correo.example', 'old@correo.example']);
  t.is(new Set(letters.map(({ token }) => token)).size, 1);
  t.deepEqual(letters[0]?.ref, 'c1');
});
