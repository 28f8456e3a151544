import { createHmac } from 'node:crypto';
import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { OWN_CLIENTS, SESSION_CLAIM, SESSION_CLAIM_PLACE } from '../domain/account-session.ts';
import { mayLogIn, type Account } from '../domain/account.ts';
import { claimsOf, runDigits } from '../domain/claims.ts';
import type { Config } from '../config.ts';
import type { Parts } from '../parts.ts';
import { ownOf } from './client.ts';
import { standardClaims } from './standard-claims.ts';

type Needs = Pick<Parts, 'accounts' | 'vault'> & { readonly pairwiseKey: string };
type Mode = Pick<Config, 'conformance' | 'origin'>;

const ACCOUNT = 'account';
const outlives = (token: object) => !('expiresWithSession' in token && token.expiresWithSession);

/** People as the library asks for them, and the names under which sites know them. */
export function accountsFor(
  { accounts, pairwiseKey, vault }: Needs,
  { conformance, origin }: Mode,
): Required<Pick<Configuration, 'findAccount' | 'pairwiseIdentifier'>> {
  const pseudonym = (sector: string, id: string) =>
    createHmac('sha256', pairwiseKey).update(`${sector}|${id}`).digest('base64url');
  return {
    findAccount: async (ctx, id, token) => {
      const account = await accounts.byId(id);
      if (!account || !mayLogIn(account)) {
        // Blocked in the middle of a login: the library would go on without an account, into a fault.
        if (!token) throw new errors.AccessDenied('the account cannot sign in');
        return undefined;
      }
      // What outlives its session is refused by its own date (LIBRARY, revocation epoch).
      if (token && 'iat' in token && outlives(token) && token.iat < account.revokedUntil) return undefined;
      const { profile, registered } = ownOf(ctx.oidc.client ?? {});
      const known = () => ({
        ...(conformance && registered && standardClaims(account, origin)),
        ...claimsOf(profile, account),
      });
      return {
        accountId: id,
        [ACCOUNT]: account,
        claims: (use: string) => ({
          sub: id,
          // No personal data in ID tokens, not even by the `claims` parameter (CONTRACT, token); the suite's clients ask for it.
          ...((use !== 'id_token' || (conformance && registered)) && known()),
          // `at_hash` is hashed by the library.
          ...(use === 'id_token' && { at_hash: ctx.oidc.entities.AccessToken?.jti, ...ownSession(ctx, vault) }),
        }),
      };
    },
    pairwiseIdentifier: async (ctx, accountId, client) => {
      if (ownOf(client).profile === 'oidc') return pseudonym(String(client['sectorIdentifier']), accountId);
      // Back-channel logout comes without a context.
      const found = (ctx as KoaContextWithOIDC | undefined)?.oidc.account;
      const account = found?.accountId === accountId ? (found[ACCOUNT] as Account) : await accounts.byId(accountId);
      if (!account) throw new Error('oidc: no such account');
      return runDigits(account);
    },
  };
}

/** `/cuenta` and the console see by it that its session was ended: sealed, since the token travels when she logs out. */
function ownSession({ oidc }: KoaContextWithOIDC, vault: Parts['vault']): Record<string, string> {
  const uid = OWN_CLIENTS.includes(oidc.client?.clientId ?? '')
    ? oidc.entities.AuthorizationCode?.sessionUid
    : undefined;
  return uid === undefined ? {} : { [SESSION_CLAIM]: vault.seal(uid, SESSION_CLAIM_PLACE).toString('base64url') };
}
