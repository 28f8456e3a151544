import { randomUUID } from 'node:crypto';
import test from 'ava';
import { postgresArtifacts } from '../../src/stores/artifacts.ts';
import { redisArtifacts } from '../../src/stores/artifacts-redis.ts';
import { artifactRequests } from '../../src/stores/requests.ts';
import { postgresSettings, type Settings } from '../../src/stores/settings.ts';
import { memorySettings } from '../support/memory/house.ts';
import { memoryArtifacts } from '../support/memory/short-lived.ts';
import { oldVault, realPostgres, realRedis } from '../support/memory/versions.ts';

/** What is made once and kept: settings, requests that can be started again. */
const postgres = await realPostgres();
const redis = await realRedis();
test.after.always(async () => {
  await postgres.close();
  await redis.close();
});
const { db } = postgres;
const vault = oldVault();

const SETTINGS: Record<string, Settings> = { memory: memorySettings(), postgres: postgresSettings(db, vault) };
for (const [name, settings] of Object.entries(SETTINGS)) {
  test(`${name}: twenty processes that offer a value at once all get the same`, async (t) => {
    const got = await Promise.all(Array.from({ length: 20 }, () => settings.once('pairwise-key', randomUUID())));
    t.is(new Set(got).size, 1);
    t.is(await settings.once('pairwise-key', 'later'), got[0]!);
  });

  test.serial(`${name}: what is written can be written again, and is not what was made once`, async (t) => {
    t.is(await settings.read('clock-offset'), undefined);
    for (const value of ['1', '', '25 ñ']) {
      await settings.write('clock-offset', value);
      t.is(await settings.read('clock-offset'), value);
    }
    t.is(await settings.once('mode', 'emulator'), 'emulator');
  });
}

test.serial('postgres: a setting moved to another name does not open (R-78)', async (t) => {
  const settings = postgresSettings(db, vault);
  await settings.write('clock-offset', '5');
  await settings.once('mode', 'emulator');
  const { rows } = await db.raw<{ rows: { value: Buffer }[] }>(`select value from settings where name = 'mode'`);
  await db('settings').where({ name: 'clock-offset' }).update({ value: rows[0]?.value });
  await t.throwsAsync(settings.read('clock-offset'));
  await db('settings').where({ name: 'clock-offset' }).delete();
});

const ARTIFACTS = {
  memory: memoryArtifacts(),
  postgres: postgresArtifacts(db),
  redis: redisArtifacts(redis.redis),
};
for (const [name, artifacts] of Object.entries(ARTIFACTS)) {
  const requests = artifactRequests(artifacts, vault);
  const at = { now: 1000, until: 2_000_000 };

  test(`${name}: a request can be started again until its time is over, whole`, async (t) => {
    const uid = randomUUID();
    const params = { client_id: 'muni', state: '', nonce: 'ñ "\\', login_hint: '12.345.678-5', __proto__x: 'y' };
    t.is(await requests.find(uid, 1000), undefined);
    await requests.keep(uid, { clientId: 'muni', params }, at);
    t.deepEqual(await requests.find(uid, at.until - 1), { clientId: 'muni', params });
    t.is(await requests.find(uid, at.until), undefined);
    t.is(await requests.find(randomUUID(), 1000), undefined);
  });

  test(`${name}: a request without parameters leads to the site only`, async (t) => {
    const uid = randomUUID();
    await requests.keep(uid, { clientId: 'muni', params: undefined }, at);
    t.deepEqual(await requests.find(uid, 1000), { clientId: 'muni' });
  });

  test(`${name}: what was kept last is found`, async (t) => {
    const uid = randomUUID();
    await requests.keep(uid, { clientId: 'muni', params: { state: '1' } }, at);
    await requests.keep(uid, { clientId: 'muni', params: { state: '2' } }, at);
    t.deepEqual((await requests.find(uid, 1000))?.params, { state: '2' });
  });
}
