import { randomUUID } from 'node:crypto';
import test from 'ava';
import { NOT_ME } from '../../src/domain/notice.ts';
import { postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { postgresCases, type Cases } from '../../src/stores/cases.ts';
import { postgresNotices, type NewNotice, type Notices } from '../../src/stores/notices.ts';
import { memoryCases, memoryNotices } from '../support/memory/house.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, rotatedVault, someAccount } from '../support/memory/versions.ts';

const { db, close } = await realPostgres();
test.after.always(close);
const tables = emptyTables();
const vault = oldVault();

const VERSIONS: Record<string, { notices: Notices; cases: Cases; accounts: Accounts }> = {
  memory: {
    notices: memoryNotices(tables, write),
    cases: memoryCases(tables, write),
    accounts: memoryAccounts(tables, write),
  },
  postgres: {
    notices: postgresNotices(db, vault),
    cases: postgresCases(db, vault),
    accounts: postgresAccounts(db, vault),
  },
};
const NOW = 1_700_000_000_000;
const asker = { deviceName: 'Chrome', network: '10.0.0.0/24', site: 'Municipalidad «Ñ»' };

for (const [name, { notices, cases, accounts }] of Object.entries(VERSIONS)) {
  const told = async (differing: Partial<NewNotice> = {}): Promise<NewNotice> => {
    const account = someAccount();
    await accounts.add(account);
    return { token: randomUUID(), accountId: account.id, event: 'new-device', at: NOW, asker, ...differing };
  };

  test(`${name}: a notice is found by its token, for ten days, and denied once (R-16, R-17)`, async (t) => {
    const one = await told({ ref: 'change 7' });
    await notices.add(one);
    // The letter to a second address brings the same token.
    await notices.add({ ...one, at: NOW + 1 });
    const { token, ...rest } = one;
    t.deepEqual(await notices.find(token, NOW), { ...rest, deniedAt: undefined });
    t.is(await notices.find(randomUUID(), NOW), undefined);
    t.is(await notices.find(token, NOW + NOT_ME), undefined);
    const denied = await Promise.all(Array.from({ length: 20 }, () => notices.deny(token, NOW + 5)));
    t.deepEqual(
      denied.filter((notice) => notice !== undefined),
      [{ ...rest, deniedAt: NOW + 5 }],
    );
    t.is((await notices.find(token, NOW + 6))?.deniedAt, NOW + 5);
    const late = await told();
    await notices.add(late);
    t.is(await notices.deny(late.token, NOW + NOT_ME), undefined);
  });

  test(`${name}: the broom takes away what nobody can answer any more`, async (t) => {
    const [old, young] = [await told({ at: NOW - NOT_ME }), await told()];
    await notices.add(old);
    await notices.add(young);
    await notices.sweep(NOW);
    t.is(await notices.find(old.token, NOW - NOT_ME + 1), undefined);
    t.truthy(await notices.find(young.token, NOW));
  });

  test(`${name}: cases are kept with what a supervisor must know, newest first`, async (t) => {
    const { accountId } = await told();
    const [first, second] = [NOW, NOW + 1].map((at) => ({
      ...{ id: randomUUID(), kind: 'not-me' as const, accountId, at },
      details: { event: 'new-device', site: 'Municipalidad «Ñ»', told: 7 },
    }));
    await cases.open(first!);
    await cases.open(second!);
    t.deepEqual(await cases.ofAccount(accountId), [second!, first!]);
    await t.throwsAsync(cases.open(first!));
    t.deepEqual(await cases.ofAccount((await told()).accountId), []);
  });
}

test('postgres: neither tokens nor who asked can be read in the rows, and a rotated key still opens them (R-13, R-78, R-83)', async (t) => {
  const { notices, accounts } = VERSIONS['postgres']!;
  const account = someAccount();
  await accounts.add(account);
  const one = { token: `canary-${randomUUID()}`, accountId: account.id, event: 'blocked', at: NOW, asker } as const;
  await notices.add(one);
  const rows = await db.raw<{ rows: { row: string }[] }>('select notices::text as row from notices');
  const all = rows.rows.map(({ row }) => row).join('\n');
  t.true(rows.rows.length > 0);
  for (const secret of ['canary', Buffer.from(one.token).toString('hex'), 'Municipalidad'])
    t.false(all.includes(secret));
  t.is((await postgresNotices(db, rotatedVault()).find(one.token, NOW))?.asker.site, asker.site);
});
