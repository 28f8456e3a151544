import type { SigningAlg } from './signing-key.ts';

/** Which wire a state website speaks: today's ClaveÚnica, or plain OpenID Connect (CONTRACT.md). */
export const PROFILES = ['oidc', 'claveunica'] as const;
export type Profile = (typeof PROFILES)[number];

export const AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];
export const needsKeys = (auth: string): boolean =>
  auth === 'private_key_jwt' || auth === 'self_signed_tls_client_auth';

/**
 * What production gives to single sites, agreed by two administrators (SECURITY, decision 12): signed requests (RFC 9101)
 * and answers (JARM), client certificates (RFC 8705), FAPI 2.0, refresh tokens, encrypted answers.
 */
export const FEATURES = ['jar', 'jarm', 'mtls', 'fapi', 'refresh', 'encryption'] as const;
export type Feature = (typeof FEATURES)[number];

/** Metadata of OpenID that may be set for a client; beside these only what a feature needs. */
const PLAIN_METADATA = [
  'default_acr_values',
  'default_max_age',
  'id_token_signed_response_alg',
  'require_auth_time',
  'token_endpoint_auth_signing_alg',
  'userinfo_signed_response_alg',
];
const FEATURE_METADATA: Readonly<Record<Feature, readonly string[]>> = {
  jar: ['request_object_signing_alg', 'require_signed_request_object'],
  jarm: ['authorization_signed_response_alg'],
  mtls: [
    'tls_client_auth_san_dns',
    'tls_client_auth_san_email',
    'tls_client_auth_san_ip',
    'tls_client_auth_san_uri',
    'tls_client_auth_subject_dn',
    'tls_client_certificate_bound_access_tokens',
  ],
  fapi: ['dpop_bound_access_tokens'],
  refresh: [],
  encryption: ['id_token', 'userinfo', 'authorization'].flatMap((what) => [
    `${what}_encrypted_response_alg`,
    `${what}_encrypted_response_enc`,
  ]),
};
export const metadataOf = (features: readonly Feature[]): readonly string[] => [
  ...PLAIN_METADATA,
  ...features.flatMap((feature) => FEATURE_METADATA[feature]),
];

export const STATES = ['draft', 'sandbox', 'in-review', 'certified', 'suspended'] as const;
export type ClientState = (typeof STATES)[number];

/** Where a secret's index is made, and compared. */
export const SECRET_PLACE = 'clients.secret';

/** HMACs of a secret under each master key (decision 13); `until` in milliseconds. */
export type ClientSecret = { readonly hash: string; readonly until?: number | undefined };

/** A relying party, as institutions know it. */
export type Client = {
  readonly id: string;
  readonly name: string;
  readonly institution: string;
  readonly profile: Profile;
  readonly state: ClientState;
  /** Of one that is suspended: what it was, and will be again. */
  readonly stateBefore?: ClientState | undefined;
  /** Fixed at creation; `sub` hangs on it. */
  readonly sector: string;
  readonly secrets: readonly ClientSecret[];
  /** The last two: only where everybody may register (`registered`). */
  readonly auth: AuthMethod | 'client_secret_jwt' | 'none';
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly homeUri?: string | undefined;
  /** Where a sign-in is begun at the site itself (OIDC Core §4). */
  readonly initiateLoginUri?: string | undefined;
  /** With the picture in it (`data:`); an address only of a client that registered itself. */
  readonly logoUri?: string | undefined;
  readonly policyUri?: string | undefined;
  readonly termsUri?: string | undefined;
  /** Told when a session ends (OpenID Connect Back-Channel Logout 1.0). */
  readonly backchannelLogoutUri?: string | undefined;
  /** Public keys: given, or fetched from the site. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined;
  /** What its ID tokens are signed with; by default RS256, which all software understands. */
  readonly idTokenAlg?: SigningAlg | undefined;
  readonly jwksUri?: string | undefined;
  readonly features?: readonly Feature[] | undefined;
  /** In the names and shapes of OpenID, of `metadataOf(features)`. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Sealed: all its metadata, secret included, of a client that registered itself (RFC 7591). Never in production. */
  readonly registered?: string | undefined;
  /** Always asks again: no single sign-on into it. */
  readonly isolated?: boolean | undefined;
};

const OWN_SCOPES: Record<Profile, readonly string[]> = {
  oidc: ['openid', 'profile', 'email', 'phone', 'run', 'offline_access'],
  claveunica: ['openid', 'run', 'name', 'email', 'phone'],
};
export const SCOPES: readonly string[] = [...new Set(PROFILES.flatMap((profile) => OWN_SCOPES[profile]))];
export const scopesOf = (profile: Profile): readonly string[] => OWN_SCOPES[profile];

