import { grantedScopes, type Client } from './client.ts';
import { faultOf, type Told } from './site-fault.ts';
import type { AttemptFault, AuthSeen, SentUri, SiteStep, StepKind, StepOutcome } from './site-attempt.ts';
import { nearestUri, onceDecoded, uriDifference } from './uri-difference.ts';

/** What was seen of a request of a site, for a second at most: it is judged, masked, and only then kept. */
export type Sighting = {
  readonly at: number;
  readonly kind: StepKind;
  readonly outcome: StepOutcome;
  readonly clientId: string | undefined;
  /** Where today's logout leads: whose it is, where nothing else tells. */
  readonly origin?: string | undefined;
  /** An interaction, a code, a token: what the steps of an attempt have in common. Hashed before they are kept. */
  readonly ids: readonly string[];
  readonly method: string;
  readonly contentType: string;
  readonly asked: Asked;
  readonly auth: AuthSeen | undefined;
  /** A secret that was right before a newer one took its place. */
  readonly isOldSecret: boolean;
  readonly told?: Told | undefined;
};

/** Of the parameters of a request; of a state its length alone. */
export type Asked = {
  readonly names: readonly string[];
  readonly stateLength: number | undefined;
} & { readonly [Name in (typeof LOOKED_AT)[number]]: string | undefined };
const LOOKED_AT = ['redirect_uri', 'post_logout_redirect_uri', 'scope', 'prompt', 'code_challenge_method'] as const;

/** Those that OpenID Connect and OAuth name: of others not even the name is kept, as anything may stand there. */
const NAMES = [
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce', 'prompt', 'max_age'],
  ...['code_challenge', 'code_challenge_method', 'acr_values', 'claims', 'login_hint', 'id_token_hint', 'ui_locales'],
  ...['display', 'request', 'request_uri', 'grant_type', 'code', 'code_verifier', 'refresh_token', 'client_secret'],
  ...['client_assertion', 'client_assertion_type', 'access_token', 'post_logout_redirect_uri', 'logout_hint'],
];

type Parameters = Readonly<Record<string, unknown>>;
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Of what came, as the library leaves out what it does not know; of what it has read itself where that is sealed or was sent before (JAR, PAR). */
export function askedIn(sent: Parameters, read: Parameters = {}): Asked {
  const value = (name: string) => sent[name] ?? read[name];
  const [redirect_uri, post_logout_redirect_uri, scope, prompt, code_challenge_method] = LOOKED_AT.map((name) =>
    textIn(value(name)),
  );
  return {
    ...{ redirect_uri, post_logout_redirect_uri, scope, prompt, code_challenge_method },
    names: NAMES.filter((name) => value(name) !== undefined),
    stateLength: textIn(value('state'))?.length,
  };
}

