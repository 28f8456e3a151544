import test from 'ava';
import { logIn, type LogInForm } from '../../src/flows/log-in.ts';
import type { Parts } from '../../src/parts.ts';
import { PASSWORD, memoryParts, type Memory } from '../support/memory.ts';

/** Guessing slows down where it happens, and shuts nobody out (SECURITY §4.3). */
const home: LogInForm = {
  ...{ run: '11.111.111-1', password: PASSWORD, shared: false, device: 'laptop', deviceName: 'Firefox, Linux' },
  ...{
    network: '10.0.0.0/24',
    clientId: 'demo-municipio',
    site: 'Municipalidad',
    requestId: 'r-1',
    source: '10.0.0.7',
    uid: 'u',
  },
};
const away: LogInForm = { ...home, password: 'not hers', device: 'bot', network: '10.9.9.0/24', source: '10.9.9.9' };

const events = (parts: Memory) => [...parts.tables.audit.values()].map(({ kind }) => kind);

test('a thousand wrong passwords from elsewhere, even from the same network, leave the known device alone (R-21)', async (t) => {
  const parts = await memoryParts();
  await logIn(parts, home);
  for (let n = 0; n < 1000; n++) {
    const network = n % 2 ? home.network : `10.9.${n % 50}.0/24`;
    await logIn(parts, { ...away, device: `bot-${n}`, network, source: `10.8.0.${n % 200}` });
  }
  t.is((await logIn(parts, home)).kind, 'signed-in');
  t.is((await logIn(parts, { ...home, device: 'another' })).kind, 'wait');
});

test('after a success on the known device unknown contexts are open again (R-20, R-21)', async (t) => {
  const parts = await memoryParts();
  await logIn(parts, home);
  for (let n = 0; n < 100; n++) {
    const from = { device: `bot-${n}`, network: `10.9.${n}.0/24`, source: `10.9.${n}.1` };
    await logIn(parts, { ...away, ...from });
    parts.travel(4 * 60_000);
  }
  const fresh = { ...home, device: 'new', network: '10.5.5.0/24', source: '10.5.5.5' };
  t.is((await logIn(parts, fresh)).kind, 'step');
  parts.travel(3_600_000);
  t.is(
    (await logIn(parts, { ...away, password: PASSWORD, source: '10.7.7.7' })).kind,
    'step',
    'an hour changes nothing',
  );
  t.is((await logIn(parts, home)).kind, 'signed-in');
  t.is((await logIn(parts, fresh)).kind, 'signed-in');
});

test('the known device has a counter of its own, which the right password clears', async (t) => {
  const parts = await memoryParts();
  await logIn(parts, home);
  const wrong = { ...home, password: 'mistyped' };
  for (let n = 0; n < 9; n++) t.is((await logIn(parts, wrong)).kind, 'refused');
  t.is((await logIn(parts, home)).kind, 'signed-in');
  for (let n = 0; n < 10; n++) t.is((await logIn(parts, wrong)).kind, 'refused');
  t.is((await logIn(parts, home)).kind, 'wait');
});

test('of fifty parallel tries five are looked at, and while one waits not even the right password is (R-22, R-23)', async (t) => {
  const memory = await memoryParts();
  let hashes = 0;
  const verify: Parts['hasher']['verify'] = async (secret, typed) => {
    hashes += 1;
    return memory.hasher.verify(secret, typed);
  };
  const parts = { ...memory, hasher: { ...memory.hasher, verify } };
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => logIn(parts, away)));
  t.is(hashes, 5);
  t.is(outcomes.filter(({ kind }) => kind === 'refused').length, 5);
  t.is(outcomes.filter(({ kind }) => kind === 'wait').length, 45);

  const right = { ...away, password: PASSWORD };
  const waiting = await logIn(parts, right);
  t.is(waiting.kind, 'wait');
  t.is(hashes, 5, 'nothing is hashed meanwhile');
  t.is(events(memory).filter((kind) => kind === 'login-throttled').length, 46);
  memory.travel(30_000);
  t.is((await logIn(parts, right)).kind, 'signed-in');
  t.is(hashes, 6);
});

test('a wait says until when, and is the same for a RUN that nobody has (R-22)', async (t) => {
  const parts = await memoryParts();
  const fixed = { ...parts, clock: () => 1_700_000_000_000 };
  for (const run of ['11.111.111-1', '33.333.333-3']) {
    for (let n = 0; n < 5; n++) await logIn(fixed, { ...away, run });
    t.deepEqual(await logIn(fixed, { ...away, run }), { kind: 'wait', until: 1_700_000_030_000 });
  }
});
