import test from 'ava';
import { STATUSES, type Status } from '../../src/domain/account.ts';
import { logIn, type LogInForm } from '../../src/flows/log-in.ts';
import type { Parts } from '../../src/parts.ts';
import { PASSWORD, memoryParts, type Memory } from '../support/memory.ts';
import { someAccount, someRun } from '../support/memory/versions.ts';

/** Nobody learns from outside whether a RUN has an account, nor in which state it is. */
const form: Omit<LogInForm, 'run' | 'password'> = {
  ...{ shared: false, device: 'bot', deviceName: 'Chrome, Windows', network: '10.9.9.0/24' },
  ...{ clientId: 'demo-municipio', site: 'Municipalidad', requestId: 'r-1', source: '10.9.9.9', uid: 'u' },
};

/** Writes down each call of a part: its name and with how many arguments. */
function watch<T extends object>(name: string, part: T, seen: string[]): T {
  return new Proxy(part, {
    get(target, method) {
      const value: unknown = Reflect.get(target, method);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        seen.push(`${name}.${String(method)}/${args.length}`);
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}

/** Every part that the flow may use, watched, those within a transaction too. */
function watched(memory: Memory) {
  const seen: string[] = [];
  const { accounts, afterwards, attempts, audit, devices, hasher, logins, switches, clock } = memory;
  const transaction: Parts['transaction'] = (work) => {
    seen.push('transaction');
    return memory.transaction((tx) =>
      work({
        ...tx,
        accounts: watch('tx.accounts', tx.accounts, seen),
        audit: watch('tx.audit', tx.audit, seen),
        cases: watch('tx.cases', tx.cases, seen),
        clients: watch('tx.clients', tx.clients, seen),
        codes: watch('tx.codes', tx.codes, seen),
        contactChanges: watch('tx.contactChanges', tx.contactChanges, seen),
        devices: watch('tx.devices', tx.devices, seen),
        factors: watch('tx.factors', tx.factors, seen),
        journeys: watch('tx.journeys', tx.journeys, seen),
        notices: watch('tx.notices', tx.notices, seen),
        outbox: watch('tx.outbox', tx.outbox, seen),
        sessions: watch('tx.sessions', tx.sessions, seen),
        signingKeys: watch('tx.signingKeys', tx.signingKeys, seen),
      }),
    );
  };
  const parts = {
    accounts: watch('accounts', accounts, seen),
    afterwards: (work: () => Promise<unknown>) => {
      seen.push('afterwards');
      afterwards(work);
    },
    attempts: watch('attempts', attempts, seen),
    audit: watch('audit', audit, seen),
    devices: watch('devices', devices, seen),
    hasher: watch('hasher', hasher, seen),
    switches: watch('switches', switches, seen),
    logins: watch('logins', logins, seen),
    chance: (bytes: number) => {
      seen.push('chance');
      return memory.chance(bytes);
    },
    clock,
    transaction,
  };
  return { parts, seen };
}

type Someone = {
  readonly status: Status | 'unknown';
  readonly secret: boolean;
  readonly password: string;
  readonly mail?: boolean;
};
/** Somebody's login, after so many tries by others from elsewhere. */
async function tryOf({ status, secret, password, mail = false }: Someone, before = 0) {
  const memory = await memoryParts({ empty: true });
  const run = someRun();
  if (status !== 'unknown') {
    const hash = secret ? await memory.hasher.hash(PASSWORD) : undefined;
    const person = { ...someAccount().person, run, emailVerified: mail };
    await memory.accounts.add(someAccount({ status, secret: hash, person }));
  }
  for (let n = 0; n < before; n++) await memory.attempts.spend([{ context: 'unknown-hour', id: run }], memory.clock());
  const { parts, seen } = watched(memory);
  const outcome = await logIn(parts, { ...form, run, password });
  await memory.settled();
  const written = [...memory.tables.audit.values()].map(({ kind }) => kind);
  const { outbox, devices, codes } = memory.tables;
  return { outcome, seen, written, letters: outbox.size, devices: devices.size, codes: codes.size };
}

const REFUSED = {
  outcome: { kind: 'refused', reason: 'wrong-credentials' },
  seen: ['logins.attempt/3', 'switches.since/0', 'hasher.verify/3', 'audit.add/1'],
  written: ['login-refused'],
  letters: 0,
  devices: 0,
  codes: 0,
};

const CLASSES: Record<string, Someone> = {
  'a RUN that nobody has': { status: 'unknown', secret: false, password: PASSWORD },
  'a wrong password': { status: 'active', secret: true, password: 'not hers' },
  'an active account without a password': { status: 'active', secret: false, password: PASSWORD },
  'an account that has no password yet': { status: 'not-activated', secret: false, password: PASSWORD },
};
for (const status of STATUSES.filter((each) => each !== 'active'))
  for (const password of [PASSWORD, 'not hers'])
    CLASSES[`${status}, with ${password === PASSWORD ? 'the right' : 'a wrong'} password`] = {
      status,
      secret: true,
      password,
    };

for (const [name, someone] of Object.entries(CLASSES)) {
  test(`${name}: the same calls in the same order, one hash, the same answer, the same record (R-15)`, async (t) => {
    t.deepEqual<unknown, unknown>(await tryOf(someone), REFUSED);
  });
}

const STEP = {
  outcome: { kind: 'step' },
  seen: [
    ...REFUSED.seen.slice(0, 3),
    ...['chance', 'transaction', 'tx.codes.issue/1', 'tx.outbox.add/1', 'tx.audit.add/1'],
  ],
  ...{ written: ['step-asked'], letters: 1, devices: 0, codes: 1 },
};
const ALL: Record<string, Someone> = {
  ...CLASSES,
  'the right password and a confirmed mailbox': { status: 'active', secret: true, password: PASSWORD, mail: true },
  'the right password without a confirmed mailbox': { status: 'active', secret: true, password: PASSWORD },
  'a wrong password and a confirmed mailbox': { status: 'active', secret: true, password: 'not hers', mail: true },
};
for (const [name, someone] of Object.entries(ALL)) {
  test(`when a step is wanted, ${name}: the same calls, rows and letters, and no word of the password (R-15)`, async (t) => {
    t.deepEqual<unknown, unknown>(await tryOf(someone, 20), STEP);
  });
}

test('up to the verdict the right password takes the same way (R-15)', async (t) => {
  const { outcome, seen } = await tryOf({ status: 'active', secret: true, password: PASSWORD, mail: true });
  t.is(outcome.kind, 'signed-in');
  t.deepEqual(seen.slice(0, 3), REFUSED.seen.slice(0, 3));
  t.deepEqual(seen.slice(3), ['logins.record/1', 'chance', 'hasher.isStale/1']);
});

test('who has to wait takes the same short way, whoever she is: no look-up, no hash (R-15, R-22)', async (t) => {
  const memory = await memoryParts({ empty: true });
  const account = someAccount({ secret: await memory.hasher.hash(PASSWORD) });
  await memory.accounts.add(account);
  const ways: { readonly outcome: unknown; readonly seen: readonly string[] }[] = [];
  const now = memory.clock();
  for (const run of [account.person.run, someRun()]) {
    const { parts, seen } = watched(memory);
    const fixed = { ...parts, clock: () => now };
    for (let n = 0; n < 5; n++) await logIn(fixed, { ...form, run, password: 'not hers' });
    const before = seen.length;
    const outcome = await logIn(fixed, { ...form, run, password: PASSWORD });
    ways.push({ outcome, seen: seen.slice(before) });
  }
  const way = {
    outcome: { kind: 'wait', until: now + 30_000 },
    seen: ['logins.attempt/3', 'audit.add/1'],
  };
  t.deepEqual<unknown, unknown>(ways, [way, way]);
});
