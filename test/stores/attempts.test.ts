import test from 'ava';
import fc from 'fast-check';
import { counted, curveOf, wait, type Context, type Counter, type Key } from '../../src/domain/throttle.ts';
import { postgresAttempts, type Attempts } from '../../src/stores/attempts.ts';
import { memoryAttempts } from '../support/memory/short-lived.ts';
import { oldVault, realPostgres, rotatedVault, someKey } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);

const VERSIONS: Record<string, Attempts> = {
  memory: memoryAttempts(),
  postgres: postgresAttempts(postgres.db, oldVault()),
};

const NOW = 1_700_000_000_000;
const someone = (context: Context = 'unknown-network'): Key => ({ context, id: someKey().toString('hex') });
const HOUR = 3_600_000;

/**
 * What `domain/throttle.ts` says of a try: of several keys the longest wait counts, and then none is counted; a full
 * counter of steps asks for one.
 */
function rules() {
  const counters = new Map<string, Counter>();
  const nameOf = ({ context, id }: Key) => `${context}|${id}`;
  return (keys: readonly Key[], now: number) => {
    const was = keys.map((key) => ({ key, curve: curveOf(key.context), counter: counters.get(nameOf(key)) }));
    const until = Math.max(
      0,
      ...was.map(({ key, curve, counter }) => (curve.then === 'wait' ? (wait(key.context, counter, now) ?? 0) : 0)),
    );
    if (until > 0) return { kind: 'wait', until };
    const step = was.some(
      ({ curve, counter }) =>
        curve.then === 'step' && counter && counter.failures >= curve.free && now < counter.first + curve.window,
    );
    for (const { key, counter } of was) counters.set(nameOf(key), counted(key.context, counter, now));
    return { kind: step ? 'step' : 'go' };
  };
}

/** Which keys are tried, and how much later than the last time: the steps of the curves and what lies beside them. */
const tries = fc.array(
  fc.record({
    which: fc.constantFrom(
      [0],
      [0],
      [0],
      [1],
      [2],
      [0, 1],
      [2, 1, 0],
      [0, 3],
      [3],
      [3],
      [2, 3, 4, 5],
      [4, 5],
      [5],
      [5, 0],
    ),
    later: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(0, 1, 1000, 30_000, 60_000, 120_000, 900_000, HOUR) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 * HOUR }) },
      { weight: 1, arbitrary: fc.constantFrom(HOUR - 1, 12 * HOUR - 1, 12 * HOUR, 24 * HOUR - 1, 24 * HOUR) },
    ),
  }),
  { minLength: 60, maxLength: 160, size: 'max' },
);

