import { randomUUID } from 'node:crypto';
import test from 'ava';
import { postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { postgresSessions, type Sessions } from '../../src/stores/sessions.ts';
import { memoryAccounts, memorySessions } from '../support/memory/people.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();

const VERSIONS: Record<string, { accounts: Accounts; sessions: Sessions }> = {
  memory: { accounts: memoryAccounts(tables, write), sessions: memorySessions(tables, write) },
  postgres: { accounts: postgresAccounts(postgres.db, oldVault()), sessions: postgresSessions(postgres.db) },
};

for (const [name, { accounts, sessions }] of Object.entries(VERSIONS)) {
  const begun = async (shared = false) => {
    const account = someAccount();
    await accounts.add(account);
    const session = { uid: randomUUID(), accountId: account.id, at: 1000, network: '10.0.0.0/24', shared };
    await sessions.begin(session);
    return session;
  };

  test(`${name}: a session that was begun stands, as its account does (R-31)`, async (t) => {
    const { uid, accountId } = await begun(true);
    const standing = { status: 'active', revokedUntil: 0, shared: true, endedAt: undefined } as const;
    t.deepEqual(await sessions.standing(accountId, uid), standing);
    await accounts.setStatus(accountId, 'blocked', 1);
    await accounts.revokeUntil(accountId, 77);
    t.deepEqual(await sessions.standing(accountId, uid), { ...standing, status: 'blocked', revokedUntil: 77 });
  });

  test(`${name}: without a row there is no session, nor with somebody else's`, async (t) => {
    const [mine, yours] = [await begun(), await begun()];
    t.is(await sessions.standing(mine.accountId, randomUUID()), undefined);
    t.is(await sessions.standing(mine.accountId, yours.uid), undefined);
    t.is(await sessions.standing(randomUUID(), mine.uid), undefined);
  });

  test(`${name}: an ended session stays ended, with its first end, whatever comes later (R-31)`, async (t) => {
    const session = await begun();
    await sessions.end(session.uid, 2000);
    await sessions.end(session.uid, 3000);
    await sessions.begin({ ...session, at: 4000, shared: true });
    const standing = await sessions.standing(session.accountId, session.uid);
    t.deepEqual(standing, { status: 'active', revokedUntil: 0, shared: false, endedAt: 2000 });
    await sessions.end(randomUUID(), 1);
  });

  test(`${name}: a second login in the same browser keeps the row; somebody else can't take it over`, async (t) => {
    const [session, other] = [await begun(), await begun()];
    await sessions.begin({ ...session, at: 2000, shared: true });
    t.true((await sessions.standing(session.accountId, session.uid))?.shared);
    await sessions.begin({ ...session, accountId: other.accountId });
    t.is(await sessions.standing(other.accountId, session.uid), undefined);
    t.true((await sessions.standing(session.accountId, session.uid))?.shared);
  });

  test(`${name}: nobody who has no account has a session`, async (t) => {
    const session = { uid: randomUUID(), accountId: randomUUID(), at: 1, network: 'n', shared: false };
    await t.throwsAsync(sessions.begin(session));
    t.is(await sessions.standing(session.accountId, session.uid), undefined);
  });
}
