import { ACRS, IDENTIFIED, STRENGTHS, type Strength } from './account.ts';
import type { Factor } from './factor.ts';

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

/** Asked as indispensable, and no value of the list is one of ours: whoever signs in would do so for nothing. */
export const isBeyondAll = ({ values, essential }: AcrRequest): boolean =>
  essential && values.length > 0 && !values.some((value) => ACRS.includes(value));

/** What there is to prove a login further. */
export type Means = {
  readonly factors: readonly Pick<Factor, 'kind'>[];
  /** Whether a first or a better factor may be set up now: not after a recovery by mail (R-14, decision 2). */
  readonly mayAdd: boolean;
};
/** What must happen first: one of her factors, of that strength, or a new one. */
export type StepUp = { readonly kind: 'prove' | 'set-up'; readonly strength: Strength };

/**
 * How to reach one of the values asked for, when what happened is not enough: with a factor that she has before one
 * that she would have to set up, and the first value of the list before others. Undefined when nothing she can do
 * here is enough: how she was identified does not change at a login.
 */
export function stepUp(happened: string, asked: AcrRequest, { factors, mayAdd }: Means): StepUp | undefined {
  const [identified, proved] = rank(happened);
  const best = bestOf(factors);
  const wanted = asked.values
    .filter((value) => ACRS.includes(value) && rank(value)[0] <= identified)
    .map((value) => rank(value)[1]);
  const [first] = wanted;
  const own = wanted.find((strength) => strength <= best);
  if (own !== undefined) return { kind: 'prove', strength: named(own) };
  if (first === undefined || !mayAdd) return undefined;
  // Whoever has a factor shows it before she adds another.
  return best > proved ? { kind: 'prove', strength: named(best) } : { kind: 'set-up', strength: named(first) };
}

const named = (strength: number): Strength => STRENGTHS[strength] ?? '1f';

/** The rank of the best that her factors reach; saved codes are no more than a stand-in for another. */
function bestOf(factors: Means['factors']): number {
  const has = (kind: Factor['kind']) => factors.some((factor) => factor.kind === kind);
  return STRENGTHS.indexOf(has('passkey') ? '2fr' : has('totp') ? '2f' : '1f');
}
