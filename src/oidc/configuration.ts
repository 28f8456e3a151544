import { createHash, createHmac } from 'node:crypto';
import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { OWN_CLIENTS, SESSION_CLAIM, SESSION_CLAIM_PLACE } from '../domain/account-session.ts';
import { ACRS, mayLogIn, type Account } from '../domain/account.ts';
import { CLAIMS, claimsOf, runDigits } from '../domain/claims.ts';
import { grantedScopes, SCOPES } from '../domain/client.ts';
import * as lifetimes from '../domain/lifetimes.ts';
import { SIGNING_ALGS } from '../domain/signing-key.ts';
import type { Config } from '../config.ts';
import type { Parts } from '../parts.ts';
import type { SigningKey } from '../stores/signing-keys.ts';
import { createAdapter } from './adapter.ts';
import { OWN, ownOf } from './client.ts';
import { providerKey } from './keys.ts';
import { createPolicy, isOver, type Kept } from './policy.ts';

type Features = NonNullable<Configuration['features']>;

/** What people see of the protocol; made by the web, which knows pages and words. */
export type Pages = {
  readonly renderError: NonNullable<Configuration['renderError']>;
  readonly logoutSource: NonNullable<NonNullable<Features['rpInitiatedLogout']>['logoutSource']>;
  readonly postLogoutSuccessSource: NonNullable<NonNullable<Features['rpInitiatedLogout']>['postLogoutSuccessSource']>;
};

export type Needs = Pick<
  Parts,
  'accounts' | 'artifacts' | 'clients' | 'factors' | 'requests' | 'sessions' | 'signer' | 'vault' | 'clock'
> & {
  readonly keys: readonly SigningKey[];
  readonly pairwiseKey: string;
  readonly pages: Pages;
};

const COOKIE = { signed: true, httpOnly: true, sameSite: 'lax' } as const;
const ASSERTION_LIFE = 300;
const LONGEST_PARAMETER = 2048;

/** The library's whole configuration. What it would choose by itself, and we mind, is said here (LIBRARY, traps). */
export function createConfiguration(config: Config, needs: Needs): Configuration {
  const { accounts, clock, keys, pages, pairwiseKey, requests, vault } = needs;
  const secure = config.secure;
  const pseudonym = (sector: string, id: string) =>
    createHmac('sha256', pairwiseKey).update(`${sector}|${id}`).digest('base64url');

  return {
    adapter: createAdapter({ ...needs, emulator: config.emulator }),
    // Of each algorithm the first one signs: they come in that order.
    jwks: { keys: keys.map((key) => providerKey(key, needs.signer)) },
    acrValues: [...ACRS],
    allowOmittingSingleRegisteredRedirectUri: false,
    assertJwtClientAuthClaimsAndHeader: async (_ctx, { exp, iat, nbf }) => {
      const from = [iat, nbf].find((time) => typeof time === 'number') ?? Math.floor(clock() / 1000);
      if (typeof exp !== 'number' || exp - from > ASSERTION_LIFE)
        throw new errors.InvalidClientAuth('the assertion lives longer than 5 minutes');
    },
    claims: { ...CLAIMS, openid: [...CLAIMS.openid, SESSION_CLAIM] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    clientBasedCORS: () => false,
    conformIdTokenClaims: true,
    cookies: {
      keys: [...vault.signing('cookies')],
      names: {
        session: secure ? '__Host-session' : 'op-session',
        interaction: secure ? '__Secure-interaction' : 'op-interaction',
        resume: secure ? '__Secure-resume' : 'op-resume',
      },
      long: { ...COOKIE, secure },
      short: { ...COOKIE, secure },
    },
    enabledJWA: {
      clientAuthSigningAlgValues: [...SIGNING_ALGS],
      dPoPSigningAlgValues: ['ES256', 'EdDSA'],
      idTokenSigningAlgValues: [...SIGNING_ALGS],
    },
    enableHttpPostMethods: false,
    expiresWithSession: (_ctx, token) => !('scopes' in token && token.scopes.has('offline_access')),
    extraClientMetadata: { properties: [OWN] },
    // They are the library's own, but it would take them at any length and in any bytes.
    extraParams: { state: soundText, nonce: soundText, claims: soundText },
    features: {
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      // Private keys may be in a device; the library calls it experimental, and a change of it stops the start.
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      // Whoever could ask about any token would learn another institution's pseudonyms.
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: pages.logoutSource,
        postLogoutSuccessSource: pages.postLogoutSuccessSource,
      },
      userinfo: { enabled: true },
    },
    // The library's guard refuses addresses inside; on a laptop the sites are there.
    ...(config.emulator && { fetch: fetchOnLaptop }),
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024, sector_identifier_uri: 64 * 1024 },
    findAccount: async (ctx, id, token) => {
      const account = await accounts.byId(id);
      if (!account || !mayLogIn(account)) {
        // Blocked in the middle of a login: the library would go on without an account, into a fault.
        if (!token) throw new errors.AccessDenied('the account cannot sign in');
        return undefined;
      }
      // What outlives its session is refused by its own date (LIBRARY, revocation epoch).
      if (token && 'iat' in token && outlives(token) && token.iat < account.revokedUntil) return undefined;
      const { profile } = ownOf(ctx.oidc.client ?? {});
      return {
        accountId: id,
        [ACCOUNT]: account,
        // `at_hash` is hashed by the library.
        claims: (use: string) => ({
          sub: id,
          // No personal data in ID tokens, not even by the `claims` parameter (CONTRACT, token).
          ...(use === 'id_token'
            ? { at_hash: ctx.oidc.entities.AccessToken?.jti, ...ownSession(ctx, vault) }
            : claimsOf(profile, account)),
        }),
      };
    },
    interactions: {
      policy: createPolicy(needs),
      // The client's id leads back to the institution when all else has expired.
      url: async (_ctx, interaction) => {
        const { uid, params } = interaction;
        const clientId = String(params['client_id']);
        const byReference =
          ('parJti' in interaction && interaction.parJti !== undefined) || params['request'] !== undefined;
        const request = { clientId, params: byReference ? undefined : textsOf(params) };
        await requests.keep(uid, request, { now: clock(), until: clock() + lifetimes.REQUEST_KEPT * 1000 });
        return `/ingresar/${uid}?rp=${encodeURIComponent(clientId)}`;
      },
    },
    loadExistingGrant,
    pairwiseIdentifier: async (ctx, accountId, client) => {
      if (ownOf(client).profile === 'oidc') return pseudonym(String(client['sectorIdentifier']), accountId);
      // Back-channel logout comes without a context.
      const known = (ctx as KoaContextWithOIDC | undefined)?.oidc.account;
      const account = known?.accountId === accountId ? (known[ACCOUNT] as Account) : await accounts.byId(accountId);
      if (!account) throw new Error('oidc: no such account');
      return runDigits(account);
    },
    pkce: { required: (_ctx, client) => ownOf(client).profile === 'oidc' },
    renderError: pages.renderError,
    responseTypes: ['code'],
    routes: {
      authorization: '/authorize',
      end_session: '/session/end',
      introspection: '/token/introspection',
      jwks: '/jwks',
      pushed_authorization_request: '/request',
      registration: '/register',
      revocation: '/token/revocation',
      token: '/token',
      userinfo: '/userinfo',
    },
    scopes: [...SCOPES],
    sectorIdentifierUriValidate: (client) => !client.sectorIdentifierUri?.endsWith('.invalid/'),
    subjectTypes: ['pairwise'],
    ttl: {
      AccessToken: (_ctx, _token, client) => lifetimes.tokenLifetimes(ownOf(client).profile).accessToken,
      AuthorizationCode: lifetimes.AUTHORIZATION_CODE,
      Grant: lifetimes.GRANT,
      IdToken: (_ctx, _token, client) => lifetimes.tokenLifetimes(ownOf(client).profile).idToken,
      Interaction: lifetimes.INTERACTION,
      // A refused request must not revive a session that has been idle for too long.
      Session: (ctx, session) => {
        const kept: Kept = session;
        const { exp } = kept;
        if (exp === undefined || ctx.oidc.result?.login || !isOver(session, clock())) return lifetimes.SESSION_ABSOLUTE;
        return Math.max(1, exp - Math.floor(clock() / 1000));
      },
    },
  };
}

