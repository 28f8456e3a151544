import test from 'ava';
import { CHALLENGE_LIFE } from '../../src/domain/factor.ts';
import { addPasskey, makeSavedCodes, offerPasskey } from '../../src/flows/change-factors.ts';
import { logIn, type LogInForm } from '../../src/flows/log-in.ts';
import { askForPasskey, placeOf, signInWithPasskey } from '../../src/flows/passkey.ts';
import { enterFactor, proveFactor } from '../../src/flows/second-factor.ts';
import { authenticator, type Wish } from '../support/authenticator.ts';
import { codeAt } from '../support/codes-of-apps.ts';
import { memoryParts, PASSWORD, type Memory } from '../support/memory.ts';

const ORIGIN = 'http://localhost:3000';
const SECRET = 'JBSWY3DPEHPK3PXP';
const form: LogInForm = {
  ...{ run: '12.345.678-5', password: PASSWORD, shared: false, device: 'hers', deviceName: 'Firefox, Linux' },
  ...{ network: '10.0.0.0/24', source: '10.0.0.7', clientId: 'demo-municipio', site: 'Municipalidad' },
  ...{ uid: 'page', requestId: 'r-1' },
};
const events = (parts: Memory) => [...parts.tables.audit.values()].map(({ kind }) => kind);

/** Ana, who has an application, after her password. */
async function afterPassword(parts: Memory, differing: Partial<LogInForm> = {}) {
  const outcome = await logIn(parts, { ...form, ...differing });
  if (outcome.kind !== 'factor') throw new Error(`no factor is asked for, but ${outcome.kind}`);
  return { accountId: outcome.accountId, asker: { ...form, ...differing }, provedAt: parts.clock() };
}
/** Ana with a passkey too. */
async function withPasskey(options: { synced?: boolean } = {}) {
  const parts = await memoryParts();
  const attempt = await afterPassword(parts);
  const { accountId, asker } = attempt;
  const device = authenticator(ORIGIN, options);
  const place = placeOf('add', asker, accountId);
  const creation = device.create((await offerPasskey(parts, accountId, place))!);
  const added = await addPasskey(parts, { accountId, asker }, { creation, place, name: 'Mi teléfono' });
  if (added.kind !== 'added') throw new Error(added.kind);
  const factorPlace = placeOf('factor', asker, accountId);
  const assertion = (wish: Wish = {}) => device.get(askForPasskey(parts, factorPlace), wish);
  const alone = (wish: Wish = {}) => device.get(askForPasskey(parts, placeOf('sign-in', asker)), wish);
  return { parts, attempt: { ...attempt, place: factorPlace }, device, assertion, alone };
}

test('who has a factor is not in by her password alone: nothing is recorded as a login, no device is remembered (R-14)', async (t) => {
  const parts = await memoryParts();
  await afterPassword(parts);
  t.deepEqual(events(parts), ['factor-asked']);
  t.is(parts.tables.outbox.size, 0);
  t.is(parts.tables.devices.size, 0);
});

test('password and application are 2f; the code works once (R-08, R-12)', async (t) => {
  const parts = await memoryParts();
  const attempt = await afterPassword(parts);
  const typed = codeAt(SECRET, parts.clock());
  const outcome = await enterFactor(parts, { ...attempt, typed: `${typed.slice(0, 3)} ${typed.slice(3)}` });
  t.like(outcome, {
    kind: 'signed-in',
    acr: 'urn:claveunica:biometrico:2f',
    amr: ['pwd', 'otp', 'mfa'],
    left: undefined,
  });
  t.deepEqual(events(parts), ['factor-asked', 'factor-proved', 'login-succeeded', 'new-device']);
  t.is((await enterFactor(parts, { ...attempt, typed })).kind, 'refused');
  t.is(
    (await enterFactor(parts, { ...attempt, typed: codeAt(SECRET, parts.clock(), -1) })).kind,
    'refused',
    'nor an earlier one',
  );
  t.is((await enterFactor(parts, { ...attempt, typed: codeAt(SECRET, parts.clock(), 1) })).kind, 'signed-in');
});

test('of five who send the same code at once, one is in (R-12)', async (t) => {
  const parts = await memoryParts();
  const attempt = await afterPassword(parts);
  const typed = codeAt(SECRET, parts.clock());
  const all = await Promise.all(Array.from({ length: 5 }, () => enterFactor(parts, { ...attempt, typed })));
  t.is(all.filter(({ kind }) => kind === 'signed-in').length, 1);
});

test('codes of two minutes ago, of somebody else and what is no code are refused', async (t) => {
  const parts = await memoryParts();
  const attempt = await afterPassword(parts);
  for (const typed of [
    codeAt(SECRET, parts.clock(), -4),
    codeAt('AAAAAAAAAAAAAAAA', parts.clock()),
    '',
    'x'.repeat(5000),
  ])
    t.is((await enterFactor(parts, { ...attempt, typed })).kind, 'refused');
});

