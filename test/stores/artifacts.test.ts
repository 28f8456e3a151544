import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { postgresArtifacts } from '../../src/stores/artifacts.ts';
import { redisArtifacts } from '../../src/stores/artifacts-redis.ts';
import { openRedis } from '../../src/stores/connections.ts';
import { artifactsContract, MINUTE, NOW, someArtifact } from '../support/artifacts-contract.ts';
import { memoryArtifacts } from '../support/memory/short-lived.ts';
import { realPostgres, realRedis, someKey } from '../support/memory/versions.ts';
import { startRedis } from '../support/servers.ts';

const postgres = await realPostgres();
const redis = await realRedis();
test.after.always(async () => {
  await postgres.close();
  await redis.close();
});

const VERSIONS = {
  memory: memoryArtifacts({ delay: 2 }),
  postgres: postgresArtifacts(postgres.db),
  redis: redisArtifacts(redis.redis),
};

for (const [name, artifacts] of Object.entries(VERSIONS)) artifactsContract(name, artifacts);

for (const name of ['memory', 'postgres'] as const) {
  test.serial(`${name}: the broom takes what has expired, and nothing else`, async (t) => {
    const artifacts = VERSIONS[name];
    // Long before everything else in this file.
    const [gone, kept] = [
      { ...someArtifact(), expiresAt: 1000 },
      { ...someArtifact(), expiresAt: 1001 },
    ];
    await artifacts.put(gone, 0);
    await artifacts.put(kept, 0);
    t.is(await artifacts.sweep(1000), 1);
    t.is(await artifacts.sweep(1000), 0);
    t.deepEqual([await artifacts.get(gone.key, 0), (await artifacts.get(kept.key, 0))?.key], [undefined, kept.key]);
  });
}

test('redis: everything has an end, at most a tenth later than ours, and is where one slot suffices', async (t) => {
  const one = { ...someArtifact(), grant: someKey(), uid: someKey(), userCode: someKey() };
  await VERSIONS.redis.put(one, NOW);
  const code = (key: Buffer) => key.toString('base64url');
  const keys = [
    `cu:a:${code(one.key)}`,
    `cu:uid:${code(one.uid)}`,
    `cu:userCode:${code(one.userCode)}`,
    `cu:g:AuthorizationCode:${code(one.grant)}`,
  ];
  for (const key of keys) {
    const ttl = await redis.redis.pttl(key);
    t.true(ttl > 0 && ttl <= MINUTE * 1.1, `${key}: ${ttl}`);
  }
  t.is(await VERSIONS.redis.sweep(NOW * 2), 0);
});

test('redis: a server that has not seen the scripts does the same, and has seen them then', async (t) => {
  // Of its own: what the other tests' files ask is counted too.
  const server = await startRedis({ dir: await mkdtemp(join(tmpdir(), 'redis-')) });
  const own = await openRedis(server.url, { patience: 5000, onError: (error) => t.log(error) });
  t.teardown(async () => {
    own.disconnect();
    await server.close();
  });
  const artifacts = redisArtifacts(own);
  const one = { ...someArtifact(), grant: someKey() };
  // As a replica that took over, or a new server: before each step anew.
  const unseen = async <Result>(step: () => Promise<Result>) => {
    await own.script('FLUSH');
    return step();
  };
  await unseen(() => artifacts.put(one, NOW));
  t.deepEqual((await unseen(() => artifacts.get(one.key, NOW)))?.payload, one.payload);
  t.true(await unseen(() => artifacts.consume(one.key, { now: NOW, keepUntil: NOW + MINUTE })));
  t.false(await unseen(() => artifacts.consume(one.key, { now: NOW, keepUntil: NOW + MINUTE })));
  t.false(await unseen(() => artifacts.putOnce(one, NOW)));
  await own.config('RESETSTAT');
  t.false(await artifacts.putOnce(one, NOW));
  const asked = await own.info('commandstats');
  t.regex(asked, /cmdstat_evalsha:calls=1,/);
  t.notRegex(asked, /cmdstat_eval:/);
});