/** What stood in the address as broken UTF-8 could not come back unchanged. */
const soundText = (_ctx: unknown, value: string | undefined): void => {
  if (value !== undefined && (value.length > LONGEST_PARAMETER || value.includes('\uFFFD')))
    throw new errors.InvalidRequest('state, nonce and claims are UTF-8, of 2048 characters at most');
};

/** `/cuenta` and the console see by it that its session was ended: sealed, since the token travels when she logs out. */
function ownSession({ oidc }: KoaContextWithOIDC, vault: Parts['vault']): Record<string, string> {
  const uid = OWN_CLIENTS.includes(oidc.client?.clientId ?? '')
    ? oidc.entities.AuthorizationCode?.sessionUid
    : undefined;
  return uid === undefined ? {} : { [SESSION_CLAIM]: vault.seal(uid, SESSION_CLAIM_PLACE).toString('base64url') };
}

const textsOf = (params: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const fetchOnLaptop: NonNullable<Configuration['fetch']> = (url, options = {}) => {
  const { dispatcher: _guard, ...rest } = options as RequestInit & { dispatcher?: unknown };
  return fetch(url, rest);
};

const ACCOUNT = 'account';
const outlives = (token: object) => !('expiresWithSession' in token && token.expiresWithSession);

/**
 * The law is the legal basis, not a click: a state website gets what it is registered for, and the rest is dropped
 * (decision 17). `prompt=consent` still asks, since the RP wants to hear it.
 */
const loadExistingGrant: NonNullable<Configuration['loadExistingGrant']> = async ({ oidc }) => {
  const { client, session, provider } = oidc;
  if (!client || !session?.accountId) return undefined;
  const id = session.grantIdFor(client.clientId);
  const known = id === undefined ? undefined : await provider.Grant.find(id);
  const before = known?.accountId === session.accountId ? known : undefined;
  const grant = before ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  // The session keeps one grant for each site: its tabs that come at the same moment must make the same one.
  if (id === undefined)
    grant.jti = createHash('sha256').update(`${session.jti} ${client.clientId}`).digest('base64url');

  const met = new Set(`${grant.getOIDCScope()} ${grant.getRejectedOIDCScope()}`.split(' '));
  const asked = [...oidc.requestParamOIDCScopes].filter((scope) => !met.has(scope));
  const claims = [...oidc.requestParamClaims].filter((claim) => !grant.getOIDCClaimsEncountered().includes(claim));
  const own = ownOf(client);
  const granted = grantedScopes(own, asked);
  const open = new Set(Object.entries(CLAIMS).flatMap(([scope, names]) => (own.scopes.includes(scope) ? names : [])));
  if (granted.length > 0) grant.addOIDCScope(granted.join(' '));
  const rejected = asked.filter((scope) => !granted.includes(scope));
  if (rejected.length > 0) grant.rejectOIDCScope(rejected.join(' '));
  if (claims.length > 0) {
    grant.addOIDCClaims(claims.filter((claim) => open.has(claim)));
    grant.rejectOIDCClaims(claims.filter((claim) => !open.has(claim)));
  }
  if (!before || asked.length > 0 || claims.length > 0) await grant.save();
  return grant;
};
