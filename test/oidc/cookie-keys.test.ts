import test from 'ava';
import Keygrip from 'keygrip';
import { cookieKeys } from '../../src/oidc/cookie-keys.ts';

const DATA = ['op-session=abc', 'device=ñandú.1', '', 'x'.repeat(5000)];

test('R-28: cookies are signed as Koa signs them, so that nobody loses hers', (t) => {
  const theirs = new Keygrip(['new', 'old']);
  const ours = cookieKeys(['new', 'old']);
  for (const data of DATA) {
    t.is(ours.sign(data), theirs.sign(data));
    t.is(ours.index(data, theirs.sign(data)), 0);
    t.is(ours.index(data, new Keygrip(['old']).sign(data)), 1);
    t.true(theirs.verify(data, ours.sign(data)));
  }
});

test('R-28: another value, another key, and what is no signature are refused', (t) => {
  const keys = cookieKeys(['one']);
  const good = keys.sign('a=1');
  for (const wrong of ['', 'x', good.slice(1), `${good}A`, good.toUpperCase(), '\uFFFD'.repeat(27)])
    t.false(keys.verify('a=1', wrong), wrong);
  t.false(keys.verify('a=2', good));
  t.false(cookieKeys(['two']).verify('a=1', good));
  t.throws(() => cookieKeys([]));
});
