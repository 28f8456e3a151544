import test from 'ava';
import { KEY_KEPT, KEY_LEAD, KEY_LIFE, SIGNING_ALGS, type SigningAlg } from '../../src/domain/signing-key.ts';
import { planRotation, replaceNext, rotateNow, tendKeys, withdrawRetiring } from '../../src/flows/signing-keys.ts';
import type { Signer } from '../../src/gateways/signer.ts';
import { memoryParts, type Memory } from '../support/memory.ts';

let made = 0;
/** Makes keys at once; what they are does not matter here. */
const signer: Signer = {
  make: async (alg) => ({ kid: `${alg}-${++made}`, alg, x: 'public', d: 'private' }),
  publicPart: ({ d: _d, ...rest }) => rest,
  sign: async () => new Uint8Array(),
};
const start = async () => {
  const parts: Memory = { ...(await memoryParts({ empty: true })), signer };
  await tendKeys(parts);
  parts.travel(1000);
  await tendKeys(parts);
  parts.tables.audit.clear();
  return parts;
};
const states = async (parts: Memory, alg: SigningAlg) =>
  (await parts.signingKeys.list()).filter((key) => key.alg === alg).map(({ state }) => state);
const kidOf = async (parts: Memory, state: string, alg: SigningAlg = 'RS256') =>
  (await parts.signingKeys.list()).find((key) => key.alg === alg && key.state === state)?.kid;
const events = (parts: Memory) => [...parts.tables.audit.values()].map(({ kind }) => kind);

test('R-83: keys follow each other by their dates, each published long before, each kept long after', async (t) => {
  const parts = await start();
  const [first, second] = [await kidOf(parts, 'current'), await kidOf(parts, 'next')];
  parts.travel(KEY_LIFE - 60_000);
  t.deepEqual(await tendKeys(parts), []);
  parts.travel(60_000);
  t.is((await tendKeys(parts)).length, 3 * SIGNING_ALGS.length);
  t.is(await kidOf(parts, 'current'), second);
  t.is(await kidOf(parts, 'retiring'), first);
  t.is(events(parts).filter((kind) => kind === 'key-used').length, SIGNING_ALGS.length);
  const old = (await parts.signingKeys.published()).find(({ jwk }) => jwk.kid === first);
  t.is(old?.jwk['d'], undefined);
  t.is(old?.jwk['x'], 'public');
  parts.travel(KEY_KEPT - 1000);
  t.deepEqual(await tendKeys(parts), []);
  parts.travel(1000);
  t.is((await tendKeys(parts)).length, SIGNING_ALGS.length);
  t.deepEqual(await states(parts, 'RS256'), ['next', 'current', 'retired']);
});

test('several processes that look at once rotate once', async (t) => {
  const parts = await start();
  parts.travel(KEY_LIFE);
  await Promise.all(Array.from({ length: 5 }, () => tendKeys(parts)));
  for (const alg of SIGNING_ALGS) t.deepEqual(await states(parts, alg), ['next', 'current', 'retiring']);
  t.is(events(parts).length, 3 * SIGNING_ALGS.length);
});

test('a rotation that is asked for waits until everybody has read the key, and happens at once if they have', async (t) => {
  const parts = await start();
  const next = await kidOf(parts, 'next');
  const planned = await planRotation(parts, SIGNING_ALGS);
  t.deepEqual(
    planned.map(({ change }) => change),
    SIGNING_ALGS.map(() => 'planned'),
  );
  t.true(planned.every(({ at }) => at <= parts.clock() + KEY_LEAD && at > parts.clock() + KEY_LEAD - 60_000));
  t.deepEqual(await states(parts, 'RS256'), ['next', 'current']);
  parts.travel(KEY_LEAD);
  await tendKeys(parts);
  t.is(await kidOf(parts, 'current'), next);

  parts.travel(KEY_LEAD);
  const today = await planRotation(parts, ['ES256']);
  t.deepEqual(
    today.map(({ change, alg }) => `${change} ${alg}`),
    ['signs ES256', 'retiring ES256', 'published ES256'],
  );
  t.deepEqual(await states(parts, 'RS256'), ['next', 'current', 'retiring']);
});

test('an emergency takes the key that is published already, and leaves the other algorithms alone', async (t) => {
  const parts = await start();
  const next = await kidOf(parts, 'next');
  const other = await kidOf(parts, 'current', 'ES256');
  await rotateNow(parts, ['RS256']);
  t.is(await kidOf(parts, 'current'), next);
  t.is(await kidOf(parts, 'current', 'ES256'), other);
});

test('keys in wrong hands are withdrawn, and so are those that lay beside them', async (t) => {
  const parts = await start();
  const [current, next] = [await kidOf(parts, 'current'), await kidOf(parts, 'next')];
  await replaceNext(parts, ['RS256']);
  t.is(await kidOf(parts, 'current'), current, 'not before everybody publishes the new one');
  await rotateNow(parts, ['RS256']);
  await withdrawRetiring(parts, ['RS256']);
  const list = await parts.signingKeys.list();
  for (const kid of [current, next]) t.is(list.find((key) => key.kid === kid)?.state, 'retired');
  t.false((await parts.signingKeys.published()).some(({ jwk }) => jwk.kid === current || jwk.kid === next));
  t.deepEqual((await states(parts, 'RS256')).sort(), ['current', 'next', 'retired', 'retired']);
});

test('R-73: what cannot be recorded does not happen', async (t) => {
  const parts = await start();
  const deaf: Memory = {
    ...parts,
    transaction: (work) =>
      parts.transaction((tx) =>
        work({
          ...tx,
          audit: {
            ...tx.audit,
            add: async () => {
              throw new Error('no record');
            },
          },
        }),
      ),
  };
  const before = await parts.signingKeys.list();
  await t.throwsAsync(rotateNow(deaf, SIGNING_ALGS), { message: 'no record' });
  t.deepEqual(await parts.signingKeys.list(), before);
});
