import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { attempt } from '../support/attempt.ts';
import { startProduct } from '../support/product.ts';
import { relay } from '../support/relay.ts';
import { freshDatabase } from '../support/servers.ts';

const through = (url: string, port: number) => {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
};

for (const store of ['postgres', 'redis'] as const)
  test.serial(
    `R-95, R-96, R-98: the process outlives a ${store} that is cut again and again under sign-ins, and leaves in peace without it`,
    async (t) => {
      const database = await freshDatabase();
      const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
      const wire = await relay(Number(new URL(store === 'postgres' ? database.url : redisUrl).port));
      const { origin, said, stop, remove } = await startProduct({
        DATABASE_URL: store === 'postgres' ? through(database.url, wire.port) : database.url,
        REDIS_URL: store === 'redis' ? through(redisUrl, wire.port) : redisUrl,
        MASTER_KEYS: `test:${'k'.repeat(43)}`,
        TRUSTED_PROXIES: '127.0.0.1',
      });
      let going = true;
      t.teardown(async () => {
        going = false;
        await stop('SIGKILL');
        wire.close();
        await remove();
        await database.drop();
      });
      const readiness = async () => (await fetch(`${origin}/readyz`)).status;
      // Each of a new browser, so that each has its letter.
      const people = Array.from({ length: 3 }, async () => {
        while (going) await attempt(origin);
      });
      for (const ms of [200, 700, 1500]) {
        await sleep(1500);
        wire.set('cut');
        t.is(await readiness(), 503);
        await sleep(ms);
        wire.set('open');
        for (let tries = 0; tries < 100 && (await readiness()) !== 200; tries++) await sleep(100);
        t.is(await readiness(), 200, said.err);
      }
      going = false;
      await Promise.all(people);
      t.like(await attempt(origin), { in: true });
      wire.set('cut');
      t.is(await stop(), 0, said.err);
      for (const line of said.err.trim().split('\n')) t.regex(line, /^\{"level":.*\}$/);
    },
  );
