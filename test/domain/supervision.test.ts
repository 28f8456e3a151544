import { randomBytes } from 'node:crypto';
import test from 'ava';
import { tellingDomain } from '../../src/domain/enrolment.ts';
import { isSampled, SIGNALS, signalsOf } from '../../src/domain/supervision.ts';

test('R-54: five of a hundred are looked at again', (t) => {
  const drawn = Array.from({ length: 20_000 }, () => isSampled(randomBytes(2).toString('base64url')));
  const share = drawn.filter(Boolean).length / drawn.length;
  t.true(share > 0.042 && share < 0.058, String(share));
  const exact = Array.from({ length: 65_536 }, (_, n) =>
    isSampled(Buffer.from([n >> 8, n & 255]).toString('base64url')),
  );
  t.is(exact.filter(Boolean).length, 3277, 'of all pairs of bytes');
});

test('R-58: each signal at its number, not before', (t) => {
  const quiet = { sameEmail: 1, sessionMs: 60_000, sameNetwork: 19, sameDomain: 19 };
  t.deepEqual(signalsOf(quiet), []);
  t.deepEqual(signalsOf({ ...quiet, sameEmail: 2 }), ['same-email'], 'the third case with one address');
  t.deepEqual(signalsOf({ ...quiet, sessionMs: 59_999 }), ['officer-hurries']);
  t.deepEqual(signalsOf({ ...quiet, sameNetwork: 20 }), ['same-network']);
  t.deepEqual(signalsOf({ ...quiet, sameDomain: 20 }), ['same-domain']);
  t.is(Object.keys(SIGNALS).length, 4);
});

test('R-58: what half the country uses is no signal', (t) => {
  t.is(tellingDomain('pedro@Correo.Example'), 'correo.example');
  for (const large of ['gmail.com', 'Hotmail.CL', 'live.cl', 'live.com', 'outlook.cl', 'yahoo.es'])
    t.is(tellingDomain(`pedro@${large}`), undefined, large);
});
