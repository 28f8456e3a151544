import test from 'ava';
import {
  INTERACTION,
  REQUEST_KEPT,
  SESSION_ABSOLUTE,
  SESSION_IDLE,
  sessionIsOver,
  tokenLifetimes,
} from '../../src/domain/lifetimes.ts';

const BEGUN = 1_700_000_000;

test('a session is idle for thirty minutes at most, to the second (R-29)', (t) => {
  const at = (later: number) => sessionIsOver({ begunAt: BEGUN, touchedAt: BEGUN }, BEGUN + later);
  t.deepEqual([at(0), at(30 * 60 - 1), at(30 * 60), at(30 * 60 + 1)], [false, false, true, true]);
});

test('however often it is used, it is over after eight hours (R-29)', (t) => {
  const at = (later: number) => sessionIsOver({ begunAt: BEGUN, touchedAt: BEGUN + later - 1 }, BEGUN + later);
  t.deepEqual([at(8 * 3600 - 1), at(8 * 3600)], [false, true]);
});

test('a session in which nobody has signed in yet has the idle limit only', (t) => {
  const at = (touched: number) => sessionIsOver({ begunAt: undefined, touchedAt: touched }, BEGUN);
  t.deepEqual([at(BEGUN - 30 * 60), at(BEGUN - 30 * 60 + 1)], [true, false]);
});

test('a login that begins a little later than now, after a revocation, is not over', (t) => {
  t.false(sessionIsOver({ begunAt: BEGUN + 1, touchedAt: BEGUN }, BEGUN));
});

test('the lifetimes are those that were decided (decisions 4 and 15, R-40)', (t) => {
  t.deepEqual(tokenLifetimes('claveunica'), { accessToken: 3600, idToken: 600 });
  t.deepEqual(tokenLifetimes('oidc'), { accessToken: 300, idToken: 300 });
  t.deepEqual([INTERACTION, REQUEST_KEPT, SESSION_IDLE, SESSION_ABSOLUTE], [3600, 28_800, 1800, 28_800]);
});