test('wrong codes slow down like wrong passwords, the right one waits too, and the right password forgives nothing (R-19, R-22)', async (t) => {
  const parts = await memoryParts();
  let attempt = await afterPassword(parts);
  for (let n = 0; n < 4; n++) {
    t.is((await enterFactor(parts, { ...attempt, typed: '000000' })).kind, 'refused');
  }
  t.is((await enterFactor(parts, { ...attempt, typed: codeAt(SECRET, parts.clock()) })).kind, 'wait');
  t.is((await logIn(parts, form)).kind, 'wait', 'and so does the password');
  parts.travel(30_000);
  attempt = await afterPassword(parts);
  // One with this password, which has waited.
  t.is((await enterFactor(parts, { ...attempt, typed: '000000' })).kind, 'refused');
  t.is((await enterFactor(parts, { ...attempt, typed: codeAt(SECRET, parts.clock()) })).kind, 'wait');
  parts.travel(60_000);
  t.is((await enterFactor(parts, { ...attempt, typed: codeAt(SECRET, parts.clock()) })).kind, 'signed-in');
  // Now it is all forgiven.
  attempt = await afterPassword(parts, { device: 'another' });
  for (let n = 0; n < 3; n++) t.is((await enterFactor(parts, { ...attempt, typed: '000000' })).kind, 'refused');
});

test('who has waited for her wrong passwords gives the right one and its code without waiting again (R-19, R-22)', async (t) => {
  for (const known of [false, true]) {
    const parts = await memoryParts();
    if (known) {
      const before = await afterPassword(parts);
      await enterFactor(parts, { ...before, typed: codeAt(SECRET, parts.clock()) });
      parts.travel(60_000);
    }
    for (let n = 0; n < (known ? 10 : 5); n++)
      t.is((await logIn(parts, { ...form, password: 'otra que no es' })).kind, 'refused');
    t.is((await logIn(parts, form)).kind, 'wait');
    parts.travel(30_000);
    const attempt = await afterPassword(parts);
    const typed = codeAt(SECRET, parts.clock());
    const all = ['000000', '111111', '222222', typed].map((code) => enterFactor(parts, { ...attempt, typed: code }));
    const kinds = (await Promise.all(all)).map(({ kind }) => kind);
    t.deepEqual(kinds, ['refused', 'wait', 'wait', 'wait'], 'of several at once one is looked at (R-23)');
    parts.travel(10 * 60_000);
    const again = await afterPassword(parts);
    t.is((await enterFactor(parts, { ...again, typed: codeAt(SECRET, parts.clock()) })).kind, 'signed-in');
    // All of it is forgiven: five more are free.
    for (let n = 0; n < 4; n++) t.is((await logIn(parts, { ...form, password: 'otra que no es' })).kind, 'refused');
    t.is((await logIn(parts, form)).kind, 'factor');
  }
});

test('from a thousand networks no more than fifty codes a day are looked at (R-19)', async (t) => {
  const parts = await memoryParts();
  const { accountId } = await afterPassword(parts);
  let looked = 0;
  for (let n = 0; n < 1000; n++) {
    const from = {
      ...form,
      device: `d${n}`,
      network: `10.${n >> 8}.${n & 255}.0/24`,
      source: `10.${n >> 8}.${n & 255}.7`,
    };
    if ((await proveFactor(parts, { accountId, asker: from, typed: '000000' })).kind === 'refused') looked++;
    parts.travel(60_000);
  }
  t.true(looked >= 10 && looked <= 50, String(looked));
});

test('a device known before keeps working while others guess (R-21)', async (t) => {
  const parts = await memoryParts();
  const first = await afterPassword(parts);
  await enterFactor(parts, { ...first, typed: codeAt(SECRET, parts.clock()) });
  const { accountId } = first;
  for (let n = 0; n < 100; n++) {
    const from = { ...form, device: `d${n}`, network: `10.1.${n}.0/24`, source: `10.1.${n}.7` };
    await proveFactor(parts, { accountId, asker: from, typed: '000000' });
  }
  parts.travel(60_000);
  const again = await afterPassword(parts);
  t.is((await enterFactor(parts, { ...again, typed: codeAt(SECRET, parts.clock()) })).kind, 'signed-in');
});

test('the password proof does not wait for ever, and ends when everything of hers is ended (R-31)', async (t) => {
  const parts = await memoryParts();
  const attempt = await afterPassword(parts);
  parts.travel(15 * 60_000);
  t.is((await enterFactor(parts, { ...attempt, typed: codeAt(SECRET, parts.clock()) })).kind, 'over');
  const fresh = await afterPassword(parts);
  await parts.accounts.revokeUntil(fresh.accountId, Math.floor(parts.clock() / 1000) + 10);
  t.is((await enterFactor(parts, { ...fresh, typed: codeAt(SECRET, parts.clock()) })).kind, 'over');
  const blocked = await memoryParts();
  const other = await afterPassword(blocked);
  await blocked.accounts.setStatus(other.accountId, 'blocked', 0);
  t.is((await enterFactor(blocked, { ...other, typed: codeAt(SECRET, blocked.clock()) })).kind, 'over');
});

