import test from 'ava';
import type { RecoveryStage } from '../../src/domain/journey.ts';
import { postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { postgresJourneys, type Journeys } from '../../src/stores/journeys.ts';
import { memoryJourneys } from '../support/memory/journeys.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, rotatedVault, someAccount, someRun } from '../support/memory/versions.ts';
import { randomBytes } from 'node:crypto';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();
const chance = (bytes: number) => randomBytes(bytes).toString('base64url');
const real = postgresJourneys(postgres.db, oldVault(), chance);

const VERSIONS: Record<string, { journeys: Journeys; accounts: Accounts }> = {
  memory: { journeys: memoryJourneys(tables, write), accounts: memoryAccounts(tables, write) },
  postgres: { journeys: real, accounts: postgresAccounts(postgres.db, oldVault()) },
};

const NOW = 1_700_000_000_000;
const until = NOW + 60_000;
const kind = 'recovery';
const stage = (): RecoveryStage & { at: 'code' } => ({
  at: 'code',
  run: someRun(),
  origin: { uid: 'u', clientId: 'muni' },
});

for (const [name, { journeys, accounts }] of Object.entries(VERSIONS)) {
  const somebody = async () => {
    const account = someAccount();
    await accounts.add(account);
    return account.id;
  };

  test(`${name}: a journey is found by its id and kind until its time is over`, async (t) => {
    const state = stage();
    const id = await journeys.begin({ kind, state, until });
    t.true(Buffer.from(id, 'base64url').length >= 32, 'R-27: 128 bits at least');
    t.deepEqual(await journeys.find({ kind, id, now: NOW }), { version: 1, state, accountId: undefined, until });
    t.is(await journeys.find({ kind: 'activation', id, now: NOW }), undefined);
    t.is(await journeys.find({ kind, id: `${id}x`, now: NOW }), undefined);
    t.is(await journeys.find({ kind, id, now: until }), undefined);
  });

  test(`${name}: of twenty who move it on at once one does, and it keeps whose it is`, async (t) => {
    const accountId = await somebody();
    const id = await journeys.begin({ kind, state: stage(), until });
    const moved = await Promise.all(
      Array.from({ length: 20 }, () => journeys.move({ kind, id, was: 1, state: stage(), accountId, until, now: NOW })),
    );
    t.is(moved.filter(Boolean).length, 1);
    const state = stage();
    t.true(await journeys.move({ kind, id, was: 2, state, until: until + 1, now: NOW }));
    t.deepEqual(await journeys.find({ kind, id, now: NOW }), { version: 3, state, accountId, until: until + 1 });
    t.false(await journeys.move({ kind, id, was: 3, state, until, now: until + 1 }), 'what is over moves no more');
  });

  test(`${name}: one is ended, or all of an account, or some kinds, or all but one (R-31)`, async (t) => {
    const accountId = await somebody();
    const begin = async (whose: string) => journeys.begin({ kind, state: stage(), accountId: whose, until });
    const [one, two, three, other] = [
      await begin(accountId),
      await begin(accountId),
      await journeys.begin({ kind: 'account', state: { uid: 'x' }, accountId, until }),
      await begin(await somebody()),
    ];
    const left = async () =>
      Promise.all(
        [one, two, three, other].map(
          async (id, n) => (await journeys.find({ kind: n === 2 ? 'account' : kind, id, now: NOW })) !== undefined,
        ),
      );
    await journeys.end(kind, one);
    t.deepEqual(await left(), [false, true, true, true]);
    await journeys.endOf(accountId, { kinds: ['account'], but: three });
    t.deepEqual(await left(), [false, true, true, true]);
    await journeys.endOf(accountId, { kinds: ['recovery'], but: three });
    t.deepEqual(await left(), [false, false, true, true]);
    await journeys.endOf(accountId);
    t.deepEqual(await left(), [false, false, false, true]);
  });

  test(`${name}: what is over is swept away`, async (t) => {
    const id = await journeys.begin({ kind, state: stage(), until: 5 });
    await journeys.sweep(5);
    t.is(await journeys.find({ kind, id, now: 1 }), undefined);
  });
}

test.serial(
  'postgres: neither the id nor the state can be read at rest, and a state moved to another row does not open (R-78)',
  async (t) => {
    const { db } = postgres;
    const state = stage();
    const [one, two] = [await real.begin({ kind, state, until }), await real.begin({ kind, state: stage(), until })];
    const rows = await db('journeys').select<{ id: Buffer; state: Buffer }[]>('id', 'state');
    t.true(rows.length >= 2);
    for (const row of rows) {
      t.false(row.id.includes(Buffer.from(one, 'base64url')));
      t.false(row.state.includes(state.run.slice(0, 8)));
    }
    t.deepEqual((await postgresJourneys(db, rotatedVault(), chance).find({ kind, id: one, now: NOW }))?.state, state);
    await db.raw('update journeys set state = (select state from journeys j where j.id <> journeys.id limit 1)');
    await t.throwsAsync(real.find({ kind, id: two, now: NOW }));
  },
);
