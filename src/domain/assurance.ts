import { ACRS, IDENTIFIED, STRENGTHS } from './account.ts';

/** What an RP asked of the way somebody proved herself (OIDC Core §3.1.2.1, §5.5.1.1). */
export type AcrRequest = { readonly values: readonly string[]; readonly essential: boolean };

const rank = (acr: string): readonly [number, number] => {
  const [, , identified = '', strength = ''] = acr.split(':');
  return [IDENTIFIED.findIndex((name) => name === identified), STRENGTHS.findIndex((name) => name === strength)];
};

/** Both parts at least as high. */
export function reaches(happened: string, wanted: string): boolean {
  const [a, b] = [rank(happened), rank(wanted)];
  return a[0] >= b[0] && a[1] >= b[1];
}

/**
 * The `acr` to return: the first asked value that was reached; without a request, what happened. Undefined when none
 * of those asked was reached: never a silent downgrade.
 */
export function acrToReturn(happened: string, asked: AcrRequest | undefined): string | undefined {
  if (!asked || asked.values.length === 0) return happened;
  const known = asked.values.filter((value) => ACRS.includes(value));
  if (known.length === 0) return asked.essential ? undefined : happened;
  return known.find((value) => reaches(happened, value));
}
