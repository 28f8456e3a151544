import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { FRESH } from '../domain/account-session.ts';
import { mayAddFactor } from '../domain/account.ts';
import { acrToReturn, isBeyondAll, stepUp, type AcrRequest, type StepUp } from '../domain/assurance.ts';
import { SESSION_ABSOLUTE, sessionIsOver } from '../domain/lifetimes.ts';
import type { Parts } from '../parts.ts';
import { ownOf } from './client.ts';

type Needs = Pick<Parts, 'accounts' | 'factors' | 'sessions' | 'clock'>;

/**
 * When somebody is asked to sign in, beyond what the library knows: a session past its limits, one at a shared
 * computer, an institution that always asks. And whether what happened is enough for what was asked (`acr`): when it is
 * not and she can do more, she is asked for that alone.
 */
export function createPolicy(needs: Needs) {
  const { sessions, clock } = needs;
  const { Check, Prompt } = interactionPolicy;
  const policy = interactionPolicy.base();
  const login = policy.get('login');
  if (!login) throw new Error('oidc: the library has no login prompt');
  // They compare for equality, and ask for ever when something stronger was reached.
  login.checks.remove('essential_acrs');
  login.checks.remove('essential_acr');

  // Before anybody is asked for anything.
  login.checks.add(
    new Check('acr_unknown', 'no such authentication is known', ({ oidc }) => {
      const asked = requestedAcr(oidc);
      if (asked && isBeyondAll(asked))
        throw new errors.UnmetAuthenticationRequirements('none of the essential acr values is supported');
      return false;
    }),
    0,
  );
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
  // A new factor is bound to whoever has just proved herself, not to whoever found an open browser.
  login.checks.add(
    new Check('stale_for_set_up', 'a new factor wants a fresh sign-in', 'login_required', async ({ oidc }) => {
      if (!oidc.session?.past(FRESH) || oidc.result?.login || oidc.promptPending('none')) return false;
      return (await judged(oidc, needs))?.next?.kind === 'set-up';
    }),
  );
  // After the login prompt: who asks to sign in again, or as somebody else, is not judged by the old session.
  const details = async ({ oidc }: KoaContextWithOIDC) => {
    const { acr, amr, loginTs } = oidc.session ?? {};
    return { ...(await judged(oidc, needs))?.next, acr, amr, loginTs };
  };
  const assurance = new Check(
    'acr_not_reached',
    'the requested authentication needs one step more',
    async ({ oidc }) => {
      const judgement = await judged(oidc, needs);
      if (!judgement) return false;
      const { value, next } = judgement;
      if (value !== undefined) {
        Object.defineProperty(oidc, 'acr', { value, configurable: true });
        return false;
      }
      // Never a silent downgrade. Without a page nobody can set anything up.
      if (!next || (next.kind === 'set-up' && oidc.promptPending('none')))
        throw new errors.UnmetAuthenticationRequirements('none of the requested acr values was reached');
      return true;
    },
  );
  policy.add(new Prompt({ name: 'assurance' }, details, assurance), 1);
  return policy;
}

/** A session's life, as the library keeps it: 8 h from the last touch; seconds. */
export type Kept = { readonly loginTs?: number | undefined; readonly exp?: number | undefined };
export function isOver({ loginTs, exp }: Kept, nowMs: number): boolean {
  const now = Math.floor(nowMs / 1000);
  return sessionIsOver({ begunAt: loginTs, touchedAt: exp === undefined ? now : exp - SESSION_ABSOLUTE }, now);
}

type Oidc = KoaContextWithOIDC['oidc'];
/** The `acr` to return, or what is to be done first, or neither. */
type Judgement = { readonly value: string | undefined; readonly next: StepUp | undefined };
const judgements = new WeakMap<Oidc, Promise<Judgement>>();

/** Once for each request; whoever asks for nothing in particular costs no look at anybody's factors. */
function judged(oidc: Oidc, needs: Needs): Promise<Judgement> | undefined {
  const { accountId, acr } = oidc.session ?? {};
  if (accountId === undefined || acr === undefined) return undefined;
  const known = judgements.get(oidc) ?? judge(oidc, { ...needs, accountId, happened: acr });
  judgements.set(oidc, known);
  return known;
}

type Session = Needs & { readonly accountId: string; readonly happened: string };
async function judge(oidc: Oidc, { accountId, happened, accounts, clock, factors }: Session): Promise<Judgement> {
  const asked = requestedAcr(oidc);
  const value = acrToReturn(happened, asked);
  if (value !== undefined || !asked) return { value, next: undefined };
  const [own, account] = await Promise.all([factors.of(accountId), accounts.byId(accountId)]);
  const mayAdd = account !== undefined && mayAddFactor(account, { has: own.length > 0, now: clock() });
  return { value, next: stepUp(happened, asked, { factors: own, mayAdd }) };
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
