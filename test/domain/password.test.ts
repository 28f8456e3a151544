import test from 'ava';
import fc from 'fast-check';
import { normalPassword } from '../../src/domain/password.ts';

test('composed and decomposed, full width and narrow are the same password (R-04)', (t) => {
  const same = [
    ['ñandú-contraseña', 'n\u0303andu\u0301-contrasen\u0303a'],
    ['clave', 'ｃｌａｖｅ'],
    ['ﬁel', 'fiel'],
    ['２０２６', '2026'],
  ];
  for (const [one = '', other = ''] of same) t.is(normalPassword(one), normalPassword(other), one);
  t.is(normalPassword('ñandú'), 'ñandú'.normalize('NFKC'));
});

test('nothing else is changed: case, spaces and signs stay (R-04)', (t) => {
  for (const typed of [' Boldo  quillay ', 'ß', 'İ', 'a\tb', '🦙🏽‍🌾', "'; --", '\u200d'])
    t.is(normalPassword(typed), typed);
});

test('what can’t be a password is none: empty, NUL, half of a pair (R-04)', (t) => {
  for (const typed of ['', '\0', 'boldo\0', '\ud800', 'a\udc00b', '\udfff\ud800'])
    t.is(normalPassword(typed), undefined, JSON.stringify(typed));
  t.is(normalPassword('\ud83e\udd99'), '🦙');
});

test('128 code points are accepted and 129 are not, whatever their size (R-01)', (t) => {
  for (const unit of ['x', 'ñ', '🦙', '漢']) {
    t.is(normalPassword(unit.repeat(128)), unit.repeat(128));
    t.is(normalPassword(unit.repeat(129)), undefined);
  }
  t.is(normalPassword(`${'🦙'.repeat(64)}${'x'.repeat(64)}`)?.length, 192);
});

test('what grows when it is normalised is judged by what was typed (R-04)', (t) => {
  t.is(normalPassword('ﷺ'.repeat(128))?.length, 128 * 18);
  t.is(normalPassword('x'.repeat(5_000_000)), undefined);
});

test('the normal form of a normal form is itself, and no half of a pair is in it', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 140 }), (typed) => {
      const normal = normalPassword(typed);
      if (normal === undefined) return;
      t.is(normal.normalize('NFKC'), normal);
      t.true(normal.isWellFormed() && normal !== '' && !normal.includes('\0'));
    }),
  );
});
