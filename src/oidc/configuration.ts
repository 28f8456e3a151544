import { errors, type Configuration } from 'oidc-provider';
import { SESSION_CLAIM } from '../domain/account-session.ts';
import { ACRS } from '../domain/account.ts';
import { begunCookies } from '../domain/cookie-names.ts';
import * as lifetimes from '../domain/lifetimes.ts';
import type { Config } from '../config.ts';
import type { Parts } from '../parts.ts';
import type { SigningKey } from '../stores/signing-keys.ts';
import { accountsFor } from './accounts.ts';
import { createAdapter } from './adapter.ts';
import { judgeAssertion, judgeRequestObject } from './assertions.ts';
import { cibaFeature } from './ciba.ts';
import { ownOf } from './client.ts';
import { cookieKeys } from './cookie-keys.ts';
import { dynamicRegistration } from './dynamic.ts';
import { grantWithoutClick } from './grant.ts';
import { aliases, mutualTls } from './mutual-tls.ts';
import { providerKey } from './keys.ts';
import { offerOf } from './offer.ts';
import { createPolicy, isOver, type Kept } from './policy.ts';

type Features = NonNullable<Configuration['features']>;

/** What people see of the protocol; made by the web, which knows pages and words. */
export type Pages = {
  readonly renderError: NonNullable<Configuration['renderError']>;
  readonly logoutSource: NonNullable<NonNullable<Features['rpInitiatedLogout']>['logoutSource']>;
  readonly postLogoutSuccessSource: NonNullable<NonNullable<Features['rpInitiatedLogout']>['postLogoutSuccessSource']>;
  readonly device: Required<
    Pick<NonNullable<Features['deviceFlow']>, 'userCodeInputSource' | 'userCodeConfirmSource' | 'successSource'>
  >;
};

export type Needs = Pick<
  Parts,
  | 'accounts'
  | 'artifacts'
  | 'chance'
  | 'clients'
  | 'factors'
  | 'registrations'
  | 'requests'
  | 'sessions'
  | 'signer'
  | 'sites'
  | 'vault'
  | 'clock'
> & {
  readonly keys: readonly SigningKey[];
  readonly pairwiseKey: string;
  readonly pages: Pages;
};

const LONGEST_PARAMETER = 2048;

