import test from 'ava';
import { entrance } from '../../src/domain/account-session.ts';
import { wayOf } from '../../src/domain/activity.ts';

const HOME = { network: '10.0.0.0/24', agent: 'a' };
const at = (seconds: number, differing: object = {}) =>
  entrance({
    session: { signedInAt: 1000 },
    ...{ then: HOME, here: HOME, fresh: true, now: (1000 + seconds) * 1000 },
    ...differing,
  });

test('R-06: a sensitive page wants a sign-in of the last five minutes', (t) => {
  t.is(at(0), 'in');
  t.is(at(300), 'in');
  t.is(at(301), 'again');
  t.is(at(7 * 3600, { fresh: false }), 'in');
});

test('R-33: from elsewhere, or from another browser, she proves herself anew, however fresh', (t) => {
  t.is(at(1, { here: { ...HOME, network: '10.0.1.0/24' } }), 'prove');
  t.is(at(1, { here: { ...HOME, agent: 'b' } }), 'prove');
  t.is(at(1, { here: { network: 'x', agent: 'b' }, fresh: false }), 'in');
});

test('how a site was entered is read from what was proved', (t) => {
  t.is(wayOf(false, 'pwd'), 'session');
  t.is(wayOf(true, 'pwd'), 'password');
  t.is(wayOf(true, 'pwd otp mfa'), 'password-and-code');
  t.is(wayOf(true, 'pwd hwk user mfa'), 'passkey');
  t.is(wayOf(true, 'swk user'), 'passkey');
  t.is(wayOf(true, ''), 'password');
});
