import test from 'ava';
import { waitingTime } from '../../src/domain/waiting.ts';

test('a range that grows with the line and shrinks with officers; none while nobody works', (t) => {
  t.is(waitingTime('video', 3, 0), undefined);
  t.deepEqual(waitingTime('video', 0, 1), { from: 0, to: 30 });
  t.deepEqual(waitingTime('video', 4, 2), { from: 40, to: 90 });
  t.deepEqual(waitingTime('video', 4, 5), { from: 0, to: 30 });
});
