import test from 'ava';
import { STATUSES, type Status } from '../../src/domain/account.ts';
import type { Passer } from '../../src/flows/passing.ts';
import { askForRecovery, enterRecoveryCode } from '../../src/flows/recovery.ts';
import type { Parts } from '../../src/parts.ts';
import { memoryParts, type Memory } from '../support/memory.ts';
import { someAccount, someRun } from '../support/memory/versions.ts';

const passer: Passer = {
  ...{ device: 'bot', deviceName: 'Chrome, Windows', network: '10.9.9.0/24', source: '10.9.9.9' },
  ...{ requestId: 'r-1', lang: 'es' },
};

/** Writes down each call of each store, within the transaction too. */
function watched(memory: Memory) {
  const seen: string[] = [];
  const watch = <T extends object>(name: string, part: T): T =>
    new Proxy(part, {
      get(target, method) {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          seen.push(`${name}.${String(method)}`);
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  const transaction: Parts['transaction'] = (work) =>
    memory.transaction((tx) =>
      work({
        ...tx,
        accounts: watch('tx.accounts', tx.accounts),
        audit: watch('tx.audit', tx.audit),
        codes: watch('tx.codes', tx.codes),
        journeys: watch('tx.journeys', tx.journeys),
        outbox: watch('tx.outbox', tx.outbox),
      }),
    );
  const { accounts, attempts, audit } = memory;
  const parts = {
    ...memory,
    ...{ accounts: watch('accounts', accounts), attempts: watch('attempts', attempts), audit: watch('audit', audit) },
    transaction,
  };
  return { parts, seen };
}

async function ask(status: Status | 'unknown', mail: boolean) {
  const memory = await memoryParts({ empty: true });
  const run = someRun();
  if (status !== 'unknown') {
    const person = { ...someAccount().person, run, emailVerified: mail };
    await memory.accounts.add(someAccount({ status, person, secret: await memory.hasher.hash('x') }));
  }
  const { parts, seen } = watched(memory);
  const outcome = await askForRecovery(parts, passer, { run, before: undefined });
  const { kind } = outcome;
  const id = outcome.kind === 'asked' ? outcome.id : '';
  const { codes, journeys, outbox, audit } = memory.tables;
  const written = { codes: codes.size, journeys: journeys.size, letters: outbox.size };
  const asked = { kind, seen: [...seen], written, events: [...audit.values()].map((event) => event.kind) };
  seen.length = 0;
  const entered = await enterRecoveryCode(parts, passer, { id, run, code: 'WRNGC0DE' });
  const events = [...audit.values()].map((event) => event.kind).slice(asked.events.length);
  return { asked, entered: { kind: entered.kind, seen, events } };
}

const ALIKE = {
  asked: {
    kind: 'asked',
    seen: [
      ...['attempts.spend', 'accounts.forLogin', 'tx.journeys.begin', 'tx.codes.issue', 'tx.outbox.add'],
      'tx.audit.add',
    ],
    written: { codes: 1, journeys: 1, letters: 1 },
    events: ['recovery-asked'],
  },
  entered: {
    kind: 'refused',
    seen: ['attempts.spend', 'accounts.forLogin', 'tx.codes.use', 'audit.add'],
    events: ['recovery-refused'],
  },
};
for (const status of ['unknown', ...STATUSES] as const)
  for (const mail of [true, false])
    test(`${status}, with ${mail ? 'a' : 'no'} confirmed mailbox: asking and a wrong code make the same calls in the same order, the same rows (R-15)`, async (t) => {
      t.deepEqual<unknown, unknown>(await ask(status, mail), ALIKE);
    });

test('twenty asks a minute from one address, then it waits, and no RUN is looked up (R-26)', async (t) => {
  const memory = await memoryParts({ empty: true });
  const now = memory.clock();
  const { parts, seen } = watched({ ...memory, clock: () => now });
  for (let n = 0; n < 20; n++) await askForRecovery(parts, passer, { run: someRun(), before: undefined });
  const before = seen.length;
  const outcome = await askForRecovery(parts, passer, { run: someRun(), before: undefined });
  t.deepEqual(outcome, { kind: 'wait', until: now + 60_000 });
  t.deepEqual(seen.slice(before), ['attempts.spend', 'audit.add']);
});
