import test from 'ava';
import fc from 'fast-check';
import { counted, wait, type Context, type Counter, type Key } from '../../src/domain/throttle.ts';
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

/** What `domain/throttle.ts` says of a try; of several keys the longest wait counts, and then none is counted. */
function rules() {
  const counters = new Map<Key, Counter>();
  return (keys: readonly Key[], now: number) => {
    const until = Math.max(0, ...keys.map((key) => wait(key.context, counters.get(key), now) ?? 0));
    if (until > 0) return { kind: 'wait', until };
    for (const key of keys) counters.set(key, counted(key.context, counters.get(key), now));
    return { kind: 'go' };
  };
}

/** Which keys are tried, and how much later than the last time: the steps of the curve and what lies beside them. */
const tries = fc.array(
  fc.record({
    which: fc.constantFrom([0], [0], [0], [1], [2], [0, 1], [2, 1, 0]),
    later: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(0, 1, 30_000, 60_000, 120_000, 900_000, HOUR) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 * HOUR }) },
      { weight: 1, arbitrary: fc.constantFrom(12 * HOUR - 1, 12 * HOUR, 24 * HOUR - 1, 24 * HOUR) },
    ),
  }),
  { minLength: 40, maxLength: 120, size: 'max' },
);

for (const [name, attempts] of Object.entries(VERSIONS)) {
  test(`${name}: long random sequences of tries get the verdicts of the rules (R-22)`, async (t) => {
    await fc.assert(
      fc.asyncProperty(tries, async (steps) => {
        const keys = [someone(), someone('known-device'), someone()];
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
    await attempts.forgive([here]);
    for (let n = 0; n < 5; n++) t.is((await attempts.spend([here], NOW)).kind, 'go');
    t.is((await attempts.spend([there], NOW)).kind, 'wait');
    await attempts.forgive([someone()]);
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

test('postgres: the counters outlive the process, and begin anew when the first master key changes (R-20)', async (t) => {
  const keys = [someone()];
  for (let n = 0; n < 5; n++) await VERSIONS['postgres']?.spend(keys, NOW);
  t.is((await postgresAttempts(postgres.db, oldVault()).spend(keys, NOW)).kind, 'wait');
  t.is((await postgresAttempts(postgres.db, rotatedVault()).spend(keys, NOW)).kind, 'go');
});
