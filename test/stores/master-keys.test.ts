import { randomUUID } from 'node:crypto';
import test from 'ava';
import { masterKeys, reseal, SHORT_LIVED } from '../../src/flows/master-keys.ts';
import { argon2Hasher } from '../../src/gateways/hasher.ts';
import type { Vault } from '../../src/domain/vault.ts';
import { createVault } from '../../src/gateways/vault.ts';
import { createAdapter } from '../../src/oidc/adapter.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { postgresArtifacts } from '../../src/stores/artifacts.ts';
import { postgresClients } from '../../src/stores/clients.ts';
import { postgresDevices } from '../../src/stores/devices.ts';
import { postgresMasterKeys } from '../../src/stores/master-keys.ts';
import { postgresSettings } from '../../src/stores/settings.ts';
import { postgresSigningKeys } from '../../src/stores/signing-keys.ts';
import {
  NEW_KEY,
  OLD_KEY,
  oldVault,
  realPostgres,
  rotatedVault,
  signInOn,
  someAccount,
  storesOn,
} from '../support/memory/versions.ts';

const postgres = await realPostgres();
const { db, url } = postgres;
test.after.always(postgres.close);

/** After the old key was taken out. */
const newVault = () => createVault([NEW_KEY]);
const on = async () => true;
const settings = { memoryKib: 19456, time: 2, concurrency: 1, queueMs: 60_000 };

/** What is only short-lived, or no sealed value at all though it is said to be. */
const SHORT: readonly string[] = ['journeys.state'];

