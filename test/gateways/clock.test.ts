import test from 'ava';
import { installEmulatorClock } from '../../src/gateways/clock.ts';

const Real = Date;

test.serial('the emulator’s clock goes ahead, never back, and is a Date in all else', (t) => {
  const clock = installEmulatorClock();
  t.teardown(() => Reflect.set(globalThis, 'Date', Real));
  clock.set(1000);
  clock.set(10);
  t.is(clock.ahead(), 1000);
  const ahead = (moment: number) => Math.abs(moment - Real.now() - 1_000_000) < 5000;
  t.true(ahead(Date.now()));
  t.true(ahead(new Date().getTime()));
  // Called as a function it is a text, whatever it is told.
  t.true(ahead(Real.parse((Date as (given?: number) => string)(0)) + 999) || ahead(Real.parse(Date())));
  t.is(new Date(0).toISOString(), '1970-01-01T00:00:00.000Z');
  t.is(new Date(2020, 1, 29).getDate(), 29);
  t.is(Date.UTC(2020, 0), Real.UTC(2020, 0));
  t.is(Date.parse('2020-01-01'), Real.parse('2020-01-01'));
  t.deepEqual([Date.name, Date.length], [Real.name, Real.length]);
  t.true(new Date() instanceof Date && new Real() instanceof Date && new Date() instanceof Real);
  class Later extends Date {}
  t.true(new Later() instanceof Later && ahead(new Later().getTime()));
});
