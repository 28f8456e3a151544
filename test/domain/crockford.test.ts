import test from 'ava';
import fc from 'fast-check';
import { crockford } from '../../src/domain/crockford.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The other way round, by arithmetic. */
function number(code: string): bigint {
  return Array.from(code.replaceAll('-', '')).reduce((sum, letter) => sum * 32n + BigInt(ALPHABET.indexOf(letter)), 0n);
}

test('five bytes are eight characters in two groups, as they are read out', (t) => {
  t.is(crockford(Uint8Array.of(0, 0, 0, 0, 0)), '0000-0000');
  t.is(crockford(Uint8Array.of(255, 255, 255, 255, 255)), 'ZZZZ-ZZZZ');
  t.is(crockford(Uint8Array.of(0, 0, 0, 0, 1)), '0000-0001');
  t.is(crockford(Uint8Array.of(0x3c, 0xc5, 0x44, 0xdf, 0xba)), '7K2M-9QXT');
  t.is(crockford(Uint8Array.of()), '');
});

test('letters that are taken for others never occur', (t) => {
  const written = Array.from({ length: 256 }, (_, byte) => crockford(Uint8Array.of(byte, byte, byte, byte, byte)));
  const letters = new Set(written.join(''));
  t.deepEqual(
    Array.from('ILOU').filter((letter) => letters.has(letter)),
    [],
  );
  t.deepEqual([...letters].filter((letter) => letter !== '-').sort(), Array.from(ALPHABET));
});

test('no bit is lost: the code is the number that the bytes are', (t) => {
  const bytes = fc.nat(6).chain((n) => fc.uint8Array({ minLength: 5 * n, maxLength: 5 * n }));
  fc.assert(
    fc.property(bytes, (given) => {
      const code = crockford(given);
      t.regex(code, /^$|^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4})*$/);
      t.is(number(code), given.length === 0 ? 0n : BigInt(`0x${Buffer.from(given).toString('hex')}`));
    }),
  );
});
