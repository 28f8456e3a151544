import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { SigningAlg } from '../../src/domain/signing-key.ts';
import { postgresSigningKeys, type SigningKey, type SigningKeys } from '../../src/stores/signing-keys.ts';
import { memorySigningKeys } from '../support/memory/house.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres } from '../support/memory/versions.ts';
import { until } from '../support/until.ts';

const postgres = await realPostgres();
const { db, url } = postgres;
test.after.always(postgres.close);
const vault = oldVault();

const key = (alg: SigningAlg, differing: Partial<SigningKey> = {}): SigningKey => ({
  jwk: { kid: randomUUID(), alg, kty: 'RSA', n: 'n', d: 'very private' },
  ...{ state: 'current', createdAt: 0, since: 0, ...differing },
});

const KEYS: Record<string, SigningKeys> = {
  memory: memorySigningKeys(emptyTables(), write),
  postgres: postgresSigningKeys(db, { vault, url }),
};
for (const [name, keys] of Object.entries(KEYS)) {
  test.serial(`${name}: of ten processes that start at once one makes the key, and all publish it`, async (t) => {
    t.deepEqual(await keys.published(), []);
    const offered = Array.from({ length: 10 }, (_, n) => key('RS256', { createdAt: n, since: n }));
    const added = await Promise.all(offered.map((each) => keys.add(each)));
    t.is(added.filter(Boolean).length, 1);
    const winner = offered[added.indexOf(true)]!;
    t.deepEqual(await keys.published(), [winner]);
  });

  test.serial(
    `${name}: what signs comes first, then what will, then what did; the retired keep dates only`,
    async (t) => {
      const [first] = await keys.published();
      const next = key('RS256', { state: 'next', createdAt: 100, since: 100, until: 900 });
      t.true(await keys.add(next));
      t.false(await keys.add(key('RS256', { state: 'next' })));
      t.true(await keys.add(key('ES256')));
      const { d: _d, ...shown } = first!.jwk;
      await keys.move(first!.jwk.kid, { state: 'retiring', since: 200, until: 300 }, shown);
      await t.throwsAsync(
        keys.move(first!.jwk.kid, { state: 'next', since: 1, until: 2 }),
        undefined,
        'two cannot be the next ones',
      );
      await keys.move(next.jwk.kid, { state: 'current', since: 200, until: undefined });
      const published = await keys.published();
      t.deepEqual(
        published.map(({ jwk, state }) => [jwk.alg, state]),
        [
          ['RS256', 'current'],
          ['ES256', 'current'],
          ['RS256', 'retiring'],
        ],
      );
      t.deepEqual(published[0], { jwk: next.jwk, state: 'current', createdAt: 100, since: 200 });
      t.deepEqual(published[2], { ...first!, jwk: shown, state: 'retiring', since: 200, until: 300 });

      await keys.move(first!.jwk.kid, { state: 'retired', since: 300, until: undefined }, null);
      t.is((await keys.published()).length, 2);
      const listed = (await keys.list()).filter(({ alg }) => alg === 'RS256');
      t.deepEqual(
        listed.map(({ state, since }) => [state, since]),
        [
          ['current', 200],
          ['retired', 300],
        ],
      );
      t.true(listed.every((each) => !('jwk' in each)));
    },
  );
}

test.serial('postgres: the private part is sealed, and gone when a key does not sign any more (R-78)', async (t) => {
  const keys = postgresSigningKeys(db, { vault, url });
  const rows = await db('signing_keys').select<{ kid: string; state: string; jwk: Buffer | null }[]>();
  t.is(rows.length, 3);
  for (const row of rows) t.false(row.jwk?.includes('very private') ?? false);
  t.deepEqual(
    rows.filter(({ jwk }) => jwk === null).map(({ state }) => state),
    ['retired'],
  );
  for (const { jwk } of await keys.published()) t.is(jwk['d'], 'very private');
});

test.serial('postgres: a change is heard by others when it is committed, and not when it is taken back', async (t) => {
  const keys = postgresSigningKeys(db, { vault, url });
  let heard = 0;
  const stop = await keys.follow(() => (heard += 1));
  t.is(heard, 1, 'at once, since something may have changed before');
  const change = (fail: boolean) =>
    db.transaction(async (trx) => {
      const held = postgresSigningKeys(trx, { vault, url });
      await held.hold();
      await held.add(key('EdDSA'));
      if (fail) throw new Error('taken back');
    });
  await t.throwsAsync(change(true));
  await change(false);
  await until(() => heard >= 2);
  t.is(heard, 2);
  await stop();
  t.is((await keys.list()).filter(({ alg }) => alg === 'EdDSA').length, 1);
});
