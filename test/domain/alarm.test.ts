import test from 'ava';
import { ALARM, areBad, failureRate, usualRate, type Tally } from '../../src/domain/alarm.ts';

const minutes = (count: number, tally: Tally): Tally[] => Array.from({ length: count }, () => tally);
const bad: Tally = { failures: 200, successes: 20 };
const calm: Tally = { failures: 20, successes: 100 };

test('guessing: eight bad minutes of ten are, seven are not', (t) => {
  t.true(areBad([...minutes(8, bad), ...minutes(2, calm)], ALARM.usual));
  t.false(areBad([...minutes(7, bad), ...minutes(3, calm)], ALARM.usual));
  t.false(areBad([], ALARM.usual));
});

test('guessing: five times the usual is not bad yet, more is; the noon of a busy day is not', (t) => {
  const at = (failures: number) => areBad(minutes(10, { failures, successes: 100 }), 0.5);
  t.deepEqual([250, 251].map(at), [false, true]);
  t.false(areBad(minutes(10, { failures: 20_000, successes: 40_000 }), 0.2));
});

test('guessing: a few failures at night without a success are none', (t) => {
  const at = (failures: number) => areBad(minutes(10, { failures, successes: 0 }), ALARM.usual);
  t.deepEqual([29, 30].map(at), [false, true]);
});

test('the usual is that of the middle minute, so that an attack does not hide the next, and never below one in five', (t) => {
  t.is(failureRate({ failures: 3, successes: 0 }), 3);
  t.is(usualRate([]), 0.2);
  t.is(usualRate(minutes(5, { failures: 1, successes: 100 })), 0.2);
  t.is(usualRate([...minutes(40, bad), ...minutes(41, { failures: 30, successes: 100 })]), 0.3);
});
