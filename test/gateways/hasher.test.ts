import { stat } from 'node:fs/promises';
import argon2 from 'argon2';
import test from 'ava';
import { Unavailable } from '../../src/domain/fault.ts';
import { argon2Hasher, hashesAtOnce, signInsAtBest } from '../../src/gateways/hasher.ts';
import { createMeters } from '../../src/gateways/meters.ts';
import { quickHasher } from '../support/memory/hasher.ts';
import { NEW_KEY, oldVault, rotatedVault } from '../support/memory/versions.ts';

/** The floor of production: argon2id, 19 MiB, two passes (SECURITY §4.1). */
const FLOOR = { memoryKib: 19_456, time: 2, concurrency: 2, queueMs: 60_000 };
/** As little as argon2 allows, where a test is about something else. */
const CHEAP = { memoryKib: 8, time: 1, concurrency: 1, queueMs: 60_000 };

const vault = oldVault();
const nobody = 'a password that nobody has';
const real = await argon2Hasher(FLOOR, vault, nobody);

/** One contract, both versions: so that the fake cannot lie. */
const VERSIONS = {
  argon2: { hasher: real, make: (on = vault) => argon2Hasher(CHEAP, on, nobody) },
  quick: { hasher: quickHasher(vault), make: async (on = vault) => quickHasher(on, { cost: 2 }) },
};
for (const [name, { hasher, make }] of Object.entries(VERSIONS)) {
  test(`${name}: the right password, and no other`, async (t) => {
    const secret = await hasher.hash('boldo-quillay-peumo');
    t.is(secret.pepper, 'old');
    const verified = [];
    for (const typed of [
      'boldo-quillay-peumo',
      'Boldo-quillay-peumo',
      'boldo-quillay-peum',
      'boldo-quillay-peumo ',
      '',
    ])
      verified.push(await hasher.verify(secret, typed));
    t.deepEqual(verified, [true, false, false, false, false]);
  });

  test(`${name}: nothing is cut, whatever the alphabet (R-01, R-04)`, async (t) => {
    const [long, emoji] = ['x'.repeat(128), '🦙'.repeat(64)];
    const [first, second] = [await hasher.hash(long), await hasher.hash(emoji)];
    t.deepEqual([await hasher.verify(first, long), await hasher.verify(first, long.slice(1))], [true, false]);
    t.deepEqual([await hasher.verify(second, emoji), await hasher.verify(second, emoji.slice(2))], [true, false]);
  });

  test(`${name}: the same password twice is two hashes (R-05)`, async (t) => {
    const [one, other] = [await hasher.hash('same'), await hasher.hash('same')];
    t.not(one.hash, other.hash);
  });

  test(`${name}: nobody has no password, not even nobody's (R-15)`, async (t) => {
    t.false(await hasher.verify(undefined, nobody));
    t.false(await hasher.verify(undefined, ''));
  });

  test(`${name}: what is no hash is a fault, and so is a pepper that is not here`, async (t) => {
    await t.throwsAsync(hasher.verify({ hash: 'x', pepper: undefined }, 'x'));
    await t.throwsAsync(hasher.verify({ hash: '', pepper: 'old' }, 'x'));
    const secret = await hasher.hash('x');
    await t.throwsAsync(hasher.verify({ ...secret, pepper: 'gone' }, 'x'), { message: /pepper/ });
  });

  test(`${name}: a hash with another pepper, or none, is not the same (R-05)`, async (t) => {
    const secret = await hasher.hash('x');
    t.false(await hasher.verify({ ...secret, pepper: undefined }, 'x'));
  });

  test(`${name}: stale is what has other parameters or another pepper, and it still verifies (R-05, R-83)`, async (t) => {
    const secret = await hasher.hash('x');
    t.false(hasher.isStale(secret));
    const otherCost = await make();
    t.true(otherCost.isStale(secret));
    t.true(await otherCost.verify(secret, 'x'));
    const otherPepper = await make(rotatedVault());
    const fresh = await otherPepper.hash('x');
    t.is(fresh.pepper, 'new');
    t.false(otherPepper.isStale(fresh));
    t.true(otherPepper.isStale(await otherCost.hash('x')));
    t.true(await otherPepper.verify(secret, 'x'));
    t.true(hasher.isStale({ hash: secret.hash, pepper: undefined }));
    t.true(hasher.isStale({ hash: '$2b$10$abcdefghijklmnopqrstuv', pepper: 'old' }));
  });
}

