import { createHash, randomUUID } from 'node:crypto';
import test from 'ava';
import { parseRun, writtenRun } from '../../src/domain/run.ts';
import { createVault } from '../../src/gateways/vault.ts';
import { accountReader, postgresAccounts } from '../../src/stores/accounts.ts';
import { postgresArtifacts } from '../../src/stores/artifacts.ts';
import { postgresAttempts } from '../../src/stores/attempts.ts';
import { artifactRequests } from '../../src/stores/requests.ts';
import { postgresSessions } from '../../src/stores/sessions.ts';
import { postgresSettings } from '../../src/stores/settings.ts';
import { postgresSigningKeys } from '../../src/stores/signing-keys.ts';
import {
  OLD_KEY,
  oldVault,
  realPostgres,
  rotatedVault,
  signInOn,
  someAccount,
  someRun,
  storesOn,
} from '../support/memory/versions.ts';

const postgres = await realPostgres();
const { db } = postgres;
test.after.always(postgres.close);
const vault = oldVault();
const accounts = postgresAccounts(db, vault);

const run = parseRun('14.725.836-5') ?? someRun();
const person = {
  ...{ run, names: ['Fernanda', 'Ñusta'], surnames: ['Quilapán'], birthdate: '1971-03-09' },
  ...{ email: 'fernanda.q@correo.example', phone: '+56987654321' },
};
const jwk = { kty: 'RSA', kid: 'sealed-kid', alg: 'RS256' as const, d: 'the-private-part-of-a-key' };