for (const [name, attempts] of Object.entries(VERSIONS)) {
  test(`${name}: long random sequences of tries get the verdicts of the rules (R-22)`, async (t) => {
    await fc.assert(
      fc.asyncProperty(tries, async (steps) => {
        const contexts = ['known-device', 'unknown-network', 'unknown-hour', 'unknown-ever', 'source'] as const;
        const keys = [someone(), ...contexts.map(someone)];
        const judge = rules();
        let now = NOW;
        for (const { which, later } of steps) {
          now += later;
          const chosen = which.flatMap((index) => keys[index] ?? []);
          const verdict = judge(chosen, now);
          const spent = await attempts.spend(chosen, now);
          if (JSON.stringify(spent) !== JSON.stringify(verdict)) t.deepEqual<unknown, unknown>(spent, verdict);
        }
      }),
      // To find a shorter example would take minutes here.
      { numRuns: 25, endOnFailure: true },
    );
    t.pass();
  });

  test(`${name}: whoever is asked for no counter goes on, and nothing is counted (R-19)`, async (t) => {
    t.deepEqual(await attempts.spend([], NOW), { kind: 'go' });
    await attempts.forgive([], NOW);
  });

  test(`${name}: a wait that was told is kept to, also over the end of the window (R-22)`, async (t) => {
    const keys = [someone()];
    for (let n = 0; n < 4; n++) t.is((await attempts.spend(keys, NOW)).kind, 'go');
    const late = NOW + 12 * HOUR - 1000;
    t.is((await attempts.spend(keys, late)).kind, 'go');
    t.deepEqual(await attempts.spend(keys, late + 1), { kind: 'wait', until: late + 30_000 });
    t.deepEqual(await attempts.spend(keys, late + 29_999), { kind: 'wait', until: late + 30_000 });
    t.deepEqual(await attempts.spend(keys, late + 30_000), { kind: 'go' });
  });

  test(`${name}: of fifty parallel tries exactly the five free ones pass (R-23)`, async (t) => {
    const keys = [someone()];
    const spent = await Promise.all(Array.from({ length: 50 }, () => attempts.spend(keys, NOW)));
    t.is(spent.filter(({ kind }) => kind === 'go').length, 5);
    t.deepEqual(
      spent.filter(({ kind }) => kind === 'wait'),
      Array.from({ length: 45 }, () => ({ kind: 'wait', until: NOW + 30_000 })),
    );
  });

  test(`${name}: fifty parallel tries on the same keys in any order do not block each other (R-23)`, async (t) => {
    const [left, right] = [someone(), someone()];
    const spent = await Promise.all(
      Array.from({ length: 50 }, (_, n) => attempts.spend(n % 2 ? [left, right] : [right, left], NOW)),
    );
    t.is(spent.filter(({ kind }) => kind === 'go').length, 5);
  });

  test(`${name}: a refused try counts nowhere, and one key's wait leaves the others alone`, async (t) => {
    const [full, fresh] = [someone(), someone()];
    for (let n = 0; n < 5; n++) await attempts.spend([full], NOW);
    for (let n = 0; n < 20; n++) t.is((await attempts.spend([full, fresh], NOW)).kind, 'wait');
    for (let n = 0; n < 5; n++) t.is((await attempts.spend([fresh], NOW)).kind, 'go');
  });

  test(`${name}: success clears the counters of that context, and of no other`, async (t) => {
    const [here, there] = [someone(), someone()];
    for (let n = 0; n < 5; n++) await attempts.spend([here], NOW);
    for (let n = 0; n < 5; n++) await attempts.spend([there], NOW);
    await attempts.forgive([here], NOW);
    for (let n = 0; n < 5; n++) t.is((await attempts.spend([here], NOW)).kind, 'go');
    t.is((await attempts.spend([there], NOW)).kind, 'wait');
    await attempts.forgive([someone()], NOW);
  });

  test(`${name}: a full counter of steps asks for one, and goes on counting (R-20)`, async (t) => {
    const keys = [someone('unknown-ever')];
    for (let n = 0; n < 100; n++) t.is((await attempts.spend(keys, NOW + n * HOUR)).kind, 'go');
    const years = 5 * 365 * 24 * HOUR;
    t.deepEqual(await attempts.spend(keys, NOW + years), { kind: 'step' });
    t.deepEqual(await attempts.spend(keys, NOW + years + 1), { kind: 'step' });
    await attempts.forgive(keys, NOW);
    t.deepEqual(await attempts.spend(keys, NOW + years + 2), { kind: 'go' });
  });

  test(`${name}: a wait comes before a step, and is counted nowhere`, async (t) => {
    const [hour, network] = [someone('unknown-hour'), someone()];
    for (let n = 0; n < 20; n++) await attempts.spend([hour], NOW);
    for (let n = 0; n < 5; n++) t.is((await attempts.spend([hour, network], NOW)).kind, 'step');
    t.deepEqual(await attempts.spend([hour, network], NOW), { kind: 'wait', until: NOW + 30_000 });
    t.is((await attempts.spend([hour], NOW + HOUR)).kind, 'go');
  });

  test(`${name}: of an address a success takes back the one try that it was (R-26)`, async (t) => {
    const source = [someone('source')];
    for (let n = 0; n < 20; n++) t.is((await attempts.spend(source, NOW)).kind, 'go');
    t.is((await attempts.spend(source, NOW)).kind, 'wait');
    await attempts.forgive(source, NOW);
    t.is((await attempts.spend(source, NOW)).kind, 'go');
    t.is((await attempts.spend(source, NOW)).kind, 'wait');
    t.is((await attempts.spend(source, NOW + 60_000)).kind, 'go');
  });

  test(`${name}: a hundred different people from one address ask for a step, from the next one on (R-26)`, async (t) => {
    const { id } = someone();
    const person = (n: number): Key => ({ context: 'people', id, member: `person ${n}` });
    for (let n = 0; n < 100; n++) t.is((await attempts.spend([person(n)], NOW + n)).kind, 'go', String(n));
    t.is((await attempts.spend([person(0)], NOW + 200)).kind, 'go', 'she is one of the hundred');
    t.is((await attempts.spend([person(100)], NOW + 200)).kind, 'step');
    t.is((await attempts.spend([{ ...person(101), id: someone().id }], NOW + 200)).kind, 'go', 'another address');
    for (const n of [1, 2]) await attempts.forgive([person(n)], NOW);
    t.is((await attempts.spend([person(102)], NOW + 200)).kind, 'go', 'who got in does not count');
    t.is((await attempts.spend([person(103)], NOW + 200 + HOUR)).kind, 'go', 'an hour later');
  });

  test(`${name}: fifty people tried at once from one address are fifty (R-23, R-26)`, async (t) => {
    const { id } = someone();
    const person = (n: number): Key => ({ context: 'people', id, member: `person ${n}` });
    const source: Key = { context: 'source', id: someKey().toString('hex') };
    for (const half of [0, 1])
      await Promise.all(Array.from({ length: 50 }, (_, n) => attempts.spend([person(50 * half + n)], NOW)));
    t.is((await attempts.spend([person(100), source], NOW)).kind, 'step');
  });

  test(`${name}: the broom takes people who were tried more than an hour ago, and no others`, async (t) => {
    // Long before the other tests of this file, whose people must stay.
    const then = NOW - 1000 * HOUR;
    const { id } = someone();
    const person = (n: number): Key => ({ context: 'people', id, member: `person ${n}` });
    for (let n = 0; n < 100; n++) await attempts.spend([person(n)], then);
    await attempts.sweep(then + HOUR - 1);
    t.is((await attempts.spend([person(100)], then + HOUR - 1)).kind, 'step');
    await attempts.sweep(then + HOUR);
    t.is((await attempts.spend([person(101)], then + 2)).kind, 'go', 'forgotten, whatever the time');
  });

  test(`${name}: the same name in two contexts is two counters`, async (t) => {
    const { id } = someone();
    for (let n = 0; n < 5; n++) await attempts.spend([{ context: 'unknown-network', id }], NOW);
    t.is((await attempts.spend([{ context: 'known-device', id }], NOW)).kind, 'go');
  });
}

