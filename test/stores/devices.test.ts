import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Run } from '../../src/domain/run.ts';
import type { Parts } from '../../src/parts.ts';
import type { Device } from '../../src/stores/devices.ts';
import { memoryParts } from '../support/memory.ts';
import { realPostgres, signInOn, someRun, storesOn } from '../support/memory/versions.ts';

const [postgres, memory] = [await realPostgres(), await memoryParts({ empty: true })];
test.after.always(postgres.close);

const VERSIONS: Record<string, Pick<Parts, 'audit' | 'devices' | 'logins'>> = {
  memory,
  postgres: storesOn(postgres),
};

for (const [name, { devices, ...parts }] of Object.entries(VERSIONS)) {
  const signIn = (device: string | Device, run: Run, at: number) =>
    signInOn(parts, typeof device === 'string' ? { device, name: 'Chrome, Android' } : device, { run, at });

  test(`${name}: a device is known to the person who signed in there, and to nobody else`, async (t) => {
    const [device, run] = [randomUUID(), someRun()];
    t.false(await devices.knows(device, run));
    t.true(await signIn(device, run, 1));
    t.true(await devices.knows(device, run));
    t.false(await devices.knows(device, someRun()));
    t.false(await devices.knows(randomUUID(), run));
  });

  test.serial(`${name}: where nobody has signed in for so long, she is a stranger (R-79)`, async (t) => {
    const [device, run, other] = [randomUUID(), someRun(), someRun()];
    await signIn(device, run, -20);
    await signIn(device, other, -10);
    t.is(await devices.sweep(-10), 1);
    t.false(await devices.knows(device, run));
    t.true(await devices.knows(device, other));
  });

  test(`${name}: it is new once, also when twenty tell at the same moment`, async (t) => {
    const [device, run] = [randomUUID(), someRun()];
    const told = await Promise.all(Array.from({ length: 20 }, () => signIn(device, run, 1)));
    t.is(told.filter(Boolean).length, 1);
    t.false(await signIn(device, run, 2));
  });

  test(`${name}: twenty people a device, and the longest unseen makes room`, async (t) => {
    const device = randomUUID();
    const people = Array.from({ length: 20 }, () => someRun());
    for (const [n, run] of people.entries()) await signIn(device, run, n);
    // The very first comes back: now it is the second who was not seen for longest.
    t.false(await signIn(device, people[0]!, 100));
    const last = someRun();
    t.true(await signIn(device, last, 101));
    const known = await Promise.all([...people, last].map((run) => devices.knows(device, run)));
    t.deepEqual(
      known,
      [...people, last].map((_, n) => n !== 1),
    );
    t.true(await signIn(device, people[1]!, 102), 'new again');
  });

  test(`${name}: a crowded device takes no place from another`, async (t) => {
    const [device, other, run] = [randomUUID(), randomUUID(), someRun()];
    await signIn(other, run, 1);
    for (let n = 0; n < 25; n++) await signIn(device, someRun(), 2 + n);
    t.true(await devices.knows(other, run));
  });

  test(`${name}: her devices are listed by name, the last seen first, and forgotten one by one (R-32)`, async (t) => {
    const [run, stranger] = [someRun(), someRun()];
    const [phone, laptop] = [randomUUID(), randomUUID()];
    await signIn(phone, run, 1);
    await signIn({ device: laptop, name: 'Firefox, Windows' }, run, 2);
    await signIn({ device: phone, name: 'Edge, Android' }, run, 3);
    await signIn({ device: phone, name: 'Edge, Android' }, stranger, 4);
    const all = await devices.of(run);
    t.deepEqual(
      all.map(({ ref: _ref, ...shown }) => shown),
      [
        { name: 'Edge, Android', firstAt: 1, lastAt: 3 },
        { name: 'Firefox, Windows', firstAt: 2, lastAt: 2 },
      ],
    );
    const [{ ref }] = all as [(typeof all)[number]];
    t.false(await devices.forgetOne(run, 'nothing'));
    t.true(await devices.forgetOne(run, ref));
    t.false(await devices.forgetOne(run, ref));
    t.false(await devices.knows(phone, run));
    t.true(await devices.knows(phone, stranger));
    t.is((await devices.of(run)).length, 1);
  });
}
