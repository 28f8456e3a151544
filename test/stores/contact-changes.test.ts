import { randomUUID } from 'node:crypto';
import test from 'ava';
import { UNDO } from '../../src/domain/contact-change.ts';
import { postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { postgresContactChanges, type ContactChanges } from '../../src/stores/contact-changes.ts';
import { memoryContactChanges } from '../support/memory/contact-changes.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();

const VERSIONS: Record<string, { accounts: Accounts; changes: ContactChanges }> = {
  memory: { accounts: memoryAccounts(tables, write), changes: memoryContactChanges(tables, write) },
  postgres: {
    accounts: postgresAccounts(postgres.db, oldVault()),
    changes: postgresContactChanges(postgres.db, oldVault()),
  },
};

const BEFORE = { email: 'antes@correo.example', emailVerified: true };

for (const [name, { accounts, changes }] of Object.entries(VERSIONS)) {
  const someone = async () => {
    const account = someAccount();
    await accounts.add(account);
    return account.id;
  };
  const changed = async (accountId: string, at: number) => {
    const id = randomUUID();
    await changes.add({ id, accountId, at, what: 'email', before: { ...BEFORE, phone: `+${at}` } });
    return id;
  };

  test(`${name}: a change comes back with what was before it, the newest first (R-16)`, async (t) => {
    const accountId = await someone();
    const [first, second] = [await changed(accountId, 1000), await changed(accountId, 2000)];
    const all = await changes.of(accountId);
    t.deepEqual(
      all.map(({ id }) => id),
      [second, first],
    );
    t.like(all[1], { accountId, at: 1000, what: 'email', undoneAt: undefined });
    t.like(all[1]?.before, { ...BEFORE, phone: '+1000' });
    t.deepEqual(await changes.of(await someone()), []);
  });

  test(`${name}: it is undone once, with all that came later, for ten days, and by nobody else (R-16)`, async (t) => {
    const [accountId, stranger] = [await someone(), await someone()];
    const [first, second, third] = [
      await changed(accountId, 1000),
      await changed(accountId, 2000),
      await changed(accountId, 3000),
    ];
    t.is(await changes.undo(stranger, second, 4000), undefined);
    t.is(await changes.undo(accountId, second, 2000 + UNDO), undefined);
    t.is(await changes.undo(accountId, randomUUID(), 4000), undefined);
    t.is(await changes.undo(accountId, 'no id', 4000), undefined);
    t.like(await changes.undo(accountId, second, 4000), { phone: '+2000' });
    t.is(await changes.undo(accountId, second, 4000), undefined);
    t.is(await changes.undo(accountId, third, 4000), undefined);
    t.like(await changes.undo(accountId, first, 4001), { phone: '+1000' });
    t.true((await changes.of(accountId)).every(({ undoneAt }) => undoneAt !== undefined));
  });

  test(`${name}: of twenty that undo at once one does`, async (t) => {
    const accountId = await someone();
    const id = await changed(accountId, 1000);
    const undone = await Promise.all(Array.from({ length: 20 }, () => changes.undo(accountId, id, 2000)));
    t.is(undone.filter((before) => before !== undefined).length, 1);
  });

  test(`${name}: what cannot be undone any more is swept, and a closed account leaves nothing (R-79)`, async (t) => {
    const [accountId, closed] = [await someone(), await someone()];
    await changed(accountId, -UNDO - 5);
    const kept = await changed(accountId, 5);
    await changed(closed, 5);
    t.is(await changes.sweep(0), 1);
    t.deepEqual(
      (await changes.of(accountId)).map(({ id }) => id),
      [kept],
    );
    await changes.forget(closed);
    t.deepEqual(await changes.of(closed), []);
  });

  test(`${name}: nobody who has no account changes anything`, async (t) => {
    await t.throwsAsync(changed(randomUUID(), 1));
  });
}

test('a dump holds nothing of what was before (R-78)', async (t) => {
  const account = someAccount();
  const { accounts, changes } = VERSIONS['postgres']!;
  await accounts.add(account);
  await changes.add({ id: randomUUID(), accountId: account.id, at: 1, what: 'phone', before: BEFORE });
  const { rows } = await postgres.db.raw<{ rows: { row: string }[] }>(
    'select cast(contact_changes as text) as row from contact_changes where account_id = ?',
    [account.id],
  );
  t.is(rows.length, 1);
  t.notRegex(rows[0]!.row, /correo|616e746573/);
});
