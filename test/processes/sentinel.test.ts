import test from 'ava';
import { readConfig } from '../../src/config.ts';
import { attempt, untilIn } from '../support/attempt.ts';
import { MARIA, MUNICIPIO, provider } from '../support/rp.ts';
import { startSentinel } from '../support/sentinel.ts';
import { serve } from '../support/serve.ts';

for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
  test.serial(
    `R-95: sentinel: the master gets ${signal}: none but 503s until the replica has taken over, and what was used stays used`,
    async (t) => {
      const redis = await startSentinel();
      const app = await serve({
        env: { REDIS_URL: redis.url, STORE_TIMEOUT_MS: '900', HASH_QUEUE_MS: '30000', TRUSTED_PROXIES: '127.0.0.1' },
      });
      t.teardown(async () => {
        await app.close();
        if (signal === 'SIGSTOP') process.kill(redis.masterPid, 'SIGCONT');
        await redis.close();
      });
      const op = provider(app.origin);
      const code = (await op.signIn(app.user, MUNICIPIO, MARIA)).get('code') ?? '';
      t.is((await op.redeem(MUNICIPIO, code)).status, 200);
      t.like(await attempt(app.origin), { in: true });

      process.kill(redis.masterPid, signal);
      const { refused, took } = await untilIn(app.origin, 10_000);
      t.deepEqual(
        refused.filter(({ status }) => status !== 503),
        [],
      );
      t.log(`${refused.length} got a 503, back after ${(took / 1000).toFixed(1)} s`);
      const again = await op.redeem(MUNICIPIO, code);
      t.deepEqual([again.status, again.json['error']], [400, 'invalid_grant']);
      for (let n = 0; n < 3; n++) t.like(await attempt(app.origin), { in: true });
    },
  );
}

test('REDIS_URL takes one URL, the nodes of a cluster, or sentinels, and nothing else', (t) => {
  for (const url of [
    'redis://localhost',
    'rediss://user:secret@redis.example:6380/2',
    'redis://a:1,redis://b:2,redis://c:3',
    'redis+sentinel://a:26379,b:26379/claveunica',
    'rediss+sentinel://:s3cret%40@[::1]:26379,b/claveunica?sentinelPassword=other',
  ])
    t.is(readConfig({ REDIS_URL: url }).redisUrl, url);
  for (const url of [
    'http://localhost',
    'redis:',
    'redis://a:1,',
    'redis://a:1/1,redis://b:2',
    'redis://a:1,rediss://b:2',
    'redis+sentinel://a:1',
    'redis+sentinel://a:x/claveunica',
  ])
    t.regex(t.throws(() => readConfig({ REDIS_URL: url })).message, /^ {2}REDIS_URL: must be redis/m, url);
});
