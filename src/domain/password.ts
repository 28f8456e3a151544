/** A password as it is hashed: NFKC once and nothing else (R-04, NIST SP 800-63B §3.1.1.2). */
export const MAX_PASSWORD_CODE_POINTS = 128;

/**
 * The normal form of a typed password, or undefined for what can't be one: empty, over 128 code points,
 * with NUL or lone surrogates. The size is judged before normalising.
 */
export function normalPassword(typed: string): string | undefined {
  if (typed === '' || typed.length > MAX_PASSWORD_CODE_POINTS * 2 || typed.includes('\0')) return undefined;
  if (!typed.isWellFormed()) return undefined;
  const normal = typed.normalize('NFKC');
  return Array.from(typed).length > MAX_PASSWORD_CODE_POINTS ? undefined : normal;
}
