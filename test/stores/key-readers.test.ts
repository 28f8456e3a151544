import test from 'ava';
import { postgresClients } from '../../src/stores/clients.ts';
import { postgresKeyReaders, type KeyReaders } from '../../src/stores/key-readers.ts';
import { memoryKeyReaders } from '../support/memory/key-readers.ts';
import { oldVault, realPostgres } from '../support/memory/versions.ts';

const postgres = await realPostgres();
const { db } = postgres;
test.after.always(postgres.close);
test.before(async () => {
  for (const id of ['a', 'b'])
    await postgresClients(db).add(
      {
        ...{ id, name: id, institution: id, profile: 'oidc', state: 'certified', sector: id, secrets: [] },
        ...{ auth: 'client_secret_basic', scopes: ['openid'], redirectUris: [], postLogoutRedirectUris: [] },
      },
      1,
    );
});

const READERS: Record<string, KeyReaders> = {
  memory: memoryKeyReaders(),
  postgres: postgresKeyReaders(db, oldVault()),
};
for (const [name, readers] of Object.entries(READERS)) {
  test.serial(`${name}: a site has read the keys when they were read from where it asks for tokens`, async (t) => {
    await readers.read('elsewhere', 50);
    await readers.used('a', 'here', { usedAt: 100 });
    await readers.used('b', 'there', { usedAt: 100, readAt: 90 });
    await readers.read('nowhere', 150);
    t.deepEqual(await readers.list(), [
      { clientId: 'a', usedAt: 100, readAt: undefined },
      { clientId: 'b', usedAt: 100, readAt: 90 },
    ]);
    await readers.read('here', 200);
    await readers.used('a', 'here', { usedAt: 300 });
    await readers.used('a', 'other machine', { usedAt: 250 });
    await readers.used('b', 'there', { usedAt: 310, readAt: 80 });
    t.deepEqual(await readers.list(), [
      { clientId: 'a', usedAt: 300, readAt: 200 },
      { clientId: 'b', usedAt: 310, readAt: 90 },
    ]);
    await readers.sweep(305);
    t.deepEqual(
      (await readers.list()).map(({ clientId }) => clientId),
      ['b'],
    );
  });
}

test.serial('postgres: where somebody calls from cannot be read there', async (t) => {
  const { rows } = await db.raw<{ rows: { row: string }[] }>('select r::text as row from key_readers r');
  t.is(rows.length, 1);
  t.false(rows[0]?.row.includes(Buffer.from('there').toString('hex')));
});