test('a saved code counts once, as 2f, and tells how many are left (R-12)', async (t) => {
  const parts = await memoryParts();
  const attempt = await afterPassword(parts);
  const codes = (await makeSavedCodes(parts, attempt))!;
  t.is(codes.length, 10);
  for (const code of codes) t.regex(code, /^[0-9A-HJKMNP-TV-Z]{16}$/);
  t.is(new Set(codes).size, 10);
  const typed = (codes[3] ?? '').toLowerCase().replace(/(.{4})(?=.)/g, '$1-');
  t.like(await enterFactor(parts, { ...attempt, typed }), {
    ...{ kind: 'signed-in', acr: 'urn:claveunica:biometrico:2f', amr: ['pwd', 'otp', 'mfa'], left: 9 },
  });
  t.is((await enterFactor(parts, { ...attempt, typed })).kind, 'refused');
  const many = await Promise.all(
    Array.from({ length: 5 }, () => enterFactor(parts, { ...attempt, typed: codes[4] ?? '' })),
  );
  t.is(many.filter(({ kind }) => kind === 'signed-in').length, 1);
  const fresh = (await makeSavedCodes(parts, attempt))!;
  t.is((await enterFactor(parts, { ...attempt, typed: codes[5] ?? '' })).kind, 'refused', 'the old sheet is void');
  t.is((await enterFactor(parts, { ...attempt, typed: fresh[0] ?? '' })).kind, 'signed-in');
});

test('a passkey after the password is 2fr; by itself it is too, without a RUN (R-08)', async (t) => {
  const { parts, attempt, assertion, alone } = await withPasskey();
  t.like(await enterFactor(parts, { ...attempt, assertion: assertion() }), {
    ...{ kind: 'signed-in', acr: 'urn:claveunica:biometrico:2fr', amr: ['pwd', 'hwk', 'user', 'mfa'] },
  });
  t.like(await signInWithPasskey(parts, form, alone()), {
    ...{ kind: 'signed-in', acr: 'urn:claveunica:biometrico:2fr', amr: ['hwk', 'user', 'mfa'] },
  });
  const synced = await withPasskey({ synced: true });
  t.like(await signInWithPasskey(synced.parts, form, synced.alone()), { amr: ['swk', 'user', 'mfa'] });
});

test('what a browser is asked names nobody’s keys, and is different each time (R-15)', async (t) => {
  const { parts, attempt } = await withPasskey();
  const [one, two] = [askForPasskey(parts, attempt.place), askForPasskey(parts, attempt.place)];
  t.deepEqual(Object.keys(one).sort(), ['challenge', 'rpId', 'timeout', 'userVerification']);
  t.like(one, { rpId: 'localhost', userVerification: 'required' });
  t.true(Buffer.from(String(one['challenge']), 'base64url').length >= 16);
  t.not(one['challenge'], two['challenge']);
});

const WICKED: Readonly<Record<string, Wish>> = {
  'of another origin': { origin: 'https://evil.example' },
  'of a neighbour’s port': { origin: 'http://localhost:3001' },
  'for another RP id': { rpId: 'evil.example' },
  'without a verified user': { verified: false },
  'without anybody present': { present: false },
  'out of a frame': { crossOrigin: true },
  'of a registration': { type: 'webauthn.create' },
  'with another’s handle': { handle: Buffer.alloc(32).toString('base64url') },
  'for a challenge of its own': { challenge: Buffer.alloc(70).toString('base64url') },
};
for (const [what, wish] of Object.entries(WICKED))
  test(`an assertion ${what} is refused (R-08, R-60)`, async (t) => {
    const { parts, attempt, assertion, alone } = await withPasskey();
    t.is((await enterFactor(parts, { ...attempt, assertion: assertion(wish) })).kind, 'refused');
    t.is((await signInWithPasskey(parts, form, alone(wish))).kind, 'refused');
    t.is(
      (await enterFactor(parts, { ...attempt, assertion: assertion() })).kind,
      'signed-in',
      'and an honest one is not',
    );
  });

