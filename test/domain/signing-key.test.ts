import test from 'ava';
import {
  SIGNING_ALGS,
  jwksMaxAge,
  KEY_KEPT,
  KEY_LEAD,
  KEY_LIFE,
  stampOf,
  stepsDue,
  type KeyDates,
} from '../../src/domain/signing-key.ts';
import { JWKS_CACHE, tokenLifetimes } from '../../src/domain/lifetimes.ts';

const HOUR = 3_600_000;
const all = (state: KeyDates['state'], dates: Partial<KeyDates> = {}): KeyDates[] =>
  SIGNING_ALGS.map((alg) => ({ kid: `${alg} ${state}`, alg, state, createdAt: 0, since: 0, ...dates }));

test('R-83: published for a day before it signs; kept for longer than any token and any older JWKS', (t) => {
  t.true(KEY_LEAD >= 24 * HOUR);
  t.true(KEY_LEAD >= JWKS_CACHE * 1000);
  const longest = Math.max(
    ...(['oidc', 'claveunica'] as const).flatMap((profile) => Object.values(tokenLifetimes(profile))),
  );
  t.true(KEY_KEPT >= (longest + JWKS_CACHE) * 1000);
  t.true(JWKS_CACHE <= 15 * 60, 'what is withdrawn is believed for a quarter of an hour at most');
});

test('R-85: an algorithm without a key gets one, and there is always a next one', (t) => {
  t.deepEqual(
    stepsDue([], 5).map((step) => step.step === 'make' && step.state),
    ['current', 'current', 'current', 'current'],
  );
  t.deepEqual(
    stepsDue(all('current'), 5),
    SIGNING_ALGS.map((alg) => ({ step: 'make', alg, state: 'next' })),
  );
  t.deepEqual(
    stepsDue(all('next'), 5).map(({ step }) => step),
    ['promote', 'promote', 'promote', 'promote'],
  );
});

test('R-83: a key changes on its date and not a millisecond before, and goes when it was kept long enough', (t) => {
  const keys = [...all('current'), ...all('next', { until: KEY_LIFE })];
  t.deepEqual(stepsDue(keys, KEY_LIFE - 1), []);
  t.deepEqual(
    stepsDue(keys, KEY_LIFE),
    SIGNING_ALGS.flatMap((alg) => [
      { step: 'promote', alg },
      { step: 'make', alg, state: 'next' },
    ]),
  );
  const old = [...keys, { ...all('retiring', { until: 1000 })[0]!, kid: 'old' }];
  t.deepEqual(stepsDue(old, 999), []);
  t.deepEqual(stepsDue(old, 1000), [{ step: 'retire', kid: 'old' }]);
});

test('a JWKS may be kept until one of its keys is not to be believed any more', (t) => {
  t.is(jwksMaxAge(all('current'), 0), JWKS_CACHE);
  t.is(jwksMaxAge([...all('current'), ...all('retiring', { until: 10 * HOUR })], 0), JWKS_CACHE);
  t.is(jwksMaxAge(all('retiring', { until: 90_500 }), 0), 90);
  t.is(jwksMaxAge(all('retiring', { until: 90_500 }), 100_000), 0);
});

test('the stamp is another one when something else is published or signs, and only then', (t) => {
  const [a, b] = all('current');
  t.is(stampOf([a!, b!]), stampOf([b!, a!]));
  t.not(stampOf([a!, b!]), stampOf([a!]));
  t.not(stampOf([a!]), stampOf([{ ...a!, state: 'retiring' }]));
  t.is(stampOf([a!]), stampOf([a!, { ...b!, state: 'retired' }]));
});