test('postgres: the rows name nobody, neither plain nor as a hash that could be guessed (R-77)', async (t) => {
  const key = { context: 'unknown-network', id: '12345678-5|10.1.2.0/24' } as const;
  await VERSIONS['postgres']?.spend([key], NOW);
  const [wanted] = oldVault().indexes('unknown-network|12345678-5|10.1.2.0/24', 'attempts.key');
  const rows = await postgres.db('attempts').where({ key: wanted }).select<{ failures: number; first_at: string }[]>();
  t.deepEqual(
    rows.map(({ failures, first_at }) => ({ failures, first_at })),
    [{ failures: 1, first_at: String(NOW) }],
  );
});

test.serial('postgres: R-79: a counter goes when it counts for nothing any more, and not before', async (t) => {
  const { db } = postgres;
  const attempts = postgresAttempts(db, oldVault());
  const then = NOW - 5000 * HOUR;
  const contexts = ['known-device', 'unknown-network', 'unknown-hour', 'unknown-ever', 'source', 'proof'] as const;
  const keys = contexts.map(someone);
  await attempts.spend(keys, then);
  const late = someone();
  for (let n = 0; n < 5; n++) await attempts.spend([late], n < 4 ? then : then + 12 * HOUR - 1000);
  const left = async (now: number) => {
    await attempts.sweep(now);
    const mine = [...keys, late].map(({ context, id }) => oldVault().indexes(`${context}|${id}`, 'attempts.key')[0]);
    const rows = await db('attempts').whereIn('key', mine).select<{ key: Buffer }[]>('key');
    return [...contexts, 'late'].filter((_, n) => rows.some(({ key }) => key.equals(mine[n]!)));
  };
  t.deepEqual(await left(then + 59_999), [...contexts, 'late']);
  t.deepEqual(await left(then + HOUR - 1), ['known-device', 'unknown-network', 'unknown-hour', 'unknown-ever', 'late']);
  t.deepEqual(
    await left(then + 12 * HOUR),
    ['known-device', 'unknown-ever', 'late'],
    'a wait that was told is kept to',
  );
  t.deepEqual(await left(then + 12 * HOUR + 29_000), ['known-device', 'unknown-ever']);
  t.deepEqual(await left(then + 24 * HOUR), ['unknown-ever'], 'consecutive failures count for ever (R-20)');
});

