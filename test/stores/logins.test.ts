import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Letter } from '../../src/stores/outbox.ts';
import type { Parts } from '../../src/parts.ts';
import { memoryParts } from '../support/memory.ts';
import { oldVault, realPostgres, rotatedVault, someAccount, someRun, storesOn } from '../support/memory/versions.ts';

const [postgres, memory] = [await realPostgres(), await memoryParts({ empty: true })];
test.after.always(postgres.close);
const stores = (vault = oldVault()) => storesOn(postgres, vault);

type Needs = Pick<Parts, 'accounts' | 'audit' | 'devices' | 'logins'>;
const VERSIONS: Record<string, Needs> = { memory, postgres: stores() };

const NOW = 1_700_000_000_000;
let hosts = 0;
const from = (device: string = randomUUID()) => {
  const source = `10.1.${String(hosts++)}.1`;
  return { device, source, network: source };
};

for (const [name, { accounts, audit, devices, logins }] of Object.entries(VERSIONS)) {
  const someone = async () => {
    const account = someAccount();
    await accounts.add(account);
    return account;
  };
  const letter = (accountId: string): Letter => ({
    ...{ letter: 'notice', event: 'new-device', accountId, at: NOW, token: 't', to: 'rosa@correo.example' },
    asker: { deviceName: 'Chrome', network: '10.0.0.0/24', site: 'Municipalidad' },
  });
  const login = (
    { id, person }: Awaited<ReturnType<typeof someone>>,
    more: Partial<Parameters<typeof logins.record>[0]> = {},
  ) => {
    const trail = { at: NOW, accountId: id, clientId: 'demo', requestId: 'r', network: '10.0.0.0/24' };
    return logins.record({
      ...{ run: person.run, at: NOW, known: false, forgiven: [], device: undefined },
      event: { kind: 'login-succeeded', ...trail, details: { amr: 'pwd' } },
      fresh: () => ({ event: { kind: 'new-device', ...trail }, letters: [letter(id)] }),
      ...more,
    });
  };
  const kinds = async (id: string) => (await audit.ofAccount(id, 10)).map(({ kind }) => kind).toReversed();
  const jobs = async (id: string) => {
    if (name === 'memory') return undefined;
    const { rows } = await postgres.db.raw<{ rows: { count: string }[] }>(
      `select count(*) from graphile_worker._private_jobs where payload ->> 'accountId' = ?`,
      [id],
    );
    return Number(rows[0]?.count);
  };

  test(`${name}: whoever tries is looked up and counted, whether she exists or not (R-15)`, async (t) => {
    const { person, id, secret } = await someone();
    const hers = await logins.attempt(person.run, from(), NOW);
    t.like(hers, { known: false, spent: { kind: 'go' } });
    t.is(hers.found?.account.id, id);
    t.deepEqual(hers.found?.account.person, person);
    t.deepEqual(hers.found?.secret, secret);
    const nobodys = await logins.attempt(someRun(), from(), NOW);
    t.deepEqual(nobodys, { known: false, spent: { kind: 'go' }, found: undefined });
  });

  test(`${name}: of many at once five are free, and whoever waits is not looked up (R-22, R-23)`, async (t) => {
    const { person } = await someone();
    const there = from();
    const all = await Promise.all(Array.from({ length: 20 }, () => logins.attempt(person.run, there, NOW)));
    t.is(all.filter(({ spent }) => spent.kind === 'go').length, 5);
    for (const { spent, found } of all.filter(({ spent }) => spent.kind !== 'go')) {
      t.deepEqual(spent, { kind: 'wait', until: NOW + 30_000 });
      t.is(found, undefined);
    }
  });

  test(`${name}: a known device has a counter of its own (R-21)`, async (t) => {
    const account = await someone();
    const { run } = account.person;
    const there = from();
    await login(account, { device: { device: there.device, name: 'Chrome' } });
    for (let n = 0; n < 6; n++) await logins.attempt(run, { ...there, device: 'another' }, NOW);
    t.is((await logins.attempt(run, { ...there, device: 'another' }, NOW)).spent.kind, 'wait');
    t.like(await logins.attempt(run, there, NOW), { known: true, spent: { kind: 'go' } });
    t.false((await logins.attempt(someRun(), there, NOW)).known);
  });

  test(`${name}: a login brings its record, and a new device its own and the letter, once (R-17, R-73)`, async (t) => {
    const account = await someone();
    const device = { device: randomUUID(), name: 'Chrome, Android' };
    await login(account, { device });
    t.deepEqual(await kinds(account.id), ['login-succeeded', 'new-device']);
    t.like((await audit.ofAccount(account.id, 10))[1], {
      ...{ at: NOW, clientId: 'demo', requestId: 'r', network: '10.0.0.0/24', details: { amr: 'pwd' } },
    });
    for (const known of [true, false]) await login(account, { device, known });
    t.deepEqual((await kinds(account.id)).slice(2), ['login-succeeded', 'login-succeeded']);
    if (name !== 'memory') t.is(await jobs(account.id), 1);
  });

  test(`${name}: a device that is forgotten meanwhile is new after all, and told of`, async (t) => {
    const account = await someone();
    const device = { device: randomUUID(), name: 'Chrome' };
    await login(account, { device, known: true });
    t.deepEqual(await kinds(account.id), ['login-succeeded', 'new-device']);
    t.true(await devices.knows(device.device, account.person.run));
    if (name !== 'memory') t.is(await jobs(account.id), 1);
  });

  test(`${name}: at a shared computer there is the record alone`, async (t) => {
    const account = await someone();
    await login(account);
    t.deepEqual(await kinds(account.id), ['login-succeeded']);
    t.deepEqual(await devices.of(account.person.run), []);
  });

  test(`${name}: what a success takes back is free again, for her and her address`, async (t) => {
    const account = await someone();
    const { run } = account.person;
    const there = from();
    for (let n = 0; n < 5; n++) await logins.attempt(run, there, NOW);
    const forgiven = [{ context: 'unknown-network', id: `${run}|${there.network}` }] as const;
    await login(account, { forgiven });
    t.is((await logins.attempt(run, there, NOW)).spent.kind, 'go');
  });

  test(`${name}: twenty people a device, the longest unseen makes room`, async (t) => {
    const device = { device: randomUUID(), name: 'Chrome' };
    const people = await Promise.all(Array.from({ length: 21 }, someone));
    for (const [n, account] of people.entries()) await login(account, { device, at: NOW + n });
    const known = await Promise.all(people.map(({ person }) => devices.knows(device.device, person.run)));
    t.deepEqual(known, [false, ...Array<boolean>(20).fill(true)]);
  });
}

