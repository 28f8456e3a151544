import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { asUnavailable } from '../../src/domain/fault.ts';
import { redisArtifacts } from '../../src/stores/artifacts-redis.ts';
import { openRedis } from '../../src/stores/connections.ts';
import { redisLimits } from '../../src/stores/limits.ts';
import { artifactsContract } from '../support/artifacts-contract.ts';
import { attempt, untilIn } from '../support/attempt.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { serve } from '../support/serve.ts';
import { freePort } from '../support/servers.ts';

const cluster = await startRedisCluster();
const redis = await openRedis(cluster.url, { patience: 30_000, onError: () => undefined });
const app = await serve({
  env: { REDIS_URL: cluster.url, STORE_TIMEOUT_MS: '900', HASH_QUEUE_MS: '30000', TRUSTED_PROXIES: '127.0.0.1' },
});
test.after.always(async () => {
  await app.close();
  redis.disconnect();
  await cluster.close();
});

artifactsContract('redis cluster', redisArtifacts(redis));

test('redis cluster and sentinels: nobody listens at the start', async (t) => {
  const [one, two] = [await freePort(), await freePort()];
  for (const url of [
    `redis://127.0.0.1:${one},redis://127.0.0.1:${two}`,
    `redis+sentinel://127.0.0.1:${one},127.0.0.1:${two}/claveunica`,
  ]) {
    const error = await t.throwsAsync(openRedis(url, { patience: 100, onError: () => undefined }));
    t.is(asUnavailable(error)?.part, 'store', String(error));
  }
});

test('redis cluster: limits are counted', async (t) => {
  const use = { row: 'GET /', network: '192.0.2.1', limit: '2 per minute per network', now: 0 } as const;
  const limits = redisLimits(redis);
  const took = [await limits.take(use), await limits.take(use), await limits.take(use)];
  t.deepEqual(took, [true, true, false]);
});

test.serial(
  'R-95: redis cluster: sign-ins work; with a node away they get a 503, and work again by themselves',
  async (t) => {
    t.like(await attempt(app.origin), { in: true });
    const [pid] = cluster.pids;
    process.kill(pid!, 'SIGSTOP');
    // Somebody may have nothing to do with that third of the slots, until the others have noticed that it is away.
    const during = [];
    do during.push((await attempt(app.origin)).status);
    while (during.at(-1) === 200 && during.length < 20);
    t.is(during.at(-1), 503);
    const ready = () => app.user.get('/readyz');
    for (let tries = 0; tries < 100 && (await ready()).status === 200; tries++) await sleep(50);
    t.deepEqual(JSON.parse((await ready()).text), { status: 'not-ready', parts: { postgres: true, redis: false } });
    process.kill(pid!, 'SIGCONT');
    const { refused, took } = await untilIn(app.origin, 10_000);
    t.deepEqual(
      refused.filter(({ status }) => status !== 503),
      [],
    );
    t.log(`back after ${(took / 1000).toFixed(1)} s`);
    t.is((await ready()).status, 200);
  },
);