test('argon2: the row is PHC argon2id at the floor or above, salt of 16 bytes, tag of 32 (R-05)', async (t) => {
  const { hash } = await real.hash('x');
  const [, memory, time, salt = '', tag = ''] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([\w+/]+)\$([\w+/]+)$/.exec(hash) ?? [];
  t.deepEqual([Number(memory), Number(time)], [19_456, 2]);
  t.deepEqual([Buffer.from(salt, 'base64').length, Buffer.from(tag, 'base64').length], [16, 32]);
});

test('argon2: another implementation verifies it with the pepper, and not with the dump alone (R-05)', async (t) => {
  const { hash, pepper } = await real.hash('boldo-quillay-peumo');
  const { key } = vault.pepper(pepper)!;
  t.true(await argon2.verify(hash, 'boldo-quillay-peumo', { secret: key }));
  t.false(await argon2.verify(hash, 'boldo-quillay-peumo'));
  t.false(await argon2.verify(hash, 'boldo-quillay-peumo', { secret: NEW_KEY.key }));
  t.false(await argon2.verify(hash, 'another', { secret: key }));
});

test('argon2: hashes of another implementation verify, with and without a pepper, and are stale', async (t) => {
  const foreign = {
    hash: await argon2.hash('x', { memoryCost: 1024, timeCost: 2, parallelism: 1 }),
    pepper: undefined,
  };
  t.true(await real.verify(foreign, 'x'));
  t.false(await real.verify(foreign, 'y'));
  t.true(real.isStale(foreign));
});

test('argon2: the pepper is no master key itself, and each master key has its own', (t) => {
  const peppers = [vault.pepper()!, rotatedVault().pepper()!].map(({ key }) => key.toString('hex'));
  t.is(new Set([...peppers, NEW_KEY.key.toString('hex')]).size, 3);
});

const outcomes = async (works: Promise<unknown>[]) => {
  const settled = await Promise.allSettled(works);
  const faults = settled.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
  return { done: settled.length - faults.length, faults };
};

test('argon2: a flood is turned away after a while with Unavailable, and then all is well again (R-94)', async (t) => {
  const hasher = await argon2Hasher({ ...FLOOR, memoryKib: 65_536, concurrency: 1, queueMs: 10 }, vault, nobody);
  const { done, faults } = await outcomes(Array.from({ length: 12 }, () => hasher.hash('x')));
  t.true(done >= 1);
  t.true(faults.length >= 1);
  t.true(faults.every((fault) => fault instanceof Unavailable && fault.part === 'hasher' && fault.retryAfter > 0));
  const secret = await hasher.hash('after');
  t.true(await hasher.verify(secret, 'after'));
});

test('hashes at once are no more than cores, shared out, and two threads do other things (R-94)', (t) => {
  const all = [
    { wanted: 1, workers: 1, threads: 4, atOnce: 1 },
    { wanted: 2, workers: 1, threads: 4, atOnce: 2 },
    { wanted: 4, workers: 1, threads: 4, atOnce: 2 },
    { wanted: 4, workers: 1, threads: 8, atOnce: 4 },
    { wanted: 64, workers: 1, threads: 8, atOnce: 6 },
    { wanted: 64, workers: 16, threads: 8, atOnce: 4 },
    { wanted: 2, workers: 4, threads: 8, atOnce: 1 },
    { wanted: 2, workers: 1, threads: 1, atOnce: 1 },
  ];
  for (const { atOnce, ...machine } of all) t.is(hashesAtOnce(machine), atOnce, JSON.stringify(machine));
});

test.serial('argon2: what is to be read or signed does not wait for those who wait for a hash (R-94)', async (t) => {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const concurrency = hashesAtOnce({ wanted: 64, workers: 1, threads });
  const hasher = await argon2Hasher({ ...FLOOR, concurrency }, vault, nobody);
  let made = 0;
  const all = Array.from({ length: 10 * threads }, () => hasher.hash('x').then(() => made++));
  for (let looks = 0; looks < 40; looks++) await stat(import.meta.filename);
  t.true(made <= 2 * concurrency, `${made} hashes were made meanwhile`);
  await Promise.all(all);
});

test('argon2: who is nobody waits in the same queue, and takes the same place in it (R-15, R-94)', async (t) => {
  const hasher = await argon2Hasher({ ...FLOOR, memoryKib: 65_536, concurrency: 1, queueMs: 10 }, vault, nobody);
  const first = hasher.verify(undefined, 'x');
  await t.throwsAsync(hasher.hash('x'), { instanceOf: Unavailable });
  t.false(await first);
  const second = hasher.hash('x');
  await t.throwsAsync(hasher.verify(undefined, 'x'), { instanceOf: Unavailable });
  await second;
});

