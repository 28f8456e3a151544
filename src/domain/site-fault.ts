import type { Client } from './client.ts';
import type { AttemptFault } from './site-attempt.ts';
import type { Sighting } from './site-sighting.ts';

/** What the site was told, and what the library says of it to the log alone. */
export type Told = {
  readonly error: string;
  readonly description?: string | undefined;
  readonly detail?: string | undefined;
};

/**
 * What the library says, by its words: the error codes are coarser than a developer needs. A test makes each of these
 * happen but for that of certificates, so that an update of the library that says it otherwise is noticed. A call of
 * userinfo without a token stands in nobody's name.
 */
const SAID: readonly (readonly [RegExp, AttemptFault])[] = [
  [/^authorization code not found$/, 'code-unknown'],
  [/^authorization code is expired$/, 'code-expired'],
  [/^(authorization code already consumed|used before)$/, 'code-used'],
  [/^client mismatch$/, 'code-of-another'],
  [/^authorization code redirect_uri mismatch$/, 'redirect-uri-differs'],
  [/^code_verifier must be provided$/, 'verifier-missing'],
  [/^unsupported code_challenge_method$/, 'verifier-unasked'],
  [/^code_verifier /, 'verifier-wrong'],
  [/^(invalid secret provided|could not authenticate the client)/, 'wrong-secret'],
  [/^the provided authentication mechanism does not match/, 'wrong-auth-method'],
  [/certificate/, 'bad-certificate'],
  [/^no client authentication mechanism provided$/, 'no-credentials'],
  [/^client authentication must only be provided using one mechanism$|^client_id mismatch$/, 'two-credentials'],
  [/^only \S+ content-type bodies are supported/, 'content-type'],
  [/^missing required parameter/, 'missing-parameter'],
  [/must not be provided twice$/, 'repeated-parameter'],
  [/^state, nonce and claims are UTF-8/, 'unsound-text'],
  [/requires PKCE to be used/, 'pkce-missing'],
  [/code_challenge/, 'pkce-method'],
  [/^post_logout_redirect_uri not registered$/, 'unknown-logout-uri'],
  [/id_token_hint/, 'bad-id-token-hint'],
  [/^access tokens must not be provided via query/, 'token-in-query'],
];

/** Where the words say no more than the code. */
const BY_ERROR: Readonly<Record<string, AttemptFault>> = {
  invalid_redirect_uri: 'unknown-redirect-uri',
  invalid_request_object: 'request-object',
  invalid_request_uri: 'request-uri-over',
  invalid_scope: 'unknown-scope',
  invalid_token: 'token-over',
  login_required: 'no-session',
  interaction_required: 'no-session',
  consent_required: 'no-session',
  unmet_authentication_requirements: 'acr-not-reached',
  access_denied: 'cancelled',
  server_error: 'ours',
  temporarily_unavailable: 'ours',
};

/** What was wrong, in the closed list. */
export function faultOf(seen: Sighting, told: Told, { state }: Pick<Client, 'state'>): AttemptFault {
  const { error, detail = '', description = '' } = told;
  if (detail === 'method') return 'http-method';
  if (detail === 'not opened') return 'logout-not-opened';
  if (detail === 'client not found') return state === 'suspended' ? 'client-suspended' : 'client-not-certified';
  const said = SAID.find(([words]) => words.test(detail))?.[1] ?? SAID.find(([words]) => words.test(description))?.[1];
  if (said === 'wrong-secret' && seen.isOldSecret) return 'old-secret';
  if (said === 'wrong-auth-method' && seen.auth === 'none') return 'no-credentials';
  if (said !== undefined) return said;
  // Without it the library finds fault with the way of the answer first.
  if (seen.kind === 'authorize' && !seen.asked.names.includes('response_type')) return 'missing-parameter';
  if (/authorization header|must be provided in the Authorization header/.test(description))
    return seen.kind === 'userinfo' ? 'token-header' : 'unreadable-credentials';
  if (error === 'invalid_client' && seen.auth === 'assertion') return 'bad-assertion';
  return BY_ERROR[error] ?? 'other';
}