test('postgres: the counters outlive the process, and begin anew when the first master key changes (R-20)', async (t) => {
  const keys = [someone()];
  for (let n = 0; n < 5; n++) await VERSIONS['postgres']?.spend(keys, NOW);
  t.is((await postgresAttempts(postgres.db, oldVault()).spend(keys, NOW)).kind, 'wait');
  t.is((await postgresAttempts(postgres.db, rotatedVault()).spend(keys, NOW)).kind, 'go');
});

for (const [name, attempts] of Object.entries(VERSIONS)) {
  test(`${name}: a try that nobody looked at is given back, and no more than that one`, async (t) => {
    const keys = [someone(), someone('source')];
    for (let n = 0; n < 4; n++) t.is((await attempts.spend(keys, NOW)).kind, 'go');
    await attempts.giveBack(keys, NOW);
    for (let n = 0; n < 2; n++) t.is((await attempts.spend(keys, NOW)).kind, 'go');
    t.is((await attempts.spend(keys, NOW)).kind, 'wait');
    await attempts.giveBack([someone()], NOW);
  });
}

const EVERYBODY: Key = { context: 'everybody', id: '' };
for (const [name, attempts] of Object.entries(VERSIONS)) {
  test.serial(`${name}: of fifty at once everybody is counted, whatever becomes of them (R-23)`, async (t) => {
    const at = NOW + 1000 * HOUR;
    await Promise.all(Array.from({ length: 50 }, () => attempts.spend([someone(), EVERYBODY], at)));
    await Promise.all(Array.from({ length: 20 }, () => attempts.forgive([someone(), EVERYBODY], at)));
    await Promise.all(Array.from({ length: 5 }, () => attempts.giveBack([someone(), EVERYBODY], at)));
    const full = [someone(), EVERYBODY];
    for (let n = 0; n < 9; n++) await attempts.spend(full, at);
    t.deepEqual(await attempts.tallies(at, at + 60_000), [{ failures: 50 - 20 - 5 + 5, successes: 20 }]);
    t.deepEqual(await attempts.tallies(at - 60_000, at), []);
    await attempts.sweep(at + 170 * HOUR);
    t.deepEqual(await attempts.tallies(at, at + 60_000), []);
  });

  test.serial(`${name}: of twenty who raise the alarm at once one hears that it is new (R-23)`, async (t) => {
    const at = NOW + 2000 * HOUR;
    t.deepEqual(await attempts.spend([EVERYBODY], at), { kind: 'go' });
    const raised = await Promise.all(Array.from({ length: 20 }, () => attempts.raiseAlarm(at + 1000, at)));
    t.is(raised.filter(Boolean).length, 1);
    t.false(await attempts.raiseAlarm(at + 500, at));
    t.deepEqual(await attempts.spend([someone(), EVERYBODY], at + 999), { kind: 'step' });
    t.deepEqual(await attempts.spend([someone('known-device')], at + 999), { kind: 'go' });
    t.deepEqual(await attempts.spend([someone(), EVERYBODY], at + 1000), { kind: 'go' });
    t.true(await attempts.raiseAlarm(at + 5000, at + 1000));
  });
}