/** What of the asked scopes a client gets: its own list within its profile's; the rest is dropped (decision 17). */
export function grantedScopes(
  { profile, scopes, registered }: Pick<Client, 'profile' | 'scopes'> & { readonly registered?: unknown },
  asked: readonly string[],
): readonly string[] {
  const known = registered ? scopes : OWN_SCOPES[profile];
  return asked.filter((scope) => known.includes(scope) && scopes.includes(scope));
}

/** What a citizen is told that a site will learn, in the order of the page. */
export const DATA_ITEMS = ['identifier', 'run', 'name', 'birthdate', 'email', 'phone'] as const;
export type DataItem = (typeof DATA_ITEMS)[number];
const ITEMS: Record<string, readonly DataItem[]> = {
  openid: ['identifier'],
  run: ['run'],
  name: ['name'],
  profile: ['name', 'birthdate'],
  email: ['email'],
  phone: ['phone'],
};
/** For the `claveunica` profile the pseudonym is the RUN itself, and that is what the page says. */
export function dataItems(profile: Profile, scopes: readonly string[]): readonly DataItem[] {
  const named = new Set(scopes.flatMap((scope) => ITEMS[scope] ?? []));
  if (profile === 'claveunica') named.add('run');
  if (named.has('run')) named.delete('identifier');
  return DATA_ITEMS.filter((item) => named.has(item));
}

/** URL parsers forgive what an exact comparison must not: spaces, controls, backslashes, missing slashes, a user. */
const PLAIN = /^https?:\/\/[^\s\p{Cc}\\*#@/?]+([/?][^\s\p{Cc}\\*#]*)?$/iu;
/** By name or by number, as the parser writes them. */
const AT_HOME = /(^|\.)localhost\.?$|^[\d.]+$|^\[/;

/** Whether an address may be registered: https, or http at loopback in the emulator; no fragment, no user. */
export function acceptableUri(uri: string, { emulator }: { emulator: boolean }): boolean {
  const url = URL.parse(uri);
  if (!url || !PLAIN.test(uri)) return false;
  if (url.protocol === 'https:') return emulator || !AT_HOME.test(url.hostname);
  return emulator && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

/** Where machines of clouds tell their secrets; no site is there, whatever the mode. */
const LINK_LOCAL = /^169\.254\.|^\[(fe[89ab]|fd00:ec2:|::ffff:a9fe:)/;

/** Whether we call an address at all; where its name leads is looked at when it is connected to. */
export const mayBeCalled = (uri: string, house: { emulator: boolean }): boolean =>
  acceptableUri(uri, house) && !LINK_LOCAL.test(URL.parse(uri)?.hostname ?? '');

/** A picture that a page carries within itself, and no larger: nothing is fetched for it, by us or by a browser. */
export const LOGO_MOST = 32 * 1024;
/** By how the bytes begin; no SVG, which is a document with scripts. */
export function logoType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | 'image/webp' | undefined {
  const begins = (...wanted: readonly number[]) => wanted.every((byte, at) => bytes[at] === byte);
  const says = (text: string, at: number) => String.fromCodePoint(...bytes.slice(at, at + text.length)) === text;
  if (bytes.length > LOGO_MOST) return undefined;
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  return says('RIFF', 0) && says('WEBP', 8) ? 'image/webp' : undefined;
}

/** In production a client must be certified; a sandbox is enough in the emulator. */
export const isUsable = ({ state }: Pick<Client, 'state'>, { emulator }: { emulator: boolean }): boolean =>
  state === 'certified' || (emulator && (state === 'sandbox' || state === 'in-review'));

/**
 * Where the legacy logout may lead: an address of https (in the emulator also http) without user, with its scheme and
 * authority; any path (CONTRACT, legacy logout). Undefined for all else.
 */
export function legacyTarget(
  redirect: string,
  { emulator }: { emulator: boolean },
): { readonly href: string; readonly origin: string } | undefined {
  const url = /^https?:\/\/[^/\\]/i.test(redirect) ? URL.parse(redirect) : null;
  if (!url || url.username !== '' || url.password !== '') return undefined;
  if (url.protocol !== 'https:' && !(emulator && url.protocol === 'http:')) return undefined;
  return { href: url.href, origin: url.origin };
}

export type ClientSort = 'name' | 'institution';
/** Of those that an institution has registered; who registered itself is in no list. */
export type ClientFilter = {
  /** That one's alone. */
  readonly institution?: string | undefined;
  readonly state?: ClientState | undefined;
  readonly profile?: Client['profile'] | undefined;
  /** Part of a name, an id or an institution. */
  readonly words?: string | undefined;
};