test('postgres: nothing is written when its record cannot be (R-73)', async (t) => {
  const { accounts, devices, logins } = stores();
  const account = someAccount();
  await accounts.add(account);
  const { run } = account.person;
  const device = { device: randomUUID(), name: 'Chrome' };
  const broken = { kind: 'login-succeeded', at: NOW, accountId: 'no uuid' } as const;
  const fresh = () => ({ event: broken, letters: [] });
  await t.throwsAsync(logins.record({ run, at: NOW, event: broken, device, known: false, fresh, forgiven: [] }));
  t.false(await devices.knows(device.device, run));
});

test('postgres: after a rotation of the master keys a device is known as before (R-83)', async (t) => {
  const account = someAccount();
  const { run } = account.person;
  const there = from();
  const device = { device: there.device, name: 'Chrome' };
  const fresh = () => ({ event: { kind: 'new-device', at: NOW } as const, letters: [] });
  const { accounts, logins } = stores();
  await accounts.add(account);
  const of = { run, at: NOW, event: { kind: 'login-succeeded', at: NOW } as const, device, fresh, forgiven: [] };
  await logins.record({ ...of, known: false });
  const rotated = stores(rotatedVault());
  const { known, found } = await rotated.logins.attempt(run, there, NOW);
  t.true(known);
  t.is(found?.account.id, account.id);
  await rotated.logins.record({ ...of, known });
  t.is((await rotated.devices.of(run)).length, 1);
});

test('postgres: in the second of «end all sessions» a login counts from its end, as with any revocation (R-31, R-100)', async (t) => {
  const { accounts, logins, switches } = stores();
  const account = someAccount();
  await accounts.add(account);
  await switches.set('end-all-sessions', true, NOW);
  const { found } = await logins.attempt(account.person.run, from(), NOW + 1);
  t.is(found?.account.revokedUntil, NOW / 1000 + 1);
  t.deepEqual(found, await accounts.forLogin(account.person.run));
  t.is((await logins.attempt(someRun(), from(), NOW + 1)).found, undefined);
});
