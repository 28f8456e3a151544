const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Codes for people: Crockford's base 32, without letters that look like digits (SECURITY §4.2). */
export const MAILED_CODE = { length: 8, lifetime: 10 * 60_000, tries: 5, perHour: 3, perDay: 5 } as const;

/** What a code is sealed for while a letter with it waits. */
export const MAILED_CODE_PLACE = 'jobs.sign-in-code';

/** Random bytes become a code: 256 is eight times 32, so each character is as likely as another. */
export const codeFrom = (random: Uint8Array, length: number): string =>
  Array.from(random.subarray(0, length), (byte) => ALPHABET[byte % 32] ?? '').join('');

/** `7K2M9QXT` as people read it: `7K2M-9QXT`. */
export const writtenCode = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** Read in any spelling: small letters, spaces, hyphens, O for 0, I and L for 1. Undefined for what can't be one. */
export function parseCode(typed: string, length: number): string | undefined {
  if (typed.length > 64) return undefined;
  const plain = typed
    .normalize('NFKC')
    .replace(/[\p{Cf}\s\p{Pd}]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return plain.length === length && Array.from(plain).every((character) => ALPHABET.includes(character))
    ? plain
    : undefined;
}
