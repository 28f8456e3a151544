import {
  acceptableUri,
  logoType,
  needsKeys,
  SECRET_PLACE,
  scopesOf,
  type AuthMethod,
  type Client,
  type ClientState,
  type Feature,
  type Profile,
} from '../domain/client.ts';
import { featureFaults, type FeatureFault } from '../domain/client-features.ts';
import type { SigningAlg } from '../domain/signing-key.ts';
import type { Parts } from '../parts.ts';

export type NewClient = {
  readonly id?: string | undefined;
  readonly secret?: string | undefined;
  readonly name: string;
  readonly institution?: string | undefined;
  readonly profile: Profile;
  readonly auth?: AuthMethod | undefined;
  readonly state: ClientState;
  readonly scopes?: readonly string[] | undefined;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  readonly jwks?: Client['jwks'];
  readonly jwksUri?: string | undefined;
  readonly features?: readonly Feature[] | undefined;
  readonly metadata?: Client['metadata'];
  readonly homeUri?: string | undefined;
  readonly initiateLoginUri?: string | undefined;
  readonly backchannelLogoutUri?: string | undefined;
  readonly idTokenAlg?: SigningAlg | undefined;
  /** The bytes of a picture. */
  readonly logo?: Uint8Array | undefined;
};

export type ClientCreated =
  | { readonly kind: 'created'; readonly client: Client; readonly secret: string }
  | { readonly kind: 'refused'; readonly faults: readonly string[] };

type Needs = Pick<Parts, 'transaction' | 'vault' | 'clock' | 'chance'>;

/** Registers a state website. The secret is 256 random bits, told once, and stored as an HMAC. */
export async function createClient(parts: Needs, wish: NewClient, emulator: boolean): Promise<ClientCreated> {
  const faults = faultsOf(wish, emulator);
  if (faults.length > 0) return { kind: 'refused', faults };
  const secret = wish.secret ?? parts.chance(32);
  const at = parts.clock();
  const client: Client = {
    id: wish.id ?? `cu-${parts.chance(12)}`,
    name: wish.name,
    institution: wish.institution ?? wish.name,
    profile: wish.profile,
    state: wish.state,
    // Random, and never that of a URI: reordering or adding addresses must not change anybody's `sub`.
    sector: parts.vault.indexes(parts.chance(16), 'clients.sector')[0].toString('hex').slice(0, 32),
    secrets: [{ hash: parts.vault.indexes(secret, SECRET_PLACE)[0].toString('base64url') }],
    auth: authOf(wish),
    scopes: [...(wish.scopes ?? DEFAULT_SCOPES[wish.profile]), ...(refreshes(wish) ? ['offline_access'] : [])],
    redirectUris: wish.redirectUris,
    postLogoutRedirectUris: wish.postLogoutRedirectUris ?? [],
    jwks: wish.jwks,
    jwksUri: wish.jwksUri,
    features: wish.features ?? [],
    metadata: wish.metadata,
    homeUri: wish.homeUri,
    initiateLoginUri: wish.initiateLoginUri,
    backchannelLogoutUri: wish.backchannelLogoutUri,
    idTokenAlg: wish.idTokenAlg,
    logoUri: wish.logo && `data:${logoType(wish.logo) ?? ''};base64,${base64(wish.logo)}`,
  };
  const added = await parts.transaction(async (tx) => {
    if (!(await tx.clients.add(client, at))) return false;
    const details = { profile: client.profile, ...(wish.features?.length && { features: wish.features.join(' ') }) };
    await tx.audit.add({ kind: 'client-created', at, clientId: client.id, details });
    return true;
  });
  return added ? { kind: 'created', client, secret } : { kind: 'refused', faults: [`id ${client.id} is taken`] };
}

/** What most sites need, and no more: contact data are asked for by name. */
const DEFAULT_SCOPES: Readonly<Record<Profile, readonly string[]>> = {
  oidc: ['openid', 'run', 'profile', 'email'],
  claveunica: ['openid', 'run', 'name', 'email'],
};

const base64 = (bytes: Uint8Array) => btoa(String.fromCodePoint(...bytes));

const refreshes = ({ features = [], scopes = [] }: NewClient) =>
  features.includes('refresh') && !scopes.includes('offline_access');

const authOf = ({ auth, jwks, jwksUri, profile }: NewClient): AuthMethod => {
  if (auth) return auth;
  if (jwks || jwksUri !== undefined) return 'private_key_jwt';
  return profile === 'claveunica' ? 'client_secret_post' : 'client_secret_basic';
};

function faultsOf(wish: NewClient, emulator: boolean): string[] {
  // Wherever we may ever send a browser, or call.
  const { homeUri = [], initiateLoginUri = [], backchannelLogoutUri = [], postLogoutRedirectUris = [] } = wish;
  const { jwksUri = [] } = wish;
  const others = [postLogoutRedirectUris, homeUri, initiateLoginUri, backchannelLogoutUri, jwksUri].flat();
  const uris = [...wish.redirectUris, ...others];
  const known = scopesOf(wish.profile);
  return [
    ...(wish.name.trim() === '' ? ['the name is empty'] : []),
    ...(wish.redirectUris.length === 0 ? ['one redirect URI at least is needed'] : []),
    ...(wish.redirectUris.length > 10 ? ['ten redirect URIs at most'] : []),
    ...uris.filter((uri) => !acceptableUri(uri, { emulator })).map((uri) => `not acceptable as an address: ${uri}`),
    ...(wish.scopes ?? [])
      .filter((scope) => !known.includes(scope))
      .map((scope) => `no scope ${scope} in this profile`),
    // Today's contract says so (CONTRACT, token).
    ...(wish.profile === 'claveunica' && (wish.idTokenAlg ?? 'RS256') !== 'RS256'
      ? ['ID tokens of this profile are signed with RS256']
      : []),
    ...(wish.scopes && !wish.scopes.includes('openid') ? ['the scope openid is needed'] : []),
    ...(wish.logo && logoType(wish.logo) === undefined ? ['the logo is a PNG, JPEG or WebP of 32 KiB at most'] : []),
    ...keyFaults(wish),
    ...featureFaults({ ...wish, auth: authOf(wish) }, { features: wish.features ?? [], metadata: wish.metadata }).map(
      featureWords,
    ),
  ];
}

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'priv'];

function keyFaults({ jwks, jwksUri, ...wish }: NewClient): string[] {
  const keys = jwks?.keys ?? [];
  return [
    ...(needsKeys(authOf({ jwks, jwksUri, ...wish })) && !jwks && jwksUri === undefined
      ? ['its public keys, or where they are, are needed']
      : []),
    ...(jwks && jwksUri !== undefined ? ['public keys are given, or fetched: not both'] : []),
    ...(jwks && keys.length === 0 ? ['there is no public key'] : []),
    ...(keys.some((key) => PRIVATE.some((name) => name in key))
      ? ['the keys are private ones; give the public parts']
      : []),
  ];
}

const FEATURE_WORDS: Readonly<Record<FeatureFault['fault'], (name: string) => string>> = {
  profile: () => 'the profile claveunica has no features',
  certificates: () => 'client certificates need the feature mtls',
  'no-strong-auth': () => 'fapi needs keys or certificates, no secret',
  'no-keys': (name) => `${name} needs the site's public keys`,
  'unknown-metadata': (name) => `metadata ${name} is not known, or needs a feature`,
  'bad-metadata': (name) => `metadata ${name} is not one that may be`,
};
/** As the command says it. */
export const featureWords = ({ fault, name = '' }: FeatureFault): string => FEATURE_WORDS[fault](name);