test('argon2: the queue has an end; who comes when it is full is turned away at once (R-94)', async (t) => {
  const hasher = await argon2Hasher(CHEAP, vault, nobody);
  const { done, faults } = await outcomes(Array.from({ length: 300 }, () => hasher.hash('x')));
  t.is(done, 257);
  t.is(faults.filter((fault) => fault instanceof Unavailable).length, 43);
  t.truthy(await hasher.hash('after'));
});

test('R-94: argon2: who comes first does so before everybody who waits', async (t) => {
  const hasher = await argon2Hasher(CHEAP, vault, nobody);
  const order: string[] = [];
  const verify = async (name: string, priority?: 'first') => {
    await hasher.verify(undefined, 'x', priority);
    order.push(name);
  };
  await Promise.all([verify('running'), verify('stranger'), verify('known', 'first'), verify('known too', 'first')]);
  t.deepEqual(order, ['running', 'known', 'known too', 'stranger']);
});

test('R-94: argon2: what has come meanwhile gets its turn of the loop before the next hash begins', async (t) => {
  const order: string[] = [];
  const observe = { claveunica_hash_wait_seconds: 'begins', claveunica_hash_duration_seconds: 'ends' };
  const meters = createMeters();
  const spread: typeof meters.spread = (name) => ({
    observe: () => void order.push(observe[name as keyof typeof observe]),
  });
  const hasher = await argon2Hasher({ ...CHEAP, meters: { ...meters, spread } }, vault, nobody);
  await Promise.all([hasher.hash('x').then(() => order.push('else')), hasher.hash('x')]);
  t.deepEqual(order, ['begins', 'ends', 'else', 'begins', 'ends']);
});

test('argon2: it tells how long the quickest hash with today’s parameters took, made or compared', async (t) => {
  /** Begun and done, in turns: the first one, of the start, takes 90 ms. */
  const readings = [0, 90, 100, 170, 200, 280, 300, 350];
  const stopwatch = () => readings.shift() ?? t.fail('asked once more than a hash needs');
  const hasher = await argon2Hasher({ ...CHEAP, time: 2, stopwatch }, vault, nobody);
  t.is(hasher.quickest(), 90);
  const made = await hasher.hash('x');
  t.is(hasher.quickest(), 70);
  t.true(await hasher.verify(made, 'x'));
  t.is(hasher.quickest(), 70, 'a slower one changes nothing');
  await hasher.verify(undefined, 'x');
  t.is(hasher.quickest(), 50);
  const cheaper = await (await argon2Hasher(CHEAP, vault, nobody)).hash('x');
  t.true(await hasher.verify(cheaper, 'x'));
  await t.throwsAsync(hasher.verify({ hash: 'x', pepper: undefined }, 'x'));
  t.is(hasher.quickest(), 50, 'neither what is no hash nor a cheaper one counts');
});

test('R-94: what a process can do at best: its threads, its cores and its main thread set a bound each', (t) => {
  t.is(signInsAtBest(10, { concurrency: 1, cores: 1 }), 50, 'a core hashes, and does all else');
  t.is(signInsAtBest(40, { concurrency: 2, cores: 4 }), 50, 'two hashes at once');
  t.is(signInsAtBest(40, { concurrency: 6, cores: 8 }), 100, 'one main thread');
});

test('argon2: how many hashes were made, and how long whoever is next has waited, is told', async (t) => {
  const hasher = await argon2Hasher(CHEAP, vault, nobody);
  t.like(hasher.standing(), { made: 0, waitedMs: 0 });
  const all = [hasher.hash('x'), hasher.hash('x'), hasher.hash('x')];
  await all[0];
  t.true(hasher.standing().waitedMs > 0);
  await Promise.all(all);
  t.like(hasher.standing(), { made: 3, waitedMs: 0 });
});

test('argon2: idle work gives way to everybody who waits', async (t) => {
  const hasher = await argon2Hasher(CHEAP, vault, nobody);
  const order: string[] = [];
  const hash = async (name: string, priority?: 'idle') => {
    await hasher.hash(name, priority);
    order.push(name);
  };
  await Promise.all([hash('running'), hash('idle', 'idle'), hash('second'), hash('later idle', 'idle'), hash('third')]);
  t.deepEqual(order, ['running', 'second', 'third', 'idle', 'later idle']);
});

test('argon2: a fault in one hash gives its place back', async (t) => {
  const hasher = await argon2Hasher(CHEAP, vault, nobody);
  const { faults } = await outcomes(
    Array.from({ length: 5 }, () => hasher.verify({ hash: '$argon2id$broken', pepper: undefined }, 'x')),
  );
  t.is(faults.length, 5);
  t.true(await hasher.verify(await hasher.hash('x'), 'x'));
});
