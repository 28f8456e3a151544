import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { acrToReturn, type AcrRequest } from '../domain/assurance.ts';
import { SESSION_ABSOLUTE, sessionIsOver } from '../domain/lifetimes.ts';
import type { Parts } from '../parts.ts';
import { ownOf } from './client.ts';

type Needs = Pick<Parts, 'sessions' | 'clock'>;

/**
 * When somebody is asked to sign in, beyond what the library knows: a session past its limits, one at a shared
 * computer, an institution that always asks. And whether what happened is enough for what was asked (`acr`).
 */
export function createPolicy({ sessions, clock }: Needs) {
  const { Check, Prompt } = interactionPolicy;
  const policy = interactionPolicy.base();
  const login = policy.get('login');
  if (!login) throw new Error('oidc: the library has no login prompt');
  // They compare for equality, and ask for ever when something stronger was reached.
  login.checks.remove('essential_acrs');
  login.checks.remove('essential_acr');

  login.checks.add(
    new Check('session_over', 'the session is over', 'login_required', ({ oidc }) =>
      Boolean(oidc.session?.accountId && !oidc.result?.login && isOver(oidc.session, clock())),
    ),
  );
  login.checks.add(
    new Check('isolated_client', 'this client always asks for a sign-in', 'login_required', ({ oidc }) =>
      Boolean(oidc.session?.accountId && !oidc.result?.login && oidc.client && ownOf(oidc.client).isolated),
    ),
  );
  login.checks.add(
    new Check('session_not_for_it', 'the session does not serve this site', 'login_required', async ({ oidc }) => {
      const { session, result, client } = oidc;
      if (!session?.accountId || result?.login) return false;
      const standing = await sessions.standing(session.accountId, session.uid);
      // No single sign-on from a shared computer, nor into a site that she has disconnected.
      return standing === undefined || standing.shared || standing.disconnected.includes(client?.clientId ?? '');
    }),
  );
  // After the login prompt: who asks to sign in again, or as somebody else, is not judged by the old session.
  const assurance = new Check('acr_not_reached', 'the requested authentication could not be reached', (ctx) => {
    judgeAcr(ctx);
    return false;
  });
  policy.add(new Prompt({ name: 'assurance' }, assurance), 1);
  return policy;
}

/** A session's life, as the library keeps it: 8 h from the last touch; seconds. */
export type Kept = { readonly loginTs?: number | undefined; readonly exp?: number | undefined };
export function isOver({ loginTs, exp }: Kept, nowMs: number): boolean {
  const now = Math.floor(nowMs / 1000);
  return sessionIsOver({ begunAt: loginTs, touchedAt: exp === undefined ? now : exp - SESSION_ABSOLUTE }, now);
}

/** Sets the `acr` to return, or ends the request with an error to the RP: never a silent downgrade. */
function judgeAcr(ctx: KoaContextWithOIDC): void {
  const { oidc } = ctx;
  const happened = oidc.session?.accountId ? oidc.session.acr : undefined;
  if (happened === undefined) return;
  const value = acrToReturn(happened, requestedAcr(oidc));
  if (value === undefined) throw new errors.UnmetAuthenticationRequirements();
  Object.defineProperty(oidc, 'acr', { value, configurable: true });
}

type Asking = Pick<KoaContextWithOIDC['oidc'], 'params' | 'claims'>;
function requestedAcr({ params, claims }: Asking): AcrRequest | undefined {
  const asked = claims.id_token?.['acr'];
  if (asked?.essential) {
    // What the site sent is JSON of any shape, whatever the type says.
    const values: unknown = asked.values ?? (asked.value === undefined ? [] : [asked.value]);
    if (!Array.isArray(values)) throw new errors.InvalidRequest('claims.id_token.acr.values must be an array');
    return { values: values.map((item) => (typeof item === 'string' ? item : '')), essential: true };
  }
  const voluntary = params?.['acr_values'];
  return typeof voluntary === 'string' ? { values: voluntary.split(' '), essential: false } : undefined;
}
