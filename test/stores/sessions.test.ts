import { randomUUID } from 'node:crypto';
import test from 'ava';
import { accountReader, postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { postgresAudit, type Audit } from '../../src/stores/audit.ts';
import { postgresSessions, type NewSession, type Sessions } from '../../src/stores/sessions.ts';
import { memoryAudit } from '../support/memory/house.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { memorySessions } from '../support/memory/sessions.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();

const VERSIONS: Record<string, { accounts: Accounts; audit: Audit; sessions: Sessions }> = {
  memory: {
    accounts: memoryAccounts(tables, write),
    audit: memoryAudit(tables, write),
    sessions: memorySessions(tables, write),
  },
  postgres: {
    accounts: postgresAccounts(postgres.db, oldVault()),
    audit: postgresAudit(postgres.db),
    sessions: postgresSessions(postgres.db, oldVault(), accountReader(oldVault())),
  },
};

const HOUR = 3_600_000;
const sessionOf = (accountId: string, differing: Partial<NewSession> = {}): NewSession => ({
  ...{ uid: randomUUID(), accountId, at: 1000, network: '10.0.0.0/24', device: 'Chrome, Android', agent: 'a-hash' },
  ...{ shared: false, ...differing },
});

for (const [name, { accounts, audit, sessions }] of Object.entries(VERSIONS)) {
  const begun = async (shared = false) => {
    const account = someAccount();
    await accounts.add(account);
    const session = sessionOf(account.id, { shared });
    await sessions.begin(session, 5);
    return session;
  };
  const someone = async () => {
    const account = someAccount();
    await accounts.add(account);
    return account.id;
  };

  test(`${name}: a session that was begun stands, as its account does (R-31)`, async (t) => {
    const { uid, accountId } = await begun(true);
    const standing = { status: 'active', revokedUntil: 0, shared: true, endedAt: undefined, disconnected: [] } as const;
    t.deepEqual(await sessions.standing(accountId, uid), standing);
    await accounts.setStatus(accountId, 'blocked', 1);
    await accounts.revokeUntil(accountId, 77);
    t.deepEqual(await sessions.standing(accountId, uid), { ...standing, status: 'blocked', revokedUntil: 77 });
    const owned = await sessions.owned(accountId, uid);
    t.deepEqual(owned && { ...owned.account }, await accounts.byId(accountId));
    t.deepEqual(owned?.standing, await sessions.standing(accountId, uid));
  });

  test(`${name}: without a row there is no session, nor with somebody else's`, async (t) => {
    const [mine, yours] = [await begun(), await begun()];
    t.is(await sessions.standing(mine.accountId, randomUUID()), undefined);
    t.is(await sessions.standing(mine.accountId, yours.uid), undefined);
    t.is(await sessions.owned(mine.accountId, yours.uid), undefined);
    // Asked at once: to each the answer to her own question, and no account at all is a fault for nobody else.
    const asked = [mine, yours, { ...mine, uid: yours.uid }, mine, { accountId: 'nobody', uid: mine.uid }];
    const answers = await Promise.allSettled(asked.map(({ accountId, uid }) => sessions.owned(accountId, uid)));
    t.deepEqual(
      answers.map((answer) => (answer.status === 'fulfilled' ? answer.value?.account.id : answer.status)),
      [mine.accountId, yours.accountId, undefined, mine.accountId, 'rejected'],
    );
    t.is(await sessions.standing(randomUUID(), mine.uid), undefined);
  });

  test(`${name}: an ended session stays ended, with its first end, whatever comes later (R-31)`, async (t) => {
    const session = await begun();
    await sessions.end(session.uid, 2000);
    await sessions.end(session.uid, 3000);
    await sessions.begin({ ...session, at: 4000, shared: true }, 5);
    const standing = await sessions.standing(session.accountId, session.uid);
    t.deepEqual(standing, { status: 'active', revokedUntil: 0, shared: false, endedAt: 2000, disconnected: [] });
    await sessions.end(randomUUID(), 1);
  });

  test(`${name}: a second login in the same browser keeps the row; somebody else can't take it over`, async (t) => {
    const [session, other] = [await begun(), await begun()];
    await sessions.begin({ ...session, at: 2000, shared: true }, 5);
    t.true((await sessions.standing(session.accountId, session.uid))?.shared);
    await sessions.begin({ ...session, accountId: other.accountId }, 5);
    t.is(await sessions.standing(other.accountId, session.uid), undefined);
    t.true((await sessions.standing(session.accountId, session.uid))?.shared);
  });

  test(`${name}: nobody who has no account has a session`, async (t) => {
    const session = sessionOf(randomUUID());
    await t.throwsAsync(sessions.begin(session, 5));
    t.is(await sessions.standing(session.accountId, session.uid), undefined);
    t.is(await sessions.find(session.uid), undefined);
  });

  test(`${name}: a session is found by its name, with all that its owner is shown (R-32)`, async (t) => {
    const session = await begun(true);
    const { at, ...shown } = session;
    const ref = sessions.refOf(session.uid);
    const row = { ...shown, ref, begunAt: at, endedAt: undefined, disconnected: [] };
    t.deepEqual(await sessions.find(session.uid), { ...row, status: 'active', revokedUntil: 0 });
    t.deepEqual(await sessions.list(session.accountId, 999), [row]);
    t.deepEqual(await sessions.list(session.accountId, 1000), []);
    t.deepEqual(await sessions.list(randomUUID(), 0), []);
    t.not(ref, session.uid);
  });

  test(`${name}: the sixth ends the first, and tells which it was (R-33)`, async (t) => {
    const accountId = await someone();
    const all = Array.from({ length: 7 }, (_, n) => sessionOf(accountId, { at: HOUR + n }));
    for (const session of all.slice(0, 5)) t.deepEqual(await sessions.begin(session, 5), []);
    // Once more in the same browser: not one more.
    t.deepEqual(await sessions.begin({ ...all[4]!, at: HOUR + 4 }, 5), []);
    const ended = await sessions.begin({ ...all[5]!, at: HOUR + 10 }, 5);
    t.deepEqual(
      ended.map(({ uid, endedAt }) => [uid, endedAt]),
      [[all[0]!.uid, HOUR + 10]],
    );
    t.is((await sessions.standing(accountId, all[0]!.uid))?.endedAt, HOUR + 10);
    t.is((await sessions.standing(accountId, all[5]!.uid))?.endedAt, undefined);
    // Those of yesterday, and those from before a revocation, are over by themselves.
    t.deepEqual(await sessions.begin({ ...all[6]!, at: 10 * HOUR }, 5), []);
    const other = await someone();
    for (const at of [1, 2, 3, 4, 5]) await sessions.begin(sessionOf(other, { at: HOUR + at }), 5);
    await accounts.revokeUntil(other, (2 * HOUR) / 1000);
    t.deepEqual(await sessions.begin(sessionOf(other, { at: 2 * HOUR }), 5), []);
  });

  test(`${name}: the visit that it was begun for is recorded with it, once and whole, or neither is (R-73)`, async (t) => {
    const accountId = await someone();
    const who = { accountId, actorId: randomUUID(), clientId: 'muni', requestId: 'r-1', network: '10.0.0.0/24' };
    const access = { kind: 'access-granted', at: 1000, ...who, details: { acr: 'x', asked: true } } as const;
    const all = Array.from({ length: 3 }, (_, n) => sessionOf(accountId, { at: HOUR + n }));
    // None makes room for another, and then one and two do.
    for (const [n, most] of [5, 1, 0].entries()) await sessions.begin(all[n]!, most, access);
    t.deepEqual(await audit.ofAccount(accountId, 10), [access, access, access]);
    const lost = sessionOf(randomUUID());
    await t.throwsAsync(sessions.begin(lost, 5, { ...access, accountId: lost.accountId }));
    t.deepEqual(await audit.ofAccount(lost.accountId, 10), []);
    const unrecorded = sessionOf(accountId);
    await t.throwsAsync(sessions.begin(unrecorded, 5, { ...access, accountId: 'no uuid' }));
    t.is(await sessions.find(unrecorded.uid), undefined);
  });

  test(`${name}: of twenty sign-ins at the same moment five are left (R-33)`, async (t) => {
    const accountId = await someone();
    const all = Array.from({ length: 20 }, (_, n) => sessionOf(accountId, { at: HOUR + n }));
    const ended = await Promise.all(all.map((session) => sessions.begin(session, 5)));
    t.is(ended.flat().length, 15);
    const open = (await sessions.list(accountId, 0)).filter(({ endedAt }) => endedAt === undefined);
    t.is(open.length, 5);
  });

  test(`${name}: its owner ends one by its name in the list, or all others; nobody else can (R-32)`, async (t) => {
    const accountId = await someone();
    const [one, two, three] = [1, 2, 3].map((at) => sessionOf(accountId, { at }));
    for (const session of [one!, two!, three!]) await sessions.begin(session, 5);
    const stranger = await begun();
    const ref = sessions.refOf(one!.uid);
    t.is(await sessions.endOne(stranger.accountId, ref, 50), undefined);
    t.is((await sessions.endOne(accountId, ref, 50))?.uid, one!.uid);
    t.is(await sessions.endOne(accountId, ref, 60), undefined);
    t.is(await sessions.endOne(accountId, 'no such thing', 60), undefined);
    t.is((await sessions.standing(accountId, one!.uid))?.endedAt, 50);
    t.deepEqual(
      (await sessions.endAll(accountId, 70, three!.uid)).map(({ uid }) => uid),
      [two!.uid],
    );
    t.is((await sessions.standing(accountId, three!.uid))?.endedAt, undefined);
    t.deepEqual(
      (await sessions.endAll(accountId, 80)).map(({ uid }) => uid),
      [three!.uid],
    );
    t.is((await sessions.standing(stranger.accountId, stranger.uid))?.endedAt, undefined);
  });

  test(`${name}: a site that was disconnected is so until the next sign-in`, async (t) => {
    const session = await begun();
    const bystander = await begun();
    await sessions.disconnect(session.accountId, 'muni');
    await sessions.disconnect(session.accountId, 'muni');
    await sessions.disconnect(session.accountId, 'registro');
    t.deepEqual((await sessions.standing(session.accountId, session.uid))?.disconnected, ['muni', 'registro']);
    t.deepEqual((await sessions.standing(bystander.accountId, bystander.uid))?.disconnected, []);
    await sessions.begin({ ...session, at: 2000 }, 5);
    t.deepEqual((await sessions.standing(session.accountId, session.uid))?.disconnected, []);
  });

  test(`${name}: old rows are swept`, async (t) => {
    const accountId = await someone();
    const [old, young] = [sessionOf(accountId, { at: -2 }), sessionOf(accountId, { at: 2 })];
    // Long before all others here.
    await sessions.begin(old, 5);
    await sessions.begin(young, 5);
    await sessions.sweep(-1);
    t.is(await sessions.find(old.uid), undefined);
    t.truthy(await sessions.find(young.uid));
  });
}
