import type { Strength } from './account.ts';

export type PasskeyFactor = {
  readonly kind: 'passkey';
  /** Ours, for lists and forms: nobody can sign in with it. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly credentialId: string;
  readonly transports: readonly string[];
  /** It may live on several devices of its owner. */
  readonly synced: boolean;
  readonly backedUp: boolean;
  readonly aaguid: string;
  readonly createdAt: number;
  readonly usedAt: number | undefined;
};
/** A proof beside the ClaveÚnica. Saved codes stand in for another factor and are never there alone. Times are milliseconds. */
export type Factor =
  | PasskeyFactor
  | { readonly kind: 'totp'; readonly createdAt: number; readonly usedAt: number | undefined }
  | { readonly kind: 'saved-codes'; readonly createdAt: number; readonly left: number };

export const METHODS = ['totp', 'saved-code', 'passkey'] as const;
/** How somebody proved a factor. */
export type Method = (typeof METHODS)[number];

/** SECURITY §4.2: sixteen of Crockford's characters are 80 bits. */
export const SAVED_CODE = { length: 16, many: 10 } as const;
/** With so few left it is time for ten others. */
export const FEW_SAVED_CODES = 3;
/** How many saved codes are left when that is worth a word: few of them, or none beside the one thing that she could lose. */
export function fewCodes(factors: readonly Factor[]): number | undefined {
  const left = factors.find((factor) => factor.kind === 'saved-codes')?.left;
  if (left !== undefined) return left <= FEW_SAVED_CODES ? left : undefined;
  return factors.length === 1 ? 0 : undefined;
}
/** RFC 6238, as every application knows it. `window`: steps before and after, for clocks that go wrong. */
export const TOTP = { bytes: 20, seconds: 30, digits: 6, window: 1 } as const;
/** Milliseconds in which a passkey must answer, outside of a login page, which has its own end. */
export const CHALLENGE_LIFE = 10 * 60_000;
/** A person has few devices; a list without end is somebody's game. */
export const MOST_PASSKEYS = 10;

/** What a passkey with user verification is worth, alone or beside the password; and an application or a saved code beside it. */
export const strengthOf = (method: Method): Strength => (method === 'passkey' ? '2fr' : '2f');

/** RFC 8176: `hwk` for a key that cannot leave its device, `swk` for one that is synced. */
export const amrOf = (method: Method, synced = false): readonly string[] =>
  method === 'passkey' ? [synced ? 'swk' : 'hwk', 'user', 'mfa'] : ['otp', 'mfa'];

/** Six digits, however they were typed; undefined for what is none. */
export function parseTotp(typed: string): string | undefined {
  const plain = typed.length > 64 ? '' : typed.normalize('NFKC').replace(/[\p{Cf}\s\p{Pd}]/gu, '');
  return /^\d{6}$/.test(plain) ? plain : undefined;
}

const LONGEST_NAME = 40;
/** What its owner calls it, or what the browser is. */
export const nameOfPasskey = (typed: string, otherwise: string): string =>
  Array.from(
    typed
      .normalize('NFC')
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
      .trim(),
  )
    .slice(0, LONGEST_NAME)
    .join('') || otherwise;
