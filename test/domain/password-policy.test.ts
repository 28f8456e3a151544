import test from 'ava';
import fc from 'fast-check';
import { folded, judgeByRule, ownWords, type Own } from '../../src/domain/password-policy.ts';
import { parseRun } from '../../src/domain/run.ts';

const own: Own = {
  run: parseRun('12.345.678-5')!,
  names: ['José María'],
  surnames: ["O'Higgins", 'Ñúñez'],
  birthdate: '1975-11-02',
  email: 'jose.higgins75@correo.example',
  phone: '+56912345678',
};
const reason = (typed: string, minimum?: number) => {
  const verdict = judgeByRule(typed, own, minimum);
  return verdict.kind === 'weak' ? verdict.reason : verdict.kind;
};

test('length is counted in code points after NFKC, and nothing is cut (R-01, R-04)', (t) => {
  t.is(reason('ñ'.repeat(11)), 'too-short');
  t.is(reason('n\u0303'.repeat(11)), 'too-short', 'composed first');
  t.is(reason('ñ'.repeat(12)), 'unread');
  t.is(reason('😀'.repeat(11)), 'too-short');
  t.is(reason('😀'.repeat(64)), 'unread');
  t.is(reason('y'.repeat(128)), 'unread');
  t.is(reason('y'.repeat(129)), 'too-long');
  t.is(reason('x'.repeat(5000)), 'too-long');
  t.is(reason('catorce letras'.slice(0, 14), 15), 'too-short', 'NIST’s fifteen is one value of the setting');
  const verdict = judgeByRule('ﬁn de semana largo', own);
  t.deepEqual(verdict, { kind: 'unread', password: 'fin de semana largo' });
});

for (const typed of [
  ...['12.345.678-5 12.345.678-5', '123456785123456785', '12345678-12345678', 'josé maría ñúñez', 'O’Higgins.1975!!'],
  ...['02-11-1975-02-11-1975', '19751102 19751102', '+56 9 1234 5678', 'jose.higgins75@2024'],
])
  test(`«${typed}» is made of one’s own data (R-03)`, (t) => t.is(reason(typed), 'own-data'));

for (const typed of ['claveunica claveunica', 'Gobierno de Chile', 'Registro Civil 123', 'contraseña nueva'])
  test(`«${typed}» stands on everybody’s tongue (R-03)`, (t) => t.is(reason(typed), 'common'));

test('a name among other words does no harm, and nothing else is demanded (R-02)', (t) => {
  for (const typed of ['maria vio un elefante azul', 'solo minusculas aqui', 'BANANAS CON MANZANAS'])
    t.is(reason(typed), 'unread', typed);
});

test('whatever is typed, there is a verdict, and own words are never empty', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (typed) => {
      const verdict = judgeByRule(typed, own);
      t.true(verdict.kind === 'weak' || verdict.password === typed.normalize('NFKC'));
    }),
  );
  t.true(ownWords(own).every((word) => word.length >= 3 && word === folded(word)));
  t.deepEqual(ownWords({}), []);
});
