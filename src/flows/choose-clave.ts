import type { Secret } from '../domain/account.ts';
import type { Own, Weakness } from '../domain/password-policy.ts';
import type { Parts } from '../parts.ts';

/** Why it was not taken; `minimum` code points it must have. */
export type ClaveProblem = { readonly reason: Weakness | 'missing' | 'different' | 'same'; readonly minimum: number };
export type Chosen =
  { readonly kind: 'chosen'; readonly secret: Secret } | ({ readonly kind: 'refused' } & ClaveProblem);
export type Tried = { readonly kind: 'fine' } | ({ readonly kind: 'refused' } & ClaveProblem);

type Wish = {
  readonly password: string;
  readonly again: string;
  /** Whose it will be. */
  readonly own: Own;
  /** One that others know: not that one again. */
  readonly but?: Secret | undefined;
};

/** «Comprobar»: what would be said of it. Nothing is kept. */
export async function tryClave(
  { strength }: Pick<Parts, 'strength'>,
  { password, own }: Omit<Wish, 'again' | 'but'>,
): Promise<Tried> {
  if (password === '') return { kind: 'refused', reason: 'missing', minimum: strength.minimum };
  const verdict = await strength.judge(password, own);
  return verdict.kind === 'fine'
    ? { kind: 'fine' }
    : { kind: 'refused', reason: verdict.reason, minimum: verdict.minimum };
}

/**
 * A new ClaveÚnica for activation, recovery and change: judged (R-01…R-04), then hashed, both outside of any
 * transaction; the caller stores it. Throws `Unavailable` when either has too much to do.
 */
export async function chooseClave(
  { hasher, strength }: Pick<Parts, 'hasher' | 'strength'>,
  { password, again, own, but }: Wish,
): Promise<Chosen> {
  const refused = (reason: ClaveProblem['reason']): Chosen => ({ kind: 'refused', reason, minimum: strength.minimum });
  if (password === '') return refused('missing');
  const verdict = await strength.judge(password, own);
  if (verdict.kind === 'weak') return refused(verdict.reason);
  // Compared as it will be hashed: two keyboards may write one letter in two ways.
  if (again.normalize('NFKC') !== verdict.password) return refused('different');
  if (but && (await hasher.verify(but, verdict.password))) return refused('same');
  return { kind: 'chosen', secret: await hasher.hash(verdict.password) };
}
