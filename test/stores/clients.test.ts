import { randomUUID } from 'node:crypto';
import test from 'ava';
import { suspended } from '../../src/domain/client-change.ts';
import type { Client } from '../../src/domain/client.ts';
import { cachedClients, postgresClients, type Clients } from '../../src/stores/clients.ts';
import { memoryClients } from '../support/memory/house.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { realPostgres } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);

const VERSIONS: Record<string, Clients> = {
  memory: memoryClients(emptyTables(), write),
  postgres: postgresClients(postgres.db),
  'postgres, remembered': cachedClients(postgresClients(postgres.db), () => 0),
};

const bare = (id: string = randomUUID()): Client => ({
  ...{ id, name: 'Municipalidad de Ñuñoa «Centro»', institution: 'Ñuñoa', profile: 'oidc', state: 'sandbox' },
  ...{ sector: 's', secrets: [], auth: 'private_key_jwt', scopes: ['openid'] },
  ...{ redirectUris: ['https://rp.example/cb?a={"b"},\\c'], postLogoutRedirectUris: [] },
});
const full = (): Client => ({
  ...bare(),
  ...{ secrets: [{ hash: 'one', until: 5 }, { hash: 'two' }], scopes: ['openid', 'run'], isolated: true },
  ...{ redirectUris: ['https://a.example/', 'https://b.example/'], postLogoutRedirectUris: ['https://c.example/'] },
  ...{
    homeUri: 'https://h.example/',
    initiateLoginUri: 'https://i.example/',
    backchannelLogoutUri: 'https://o.example/',
    logoUri: 'https://l.example/',
  },
  ...{ policyUri: 'https://p.example/', termsUri: 'https://t.example/' },
});

