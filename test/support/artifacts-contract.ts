import test from 'ava';
import type { Artifacts } from '../../src/stores/artifacts.ts';
import { someKey } from './memory/versions.ts';

export const NOW = 1_700_000_000_000;
export const MINUTE = 60_000;

/** What a code of a minute would be. */
export const someArtifact = (key = someKey()) => ({
  key,
  model: 'AuthorizationCode',
  payload: Buffer.from([0, 255, 10]),
  expiresAt: NOW + MINUTE,
});
const many = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work));

/** What every version of the store must do: so that the fake cannot lie, and Redis does as Postgres does. */
export function artifactsContract(name: string, artifacts: Artifacts): void {
  test(`${name}: what was put is there, byte for byte, and what was not is not`, async (t) => {
    const one = someArtifact();
    t.is(await artifacts.get(one.key, NOW), undefined);
    await artifacts.put(one, NOW);
    t.deepEqual(await artifacts.get(one.key, NOW), {
      key: one.key,
      payload: one.payload,
      members: {},
      consumedAt: undefined,
    });
    await artifacts.put({ ...one, payload: Buffer.from('again') }, NOW);
    t.is((await artifacts.get(one.key, NOW))?.payload.toString(), 'again');
    await artifacts.remove(one.key);
    t.is(await artifacts.get(one.key, NOW), undefined);
  });

  test(`${name}: with what leads to another comes that one, if it lives, or nothing of it`, async (t) => {
    const grant = { ...someArtifact(), members: { one: Buffer.from('1') } };
    const code = { ...someArtifact(), leads: grant.key };
    t.is(await artifacts.getWith(code.key, NOW), undefined);
    for (const each of [{ ...grant, expiresAt: NOW + 2 }, code]) await artifacts.put(each, NOW);
    const found = await artifacts.getWith(code.key, NOW);
    t.like(found, (await artifacts.get(code.key, NOW))!);
    t.deepEqual(
      found?.led,
      name === 'postgres' || name === 'redis cluster' ? undefined : await artifacts.get(grant.key, NOW),
    );
    const later = await artifacts.getWith(code.key, NOW + 2);
    t.deepEqual([later?.key, later?.led], [code.key, undefined]);
    t.is(await artifacts.getWith(code.key, NOW + MINUTE), undefined);
  });

  test(`${name}: of twenty who put the same once, one does, and what it put stays (R-38)`, async (t) => {
    const key = someKey();
    let count = 0;
    const done = await many(20, async () => {
      const payload = Buffer.from(String(count++));
      return { payload, first: await artifacts.putOnce({ ...someArtifact(key), payload }, NOW) };
    });
    const winners = done.filter(({ first }) => first);
    t.is(winners.length, 1);
    t.deepEqual((await artifacts.get(key, NOW))?.payload, winners[0]?.payload);
  });

  test(`${name}: what was put once is found by its names and goes with its grant`, async (t) => {
    const one = { ...someArtifact(), grant: someKey(), uid: someKey(), userCode: someKey() };
    t.true(await artifacts.putOnce(one, NOW));
    t.deepEqual((await artifacts.getBy('uid', one.uid, NOW))?.key, one.key);
    t.deepEqual((await artifacts.getBy('userCode', one.userCode, NOW))?.key, one.key);
    await artifacts.removeByGrant(one.model, one.grant);
    t.is(await artifacts.get(one.key, NOW), undefined);
  });

  test(`${name}: of twenty who consume at once, one does (R-37)`, async (t) => {
    const one = someArtifact();
    await artifacts.put(one, NOW);
    const results = await many(20, () => artifacts.consume(one.key, { now: NOW + 1, keepUntil: NOW + 2 }));
    t.is(results.filter(Boolean).length, 1);
    t.is((await artifacts.get(one.key, NOW))?.consumedAt, NOW + 1);
  });

  test(`${name}: what is not there, expired or gone can't be consumed (R-37)`, async (t) => {
    const one = someArtifact();
    const at = { now: NOW, keepUntil: NOW + MINUTE };
    t.false(await artifacts.consume(one.key, at));
    await artifacts.put(one, NOW);
    t.false(await artifacts.consume(one.key, { now: one.expiresAt, keepUntil: one.expiresAt + MINUTE }));
    t.is((await artifacts.get(one.key, NOW))?.consumedAt, undefined);
    await artifacts.remove(one.key);
    t.false(await artifacts.consume(one.key, at));
  });

  test(`${name}: what is consumed is remembered until then, and stays consumed when it is put again (R-37)`, async (t) => {
    const one = someArtifact();
    await artifacts.put(one, NOW);
    const keepUntil = NOW + 60 * MINUTE;
    t.true(await artifacts.consume(one.key, { now: NOW + 5, keepUntil }));
    t.is((await artifacts.get(one.key, keepUntil - 1))?.consumedAt, NOW + 5);
    t.is(await artifacts.get(one.key, keepUntil), undefined);
    await artifacts.put({ ...one, payload: Buffer.from('again') }, NOW + 6);
    t.is((await artifacts.get(one.key, NOW + 6))?.consumedAt, NOW + 5);
    t.false(await artifacts.consume(one.key, { now: NOW + 6, keepUntil }));
  });

  test(`${name}: consuming never shortens a life`, async (t) => {
    const one = someArtifact();
    await artifacts.put(one, NOW);
    t.true(await artifacts.consume(one.key, { now: NOW, keepUntil: NOW + 1 }));
    t.is((await artifacts.get(one.key, one.expiresAt - 1))?.consumedAt, NOW);
  });

  test(`${name}: the caller's clock decides what has expired, not the store's`, async (t) => {
    const one = { ...someArtifact(), uid: someKey() };
    await artifacts.put(one, NOW);
    t.deepEqual((await artifacts.get(one.key, one.expiresAt - 1))?.key, one.key);
    t.is(await artifacts.get(one.key, one.expiresAt), undefined);
    t.is(await artifacts.getBy('uid', one.uid, one.expiresAt), undefined);
    // Asked with an earlier time it is there: nothing has been thrown away by looking.
    t.deepEqual((await artifacts.getBy('uid', one.uid, one.expiresAt - 1))?.key, one.key);
    await artifacts.put({ ...one, expiresAt: one.expiresAt + MINUTE }, NOW);
    t.deepEqual((await artifacts.get(one.key, one.expiresAt))?.key, one.key);
  });

  test(`${name}: members are merged, not replaced`, async (t) => {
    const one = someArtifact();
    const members = { a: Buffer.from('1'), b: Buffer.from([0, 255]) };
    await artifacts.put({ ...one, members }, NOW);
    await artifacts.put({ ...one, members: { a: Buffer.from('2'), 'm:c': Buffer.from('3') } }, NOW);
    await artifacts.put(one, NOW);
    t.deepEqual((await artifacts.get(one.key, NOW))?.members, {
      a: Buffer.from('2'),
      b: Buffer.from([0, 255]),
      'm:c': Buffer.from('3'),
    });
  });

  test(`${name}: two tabs that read, add and write at once lose nothing of each other's`, async (t) => {
    for (let round = 0; round < 20; round++) {
      const key = someKey();
      await artifacts.put(someArtifact(key), NOW);
      await Promise.all(
        ['left', 'right'].map(async (tab) => {
          const members = { ...(await artifacts.get(key, NOW))?.members, [tab]: Buffer.from(tab) };
          await artifacts.put({ ...someArtifact(key), members }, NOW);
        }),
      );
      t.deepEqual(Object.keys((await artifacts.get(key, NOW))?.members ?? {}).sort(), ['left', 'right']);
    }
  });

  test(`${name}: a grant takes its own with it, of that model only`, async (t) => {
    const [grant, other] = [someKey(), someKey()];
    const code = { ...someArtifact(), grant };
    const second = { ...someArtifact(), grant };
    const token = { ...someArtifact(), model: 'AccessToken', grant };
    const stranger = { ...someArtifact(), grant: other };
    for (const each of [code, second, token, stranger, someArtifact()]) await artifacts.put(each, NOW);
    await artifacts.removeByGrant('AuthorizationCode', grant);
    const left = await Promise.all([code, second, token, stranger].map(({ key }) => artifacts.get(key, NOW)));
    t.deepEqual(
      left.map((found) => found?.key),
      [undefined, undefined, token.key, stranger.key],
    );
    await artifacts.removeByGrant('AuthorizationCode', someKey());
    t.truthy(await artifacts.get(token.key, NOW));
  });

  test(`${name}: found by uid and by user code, each for itself`, async (t) => {
    const one = { ...someArtifact(), uid: someKey(), userCode: someKey(), members: { a: Buffer.from('1') } };
    await artifacts.put(one, NOW);
    const byUid = await artifacts.getBy('uid', one.uid, NOW);
    t.deepEqual(byUid, await artifacts.get(one.key, NOW));
    t.deepEqual(await artifacts.getBy('userCode', one.userCode, NOW), byUid);
    t.is(await artifacts.getBy('userCode', one.uid, NOW), undefined);
    t.is(await artifacts.getBy('uid', someKey(), NOW), undefined);
    await artifacts.remove(one.key);
    t.is(await artifacts.getBy('uid', one.uid, NOW), undefined);
  });

  test(`${name}: a session that gets a new id is found by its uid under the new one`, async (t) => {
    const uid = someKey();
    const before = { ...someArtifact(), model: 'Session', uid };
    const after = { ...someArtifact(), model: 'Session', uid };
    await artifacts.put(before, NOW);
    await artifacts.remove(before.key);
    await artifacts.put(after, NOW);
    t.deepEqual((await artifacts.getBy('uid', uid, NOW))?.key, after.key);
  });

  test(`${name}: what was put can be changed by its owner without changing what is stored`, async (t) => {
    const one = { ...someArtifact(), payload: Buffer.from('first') };
    await artifacts.put(one, NOW);
    one.payload.fill(0);
    (await artifacts.get(one.key, NOW))?.payload.fill(0);
    t.is((await artifacts.get(one.key, NOW))?.payload.toString(), 'first');
  });
}
