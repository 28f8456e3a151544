import test from 'ava';
import { postgresLimits, redisLimits, type Limit, type Limits } from '../../src/stores/limits.ts';
import { memoryLimits } from '../support/memory/short-lived.ts';
import { realPostgres, realRedis, someKey } from '../support/memory/versions.ts';

const postgres = await realPostgres();
const redis = await realRedis();
test.after.always(async () => {
  await postgres.close();
  await redis.close();
});

const VERSIONS: Record<string, Limits> = {
  memory: memoryLimits(),
  postgres: postgresLimits(postgres.db),
  redis: redisLimits(redis.redis),
};

/** The first moment of a minute and of an hour. */
const NOW = 3_600_000 * 472_222;
const MINUTE = 60_000;
const use = (limit: Limit, network = someKey().toString('hex')) => ({ row: 'GET /', network, limit, now: NOW });

for (const [name, limits] of Object.entries(VERSIONS)) {
  test(`${name}: so many in a window, then no more until the next one`, async (t) => {
    const one = use('3 per minute per network');
    const taken = [];
    for (const later of [0, 1, MINUTE - 1, MINUTE - 1, MINUTE, MINUTE])
      taken.push(await limits.take({ ...one, now: NOW + later }));
    t.deepEqual(taken, [true, true, true, false, true, true]);
  });

  test(`${name}: an hour is an hour`, async (t) => {
    const one = use('1 per hour per network');
    const taken = [];
    for (const later of [0, 1, 60 * MINUTE - 1, 60 * MINUTE])
      taken.push(await limits.take({ ...one, now: NOW + later }));
    t.deepEqual(taken, [true, false, false, true]);
  });

  test(`${name}: of fifty at once exactly those allowed pass (R-23)`, async (t) => {
    const one = use('20 per minute per network');
    const taken = await Promise.all(Array.from({ length: 50 }, () => limits.take(one)));
    t.is(taken.filter(Boolean).length, 20);
  });

  test(`${name}: another network and another page have limits of their own`, async (t) => {
    const one = use('1 per minute per network');
    t.true(await limits.take(one));
    t.false(await limits.take(one));
    t.true(await limits.take({ ...one, network: someKey().toString('hex') }));
    t.true(await limits.take({ ...one, row: 'POST /' }));
  });
}

for (const name of ['memory', 'postgres']) {
  test(`${name}: the broom takes windows that are over, and no others`, async (t) => {
    const limits = VERSIONS[name]!;
    // Long before the other tests of this file, whose windows must stay.
    const now = NOW - 1000 * 60 * MINUTE;
    const [over, running] = [
      { ...use('1 per minute per network'), now },
      { ...use('1 per hour per network'), now },
    ];
    t.true(await limits.take(over));
    t.true(await limits.take(running));
    await limits.sweep(now + MINUTE);
    t.true(await limits.take(over), 'forgotten');
    t.false(await limits.take(running), 'remembered');
  });
}

test('redis: what is counted has an end', async (t) => {
  const one = use('1 per minute per network');
  await VERSIONS['redis']?.take(one);
  const [key] = await redis.redis.keys(`cu:l:*${one.network}*`);
  const ttl = await redis.redis.pttl(key!);
  t.true(ttl > 0 && ttl <= MINUTE * 1.1, String(ttl));
});
