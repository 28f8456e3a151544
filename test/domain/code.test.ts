import test from 'ava';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import {
  ACTIVATION_CODE,
  activationCodeFrom,
  parseActivationCode,
  codeFrom,
  MAILED_CODE,
  parseCode,
  writtenCode,
} from '../../src/domain/code.ts';

test('the figures are those of the requirement: forty bits, ten minutes, five tries, three an hour, five a day (R-11, R-26)', (t) => {
  t.deepEqual<unknown, unknown>({ ...MAILED_CODE }, { length: 8, lifetime: 600_000, tries: 5, perHour: 3, perDay: 5 });
});

test('each character is as likely as another, and none looks like another (R-09)', (t) => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const letters = Array.from(codeFrom(bytes, 256));
  const counts = new Map(letters.map((letter) => [letter, letters.filter((each) => each === letter).length]));
  t.is(counts.size, 32);
  t.deepEqual(new Set(counts.values()), new Set([8]));
  t.deepEqual(
    Array.from('ILOUilou').filter((letter) => counts.has(letter)),
    [],
  );
});

test('what is written is read again, in any spelling', (t) => {
  const spelling = fc.constantFrom(
    (code: string) => code,
    (code: string) => code.toLowerCase(),
    (code: string) => writtenCode(code),
    (code: string) => ` ${writtenCode(code).replaceAll('-', ' – ')}\u200b\n`,
    (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'l'),
    (code: string) => code.replaceAll('0', 'o').replaceAll('1', 'I'),
    (code: string) =>
      code.replace(/[0-9A-Z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), spelling, (random, spell) => {
      const code = codeFrom(random, 8);
      t.is(parseCode(spell(code), 8), code);
    }),
  );
  t.is(writtenCode('7K2M9QXT'), '7K2M-9QXT');
});

test('what can’t be a code is none', (t) => {
  for (const typed of [
    '',
    '7K2M9QX',
    '7K2M9QXTT',
    '7K2M9QXU',
    '7K2M9Q_T',
    '７K2M9QXñ',
    'x'.repeat(65),
    ' '.repeat(8),
    '🦙'.repeat(8),
  ])
    t.is(parseCode(typed, 8), undefined, typed);
});

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const fresh = () => activationCodeFrom(randomBytes(ACTIVATION_CODE.length));

test('R-09: two thousand activation codes: none twice, 65 bits and a check, each character as likely as another at each place', (t) => {
  const codes = Array.from({ length: 2000 }, fresh);
  t.is(new Set(codes).size, codes.length);
  for (const code of codes) {
    t.regex(code, /^[0-9A-HJKMNP-TV-Z]{14}$/);
    t.is(parseActivationCode(code), code);
  }
  for (let place = 0; place < 14; place++) {
    const expected = codes.length / 32;
    const chi = Array.from(ALPHABET).reduce((sum, character) => {
      const seen = codes.filter((code) => code[place] === character).length;
      return sum + (seen - expected) ** 2 / expected;
    }, 0);
    // 31 degrees of freedom: beyond 80 once in 200,000 places.
    t.true(chi < 80, `place ${place}: ${chi}`);
  }
});

test('R-09: the check character tells every wrong character and every two that changed places', (t) => {
  for (let n = 0; n < 20; n++) {
    const code = fresh();
    for (let at = 0; at < code.length; at++) {
      for (const wrong of ALPHABET)
        if (wrong !== code[at]) t.is(parseActivationCode(code.slice(0, at) + wrong + code.slice(at + 1)), undefined);
      const swapped = code.slice(0, at) + (code[at + 1] ?? '') + (code[at] ?? '') + code.slice(at + 2);
      if (swapped.length === 14 && swapped !== code) t.is(parseActivationCode(swapped), undefined);
    }
  }
});

test('an activation code is read as people type it', (t) => {
  const code = fresh();
  const loose = ` ${writtenCode(code).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `;
  t.is(parseActivationCode(loose), code);
  for (const typed of ['', code.slice(1), `${code}0`, 'ñ'.repeat(14), 'x'.repeat(5000)])
    t.is(parseActivationCode(typed), undefined);
});
