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

type Line = { readonly level: number; readonly msg: string; readonly part?: string; readonly requests?: number };
const linesOf = (err: string) =>
  err
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

for (const store of ['postgres', 'redis'] as const)
  for (const fault of ['silent', 'cut'] as const)
    test.serial(
      `R-95, R-96, R-98: a ${store} that is ${fault} is a line, its return another, and who is told to leave without it ends in peace`,
      async (t) => {
        const database = await freshDatabase();
        const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
        const wire = await relay(Number(new URL(store === 'postgres' ? database.url : redisUrl).port));
        const product = await startProduct({
          DATABASE_URL: store === 'postgres' ? through(database.url, wire.port) : database.url,
          ...(store === 'redis' && { REDIS_URL: through(redisUrl, wire.port) }),
          MASTER_KEYS: `test:${'k'.repeat(43)}`,
          // The other store must not seem to be away on a machine that has other things to do.
          ...{ STORE_TIMEOUT_MS: '2500', TRUSTED_PROXIES: '127.0.0.1' },
        });
        const { origin, said, stop, remove } = product;
        t.teardown(async () => {
          await stop('SIGKILL');
          wire.close();
          await remove();
          await database.drop();
        });
        t.like(await attempt(origin), { in: true });
        const lines = () => linesOf(said.err);
        const until = async (msg: string, times: number) => {
          const there = () => lines().filter((line) => line.msg === msg && line.part === store).length;
          for (let tries = 0; tries < 200 && there() < times; tries++) await sleep(100);
        };
        wire.set(fault);
        // A page that needs the store, at once and for a while.
        const path = `${origin}/activar`;
        const asked = Array.from({ length: 8 }, async (_, n) => {
          await sleep(300 * n);
          return Promise.all(
            Array.from({ length: 25 }, async () => (await fetch(path, { redirect: 'manual' })).status),
          );
        });
        const statuses = (await Promise.all(asked)).flat();
        const refused = statuses.filter((status) => status === 503).length;
        t.true(refused > 100, String(refused));
        await sleep(3000);
        wire.set('open');
        await until('a part is back', 1);
        const told = lines();
        t.deepEqual(
          told.filter(({ level }) => level >= 50).map(({ msg, part }) => [msg, part]),
          [['a part is away', store]],
          said.err,
        );
        t.like(told.at(-1), { msg: 'a part is back', part: store, requests: refused }, said.err);
        t.like(await attempt(origin), { in: true });

        wire.set(fault);
        t.is((await fetch(path, { redirect: 'manual' })).status, 503);
        await until('a part is away', 2);
        t.is(await stop(), 0, said.err);
        t.like(
          lines().findLast(({ part }) => part !== undefined),
          { msg: 'a part is still away', part: store },
        );
        t.false(
          lines().some(({ msg }) => /time is over|while stopping/.test(msg)),
          said.err,
        );
      },
    );

test.serial(
  'R-98: several processes leave in peace without a Postgres that says nothing, each for itself',
  async (t) => {
    const database = await freshDatabase();
    const wire = await relay(Number(new URL(database.url).port));
    const { origin, said, stop, remove } = await startProduct({
      DATABASE_URL: through(database.url, wire.port),
      MASTER_KEYS: `test:${'k'.repeat(43)}`,
      ...{ STORE_TIMEOUT_MS: '900', TRUSTED_PROXIES: '127.0.0.1', WORKERS: '2' },
    });
    t.teardown(async () => {
      await stop('SIGKILL');
      wire.close();
      await remove();
      await database.drop();
    });
    wire.set('silent');
    t.is((await fetch(`${origin}/activar`)).status, 503);
    t.is(await stop(), 0, said.err);
    t.false(
      linesOf(said.err).some(({ msg }) => /time is over|while stopping/.test(msg)),
      said.err,
    );
  },
);