test('every sealed column is sealed anew, or short-lived', async (t) => {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select c.relname || '.' || a.attname as name from pg_description d
     join pg_class c on c.oid = d.objoid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
     where d.description like 'sealed%' and c.relnamespace = 'public'::regnamespace`,
  );
  const known = postgresMasterKeys(db, oldVault()).places.map(({ table, column }) => `${table}.${column}`);
  t.deepEqual(
    rows
      .map(({ name }) => name)
      .filter((name) => !SHORT.includes(name))
      .sort(),
    [...known].sort(),
    'a sealed column belongs into SEALED (src/stores/master-keys.ts), and its place is TABLE.COLUMN.KEY',
  );
});

test.serial(
  'R-83: a master key is taken out, and people, their passwords, devices and keys are there all the same',
  async (t) => {
    const before = oldVault();
    const hasher = await argon2Hasher(settings, before, 'nobody');
    const people = [];
    for (const password of ['boldo-quillay-peumo', 'otra-clave-larga', 'y-una-tercera']) {
      const account = someAccount({ secret: await hasher.hash(password) });
      await postgresAccounts(db, before).add(account);
      people.push({ account, password });
    }
    const [{ account, password }] = people as [(typeof people)[0], ...typeof people];
    const device = randomUUID();
    await signInOn(
      storesOn({ db, url }, before),
      { device, name: 'Chrome, Android' },
      { run: account.person.run, at: 1 },
    );
    const pairwise = await postgresSettings(db, before).once('pairwise-key', 'for ever');
    const jwk = { kid: randomUUID(), alg: 'RS256' as const, d: 'private' };
    await postgresSigningKeys(db, { vault: before, url }).add({ jwk, state: 'current', createdAt: 1, since: 1 });
    const [secretHash] = before.indexes('a secret of a site', 'clients.secret');
    await postgresMasterKeys(db, before).note(1000);

    // The new key stands in front.
    const rotated = rotatedVault();
    const keys = postgresMasterKeys(db, rotated);
    await keys.note(2000);
    t.is(await keys.since(), 2000);
    const now = 3000;
    const standing = async () => masterKeys({ ids: rotated.ids, left: await keys.left(), since: 2000, now });
    // Three people, a key, the pairwise secret; the note of since when was written by the new key.
    t.like((await standing())[1], { id: 'old', here: true, rows: 5, removable: false });

    // Broken off in the middle, and gone on with.
    const first = await reseal(keys, async () => false);
    t.true(first.done > 0 && first.done < 5, String(first.done));
    const rest = await reseal(keys, on);
    t.is(first.done + rest.done, 5);
    t.deepEqual(await reseal(keys, on), { done: 0, closed: 0 });
    t.like((await standing())[1], { rows: 0, removable: false, neededUntil: 2000 + SHORT_LIVED });
    const later = masterKeys({ ids: rotated.ids, left: [], since: 2000, now: 2000 + SHORT_LIVED });
    t.true(later[1]?.removable);

    const after = newVault();
    await postgresMasterKeys(db, after).inherit();
    const accounts = postgresAccounts(db, after);
    for (const { account: each, password: theirs } of people) {
      const found = await accounts.forLogin(each.person.run);
      t.deepEqual(found?.account.person, each.person);
      const there = await argon2Hasher(settings, after, 'nobody');
      t.true(await there.verify(found?.secret, theirs));
      t.false(await there.verify(found?.secret, 'another'));
      t.true(there.isStale(found!.secret!), 'it gets the pepper of now at the next login');
    }
    t.truthy(password);
    t.true(await postgresDevices(db, after).knows(device, account.person.run));
    t.is(await postgresSettings(db, after).once('pairwise-key', 'another'), pairwise);
    t.deepEqual((await postgresSigningKeys(db, { vault: after, url }).published())[0]?.jwk, jwk);
    t.true(after.indexes('a secret of a site', 'clients.secret').some((hash) => hash.equals(secretHash)));

    // Who has the old key alone finds nobody by RUN, and opens nobody.
    const { rows } = await db.raw<{ rows: { n: string }[] }>('select count(*) as n from accounts where run_index = ?', [
      before.indexes(account.person.run, 'accounts.run')[0],
    ]);
    t.is(rows[0]?.n, '0');
    await t.throwsAsync(postgresAccounts(db, before).byId(account.id), { message: /key that is not here/ });
    // And without what was left nothing of the old is known.
    t.is(newVault().pepper('old'), undefined);
  },
);

test.serial('R-83: clients that registered themselves, and their tokens, outlive the master key', async (t) => {
  const clock = () => 5000;
  const adapters = (vault: Vault) => {
    const parts = {
      clients: postgresClients(db),
      registrations: postgresArtifacts(db),
      artifacts: postgresArtifacts(db),
    };
    const sessions = { standing: async () => undefined };
    return createAdapter({ ...parts, sessions, vault, clock, emulator: true });
  };
  const before = adapters(oldVault());
  const metadata = { client_id: 'cu-reg-1', client_secret: 'a secret', redirect_uris: ['https://rp.example/cb'] };
  await before('Client').upsert('cu-reg-1', { ...metadata }, 0);
  await before('RegistrationAccessToken').upsert('token', { clientId: 'cu-reg-1', kind: 'x' }, 0);
  await before('RefreshToken').upsert('refresh', { kind: 'x', exp: 9 }, 4);
  t.deepEqual(await reseal(postgresMasterKeys(db, rotatedVault()), on), { done: 2, closed: 0 });
  const after = adapters(newVault());
  t.like(await after('Client').find('cu-reg-1'), metadata);
  t.like(await after('RegistrationAccessToken').find('token'), { clientId: 'cu-reg-1', jti: 'token' });
  t.truthy(await adapters(rotatedVault())('RefreshToken').find('refresh'));
  // Short-lived, and its key is gone: it is over, and no fault.
  t.is(await after('RefreshToken').find('refresh'), undefined);
  await t.throwsAsync(adapters(oldVault())('Client').find('cu-reg-1'), { message: /key that is not here/ });
});

test.serial('what changes while it is sealed anew is not lost', async (t) => {
  const account = someAccount();
  await postgresAccounts(db, oldVault()).add(account);
  const rotated = rotatedVault();
  const person = { ...account.person, email: 'nuevo@correo.example' };
  const seal = rotated.seal.bind(rotated);
  // Between reading and writing somebody changes the row.
  let meanwhile = true;
  const racing = postgresMasterKeys(db, {
    ...rotated,
    seal: (plain, place) => seal(plain, place),
    open: (value, place) => {
      const plain = rotated.open(value, place);
      if (place.endsWith(account.id) && meanwhile) pending.push(change());
      return plain;
    },
  });
  const pending: Promise<unknown>[] = [];
  const change = async () => {
    meanwhile = false;
    await db('accounts')
      .where({ id: account.id })
      .update({ person: seal(JSON.stringify(person), `accounts.person.${account.id}`) });
  };
  await reseal(racing, async () => {
    await Promise.all(pending);
    return true;
  });
  t.deepEqual((await postgresAccounts(db, rotated).byId(account.id))?.person, person);
});

test.serial('a row whose key is gone is counted, and stops nobody', async (t) => {
  const account = someAccount();
  await postgresAccounts(db, createVault([{ id: 'lost', key: Buffer.alloc(32, 'l') }])).add(account);
  const keys = postgresMasterKeys(db, rotatedVault());
  t.deepEqual(await reseal(keys, on), { done: 0, closed: 1 });
  const [lost] = masterKeys({ ids: ['new', 'old'], left: await keys.left(), since: 0, now: 1 }).slice(2);
  t.like(lost, { id: 'lost', here: false, rows: 1, removable: false });
  t.is(OLD_KEY.id, 'old');
});