/** The library's whole configuration. What it would choose by itself, and we mind, is said here (LIBRARY, traps). */
export function createConfiguration(config: Config, needs: Needs): Configuration {
  const { clock, keys, pages, requests, vault } = needs;
  const { conformance, mtls, secure } = config;
  const offer = offerOf(config);
  const { registration, registrationManagement, ...registering } = dynamicRegistration(offer, needs);
  // Posted across sites, a request brings its cookies only so.
  const cookie = { signed: true, httpOnly: true, sameSite: conformance ? 'none' : 'lax', secure } as const;

  return {
    ...accountsFor(needs, config),
    ...registering,
    adapter: createAdapter({ ...needs, emulator: config.emulator }),
    // Of each algorithm the first one signs: they come in that order.
    jwks: { keys: keys.map((key) => providerKey(key, needs.signer)) },
    acrValues: [...ACRS],
    allowOmittingSingleRegisteredRedirectUri: false,
    assertJwtClientAuthClaimsAndHeader: judgeAssertion(clock),
    claims: { ...offer.claims, openid: [...offer.claims.openid, SESSION_CLAIM] },
    clientAuthMethods: offer.clientAuthMethods,
    clientBasedCORS: () => false,
    conformIdTokenClaims: true,
    cookies: {
      keys: cookieKeys(vault.signing('cookies')),
      names: {
        session: secure ? '__Host-session' : 'op-session',
        ...begunCookies(config),
      },
      long: cookie,
      short: cookie,
    },
    discovery: mtls ? { mtls_endpoint_aliases: aliases(mtls, { ciba: conformance }) } : {},
    enabledJWA: offer.enabledJWA,
    enableHttpPostMethods: conformance,
    expiresWithSession: (_ctx, token) => !('scopes' in token && token.scopes.has('offline_access')),
    // They are the library's own, but it would take them at any length and in any bytes.
    extraParams: { state: soundText, nonce: soundText, claims: soundText },
    features: {
      backchannelLogout: { enabled: true },
      ciba: cibaFeature(needs, conformance),
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      // Private keys may be in a device; the library calls it experimental, and a change of it stops the start.
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      deviceFlow: {
        enabled: conformance,
        charset: 'base-20',
        mask: '****-****',
        deviceInfo: () => ({}),
        ...pages.device,
      },
      dPoP: { enabled: true },
      encryption: { enabled: true },
      fapi: { enabled: true, profile: (_ctx, client) => fapiOf(client) },
      // Whoever could ask about any token would learn another institution's pseudonyms.
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      mTLS: mutualTls(mtls, clock),
      pushedAuthorizationRequests: { enabled: true },
      registration,
      registrationManagement,
      requestObjects: { enabled: true, assertJwtClaimsAndHeader: judgeRequestObject },
      resourceIndicators: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: pages.logoutSource,
        postLogoutSuccessSource: pages.postLogoutSuccessSource,
      },
      userinfo: { enabled: true },
    },
    fetch: needs.sites,
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024, sector_identifier_uri: 64 * 1024 },
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
    loadExistingGrant: grantWithoutClick(offer.claims),
    pkce: {
      required: (_ctx, client) => {
        const { fapi, profile, registered } = ownOf(client);
        return fapi === '2.0' || (registered ? !conformance : profile === 'oidc');
      },
    },
    renderError: pages.renderError,
    responseTypes: [...offer.responseTypes],
    // FAPI 2.0 Security Profile §5.3.2.1: those are bound to a key, and a lost answer must not lose them.
    rotateRefreshToken: ({ oidc }) => !oidc.client || ownOf(oidc.client).fapi === undefined,
    routes: {
      authorization: '/authorize',
      backchannel_authentication: '/backchannel',
      code_verification: '/device',
      device_authorization: '/device/auth',
      end_session: '/session/end',
      introspection: '/token/introspection',
      jwks: '/jwks',
      pushed_authorization_request: '/request',
      registration: '/register',
      revocation: '/token/revocation',
      token: '/token',
      userinfo: '/userinfo',
    },
    scopes: offer.scopes,
    subjectTypes: offer.subjectTypes,
    ttl: {
      AccessToken: (_ctx, _token, client) => lifetimes.tokenLifetimes(ownOf(client).profile).accessToken,
      AuthorizationCode: lifetimes.AUTHORIZATION_CODE,
      BackchannelAuthenticationRequest: (ctx) =>
        Math.min(lifetimes.ASKED_ELSEWHERE, Number(ctx.oidc.params?.['requested_expiry'] ?? Infinity)),
      DeviceCode: lifetimes.ASKED_ELSEWHERE,
      Grant: (ctx) =>
        (ctx as typeof ctx | undefined)?.oidc.client?.grantTypeAllowed('refresh_token')
          ? lifetimes.REFRESH_TOKEN
          : lifetimes.GRANT,
      IdToken: (_ctx, _token, client) => lifetimes.tokenLifetimes(ownOf(client).profile).idToken,
      Interaction: lifetimes.INTERACTION,
      RefreshToken: lifetimes.REFRESH_TOKEN,
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

const fapiOf = (client: Readonly<Record<string, unknown>> | undefined) => client && ownOf(client).fapi;

/** What stood in the address as broken UTF-8 could not come back unchanged. */
const soundText = (_ctx: unknown, value: string | undefined): void => {
  if (value !== undefined && (value.length > LONGEST_PARAMETER || value.includes('\uFFFD')))
    throw new errors.InvalidRequest('state, nonce and claims are UTF-8, of 2048 characters at most');
};

const textsOf = (params: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