/** RUNs, telephones and their like; addresses of mail; what is as long as a code or a token. */
const PERSONAL =
  /\d{1,2}\.\d{3}\.\d{3}(?:-?[\dkK])?|\d{6,}(?:-?[\dkK])?|[^\s/?#&=@:]+(?:@|%40)[^\s/?#&=]+|(?=[\w-]*[\dA-Z])[\w-]{32,}/g;
const CONTROLS = /\p{Cc}+/gu;
/** Not seen between two letters, or turning their order round. */
const UNSEEN = /\p{Cf}+/gu;
const LONGEST = 300;

/** A site's own text, as it may be kept; what `known` contains word for word stays. */
export function masked(text: string, known: readonly string[] = []): string {
  const plain = text.slice(0, LONGEST).toWellFormed().replace(UNSEEN, '').replace(CONTROLS, ' ');
  return plain.replace(PERSONAL, (found) => (known.some((one) => one.includes(found)) ? found : '…'));
}

/** The values of its query and its fragment may be anybody's data: unless they are registered so, the names stay alone. */
export function maskedUri(uri: string, registered: readonly string[]): string {
  const plain = onceDecoded(uri).slice(0, LONGEST);
  const [, user = '', place = '', query = '', fragment] =
    /^([a-z]+:\/\/[^/?#]*@)?([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(plain) ?? [];
  const pairs = query.replace(/([?&][^=&]*=)([^&]*)/g, (pair: string, name: string) =>
    registered.some((one) => one.includes(pair)) ? pair : `${name}…`,
  );
  const safe = `${user.replace(/\/\/.*/, '//…@')}${masked(place, registered)}${masked(pairs, registered)}${fragment === undefined ? '' : '#…'}`;
  return plain === uri.slice(0, LONGEST) ? safe : encodeURIComponent(safe).replaceAll('%E2%80%A6', '…');
}

function uriSent(uri: string | undefined, registered: readonly string[]): SentUri | undefined {
  if (uri === undefined) return undefined;
  const sent = maskedUri(uri, registered);
  const nearest = registered.includes(uri) ? undefined : nearestUri(uri, registered);
  return { sent, registered: nearest, differs: nearest === undefined ? [] : uriDifference(uri, nearest) };
}

/** A state that has fewer characters can be guessed. */
const SHORT_STATE = 8;

/** What the site got away with; judged where it asks, and once. */
function advice({ kind, asked }: Sighting, client: Client): readonly AttemptFault[] {
  if (kind !== 'authorize' && kind !== 'request') return [];
  const { profile } = client;
  const { stateLength } = asked;
  return [
    ...(profile === 'claveunica' && stateLength === undefined ? (['missing-state'] as const) : []),
    ...(profile === 'claveunica' && stateLength !== undefined && stateLength < SHORT_STATE
      ? (['short-state'] as const)
      : []),
    ...(profile === 'oidc' && !asked.names.includes('nonce') ? (['missing-nonce'] as const) : []),
    ...(droppedScopes(asked, client).length > 0 ? (['unknown-scope'] as const) : []),
  ];
}

/** It is given with a consent alone, and no fault where it is not. */
const ASKED_APART = 'offline_access';
function droppedScopes({ scope = '' }: Asked, client: Client): readonly string[] {
  const scopes = scope.split(' ').filter((one) => one !== '' && one !== ASKED_APART);
  const granted = grantedScopes(client, scopes);
  return scopes.filter((one) => !granted.includes(one));
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];
const mediaType = (header: string) => /^[\w.+-]{1,40}\/[\w.+-]{1,60}/.exec(header)?.[0].toLowerCase();

/** The step as it is kept. */
export function judged(seen: Sighting, client: Client): SiteStep {
  const { kind, outcome, asked, told, method } = seen;
  const { redirectUris, postLogoutRedirectUris } = client;
  const dropped = droppedScopes(asked, client).map((scope) => masked(scope, client.scopes));
  const authorizing = kind === 'authorize' || kind === 'request';
  return {
    ...{ kind, outcome },
    faults: told ? [faultOf(seen, told, client)] : advice(seen, client),
    error: told?.error || undefined,
    description: told?.description === undefined ? undefined : masked(told.description),
    method: METHODS.includes(method) ? method : 'other',
    contentType: method === 'POST' ? mediaType(seen.contentType) : undefined,
    sent: asked.names,
    redirectUri: uriSent(asked.redirect_uri, redirectUris),
    logoutUri: uriSent(asked.post_logout_redirect_uri, postLogoutRedirectUris),
    auth: seen.auth && { seen: seen.auth, registered: client.auth },
    ...(authorizing && {
      pkce: asked.names.includes('code_challenge') ? masked(asked.code_challenge_method ?? 'plain') : 'none',
      prompt: asked.prompt === undefined ? undefined : masked(asked.prompt),
      scope: asked.scope === undefined ? undefined : masked(asked.scope, client.scopes),
      dropped: dropped.length > 0 ? dropped : undefined,
    }),
  };
}
