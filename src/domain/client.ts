import type { SigningAlg } from './signing-key.ts';

/** Which wire a state website speaks: today's ClaveÚnica, or plain OpenID Connect (CONTRACT.md). */
export const PROFILES = ['oidc', 'claveunica'] as const;
export type Profile = (typeof PROFILES)[number];

export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

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
  /** Fixed at creation; `sub` hangs on it. */
  readonly sector: string;
  readonly secrets: readonly ClientSecret[];
  readonly auth: AuthMethod;
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly homeUri?: string | undefined;
  /** Where a sign-in is begun at the site itself (OIDC Core §4). */
  readonly initiateLoginUri?: string | undefined;
  readonly logoUri?: string | undefined;
  readonly policyUri?: string | undefined;
  readonly termsUri?: string | undefined;
  /** Told when a session ends (OpenID Connect Back-Channel Logout 1.0). */
  readonly backchannelLogoutUri?: string | undefined;
  /** Public keys, for `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined;
  /** What its ID tokens are signed with; by default RS256, which all software understands. */
  readonly idTokenAlg?: SigningAlg | undefined;
  /** Always asks again: no single sign-on into it. */
  readonly isolated?: boolean | undefined;
};

const OWN_SCOPES: Record<Profile, readonly string[]> = {
  oidc: ['openid', 'profile', 'email', 'phone', 'run'],
  claveunica: ['openid', 'run', 'name', 'email', 'phone'],
};
export const SCOPES: readonly string[] = [...new Set(PROFILES.flatMap((profile) => OWN_SCOPES[profile]))];
export const scopesOf = (profile: Profile): readonly string[] => OWN_SCOPES[profile];

/** What of the asked scopes a client gets: its own list within its profile's; the rest is dropped (decision 17). */
export function grantedScopes(client: Pick<Client, 'profile' | 'scopes'>, asked: readonly string[]): readonly string[] {
  return asked.filter((scope) => OWN_SCOPES[client.profile].includes(scope) && client.scopes.includes(scope));
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