/** All rows of all tables as Postgres writes them: bytes as hexadecimal digits. */
async function dump(): Promise<string> {
  const { rows: tables } = await db.raw<{ rows: { name: string }[] }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const all: string[] = [];
  for (const { name } of tables) {
    const { rows } = await db.raw<{ rows: { row: string }[] }>(`select t::text as row from ${name} t`);
    all.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return all.join('\n').toLowerCase();
}

/** The same words as anybody would look for them: plain, encoded, or hashed without a key. */
function spellings(word: string): string[] {
  const bytes = Buffer.from(word);
  const hashes = ['md5', 'sha1', 'sha256', 'sha512'].map((name) => createHash(name).update(word).digest());
  return [
    word,
    word.normalize('NFD'),
    encodeURIComponent(word),
    JSON.stringify(word).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
    Buffer.from(word, 'utf16le').toString('hex'),
    ...hashes.flatMap((hash) => [hash.toString('hex'), hash.toString('base64').replace(/=+$/, '')]),
  ].map((spelling) => spelling.toLowerCase());
}

test.serial(
  'a dump of the database holds no RUN, name, mail, phone, birthdate or private key in any spelling (R-78)',
  async (t) => {
    const added = someAccount({ person });
    await accounts.add(added);
    const artifacts = postgresArtifacts(db);
    const params = { login_hint: run };
    await artifactRequests(artifacts, vault).keep('u', { clientId: 'c', params }, { now: 1, until: 2 });
    await signInOn(storesOn(postgres), { device: 'device-of-hers', name: 'Chrome, Android' }, { run, at: 1 });
    await postgresAttempts(db, vault).spend([{ context: 'unknown-network', id: `${run}|10.0.0.0/24` }], 1);
    const session = { uid: 'session-of-hers', accountId: added.id, at: 1, network: 'n', device: 'd', agent: 'a' };
    await postgresSessions(db, vault, accountReader(vault)).begin({ ...session, shared: false }, 5);
    await postgresSettings(db, vault).once('pairwise-key', 'the-pairwise-key');
    await postgresSigningKeys(db, { vault, url: postgres.url }).add({ jwk, state: 'current', createdAt: 1, since: 1 });

    const text = await dump();
    for (const table of ['accounts', 'artifacts', 'devices', 'attempts', 'sessions', 'settings', 'signing_keys'])
      t.true(text.includes(`public.${table} (`), table);
    const [digits = ''] = run.split('-');
    const written = [run, writtenRun(run), digits, run.replace('-', ''), writtenRun(run).replace('-', '')];
    const words = [
      ...[...written, ...person.names, ...person.surnames, person.birthdate, person.email, person.phone],
      ...['device-of-hers', 'session-of-hers', 'the-pairwise-key', jwk.d],
    ];
    for (const word of words)
      for (const spelling of spellings(word)) t.false(text.includes(spelling), `${word} as ${spelling}`);
    t.true(text.includes(added.secret!.hash), 'the search finds what is there');
  },
);

type Sealed = { readonly person: Buffer; readonly run_index: Buffer };
const rowOf = async (id: string) => (await db('accounts').where({ id }).first<Sealed | undefined>())!;

test.serial('the same value twice is two ciphertexts (R-78)', async (t) => {
  const [one, other] = [someAccount(), someAccount()];
  const person = { names: ['Rosa'], surnames: ['Soto'], email: 'r@correo.example' };
  await accounts.add({ ...one, person: { ...person, run: one.person.run } });
  await accounts.add({ ...other, person: { ...person, run: other.person.run } });
  const [a, b] = [await rowOf(one.id), await rowOf(other.id)];
  t.is(a.person.length, b.person.length);
  t.false(a.person.subarray(-16).equals(b.person.subarray(-16)));
  t.false(a.run_index.equals(b.run_index));
});

test.serial('a ciphertext that was moved to another row, or changed, does not open (R-78)', async (t) => {
  const [one, other] = [someAccount(), someAccount()];
  await accounts.add(one);
  await accounts.add(other);
  const { person: sealed } = await rowOf(one.id);
  await db('accounts').where({ id: other.id }).update({ person: sealed });
  await t.throwsAsync(accounts.byId(other.id));
  await t.throwsAsync(async () => (await accounts.forLogin(other.person.run))?.account.person);
  t.truthy(await accounts.byId(one.id));
  const changed = Buffer.from(sealed);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
  await db('accounts').where({ id: one.id }).update({ person: changed });
  await t.throwsAsync(accounts.byId(one.id));
});

test.serial('the RUN is found by an index that only the key can make (R-77)', async (t) => {
  const added = someAccount();
  await accounts.add(added);
  const { run_index } = await rowOf(added.id);
  t.deepEqual(run_index, vault.indexes(added.person.run, 'accounts.run')[0]);
  const stranger = postgresAccounts(db, createVault([{ id: 'old', key: Buffer.alloc(32, 'x') }]));
  t.is(await stranger.forLogin(added.person.run), undefined);
});

test.serial(
  'after a new first master key everything old is still found and opens, and new things get the new key (R-83)',
  async (t) => {
    const before = someAccount();
    await accounts.add(before);
    await signInOn(
      storesOn(postgres),
      { device: 'laptop', name: 'Chrome, Android' },
      { run: before.person.run, at: 1 },
    );
    const rotated = rotatedVault();
    const now = postgresAccounts(db, rotated);

    t.deepEqual((await now.forLogin(before.person.run))?.account, await accounts.byId(before.id));
    t.is(await postgresSettings(db, rotated).once('pairwise-key', 'another'), 'the-pairwise-key');
    t.deepEqual((await postgresSigningKeys(db, { vault: rotated, url: postgres.url }).published())[0]?.jwk, jwk);
    const kept = await artifactRequests(postgresArtifacts(db), rotated).find('u', 1);
    t.deepEqual(kept, { clientId: 'c', params: { login_hint: run } });

    const after = someAccount();
    await now.add(after);
    t.truthy(await now.forLogin(after.person.run));
    t.is((await rowOf(after.id)).person.toString('utf8', 1, 4), 'new');
    t.is(await accounts.forLogin(after.person.run), undefined);
  },
);

test.serial('a person has one account also when another master key comes first (R-83)', async (t) => {
  const before = someAccount();
  await accounts.add(before);
  await t.throwsAsync(postgresAccounts(db, rotatedVault()).add(someAccount({ person: before.person })));
  t.is((await postgresAccounts(db, rotatedVault()).forLogin(before.person.run))?.account.id, before.id);
});

test.serial(
  'a known device is still known when another master key comes first, and no letter says it is new (R-83)',
  async (t) => {
    const run = someRun();
    const device = { device: randomUUID(), name: 'Chrome, Android' };
    t.true(await signInOn(storesOn(postgres), device, { run, at: 1 }));
    const now = storesOn(postgres, rotatedVault());
    t.true(await now.devices.knows(device.device, run));
    t.false(await signInOn(now, device, { run, at: 2 }));
    t.false(await signInOn(now, device, { run, at: 3 }));
  },
);

test.serial('a key that was taken out opens nothing any more, and says so', async (t) => {
  const added = someAccount();
  await accounts.add(added);
  const gone = createVault([{ id: 'new', key: OLD_KEY.key }]);
  await t.throwsAsync(postgresAccounts(db, gone).byId(added.id), { message: /key that is not here/ });
});
