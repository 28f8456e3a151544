import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { logIn, type LogInForm } from '../../src/flows/log-in.ts';
import { enterMailCode } from '../../src/flows/mail-code.ts';

import { PASSWORD, memoryParts, type Memory } from '../support/memory.ts';

const form: LogInForm = {
  ...{ run: '11.111.111-1', password: PASSWORD, shared: false, device: 'new', deviceName: 'Firefox, Linux' },
  ...{ network: '10.0.0.0/24', source: '10.0.0.7', clientId: 'demo-municipio', site: 'Municipalidad' },
  ...{ uid: 'page', requestId: 'r-1' },
};
const MARIA = parseRun(form.run)!;

/** Her account is under attack from a hundred places: unknown contexts need one more step. */
async function attacked() {
  const parts = await memoryParts();
  const id = MARIA;
  for (let n = 0; n < 100; n++) await parts.attempts.spend([{ context: 'unknown-ever', id }], parts.clock());
  return parts;
}
/** The codes that were sent, and to whom; the worker sends nothing to nobody. */
const sent = (parts: Memory) =>
  [...parts.tables.outbox.values()].flatMap((letter) =>
    letter.letter === 'sign-in-code' && letter.accountId !== undefined
      ? [{ to: letter.accountId, code: letter.code }]
      : [],
  );
const events = (parts: Memory) => [...parts.tables.audit.values()].map(({ kind }) => kind);

test('who knows the password and reads the mailbox is in, from a new device, with no more assurance than before (R-08, R-14, R-21)', async (t) => {
  const parts = await attacked();
  t.deepEqual(await logIn(parts, form), { kind: 'step' });
  const [letter, ...others] = sent(parts);
  t.deepEqual(others, []);
  t.regex(letter?.code ?? '', /^[0-9A-HJKMNP-TV-Z]{8}$/);
  const account = (await parts.accounts.forLogin(MARIA))!.account;
  t.is(letter?.to, account.id);
  const outcome = await enterMailCode(parts, { ...form, typed: letter?.code ?? '' });
  const at = Math.floor(parts.clock() / 1000);
  t.like(outcome, { kind: 'signed-in', accountId: account.id, acr: 'urn:claveunica:presencial:1f', amr: ['pwd'] });
  t.true(outcome.kind === 'signed-in' && outcome.at <= at);
  t.deepEqual(events(parts), ['step-asked', 'login-succeeded', 'new-device']);
  t.true(await parts.devices.knows('new', MARIA));
  t.is((await logIn(parts, { ...form, device: 'third' })).kind, 'signed-in', 'and unknown contexts are open again');
});

test('a code may be typed as people type', async (t) => {
  const parts = await attacked();
  await logIn(parts, form);
  const code = sent(parts)[0]?.code ?? '';
  const typed = ` ${code.slice(0, 4).toLowerCase()} – ${code.slice(4).replaceAll('0', 'o').replaceAll('1', 'l')} `;
  t.is((await enterMailCode(parts, { ...form, typed })).kind, 'signed-in');
});

test('it is worth nothing in another browser, on another page, a second time, or after ten minutes (R-11, R-12)', async (t) => {
  const parts = await attacked();
  await logIn(parts, form);
  const typed = sent(parts)[0]?.code ?? '';
  t.is((await enterMailCode(parts, { ...form, device: 'another', typed })).kind, 'refused');
  t.is((await enterMailCode(parts, { ...form, uid: 'another', typed })).kind, 'refused');
  t.is((await enterMailCode(parts, { ...form, typed })).kind, 'signed-in');
  t.is((await enterMailCode(parts, { ...form, typed })).kind, 'refused');
  const late = await attacked();
  await logIn(late, form);
  late.travel(10 * 60_000);
  t.is((await enterMailCode(late, { ...form, typed: sent(late)[0]?.code ?? '' })).kind, 'refused');
  t.deepEqual(events(late), ['step-asked', 'step-refused']);
});

test('after five wrong ones the right one is refused too (R-11)', async (t) => {
  const parts = await attacked();
  await logIn(parts, form);
  for (let n = 0; n < 5; n++) t.is((await enterMailCode(parts, { ...form, typed: '00000000' })).kind, 'refused');
  t.is((await enterMailCode(parts, { ...form, typed: sent(parts)[0]?.code ?? '' })).kind, 'refused');
});

test('what is no code costs no try', async (t) => {
  const parts = await attacked();
  await logIn(parts, form);
  for (const typed of ['', '1234', 'x'.repeat(5000), '7K2M-9QXTU', 'ñ'.repeat(8)])
    t.is((await enterMailCode(parts, { ...form, typed })).kind, 'refused');
  t.is((await enterMailCode(parts, { ...form, typed: sent(parts)[0]?.code ?? '' })).kind, 'signed-in');
});

test('who was blocked meanwhile is not let in (R-31)', async (t) => {
  const parts = await attacked();
  await logIn(parts, form);
  const [letter] = sent(parts);
  await parts.accounts.setStatus(letter?.to ?? '', 'blocked', 1);
  t.is((await enterMailCode(parts, { ...form, typed: letter?.code ?? '' })).kind, 'refused');
});

test('a wrong password, an unknown RUN and an unconfirmed mailbox get no letter, and no code opens anything (R-15, R-26)', async (t) => {
  const parts = await attacked();
  await logIn(parts, { ...form, password: 'not hers' });
  const [letter] = parts.tables.outbox.values();
  t.is(letter?.accountId, undefined);
  const code = letter?.letter === 'sign-in-code' ? letter.code : '';
  t.is((await enterMailCode(parts, { ...form, typed: code })).kind, 'refused', 'not even the code itself');
  t.deepEqual(sent(parts), []);
});

test('on a shared computer the code lets in, and the device stays unknown', async (t) => {
  const parts = await attacked();
  await logIn(parts, { ...form, shared: true });
  t.is((await enterMailCode(parts, { ...form, shared: true, typed: sent(parts)[0]?.code ?? '' })).kind, 'signed-in');
  t.false(await parts.devices.knows('new', MARIA));
});