for (const [name, clients] of Object.entries(VERSIONS)) {
  test(`${name}: a client comes back as it was added, with much or with little`, async (t) => {
    for (const client of [bare(), full()]) {
      t.is(await clients.byId(client.id), undefined);
      t.true(await clients.add(client, 1));
      t.deepEqual(await clients.byId(client.id), client);
    }
    t.is(await clients.byId(''), undefined);
  });

  test(`${name}: an id is given once, also to twenty at the same moment`, async (t) => {
    const id = randomUUID();
    const added = await Promise.all(
      Array.from({ length: 20 }, (_, n) => clients.add({ ...bare(id), sector: String(n) }, 1)),
    );
    t.is(added.filter(Boolean).length, 1);
    t.is((await clients.byId(id))?.sector, String(added.indexOf(true)));
  });

  test(`${name}: of twenty who change a client at once, each changes what the one before left`, async (t) => {
    const client = bare();
    await clients.add(client, 1);
    const add = (n: number) => (before: Client) => ({ ...before, scopes: [...before.scopes, `s${n}`] });
    const changed = await Promise.all(Array.from({ length: 20 }, (_, n) => clients.change(client.id, add(n), 2)));
    t.true(changed.every((one) => one?.id === client.id));
    t.is((await clients.byId(client.id))?.scopes.length, 21);
    t.is(await clients.change(randomUUID(), add(0), 2), undefined);
  });

  test(`${name}: a client that is put replaces the one before, and is felt at once`, async (t) => {
    const client = full();
    await clients.put(client, 1);
    t.deepEqual(await clients.byId(client.id), client);
    const changed = { ...bare(client.id), redirectUris: ['https://new.example/cb'], secrets: [{ hash: 'new' }] };
    await clients.put(changed, 2);
    t.deepEqual(await clients.byId(client.id), changed);
    t.false(await clients.add(client, 3));
  });

  test(`${name}: a suspension is felt, and touches nothing else (R-69)`, async (t) => {
    const [client, other] = [full(), bare()];
    await clients.add(client, 1);
    await clients.add(other, 1);
    t.deepEqual(await clients.byId(client.id), client);
    t.truthy(await clients.change(client.id, suspended, 2));
    t.deepEqual(await clients.byId(client.id), { ...client, state: 'suspended', stateBefore: client.state });
    t.is((await clients.byId(other.id))?.state, 'sandbox');
  });

  test(`${name}: all are listed in the order of their ids`, async (t) => {
    const [one, two] = [bare(`a-${randomUUID()}`), bare(`b-${randomUUID()}`)];
    await clients.add(two, 1);
    await clients.add(one, 1);
    const ids = (await clients.list()).map(({ id }) => id).filter((id) => [one.id, two.id].includes(id));
    t.deepEqual(ids, [one.id, two.id]);
  });

  test(`${name}: a page begins beside a row, both ways; filters and counts look at the same ones`, async (t) => {
    const institution = randomUUID();
    const names = ['Ñuñoa', 'valdivia', 'Águilas', 'Ñuñoa', 'Zapallar'];
    for (const [at, title] of names.entries())
      await clients.add({ ...bare(`${institution}-${String(at)}`), name: title, institution }, 1);
    await clients.add({ ...bare(), institution, registered: 'c2VsZg==' }, 1);
    const page = async (paging: Partial<Parameters<Clients['page']>[1]>, filter: object = {}) => {
      const whole = { sort: 'name', desc: false, limit: 2, ...paging } as const;
      const found = await clients.page({ institution, ...filter }, whole);
      return { found, ids: found.map(({ row }) => row.id.slice(-1)).join('') };
    };
    t.is((await page({ limit: 9 })).ids, '20314', 'without accents, whatever the case; the same name by id');
    t.is((await page({ limit: 9, desc: true })).ids, '41302');
    const first = await page({});
    const second = await page({ place: first.found[1]?.place });
    t.is(`${first.ids} ${second.ids}`, '20 31');
    t.is((await page({ place: second.found[0]?.place, back: true })).ids, '20');
    t.is((await page({ place: second.found[0]?.place, back: true, desc: true })).ids, '41');
    t.is((await page({ limit: 9 }, { words: 'NUÑO' })).ids, '03');
    t.is((await page({ limit: 9 }, { words: `${institution}-1`.toUpperCase() })).ids, '1');
    t.is((await page({ limit: 9 }, { state: 'suspended' })).ids, '');
    t.is(await clients.count({ institution }, 9), 5, 'who registered itself is in no list');
    t.is(await clients.count({ institution }, 3), 3);
    t.is((await page({ place: { key: "' or 1=1 --", id: "x'" } })).ids, '20');
  });

  test(`${name}: found by scheme and authority of any address, and by nothing less`, async (t) => {
    const host = `${randomUUID()}.example`;
    const at = (redirect: string, logout: string[] = []): Client => ({
      ...bare(),
      ...{ profile: 'claveunica', redirectUris: [redirect], postLogoutRedirectUris: logout },
    });
    const found = [
      at(`https://${host}/cb?x=1`),
      at(`https://${host}`),
      at(`https://${host}?x`),
      at('https://elsewhere.example/', ['https://another.example/', `https://${host}/out`]),
    ];
    const others = [
      { ...at(`https://${host}/cb`), profile: 'oidc' as const },
      ...[`http://${host}/cb`, `https://${host}:8443/`, `https://${host}.evil.example/`, `https://www.${host}/`].map(
        (uri) => at(uri),
      ),
      at(`https://evil.example/?https://${host}/`),
    ];
    for (const client of [...found, ...others]) await clients.add(client, 1);
    const ids = (await clients.atOrigin('claveunica', `https://${host}`)).map(({ id }) => id);
    t.deepEqual(ids.sort(), found.map(({ id }) => id).sort());
    t.deepEqual(await clients.atOrigin('claveunica', 'https://%'), []);
    t.deepEqual(await clients.atOrigin('claveunica', ''), []);
  });
}

/** A store whose answers are counted, and a clock that the test moves. */
function remembered() {
  const plain = memoryClients(emptyTables(), write);
  const seen = { asked: 0, now: 0 };
  const counting: Clients = {
    ...plain,
    byId: async (id) => {
      seen.asked += 1;
      return plain.byId(id);
    },
  };
  return { plain, seen, clients: cachedClients(counting, () => seen.now) };
}

test('a client is asked for once in two seconds; what another process did is felt after them (R-69)', async (t) => {
  const { plain, seen, clients } = remembered();
  const client = bare();
  await clients.add(client, 0);
  for (let n = 0; n < 10; n++) await clients.byId(client.id);
  t.is(seen.asked, 1);
  await plain.change(client.id, suspended, 0);
  seen.now = 1999;
  t.is((await clients.byId(client.id))?.state, 'sandbox');
  seen.now = 2000;
  t.is((await clients.byId(client.id))?.state, 'suspended');
  t.is(seen.asked, 2);
});

test('a client that is not there is asked for each time: one made by command is usable at once', async (t) => {
  const { plain, seen, clients } = remembered();
  const client = bare();
  t.is(await clients.byId(client.id), undefined);
  t.is(await clients.byId(client.id), undefined);
  t.is(seen.asked, 2);
  await plain.add(client, 0);
  t.deepEqual(await clients.byId(client.id), client);
});
