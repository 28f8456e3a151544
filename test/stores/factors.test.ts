import { randomBytes } from 'node:crypto';
import test from 'ava';
import { postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { postgresFactors, type Factors, type NewPasskey } from '../../src/stores/factors.ts';
import { memoryFactors } from '../support/memory/factors.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, rotatedVault, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();

const VERSIONS: Record<string, { factors: Factors; accounts: Accounts }> = {
  memory: { factors: memoryFactors(tables, write), accounts: memoryAccounts(tables, write) },
  postgres: { factors: postgresFactors(postgres.db, oldVault()), accounts: postgresAccounts(postgres.db, oldVault()) },
};

const AT = 1_700_000_000_000;
const SECRET = 'JBSWY3DPEHPK3PXP';
const some = (bytes = 32) => randomBytes(bytes).toString('base64url');
const CODES = ['7K2M9QXT7K2M9QX1', '7K2M9QXT7K2M9QX2', '7K2M9QXT7K2M9QX3'];

for (const [name, { factors, accounts }] of Object.entries(VERSIONS)) {
  const somebody = async () => {
    const account = someAccount();
    await accounts.add(account);
    const asked = async () => (await accounts.forLogin(account.person.run))?.secondFactor;
    return { id: account.id, asked };
  };
  const passkey = (accountId: string, differing: Partial<NewPasskey> = {}): NewPasskey => ({
    ...{ accountId, credentialId: some(), handle: some(), publicKey: some(77), counter: 0, transports: ['internal'] },
    ...{ synced: true, backedUp: true, aaguid: '00000000-0000-0000-0000-000000000000', name: 'Mi teléfono', at: AT },
    ...differing,
  });
  const kinds = async (accountId: string) => (await factors.of(accountId)).map(({ kind }) => kind);

  test(`${name}: a passkey comes back as it was put in, and is found by its credential id alone`, async (t) => {
    const { id } = await somebody();
    const one = passkey(id);
    t.is(await factors.handleOf(id), undefined);
    t.true(await factors.addPasskey(one));
    const { accountId, credentialId, handle, publicKey, counter, synced } = one;
    t.deepEqual(await factors.passkey(credentialId), {
      ...{ accountId, credentialId, handle, publicKey, counter, synced, name: 'Mi teléfono' },
    });
    t.is(await factors.passkey(some()), undefined);
    t.is(await factors.handleOf(id), handle);
    const [listed, ...others] = await factors.of(id);
    t.deepEqual(others, []);
    t.like(listed, { kind: 'passkey', name: 'Mi teléfono', credentialId, synced: true, createdAt: AT });
    t.is(listed?.kind === 'passkey' ? listed.usedAt : 0, undefined);
    t.false(await factors.addPasskey(one), 'not twice');
    t.false(await factors.addPasskey({ ...one, accountId: (await somebody()).id }), 'nor for somebody else');
  });

  test(`${name}: a count that has not risen is refused, one that is always 0 is not, and of many at once one counts (R-60)`, async (t) => {
    const { id } = await somebody();
    const [counting, resting] = [passkey(id, { counter: 4 }), passkey(id)];
    await factors.addPasskey(counting);
    await factors.addPasskey(resting);
    const use = (counter: number, { credentialId } = counting) =>
      factors.usePasskey({ credentialId, counter, backedUp: false, at: AT + 5 });
    t.deepEqual(
      [await use(5), await use(5), await use(4), await use(0), await use(9)],
      [true, false, false, false, true],
    );
    t.deepEqual([await use(0, resting), await use(0, resting)], [true, true]);
    const many = await Promise.all(Array.from({ length: 20 }, () => use(10)));
    t.is(many.filter(Boolean).length, 1);
    const listed = (await factors.of(id)).find(
      (one) => one.kind === 'passkey' && one.credentialId === counting.credentialId,
    );
    t.like(listed, { usedAt: AT + 5, backedUp: false });
    t.false(await factors.usePasskey({ credentialId: some(), counter: 1, backedUp: true, at: AT }));
  });

  test(`${name}: a passkey is renamed and removed by its owner only`, async (t) => {
    const { id, asked } = await somebody();
    const other = await somebody();
    await factors.addPasskey(passkey(id));
    const [listed] = await factors.of(id);
    const which = { kind: 'passkey', id: listed?.kind === 'passkey' ? listed.id : '' } as const;
    t.false(await factors.renamePasskey(other.id, which.id, 'mía'));
    t.true(await factors.renamePasskey(id, which.id, 'Notebook de la casa'));
    t.like((await factors.of(id))[0], { name: 'Notebook de la casa' });
    t.false(await factors.remove(other.id, which));
    t.true(await asked());
    t.true(await factors.remove(id, which));
    t.false(await factors.remove(id, which));
    t.false(await asked());
  });

  test(`${name}: a step of TOTP counts once, and no earlier one after it (R-12)`, async (t) => {
    const { id, asked } = await somebody();
    t.is(await factors.totp(id), undefined);
    t.false(await asked());
    t.true(await factors.addTotp({ accountId: id, secret: SECRET, step: 100, at: AT }));
    t.true(await asked());
    t.false(await factors.addTotp({ accountId: id, secret: 'AAAA', step: 1, at: AT }));
    t.deepEqual(await factors.totp(id), { secret: SECRET, lastStep: 100 });
    t.false(await factors.useTotp(id, 100, AT));
    const many = await Promise.all(Array.from({ length: 20 }, () => factors.useTotp(id, 102, AT)));
    t.is(many.filter(Boolean).length, 1);
    t.false(await factors.useTotp(id, 101, AT));
    t.like((await factors.of(id))[0], { kind: 'totp', createdAt: AT, usedAt: AT });
    t.false(await factors.useTotp((await somebody()).id, 103, AT));
  });

  test(`${name}: a saved code opens once, for its owner, and it is told how many are left (R-12)`, async (t) => {
    const { id } = await somebody();
    const other = await somebody();
    await factors.addTotp({ accountId: id, secret: SECRET, step: 1, at: AT });
    await factors.addTotp({ accountId: other.id, secret: SECRET, step: 1, at: AT });
    await factors.setSavedCodes(id, CODES, AT);
    t.deepEqual(await kinds(id), ['totp', 'saved-codes']);
    t.is(await factors.useSavedCode(other.id, CODES[0] ?? ''), undefined);
    const many = await Promise.all(Array.from({ length: 20 }, () => factors.useSavedCode(id, CODES[0] ?? '')));
    t.deepEqual(
      many.filter((left) => left !== undefined),
      [2],
    );
    await factors.addSavedCode(id, 'NEWNEWNEWNEWNEW0', AT + 1);
    await factors.addSavedCode(id, 'NEWNEWNEWNEWNEW0', AT + 1);
    t.is(await factors.useSavedCode(id, 'NEWNEWNEWNEWNEW0'), 2);
    await factors.setSavedCodes(id, ['QQQQQQQQQQQQQQQQ'], AT + 2);
    t.is(await factors.useSavedCode(id, CODES[1] ?? ''), undefined, 'new ones take the place of the old');
    t.deepEqual((await factors.of(id)).at(-1), { kind: 'saved-codes', createdAt: AT + 2, left: 1 });
  });

  test(`${name}: saved codes are nothing by themselves, and go with the last other factor`, async (t) => {
    const { id, asked } = await somebody();
    await factors.addTotp({ accountId: id, secret: SECRET, step: 1, at: AT });
    await factors.addPasskey(passkey(id));
    await factors.setSavedCodes(id, CODES, AT);
    t.true(await factors.remove(id, { kind: 'totp' }));
    t.deepEqual([await kinds(id), await asked()], [['passkey', 'saved-codes'], true]);
    await factors.addTotp({ accountId: id, secret: SECRET, step: 1, at: AT });
    t.true(await factors.remove(id, { kind: 'saved-codes' }));
    t.true(await asked());
    await factors.setSavedCodes(id, CODES, AT);
    await factors.removeAll(id);
    t.deepEqual([await kinds(id), await asked()], [[], false]);
  });

  test(`${name}: what was added while somebody else was in proves nothing, is asked for all the same, and older ones work (R-14, R-17)`, async (t) => {
    const { id, asked } = await somebody();
    const [mine, his, later] = [passkey(id), passkey(id, { at: AT + 10 }), passkey(id, { at: AT + 21 })];
    for (const one of [mine, his, later]) await factors.addPasskey(one);
    await factors.addTotp({ accountId: id, secret: SECRET, step: 1, at: AT + 15 });
    await factors.setSavedCodes(id, CODES, AT + 20);
    await factors.hold(id, { since: AT + 12, until: AT + 20 });
    t.truthy(await factors.passkey(his.credentialId));
    await factors.hold(id, { since: AT + 10, until: AT + 11 });
    t.is(await factors.passkey(his.credentialId), undefined);
    t.is(await factors.totp(id), undefined);
    t.is(await factors.useSavedCode(id, CODES[0] ?? ''), undefined);
    t.truthy(await factors.passkey(mine.credentialId));
    t.truthy(await factors.passkey(later.credentialId));
    t.deepEqual(await kinds(id), ['passkey', 'passkey', 'passkey', 'totp', 'saved-codes']);
    t.true(await asked());
    const other = passkey((await somebody()).id, { at: AT + 15 });
    await factors.addPasskey(other);
    t.truthy(await factors.passkey(other.credentialId));
    await factors.removeAll(id);
    await factors.addTotp({ accountId: id, secret: SECRET, step: 1, at: AT + 15 });
    t.truthy(await factors.totp(id), 'a new identification begins anew');
  });

  test(`${name}: what she adds between two denials stays good, whichever of them comes first (R-14, R-17)`, async (t) => {
    const { id } = await somebody();
    const [his, hers, again, after] = [5, 15, 25, 35].map((later) => passkey(id, { at: AT + later }));
    for (const one of [his, hers, again, after]) await factors.addPasskey(one!);
    const good = async () =>
      Promise.all(
        [his, hers, again, after].map(async (one) => (await factors.passkey(one!.credentialId)) !== undefined),
      );
    await factors.hold(id, { since: AT + 4, until: AT + 10 });
    t.deepEqual(await good(), [false, true, true, true]);
    await factors.hold(id, { since: AT + 5, until: AT + 30 });
    t.deepEqual(await good(), [false, true, true, true], 'the second letter of the same stranger');
    await factors.hold(id, { since: AT + 20, until: AT + 30 });
    t.deepEqual(await good(), [false, true, false, true], 'another stranger');
    await factors.hold(id, { since: AT + 20, until: AT + 40 });
    t.deepEqual(await good(), [false, true, false, true]);
  });

  test(`${name}: of a hundred who answer one challenge at once, one is heard (R-60)`, async (t) => {
    const challenge = some();
    const heard = await Promise.all(Array.from({ length: 100 }, () => factors.spend(challenge, AT + 1)));
    t.is(heard.filter(Boolean).length, 1);
    await factors.sweep(AT);
    t.false(await factors.spend(challenge, AT + 1));
    await factors.sweep(AT + 1);
    t.true(await factors.spend(challenge, AT + 1), 'forgotten when it is worth nothing by itself');
  });
}

test('nothing of a secret, a saved code, a name or a credential id can be read in the database, and all opens after a rotation (R-13, R-78)', async (t) => {
  const { factors, accounts } = VERSIONS['postgres']!;
  const account = someAccount();
  await accounts.add(account);
  const credentialId = some();
  await factors.addTotp({ accountId: account.id, secret: SECRET, step: 1, at: AT });
  await factors.addPasskey({
    ...{ accountId: account.id, credentialId, handle: some(), publicKey: some(77), counter: 0, transports: [] },
    ...{ synced: false, backedUp: false, aaguid: '', name: 'Teléfono de Rosa', at: AT },
  });
  await factors.setSavedCodes(account.id, CODES, AT);
  const dump = await Promise.all(
    ['passkeys', 'totp', 'saved_codes', 'accounts'].map(async (table) => {
      const { rows } = await postgres.db.raw<{ rows: unknown[] }>(`select to_jsonb(t)::text as row from ${table} t`);
      return JSON.stringify(rows);
    }),
  );
  const all = dump.join('\n');
  t.true(all.length > 1000);
  for (const plain of [SECRET, ...CODES, credentialId, 'Teléfono de Rosa'])
    for (const form of [plain, Buffer.from(plain).toString('hex'), Buffer.from(plain, 'base64url').toString('hex')])
      t.false(all.includes(form), form);

  const later = postgresFactors(postgres.db, rotatedVault());
  t.is((await later.totp(account.id))?.secret, SECRET);
  t.is((await later.passkey(credentialId))?.name, 'Teléfono de Rosa');
  t.is(await later.useSavedCode(account.id, CODES[0] ?? ''), 2);
});

test('within a transaction its connection is asked one thing at a time', async (t) => {
  const { accounts } = VERSIONS['postgres']!;
  const account = someAccount();
  await accounts.add(account);
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  t.teardown(() => process.off('warning', note));
  const own = await postgres.db.transaction((trx) => postgresFactors(trx, oldVault()).of(account.id));
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual([own, warnings], [[], []]);
});
