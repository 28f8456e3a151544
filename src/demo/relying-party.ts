import type * as OpenidClient from 'openid-client';
import type { DemoKey } from '#views/pages/demo-site.ts';
import type { Config } from '../config.ts';

/** Who is signed in at a demo site, with everything that was answered. */
export type Signed = {
  readonly key: DemoKey;
  readonly name: string;
  readonly idToken: unknown;
  readonly token: unknown;
  readonly userinfo: unknown;
  readonly hint: string | undefined;
};
type Pending = { readonly verifier: string; readonly nonce: string };

export type RelyingParty = {
  authorize(loginHint: string | undefined): Promise<{ url: string; state: string; pending: Pending }>;
  redeem(callback: string, expected: Pending & { readonly state: string }): Promise<Signed>;
  logOut(signed: Signed): Promise<string>;
  explain(error: unknown): { readonly error: string; readonly description: string | undefined };
};

const SCOPES: Readonly<Record<DemoKey, string>> = {
  municipio: 'openid profile email run',
  registro: 'openid run name email',
};

/** A state website's side of the protocol; the library and the provider's metadata are loaded on the first visit. */
export function createRelyingParty(config: Config, { key, home }: { key: DemoKey; home: string }): RelyingParty {
  let loading: Promise<{ oidc: typeof OpenidClient; rp: OpenidClient.Configuration }> | undefined;
  const load = async () => {
    const oidc = await import('openid-client');
    const id = `demo-${key}`;
    const secret = `${id}-secret`;
    // One of each: with the header, and in the body as much of today's software does.
    const auth = key === 'municipio' ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
    const rp = await oidc.discovery(new URL(`${config.origin}/openid`), id, secret, auth, {
      execute: [oidc.allowInsecureRequests],
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
  const strict = key === 'municipio';

  return {
    async authorize(loginHint) {
      const { oidc, rp } = await ready();
      const pending = { verifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce() };
      const state = oidc.randomState();
      const url = oidc.buildAuthorizationUrl(rp, {
        ...{ redirect_uri: `${home}/${key}/cb`, scope: SCOPES[key], state },
        ...(loginHint !== undefined && { login_hint: loginHint }),
        // The compatibility profile speaks as today's sites do: without PKCE and nonce.
        ...(strict && {
          nonce: pending.nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
          code_challenge_method: 'S256',
        }),
      });
      return { url: url.href, state, pending };
    },
    async redeem(callback, { state, verifier, nonce }) {
      const { oidc, rp } = await ready();
      const checks = strict ? { pkceCodeVerifier: verifier, expectedNonce: nonce } : {};
      const tokens = await oidc.authorizationCodeGrant(rp, new URL(callback), {
        ...checks,
        expectedState: state,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      const userinfo = await oidc.fetchUserInfo(rp, tokens.access_token, claims?.sub ?? '');
      return {
        key,
        name: nameOf(userinfo['name']),
        idToken: claims,
        token: { ...tokens },
        userinfo,
        hint: tokens.id_token,
      };
    },
    async logOut({ hint }) {
      const { oidc, rp } = await ready();
      return oidc.buildEndSessionUrl(rp, {
        ...(hint !== undefined && { id_token_hint: hint }),
        post_logout_redirect_uri: `${home}/${key}/`,
        state: 'salida',
      }).href;
    },
    explain(error) {
      const told = error as Record<'error' | 'error_description' | 'code' | 'message' | 'cause', unknown>;
      const first = (all: readonly unknown[]) => all.find((text) => typeof text === 'string');
      // What the provider said, or why the library believes it not.
      const { cause } = told;
      const description = first([told.error_description, cause instanceof Error ? cause.message : undefined]);
      return { error: first([told.error, told.code, told.message]) ?? 'error', description };
    },
  };
}

/** A string in one profile, an object in the other. */
function nameOf(name: unknown): string {
  if (typeof name === 'string') return name;
  const { nombres = [], apellidos = [] } = (name ?? {}) as { nombres?: string[]; apellidos?: string[] };
  return [...nombres, ...apellidos].join(' ');
}
