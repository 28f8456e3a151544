import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { AccountCaseFilter } from '../../src/domain/account-case.ts';
import type { Place } from '../../src/domain/list.ts';
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
const change = { what: 'phone', was: '+56•••••1111', now: '+56•••••4321' } as const;
const asker = { deviceName: 'Chrome', network: '10.0.0.0/24', site: 'Municipalidad «Ñ»' };

for (const [name, { notices, cases, accounts }] of Object.entries(VERSIONS)) {
  const told = async (differing: Partial<NewNotice> = {}): Promise<NewNotice> => {
    const account = someAccount();
    await accounts.add(account);
    return { token: randomUUID(), accountId: account.id, event: 'new-device', at: NOW, asker, ...differing };
  };

  test(`${name}: a notice is found by its token, for ten days, and denied once (R-16, R-17)`, async (t) => {
    const one = await told({ ref: 'change 7', change });
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

  test(`${name}: of two supervisors at once one takes a case; only she writes into it and closes it, once`, async (t) => {
    const [{ accountId }, { accountId: ana }, { accountId: eva }] = [await told(), await told(), await told()];
    const id = randomUUID();
    const step = (by: string, words = '') => ({ id: randomUUID(), by, at: NOW + 1, words });
    await cases.open({ id, kind: 'staff', accountId, at: NOW, openedBy: eva, details: { words: 'raro' } });
    t.false(await cases.note(id, step(ana, 'nadie lo tiene')));
    const takes = await Promise.all([ana, eva].map((by) => cases.take(id, { ...step(by), was: undefined })));
    t.is(takes.filter(Boolean).length, 1);
    const [first, second] = takes[0] ? [ana, eva] : [eva, ana];
    t.false(await cases.take(id, { ...step(first), was: first }), 'she has it already');
    t.true(await cases.take(id, { ...step(second), was: first }), 'instead of her');
    t.false(await cases.close(id, { ...step(first), outcome: 'owner' }));
    t.true(await cases.note(id, step(second, 'la llamé, «ñ»')));
    const closes = await Promise.all([1, 2].map(() => cases.close(id, { ...step(second, 'fin'), outcome: 'secured' })));
    t.deepEqual(closes.filter(Boolean), [true]);
    t.false(await cases.take(id, { ...step(first), was: second }), 'it is closed');
    t.like(await cases.byId(id), { openedBy: eva, takenBy: second, closedAt: NOW + 1, outcome: 'secured' });
    t.deepEqual(
      (await cases.steps(id)).map(({ what, by, words }) => [what, by, words]),
      [
        ['taken', first, ''],
        ['taken', second, ''],
        ['noted', second, 'la llamé, «ñ»'],
        ['closed', second, 'fin'],
      ],
    );
    for (const guess of ['x', randomUUID()]) {
      t.is(await cases.byId(guess), undefined);
      t.false(await cases.take(guess, { ...step(ana), was: undefined }));
      t.deepEqual(await cases.steps(guess), []);
    }
  });

  // Alone, since other tests open and close cases too.
  test.serial(
    `${name}: pages of cases: open ones by age, closed ones the last first, none twice, none about herself`,
    async (t) => {
      const [{ accountId }, { accountId: me }] = [await told(), await told()];
      const old = NOW - 1_000_000;
      const opened = Array.from({ length: 5 }, (_, n) => ({ id: randomUUID(), at: old + Math.floor(n / 2) }));
      for (const one of opened) await cases.open({ ...one, kind: 'not-me', accountId, details: {} });
      await cases.open({ id: randomUUID(), kind: 'not-me', accountId: me, at: old, details: {} });
      const all = async (closed: boolean, more: Partial<AccountCaseFilter> = {}) => {
        const filter = { closed, except: me, ...more };
        const [sort, desc] = closed ? (['closed', true] as const) : (['opened', false] as const);
        const seen: string[] = [];
        let place: Place | undefined;
        do {
          const page = await cases.page(filter, { sort, desc, place, limit: 2 });
          seen.push(...page.map(({ row }) => row.id));
          const [first] = page;
          const back = { sort, desc, place: first?.place, back: true, limit: 1 };
          if (place && first) t.deepEqual((await cases.page(filter, back))[0]?.place, place, 'beside the page before');
          place = page.at(-1)?.place;
        } while (place !== undefined);
        t.is(new Set(seen).size, seen.length);
        t.is(await cases.count(filter, 10_000), seen.length);
        t.is(await cases.count(filter, 1), Math.min(1, seen.length));
        return seen.filter((id) => opened.some((one) => one.id === id));
      };
      const byAge = opened.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
      t.deepEqual(await all(false), byAge);
      const closing = byAge.slice(0, 3);
      for (const [n, id] of closing.entries()) {
        const step = { id: randomUUID(), by: me, at: NOW + n, words: '' };
        await cases.take(id, { ...step, was: undefined });
        await cases.close(id, { ...step, id: randomUUID(), outcome: 'mistake' });
      }
      t.deepEqual(await all(false), byAge.slice(3));
      t.deepEqual(await all(true), closing.toReversed());
      t.deepEqual(await all(true, { outcome: 'mistake', kind: 'not-me' }), closing.toReversed());
      t.deepEqual(await all(true, { outcome: 'fraud' }), []);
      const [mine = '', ...free] = byAge.slice(3);
      await cases.take(mine, { id: randomUUID(), by: me, at: NOW, words: '', was: undefined });
      t.deepEqual(await all(false, { free: true }), free);
      t.deepEqual(await all(false, { takenBy: me }), [mine]);
      t.deepEqual(await all(false, { kind: 'staff' }), []);
      const [{ row } = { row: undefined }] = await cases.page(
        { closed: false, takenBy: me, except: accountId },
        { sort: 'opened', desc: false, limit: 1 },
      );
      t.is(row, undefined, 'none about herself');
    },
  );
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
