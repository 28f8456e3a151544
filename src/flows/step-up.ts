import { acr, mayLogIn, STRENGTHS, type Strength } from '../domain/account.ts';
import type { Parts } from '../parts.ts';
import type { Asker, SignedIn } from './log-in.ts';
import { proveFactor, type FactorNeeds, type FactorProof, type FactorProved, type FactorTry } from './second-factor.ts';

/** The live session that is asked for more. `at`: seconds, when its owner signed in. */
export type LiveSession = {
  readonly accountId: string;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly at: number;
};
export type SteppedUp =
  | (SignedIn & { readonly left: number | undefined })
  | Exclude<FactorProof, FactorProved>
  /** Proved, but less than was asked: a code where a passkey is wanted. */
  | { readonly kind: 'not-enough' }
  | { readonly kind: 'over' };

export type StepUpTry = Omit<FactorTry, 'accountId' | 'asker'> & {
  readonly session: LiveSession;
  readonly strength: Strength;
  readonly asker: Asker;
};

/** The factor only, on top of the session: what was proved before stays proved, and since when (OIDC Core, `auth_time`). */
export async function stepUp(parts: FactorNeeds, { session, strength, ...attempt }: StepUpTry): Promise<SteppedUp> {
  // One kind of factor can never be enough: nobody's saved code is used up for that.
  if (strength === '2fr' && attempt.assertion === undefined) return { kind: 'not-enough' };
  const proof = await proveFactor(parts, { ...attempt, accountId: session.accountId });
  if (proof.kind !== 'proved') return proof;
  const lifted = await liftSession(parts, session, proof);
  return lifted.kind === 'over' ? lifted : { ...lifted, left: proof.left };
}

type Lifted = SignedIn | { readonly kind: 'over' };

/** The session with what was proved now beside what was proved before. */
export async function liftSession(
  parts: Pick<Parts, 'accounts' | 'clock'>,
  session: LiveSession,
  proved: Pick<FactorProved, 'strength' | 'amr' | 'method'>,
): Promise<Lifted> {
  const account = await parts.accounts.byId(session.accountId);
  if (!account || !mayLogIn(account) || session.at < account.revokedUntil) return { kind: 'over' };
  const before = STRENGTHS.find((name) => session.acr.endsWith(`:${name}`)) ?? '1f';
  const strength = STRENGTHS.indexOf(before) > STRENGTHS.indexOf(proved.strength) ? before : proved.strength;
  // A passkey proves all at once, now; a code is worth no more than the password beside it.
  const at = proved.method === 'passkey' ? Math.floor(parts.clock() / 1000) : session.at;
  return {
    kind: 'signed-in',
    accountId: account.id,
    acr: acr(account.identified, strength),
    amr: [...new Set([...session.amr, ...proved.amr])],
    at,
  };
}
