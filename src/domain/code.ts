import { ALPHABET } from './crockford.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What a code is good for: one made for one purpose opens nothing else. */
export type Purpose =
  'sign-in' | 'recovery' | 'activation' | 'activation-contact' | 'activation-second' | 'contact-change';

/** Codes for people: Crockford's base 32, without letters that look like digits (SECURITY §4.2). Milliseconds. */
export const MAILED_CODE = { length: 8, lifetime: 10 * MINUTE, tries: 5, perHour: 3, perDay: 5 } as const;

/** 40 bits, ten minutes, five tries. */
export const RECOVERY_CODE = MAILED_CODE;

/** Shows that an address or a telephone is hers: a day by mail, ten minutes by SMS (NIST SP 800-63A §3.1.9). */
export const CONFIRMATION_CODE = {
  ...{ length: 8, lifetimes: { email: DAY, sms: 10 * MINUTE }, tries: 5, perHour: 5, perDay: 5 },
} as const;

/**
 * The second code of who has neither mail nor telephone, on paper out of another officer's hand: a day from then
 * on, so that she can use both at home.
 */
export const SECOND_CODE = { length: 8, lifetime: DAY, tries: 5, perHour: 5, perDay: 5 } as const;

/**
 * 65 bits and a check character, so fourteen characters in all. `again`: who closed the tab may begin once more
 * in another browser after that time; each beginning is one of the five tries.
 */
export const ACTIVATION_CODE = {
  ...{ length: 13, lifetimes: { mail: DAY, print: 3 * DAY }, tries: 5, perHour: 5, perDay: 5, again: MINUTE },
} as const;

/** Random bytes become a code: 256 is eight times 32, so each character is as likely as another. */
export const codeFrom = (random: Uint8Array, length: number): string =>
  Array.from(random.subarray(0, length), (byte) => ALPHABET[byte % 32] ?? '').join('');

/** As `codeFrom`, thirteen characters and the one that tells typing faults. */
export function activationCodeFrom(random: Uint8Array): string {
  return withCheck(codeFrom(random, ACTIVATION_CODE.length));
}

const withCheck = (code: string): string => code + (ALPHABET[timesX(remainder(code))] ?? '');

/** The same code with the check character that it should have; undefined when something else is wrong. */
export function mendedCode(typed: string): string | undefined {
  const code = parseCode(typed, ACTIVATION_CODE.length + 1);
  return code && withCheck(code.slice(0, -1));
}

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

/** As `parseCode`; undefined also when the check character says that it was mistyped: that is no try. */
export function parseActivationCode(typed: string): string | undefined {
  const code = parseCode(typed, ACTIVATION_CODE.length + 1);
  return code !== undefined && remainder(code) === 0 ? code : undefined;
}

/** In the field of 32 elements (x⁵ + x² + 1), so that every wrong character and every two that changed places show. */
const timesX = (value: number) => ((value << 1) ^ (value & 16 ? 0b100101 : 0)) & 31;
const remainder = (code: string) =>
  Array.from(code).reduce((value, character) => timesX(value) ^ ALPHABET.indexOf(character), 0);
