import test from 'ava';
import { ACRS } from '../../src/domain/account.ts';
import { Unavailable } from '../../src/domain/fault.ts';
import { parseRun } from '../../src/domain/run.ts';
import { logIn, type LogInForm } from '../../src/flows/log-in.ts';
import type { Parts } from '../../src/parts.ts';
import { PASSWORD, memoryParts, type Memory } from '../support/memory.ts';
import { memoryLogins } from '../support/memory/logins.ts';
import { quickHasher } from '../support/memory/hasher.ts';
import { rotatedVault } from '../support/memory/versions.ts';

const home: LogInForm = {
  ...{ run: '11.111.111-1', password: PASSWORD, shared: false, device: 'laptop', deviceName: 'Firefox, Linux' },
  ...{
    network: '10.0.0.0/24',
    clientId: 'demo-municipio',
    site: 'Municipalidad',
    requestId: 'r-1',
    source: '10.0.0.7',
    uid: 'u',
  },
};

const MARIA = parseRun(home.run)!;
const idOf = (parts: Memory, run: string) =>
  [...parts.tables.accounts.values()].find(({ account }) => account.person.run === run)?.account.id;
const events = (parts: Memory) => [...parts.tables.audit.values()].map(({ kind }) => kind);
const letters = (parts: Memory) => [...parts.tables.outbox.values()];

test('the outcome says who, how and when, and nothing else', async (t) => {
  const parts = await memoryParts();
  const outcome = await logIn({ ...parts, clock: () => 1_700_000_000_999 }, home);
  const accountId = idOf(parts, MARIA)!;
  t.deepEqual(outcome, {
    ...{ kind: 'signed-in', accountId, acr: 'urn:claveunica:presencial:1f', amr: ['pwd'], at: 1_700_000_000 },
  });
  t.true(ACRS.includes('urn:claveunica:presencial:1f'));
});

test('the RUN may be written in any way; what is none is refused before anything is looked up (R-25)', async (t) => {
  const parts = await memoryParts();
  for (const run of ['11111111-1', '11.111.111-1', ' 11.111.111–1 ', '１１１１１１１１－１', '011111111-1'])
    t.is((await logIn(parts, { ...home, run })).kind, 'signed-in', run);
  const nothing = refusing();
  for (const run of ['', '11.111.111-2', 'maria@correo.example', '0'])
    t.deepEqual(await logIn(nothing, { ...home, run }), { kind: 'refused', reason: 'malformed-run' });
  t.deepEqual(await logIn(nothing, { ...home, password: '' }), { kind: 'refused', reason: 'missing-password' });
  for (const password of ['x'.repeat(129), 'a\0b', '\ud800'])
    t.deepEqual(await logIn(nothing, { ...home, password }), { kind: 'refused', reason: 'wrong-credentials' });
});

/** Parts of which none may be used. */
function refusing(): Parts {
  const fail = (): never => {
    throw new Error('nobody may ask');
  };
  return new Proxy({} as Parts, { get: fail });
}

test('a password typed composed or decomposed is the same (R-04)', async (t) => {
  const parts = await memoryParts();
  const was = (await parts.accounts.forLogin(MARIA))!;
  await parts.accounts.replaceSecret(was.account.id, was.secret!, await parts.hasher.hash('ñandú'.normalize('NFKC')));
  t.is((await logIn(parts, { ...home, password: 'n\u0303andu\u0301' })).kind, 'signed-in');
  t.is((await logIn(parts, { ...home, password: 'nandu' })).kind, 'refused');
});

test('a new device is written down with a letter, once; the second login from there writes the login only (R-17)', async (t) => {
  const parts = await memoryParts();
  const now = parts.clock();
  await logIn({ ...parts, clock: () => now }, home);
  t.deepEqual(events(parts), ['login-succeeded', 'new-device']);
  const accountId = idOf(parts, MARIA);
  const asker = { deviceName: 'Firefox, Linux', network: '10.0.0.0/24', site: 'Municipalidad' };
  const [letter, ...more] = letters(parts);
  t.deepEqual(more, []);
  t.like(letter, { letter: 'notice', event: 'new-device', accountId, at: now, asker, to: 'maria.del@correo.example' });
  t.regex(letter?.letter === 'notice' ? letter.token : '', /^[\w-]{43}$/);
  const said = { at: now, accountId, clientId: 'demo-municipio', requestId: 'r-1', network: '10.0.0.0/24' };
  t.deepEqual<unknown, unknown>([...parts.tables.audit.values()][0], {
    ...{ kind: 'login-succeeded', ...said, details: { amr: 'pwd', shared: false } },
  });
  await logIn(parts, { ...home, network: '10.1.1.0/24' });
  t.deepEqual(events(parts), ['login-succeeded', 'new-device', 'login-succeeded']);
  t.is(letters(parts).length, 1);
});

