/**
 * Where a site hears of an error: in its callback's address, on a page of ours (where no way back is known to be right), or
 * in the answer of an endpoint.
 */
export const ERROR_PLACES = [
  ...(['callback', 'page', 'token', 'userinfo', 'request', 'register', 'device', 'backchannel'] as const),
] as const;
export type ErrorPlace = (typeof ERROR_PLACES)[number];

type Row = { readonly status: number; readonly at: readonly ErrorPlace[] };

/**
 * THE list of protocol errors: the codes that a site may meet here, with the status where an endpoint answers. Their words
 * are in `views/words`, which does not compile without one for each.
 */
export const PROTOCOL_ERRORS = {
  access_denied: { status: 400, at: ['callback', 'token'] },
  authorization_pending: { status: 400, at: ['token'] },
  consent_required: { status: 400, at: ['callback'] },
  expired_token: { status: 400, at: ['token'] },
  insufficient_scope: { status: 403, at: ['userinfo'] },
  interaction_required: { status: 400, at: ['callback'] },
  invalid_binding_message: { status: 400, at: ['backchannel'] },
  invalid_client: { status: 401, at: ['page', 'token', 'request', 'backchannel', 'device'] },
  invalid_client_metadata: { status: 400, at: ['register', 'page', 'token'] },
  invalid_dpop_proof: { status: 400, at: ['token', 'userinfo', 'request'] },
  invalid_grant: { status: 400, at: ['token'] },
  invalid_redirect_uri: { status: 400, at: ['page', 'request', 'register'] },
  invalid_request: { status: 400, at: ['callback', 'page', 'token', 'userinfo', 'request', 'backchannel', 'device'] },
  invalid_request_object: { status: 400, at: ['callback', 'page', 'request', 'backchannel'] },
  invalid_request_uri: { status: 400, at: ['page'] },
  invalid_scope: { status: 400, at: ['callback', 'token'] },
  invalid_token: { status: 401, at: ['userinfo', 'register'] },
  login_required: { status: 400, at: ['callback'] },
  registration_not_supported: { status: 400, at: ['callback'] },
  request_not_supported: { status: 400, at: ['callback', 'request', 'backchannel'] },
  request_uri_not_supported: { status: 400, at: ['callback', 'page'] },
  server_error: { status: 500, at: ['callback', 'page', 'token', 'userinfo', 'request'] },
  slow_down: { status: 400, at: ['token'] },
  temporarily_unavailable: { status: 503, at: ['page', 'token', 'userinfo', 'request'] },
  unauthorized_client: { status: 400, at: ['callback', 'token'] },
  unknown_user_id: { status: 400, at: ['backchannel'] },
  unmet_authentication_requirements: { status: 400, at: ['callback'] },
  unsupported_grant_type: { status: 400, at: ['token'] },
  unsupported_response_mode: { status: 400, at: ['callback', 'page'] },
  unsupported_response_type: { status: 400, at: ['callback'] },
  unsupported_token_type: { status: 400, at: ['token'] },
} as const satisfies Readonly<Record<string, Row>>;

export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;
export const PROTOCOL_ERROR_CODES = Object.keys(PROTOCOL_ERRORS) as readonly ProtocolErrorCode[];

/** The library knows these too, and no mode of ours has what they belong to. */
export const ERRORS_OF_OTHERS = [
  // Rich authorization requests, resource indicators, nonces for proofs.
  ...['invalid_authorization_details', 'invalid_target', 'use_dpop_nonce'],
  // Software statements, attestations of clients.
  ...['invalid_software_statement', 'unapproved_software_statement'],
  ...['use_attestation_challenge', 'use_fresh_attestation', 'invalid_client_attestation'],
  // Credential issuance.
  ...['invalid_credential_request', 'unknown_credential_configuration', 'unknown_credential_identifier'],
  ...['credential_request_denied', 'invalid_proof', 'invalid_nonce'],
  // Back channel: hint tokens, user codes, push.
  ...['expired_login_hint_token', 'missing_user_code', 'invalid_user_code', 'transaction_failed'],
];
