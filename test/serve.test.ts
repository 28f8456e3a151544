import test from 'ava';
import { notice } from '../src/serve.ts';

/** Steps of a farewell until it ends, when each step hears that. */
function steps(heard: readonly string[]): number {
  const noticed = notice();
  let count = 0;
  for (; !noticed.isTaken(); count++) {
    for (const url of heard) noticed.heard(url);
    noticed.step();
  }
  return count;
}

test('R-98: a process that leaves waits while traffic comes, and no longer than ten seconds', (t) => {
  t.is(steps([]), 40);
  t.is(steps(['/readyz', '/openid/token']), 200);
  const noticed = notice();
  for (let n = 0; n < 100; n++) noticed.step();
  noticed.heard('/openid/token');
  t.false(noticed.isTaken());
  for (let n = 0; n < 19; n++) noticed.step();
  t.false(noticed.isTaken());
  noticed.step();
  t.true(noticed.isTaken());
});

test('R-98: who only asks whether it lives or is ready does not keep a process that leaves', (t) => {
  t.is(steps(['/readyz', '/healthz', '/healthz?from=platform']), 40);
  const noticed = notice();
  for (let n = 0; n < 40; n++) noticed.step();
  noticed.heard('/healthzz');
  t.false(noticed.isTaken());
});
