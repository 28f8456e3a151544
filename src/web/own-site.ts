import type * as OpenidClient from 'openid-client';
import { z } from 'zod';
import { SESSION_CLAIM, SESSION_CLAIM_PLACE } from '../domain/account-session.ts';
import { ownClient, type OwnSite } from '../flows/own-client.ts';
import type { Config } from '../config.ts';
import type { Parts } from '../parts.ts';
import type { InProcessFetch } from './kit/in-process.ts';

/** Which page she wanted, and how sure we must be of her. */
export type Going = {
  readonly to: string;
  /** The browser: the answer is worth something there alone. */
  readonly device: string;
  readonly fresh?: 'again' | 'prove' | undefined;
  readonly lang: string;
};
export type Arrived = {
  readonly to: string;
  readonly uid: string;
  readonly signedInAt: number;
  readonly acr: string;
  readonly idToken: string;
};

/** `/cuenta`, or the console, as a relying party of our own provider. */
export type OwnRelyingParty = {
  /** Where the browser goes to sign in. */
  signIn(going: Going): Promise<string>;
  /** What came back; undefined for an answer to nothing that this browser asked. */
  arrive(callback: URL, device: string): Promise<Arrived | 'cancelled' | undefined>;
  /** Where the browser goes to end its session. */
  signOut(idToken: string): Promise<string>;
};

type Tools = {
  readonly config: Config;
  readonly parts: Parts;
  readonly fetch: InProcessFetch;
  readonly site: OwnSite;
  /** What each of its requests asks for beside the usual. */
  readonly always?: Readonly<Record<string, string>>;
};

/** What travels in `state`, sealed for one browser: so a tab needs no memory of ours, and no tab disturbs another. */
const pending = z.object({ to: z.string(), verifier: z.string(), nonce: z.string() });
const place = (site: OwnSite, device: string) => `state.${site.id}.${device}`;
const claims = z.looseObject({ auth_time: z.number(), acr: z.string(), [SESSION_CLAIM]: z.string() });

/** The library and the provider's metadata are loaded on the first visit, the client is registered then. */
export function createOwnSite({ config, parts, fetch, site, always = {} }: Tools): OwnRelyingParty {
  const { origin } = config;
  let loading: Promise<{ oidc: typeof OpenidClient; rp: OpenidClient.Configuration }> | undefined;
  const load = async () => {
    const [oidc, { id, secret }] = await Promise.all([import('openid-client'), ownClient(parts, site)]);
    const rp = await oidc.discovery(new URL(`${origin}/openid`), id, secret, oidc.ClientSecretBasic(secret), {
      execute: [oidc.enableNonRepudiationChecks, ...(config.secure ? [] : [oidc.allowInsecureRequests])],
      [oidc.customFetch]: fetch,
    });
    return { oidc, rp };
  };
  const ready = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const opened = (state: string, device: string) => {
    try {
      return pending.parse(JSON.parse(parts.vault.open(Buffer.from(state, 'base64url'), place(site, device))));
    } catch {
      return undefined;
    }
  };

  return {
    async signIn({ to, device, fresh, lang }) {
      const { oidc, rp } = await ready();
      const [verifier, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce()];
      const state = parts.vault
        .seal(JSON.stringify({ to, verifier, nonce }), place(site, device))
        .toString('base64url');
      return oidc.buildAuthorizationUrl(rp, {
        ...{ ...always, redirect_uri: site.callback, scope: 'openid', state, nonce, ui_locales: lang },
        ...{ code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
        ...(fresh === 'again' && { max_age: '300' }),
        ...(fresh === 'prove' && { prompt: 'login' }),
      }).href;
    },
    async arrive(callback, device) {
      const { oidc, rp } = await ready();
      const state = callback.searchParams.get('state') ?? '';
      const asked = opened(state, device);
      if (!asked) return undefined;
      try {
        const tokens = await oidc.authorizationCodeGrant(rp, callback, {
          pkceCodeVerifier: asked.verifier,
          expectedNonce: asked.nonce,
          expectedState: state,
          idTokenExpected: true,
        });
        const told = claims.parse(tokens.claims());
        const sealed = Buffer.from(told[SESSION_CLAIM], 'base64url');
        return {
          to: asked.to,
          uid: parts.vault.open(sealed, SESSION_CLAIM_PLACE),
          ...{ signedInAt: told.auth_time, acr: told.acr },
          idToken: tokens.id_token ?? '',
        };
      } catch (error) {
        if (error instanceof oidc.AuthorizationResponseError)
          return error.error === 'access_denied' ? 'cancelled' : undefined;
        // A code that was used, or has expired.
        if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') return undefined;
        throw error;
      }
    },
    async signOut(idToken) {
      const { oidc, rp } = await ready();
      return oidc.buildEndSessionUrl(rp, { id_token_hint: idToken, post_logout_redirect_uri: site.left }).href;
    },
  };
}
