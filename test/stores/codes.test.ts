import { randomUUID } from 'node:crypto';
import test from 'ava';
import { postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { postgresCodes, type Codes, type NewCode } from '../../src/stores/codes.ts';
import { memoryCodes } from '../support/memory/codes.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, rotatedVault, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();

const VERSIONS: Record<string, { codes: Codes; accounts: Accounts }> = {
  memory: { codes: memoryCodes(tables, write), accounts: memoryAccounts(tables, write) },
  postgres: { codes: postgresCodes(postgres.db, oldVault()), accounts: postgresAccounts(postgres.db, oldVault()) },
};

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CODE = '7K2M9QXT';

for (const [name, { codes, accounts }] of Object.entries(VERSIONS)) {
  const somebody = async () => {
    const account = someAccount();
    await accounts.add(account);
    return account.id;
  };
  const wish = (accountId: string | undefined, differing: Partial<NewCode> = {}): NewCode => ({
    ...{ purpose: 'sign-in', binding: randomUUID(), accountId, code: CODE, now: NOW, lifetime: 10 * MINUTE },
    ...{ perHour: 3, perDay: 5, ...differing },
  });
  const typed = ({ purpose, binding }: NewCode, code = CODE, now = NOW) => ({ purpose, binding, code, now, tries: 5 });

  test(`${name}: the right code opens once, in the browser that asked and nowhere else (R-11, R-12)`, async (t) => {
    const accountId = await somebody();
    const one = wish(accountId);
    t.is(await codes.issue(one), accountId);
    t.is(await codes.use({ ...typed(one), binding: randomUUID() }), undefined);
    t.is(await codes.use(typed(one, '7K2M9QXV')), undefined);
    t.is(await codes.use(typed(one)), accountId);
    t.is(await codes.use(typed(one)), undefined);
  });

  test(`${name}: of fifty who use the right code at once, one does (R-12)`, async (t) => {
    const accountId = await somebody();
    const one = wish(accountId);
    await codes.issue(one);
    const used = await Promise.all(Array.from({ length: 50 }, () => codes.use(typed(one))));
    t.deepEqual(
      used.filter((whose) => whose !== undefined),
      [accountId],
    );
  });

  test(`${name}: after five tries it is dead, also for the right code, and parallel tries count (R-11, R-12)`, async (t) => {
    const accountId = await somebody();
    const [slow, fast] = [wish(accountId), wish(accountId)];
    await codes.issue(slow);
    for (let n = 0; n < 5; n++) await codes.use(typed(slow, 'WRONGEST'));
    t.is(await codes.use(typed(slow)), undefined);
    await codes.issue(fast);
    await Promise.all(Array.from({ length: 20 }, () => codes.use(typed(fast, 'WRONGEST'))));
    t.is(await codes.use(typed(fast)), undefined);
    const fifth = wish(accountId);
    await codes.issue(fifth);
    for (let n = 0; n < 4; n++) await codes.use(typed(fifth, 'WRONGEST'));
    t.is(await codes.use(typed(fifth)), accountId);
  });

  test(`${name}: it lives ten minutes by the caller’s clock (R-11)`, async (t) => {
    const accountId = await somebody();
    const one = wish(accountId);
    await codes.issue(one);
    t.is(await codes.use(typed(one, CODE, NOW + 10 * MINUTE)), undefined);
    t.is(await codes.use(typed(one, CODE, NOW + 10 * MINUTE - 1)), accountId);
  });

  test(`${name}: a new code kills the old one of its page, and no other’s (R-11)`, async (t) => {
    const accountId = await somebody();
    const [old, other] = [wish(accountId), wish(accountId)];
    await codes.issue(old);
    await codes.issue(other);
    await codes.issue({ ...old, code: 'NEWERONE', now: NOW + 1 });
    t.is(await codes.use(typed(old, CODE, NOW + 2)), undefined);
    t.is(await codes.use(typed(old, 'NEWERONE', NOW + 2)), accountId);
    t.is(await codes.use(typed(other, CODE, NOW + 2)), accountId);
  });

  test(`${name}: what nobody was sent opens nothing, though it is written down alike (R-15)`, async (t) => {
    const one = wish(undefined);
    t.is(await codes.issue(one), undefined);
    t.is(await codes.use(typed(one)), undefined);
  });

  test(`${name}: three an hour and five a day for a person; what is too much is written down for nobody (R-26)`, async (t) => {
    const accountId = await somebody();
    const sent: boolean[] = [];
    for (const later of [0, 1, 2, 3, HOUR + 1, HOUR + 2, HOUR + 3, 23 * HOUR, 24 * HOUR + 5]) {
      const one = wish(accountId, { now: NOW + later });
      sent.push((await codes.issue(one)) === accountId);
      t.is(await codes.use(typed(one, CODE, NOW + later)), sent.at(-1) ? accountId : undefined);
    }
    t.deepEqual(sent, [true, true, true, false, true, true, false, false, true]);
    const other = await somebody();
    t.is(await codes.issue(wish(other)), other);
  });

  test(`${name}: ten who ask for the same person at once get three letters, not ten (R-26)`, async (t) => {
    for (let round = 0; round < 5; round++) {
      const accountId = await somebody();
      const sent = await Promise.all(Array.from({ length: 10 }, () => codes.issue(wish(accountId))));
      t.is(sent.filter((whose) => whose === accountId).length, 3);
    }
  });

  test(`${name}: the broom leaves what the caps still count`, async (t) => {
    const accountId = await somebody();
    const then = NOW - 1000 * HOUR;
    for (let n = 0; n < 3; n++) await codes.issue(wish(accountId, { now: then }));
    await codes.sweep(then + 11 * MINUTE);
    t.is(await codes.issue(wish(accountId, { now: then + 59 * MINUTE })), undefined);
    await codes.sweep(then + 60 * HOUR);
    t.is(await codes.issue(wish(accountId, { now: then + 60 * HOUR })), accountId);
  });
}

test('postgres: no row holds the code, plain or hashed without the key, and an old key still opens (R-13, R-83)', async (t) => {
  const { codes, accounts } = VERSIONS['postgres']!;
  const account = someAccount();
  await accounts.add(account);
  const one: NewCode = {
    ...{ purpose: 'sign-in', binding: 'this very page', accountId: account.id, code: 'Q4WXYZ77', now: NOW },
    ...{ lifetime: MINUTE, perHour: 3, perDay: 5 },
  };
  await codes.issue(one);
  const { rows } = await postgres.db.raw<{ rows: { row: string }[] }>(
    'select c::text as row from codes c where account_id = ?',
    [account.id],
  );
  t.is(rows.length, 1);
  for (const hidden of [one.code, Buffer.from(one.code).toString('hex'), one.binding])
    t.false(rows[0]?.row.toLowerCase().includes(hidden.toLowerCase()));
  const rotated = postgresCodes(postgres.db, rotatedVault());
  t.is(await rotated.use({ purpose: 'sign-in', binding: one.binding, code: one.code, now: NOW, tries: 5 }), account.id);
});