test('a shared computer is nobody’s device: not remembered, no letter, and known to nobody afterwards', async (t) => {
  const parts = await memoryParts();
  for (let n = 0; n < 2; n++) t.is((await logIn(parts, { ...home, shared: true })).kind, 'signed-in');
  t.deepEqual(events(parts), ['login-succeeded', 'login-succeeded']);
  t.deepEqual([...parts.tables.audit.values()][0]?.details, { amr: 'pwd', shared: true });
  t.is(parts.tables.devices.size, 0);
  t.deepEqual(letters(parts), []);
});

test('login, device and letter are written together or not at all', async (t) => {
  const memory = await memoryParts();
  const outbox = {
    ...memory.outbox,
    add: async () => {
      throw new Error('disk full');
    },
  };
  const transaction: Parts['transaction'] = (work) => memory.transaction((tx) => work({ ...tx, outbox }));
  const logins = memoryLogins({ ...memory, transaction });
  await t.throwsAsync(logIn({ ...memory, logins }, home), { message: 'disk full' });
  t.deepEqual([memory.tables.audit.size, memory.tables.devices.size, memory.tables.outbox.size], [0, 0, 0]);
});

test('a login never begins before a revocation, which would end it (R-31)', async (t) => {
  const parts = await memoryParts();
  const now = Math.floor(parts.clock() / 1000);
  await parts.accounts.revokeUntil(idOf(parts, MARIA)!, now + 100);
  const outcome = await logIn(parts, home);
  t.is(outcome.kind === 'signed-in' && outcome.at, now + 100);
});

test('an old hash is made anew after the login, with today’s parameters and pepper (R-05)', async (t) => {
  const parts = await memoryParts();
  const run = MARIA;
  const secret = async () => (await parts.accounts.forLogin(run))!.secret!;
  const before = await secret();
  await logIn(parts, home);
  await parts.settled();
  t.deepEqual(await secret(), before, 'nothing to do');

  for (const hasher of [quickHasher(parts.vault, { cost: 2 }), quickHasher(rotatedPepper(parts), { cost: 2 })]) {
    const today = { ...parts, hasher };
    t.is((await logIn(today, { ...home, password: 'not hers' })).kind, 'refused');
    await parts.settled();
    t.true(hasher.isStale(await secret()), 'a wrong password changes nothing');
    t.is((await logIn(today, home)).kind, 'signed-in');
    await parts.settled();
    t.false(hasher.isStale(await secret()));
    t.is((await logIn(today, home)).kind, 'signed-in');
  }
  t.deepEqual(parts.lines, []);
});

/** A vault whose peppers have a new first one beside the one of the memory parts. */
const rotatedPepper = ({ vault }: Memory) => {
  const fresh = rotatedVault();
  return {
    ...vault,
    pepper: (id?: string) => (id === undefined ? fresh.pepper() : (vault.pepper(id) ?? fresh.pepper(id))),
  };
};

test('a password that was changed while the old hash was made anew stays changed (R-06)', async (t) => {
  const parts = await memoryParts();
  const hasher = quickHasher(parts.vault, { cost: 2 });
  const run = MARIA;
  const changed = await hasher.hash('her new one');
  const slow: Parts['hasher'] = {
    ...hasher,
    async hash(password, priority) {
      const found = (await parts.accounts.forLogin(run))!;
      await parts.accounts.replaceSecret(found.account.id, found.secret!, changed);
      return hasher.hash(password, priority);
    },
  };
  await logIn({ ...parts, hasher: slow }, home);
  await parts.settled();
  t.deepEqual((await parts.accounts.forLogin(run))?.secret, changed);
});

test('making it anew that fails disturbs nobody: the login stands, a line says so', async (t) => {
  const parts = await memoryParts();
  const hasher = quickHasher(parts.vault, { cost: 2 });
  const busy: Parts['hasher'] = {
    ...hasher,
    hash: async () => {
      throw new Unavailable('hasher');
    },
  };
  t.is((await logIn({ ...parts, hasher: busy }, home)).kind, 'signed-in');
  await parts.settled();
  t.deepEqual(
    parts.lines.map(({ level, message }) => [level, message]),
    [['warn', 'work afterwards']],
  );
});

test('when the hasher is overloaded Unavailable comes out, and neither record, device nor letter is written (R-94)', async (t) => {
  const memory = await memoryParts();
  const hasher: Parts['hasher'] = {
    ...memory.hasher,
    verify: async () => {
      throw new Unavailable('hasher', { retryAfter: 3 });
    },
  };
  for (const run of ['11.111.111-1', '33.333.333-3']) {
    const fault = await t.throwsAsync(logIn({ ...memory, hasher }, { ...home, run }), { instanceOf: Unavailable });
    t.is(fault.retryAfter, 3);
  }
  const { audit, devices, outbox, sessions } = memory.tables;
  t.deepEqual([audit.size, devices.size, outbox.size, sessions.size], [0, 0, 0, 0]);
  t.is((await logIn(memory, home)).kind, 'signed-in');
});