test('an assertion is worth nothing a second time, late, in another browser, at another page, for another purpose or person, or with a broken signature (R-08, R-60)', async (t) => {
  const { parts, attempt, device, assertion, alone } = await withPasskey();
  const once = alone();
  t.is((await signInWithPasskey(parts, form, once)).kind, 'signed-in');
  t.is((await signInWithPasskey(parts, form, once)).kind, 'refused');
  t.is((await signInWithPasskey(parts, { ...form, device: 'another' }, alone())).kind, 'refused');
  t.is((await signInWithPasskey(parts, { ...form, uid: 'another' }, alone())).kind, 'refused');
  t.is((await signInWithPasskey(parts, form, assertion())).kind, 'refused');
  t.is((await enterFactor(parts, { ...attempt, assertion: alone() })).kind, 'refused');
  const broken = JSON.parse(alone()) as { response: { signature: string } };
  const bytes = Buffer.from(broken.response.signature, 'base64url');
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  broken.response.signature = bytes.toString('base64url');
  t.is((await signInWithPasskey(parts, form, JSON.stringify(broken))).kind, 'refused');
  for (const rubbish of ['', '{}', '[]', 'null', '"x"', '{"id":5}', 'x'.repeat(5000)])
    t.is((await signInWithPasskey(parts, form, rubbish)).kind, 'refused');
  const foreign = authenticator(ORIGIN);
  foreign.create({ ...askForPasskey(parts, attempt.place), user: { id: device.keys[0]?.handle ?? '' } });
  const unknown = foreign.get(askForPasskey(parts, placeOf('sign-in', form)));
  t.is((await signInWithPasskey(parts, form, unknown)).kind, 'refused', 'a key that nobody registered');
  const late = alone();
  parts.travel(CHALLENGE_LIFE);
  t.is((await signInWithPasskey(parts, form, late)).kind, 'refused');
});

test('a passkey of somebody else is not this person’s second factor', async (t) => {
  const { parts, attempt, assertion } = await withPasskey();
  const maria = (await parts.accounts.forLogin('11111111-1' as Parameters<typeof parts.accounts.forLogin>[0]))!.account;
  const proof = await proveFactor(parts, { ...attempt, accountId: maria.id, assertion: assertion() });
  t.is(proof.kind, 'refused');
});

test('of five that answer one challenge at once, one is heard (R-60)', async (t) => {
  const { parts, device } = await withPasskey({ synced: true });
  const options = askForPasskey(parts, placeOf('sign-in', form));
  const answers = Array.from({ length: 5 }, () => device.get(options));
  const all = await Promise.all(answers.map((answer) => signInWithPasskey(parts, form, answer)));
  t.is(all.filter(({ kind }) => kind === 'signed-in').length, 1);
});

test('a count that went back opens nothing, and stands in the audit (R-60)', async (t) => {
  const { parts, alone } = await withPasskey();
  t.is((await signInWithPasskey(parts, form, alone({ counter: 9 }))).kind, 'signed-in');
  t.is((await signInWithPasskey(parts, form, alone({ counter: 9 }))).kind, 'refused');
  t.is((await signInWithPasskey(parts, form, alone({ counter: 0 }))).kind, 'refused');
  const found = [...parts.tables.audit.values()].filter(({ kind }) => kind === 'passkey-regressed');
  t.is(found.length, 2);
  t.like(found[0], { details: { counter: 9, before: 9 } });
});

test('a blocked account is not opened by its passkey, and one that guessing slowed down is (R-21, R-31)', async (t) => {
  const { parts, attempt, alone } = await withPasskey();
  for (let n = 0; n < 10; n++) await logIn(parts, { ...form, password: 'wrong' });
  t.is((await logIn(parts, form)).kind, 'wait');
  t.is((await signInWithPasskey(parts, form, alone())).kind, 'signed-in');
  await parts.accounts.setStatus(attempt.accountId, 'blocked', 1);
  t.is((await signInWithPasskey(parts, form, alone())).kind, 'refused');
});

test('passkeys are slowed down by address like all else (R-19)', async (t) => {
  const parts = await memoryParts();
  const kinds: string[] = [];
  for (let n = 0; n < 21; n++) kinds.push((await signInWithPasskey(parts, form, '{}')).kind);
  t.deepEqual([new Set(kinds.slice(0, 20)), kinds[20]], [new Set(['refused']), 'wait']);
});

test('nothing that was typed, shown or signed stands in the audit (R-74)', async (t) => {
  const { parts, attempt, assertion } = await withPasskey();
  const codes = (await makeSavedCodes(parts, attempt))!;
  const answer = assertion();
  const typed = codeAt(SECRET, parts.clock());
  await enterFactor(parts, { ...attempt, assertion: answer });
  await enterFactor(parts, { ...attempt, typed });
  await enterFactor(parts, { ...attempt, typed: codes[0] ?? '' });
  const audit = JSON.stringify([...parts.tables.audit.values()]);
  t.true(audit.includes('factor-proved'));
  const { id } = JSON.parse(answer) as { id: string };
  for (const secret of [typed, codes[0] ?? '', id, SECRET, 'Mi teléfono']) t.false(audit.includes(secret), secret);
});
