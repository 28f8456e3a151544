import { randomUUID } from 'node:crypto';
import test from 'ava';
import { STATUSES } from '../../src/domain/account.ts';
import { postgresAccounts, type Accounts } from '../../src/stores/accounts.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount, someRun } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);

const VERSIONS: Record<string, Accounts> = {
  memory: memoryAccounts(emptyTables(), write),
  postgres: postgresAccounts(postgres.db, oldVault()),
};

for (const [name, accounts] of Object.entries(VERSIONS)) {
  test(`${name}: who was added is found by id and by RUN, whole, and nobody else is`, async (t) => {
    const added = someAccount({
      person: {
        run: someRun(),
        names: ['María', 'José', 'del', 'Carmen', 'Ñusta'],
        surnames: ["O'Higgins"],
        birthdate: '1980-05-17',
        email: 'maria@correo.example',
        emailVerified: true,
        phone: '+56911111111',
        phoneVerified: false,
      },
    });
    await accounts.add(added);
    const { id, status, identified, person, secret } = added;
    const account = { id, status, identified, person, updatedAt: 1000, revokedUntil: 0 };
    t.deepEqual(await accounts.byId(id), account);
    const clave = { changedAt: 1000, compromised: false };
    t.deepEqual(await accounts.forLogin(person.run), { account, secret, clave, secondFactor: false });
    t.is(await accounts.byId(randomUUID()), undefined);
    t.is(await accounts.byId('no uuid at all'), undefined);
    t.deepEqual([...(await accounts.byIds([id, randomUUID(), 'no uuid at all']))], [[id, account]]);
    t.is((await accounts.byIds([])).size, 0);
    t.is(await accounts.forLogin(someRun()), undefined);
  });

  test(`${name}: what is not known of a person is absent, and an account may have no secret`, async (t) => {
    const { email: _, ...person } = someAccount().person;
    const added = someAccount({ person: { ...person, birthdate: undefined }, secret: undefined });
    await accounts.add(added);
    const found = await accounts.forLogin(person.run);
    t.deepEqual(Object.keys(found?.account.person ?? {}).sort(), ['names', 'run', 'surnames']);
    t.is(found?.secret, undefined);
  });

  test(`${name}: an imported hash has no pepper`, async (t) => {
    const added = someAccount({ secret: { hash: '$imported', pepper: undefined } });
    await accounts.add(added);
    t.deepEqual((await accounts.forLogin(added.person.run))?.secret, { hash: '$imported', pepper: undefined });
  });

  test(`${name}: a person has one account, and an id one person`, async (t) => {
    const added = someAccount();
    await accounts.add(added);
    await t.throwsAsync(accounts.add(someAccount({ person: added.person })));
    await t.throwsAsync(accounts.add(someAccount({ id: added.id })));
    t.is((await accounts.forLogin(added.person.run))?.account.id, added.id);
  });

  test(`${name}: a hash is replaced only while it is still the one that was seen (R-05, R-06)`, async (t) => {
    const added = someAccount();
    await accounts.add(added);
    const was = added.secret!;
    const [rehashed, chosen] = [
      { hash: '$quick$2', pepper: 'new' },
      { hash: '$quick$3', pepper: undefined },
    ];
    t.true(await accounts.replaceSecret(added.id, was, chosen));
    t.false(await accounts.replaceSecret(added.id, was, rehashed));
    t.deepEqual((await accounts.forLogin(added.person.run))?.secret, chosen);
    t.false(await accounts.replaceSecret(randomUUID(), was, rehashed));
  });

  test(`${name}: of ten who replace the same hash at once, one does`, async (t) => {
    const added = someAccount();
    await accounts.add(added);
    const replaced = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        accounts.replaceSecret(added.id, added.secret!, { hash: `$${n}`, pepper: 'p' }),
      ),
    );
    t.is(replaced.filter(Boolean).length, 1);
    const winner = `$${replaced.indexOf(true)}`;
    t.is((await accounts.forLogin(added.person.run))?.secret?.hash, winner);
  });

  test(`${name}: a revocation never goes back (R-31)`, async (t) => {
    const added = someAccount();
    await accounts.add(added);
    const other = someAccount();
    await accounts.add(other);
    const moments = [50, 40, 60, 0, 59];
    const seen: (number | undefined)[] = [];
    for (const moment of moments) {
      await accounts.revokeUntil(added.id, moment);
      seen.push((await accounts.byId(added.id))?.revokedUntil);
    }
    t.deepEqual(seen, [50, 50, 60, 60, 60]);
    t.is((await accounts.byId(other.id))?.revokedUntil, 0);
    await accounts.revokeUntil(randomUUID(), 70);
  });

  test(`${name}: a status changes with its time, and any but active ends what was before it, for good (R-31)`, async (t) => {
    const added = someAccount();
    await accounts.add(added);
    const before = (await accounts.byId(added.id))!;
    await accounts.setStatus(added.id, 'active', 1999);
    t.deepEqual(await accounts.byId(added.id), { ...before, status: 'active', updatedAt: 1999, revokedUntil: 0 });
    for (const [n, status] of STATUSES.filter((each) => each !== 'active').entries()) {
      const at = 2000 + 1000 * n;
      await accounts.setStatus(added.id, status, at);
      t.deepEqual(await accounts.byId(added.id), { ...before, status, updatedAt: at, revokedUntil: 3 + n });
    }
    await accounts.setStatus(added.id, 'active', 3000);
    t.deepEqual(await accounts.byId(added.id), {
      ...before,
      status: 'active',
      updatedAt: 3000,
      revokedUntil: 1 + STATUSES.length,
    });
    t.deepEqual((await accounts.forLogin(added.person.run))?.secret, added.secret);
    await accounts.setStatus(randomUUID(), 'blocked', 1);
  });

  test(`${name}: of two who move a status from what it was one does; nobody opens what was closed meanwhile`, async (t) => {
    const added = someAccount();
    await accounts.add(added);
    const block = { from: ['active'], to: 'blocked', at: 5000 } as const;
    const both = await Promise.all([accounts.moveStatus(added.id, block), accounts.moveStatus(added.id, block)]);
    t.deepEqual(both.sort(), [false, true]);
    t.like(await accounts.byId(added.id), { status: 'blocked', revokedUntil: 6 });
    await accounts.setStatus(added.id, 'closed', 6000);
    t.false(await accounts.moveStatus(added.id, { from: ['blocked'], to: 'active', at: 7000 }));
    t.is((await accounts.byId(added.id))?.status, 'closed');
    t.false(await accounts.moveStatus(randomUUID(), block));
  });

  test(`${name}: a person is edited one change after the other, and nothing is lost (R-16)`, async (t) => {
    const added = someAccount();
    await accounts.add(added);
    const many = Array.from({ length: 10 }, (_, n) =>
      accounts.editPerson(added.id, 2000 + n, (was) => ({ ...was, names: [...was.names, String(n)] })),
    );
    t.true((await Promise.all(many)).every((edited) => edited?.now.names.length === edited!.was.names.length + 1));
    const after = await accounts.byId(added.id);
    t.is(after?.person.names.length, added.person.names.length + 10);
    t.is(await accounts.editPerson(randomUUID(), 1, (was) => was), undefined);
  });

  test(`${name}: a ClaveÚnica that others know is marked, what it opened is over, and another one clears it (R-02, R-31)`, async (t) => {
    const [added, other, none] = [
      someAccount({ at: 1000 }),
      someAccount({ at: 1000 }),
      someAccount({ at: 1000, secret: undefined }),
    ];
    for (const each of [added, other, none]) await accounts.add(each);
    t.deepEqual(await accounts.clave(added.id), { changedAt: 1000, compromised: false });
    t.deepEqual(await accounts.compromise([added.person.run, none.person.run, someRun()], 5000), [added.id]);
    t.deepEqual(await accounts.clave(added.id), { changedAt: 1000, compromised: true });
    t.like(await accounts.forLogin(added.person.run), { clave: { changedAt: 1000, compromised: true } });
    t.is((await accounts.byId(added.id))?.revokedUntil, 6);
    t.is((await accounts.byId(other.id))?.revokedUntil, 0);
    t.deepEqual(await accounts.clave(none.id), { changedAt: undefined, compromised: false });
    const hashed = { hash: '$quick$again', pepper: undefined };
    t.true(await accounts.replaceSecret(added.id, added.secret!, hashed));
    t.true((await accounts.clave(added.id)).compromised, 'hashed anew it is the same one');
    await accounts.setSecret(added.id, { hash: '$quick$new', pepper: undefined }, { at: 7000 });
    t.deepEqual(await accounts.clave(added.id), { changedAt: 7000, compromised: false });
    t.deepEqual(await accounts.compromise([], 8000), []);
    t.deepEqual(await accounts.clave(randomUUID()), { changedAt: undefined, compromised: false });
  });

  test(`${name}: when it was made and its ClaveÚnica changed; without one nobody signs in (R-80)`, async (t) => {
    const added = someAccount({ at: 1000 });
    await accounts.add(added);
    t.deepEqual(await accounts.dates(added.id), { createdAt: 1000, passwordAt: 1000 });
    await accounts.setSecret(added.id, { hash: '$quick$2', pepper: undefined }, { at: 5000 });
    t.deepEqual(await accounts.dates(added.id), { createdAt: 1000, passwordAt: 5000 });
    await accounts.removeSecret(added.id);
    t.deepEqual(await accounts.dates(added.id), { createdAt: 1000, passwordAt: undefined });
    t.is((await accounts.forLogin(added.person.run))?.secret, undefined);
    t.is(await accounts.dates(randomUUID()), undefined);
  });
}
