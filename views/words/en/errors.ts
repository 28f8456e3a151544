import type { Words } from '../es.ts';

export const errors: Words['errors'] = {
  cause: 'Cause',
  mend: 'How to mend it',
  at: 'Where it shows',
  status: 'HTTP status',
  places: {
    callback: 'at the redirect address',
    page: 'on a page of ours',
    token: 'token, introspection, revocation',
    userinfo: 'userinfo',
    request: 'PAR',
    register: 'client registration',
    device: 'device flow',
    backchannel: 'CIBA',
  },
  protocol: {
    access_denied: {
      cause: 'The person cancelled, said no, or her account may not enter any more.',
      mend: 'No fault: show your own sign-in page and let her decide whether to try again.',
    },
    authorization_pending: {
      cause: 'The person has not answered yet on her phone (CIBA) or on the other screen (device).',
      mend: 'Ask again after “interval” seconds.',
    },
    consent_required: {
      cause: 'You asked for prompt=none, and a consent page has to be shown.',
      mend: 'Send the request again without prompt=none.',
    },
    expired_token: {
      cause: 'The auth_req_id or device_code ran out before the person answered.',
      mend: 'Begin a new request.',
    },
    insufficient_scope: {
      cause: 'The token lacks the scope that this call needs (openid).',
      mend: 'Ask for the scope openid when authorizing.',
    },
    interaction_required: {
      cause: 'You asked for prompt=none, and the person has to do something first.',
      mend: 'Send the request again without prompt=none.',
    },
    invalid_binding_message: {
      cause: 'The binding_message is longer than 20 characters, or has some that not every screen shows.',
      mend: 'Use plain letters, digits and . + / ! ? # - _.',
    },
    invalid_client: {
      cause:
        'The client_id does not exist or is not enabled, the secret or signature is wrong, nothing came that proves who asks, or another method was used than the registered one.',
      mend: 'Look at client_id, secret and token_endpoint_auth_method. With private_key_jwt: aud is the issuer, exp at most 5 minutes ahead, a new jti each time, and a key that your JWKS publishes. With certificates: call the address in mtls_endpoint_aliases.',
    },
    invalid_client_metadata: {
      cause:
        'Something registered will not do: an address without https, an algorithm that is not offered, an impossible combination.',
      mend: 'The description names it. Compare it with what discovery offers.',
    },
    invalid_dpop_proof: {
      cause: 'The DPoP proof is missing, old, used before, or not for this call or token.',
      mend: 'A new proof for each call: new jti, iat of now, htm and htu of this call, ath with the token at userinfo. Check your server’s clock.',
    },
    invalid_grant: {
      cause:
        'The code ran out (it lasts 60 seconds), was used before, is another client’s, or redirect_uri or code_verifier are not those of the authorization. Also a revoked refresh token.',
      mend: 'Redeem the code once and at once, with the same redirect_uri. Keep the code_verifier in the person’s session. If it was redeemed already, begin again.',
    },
    invalid_redirect_uri: {
      cause: 'The redirect_uri is not, letter by letter, one of those registered.',
      mend: 'Register the exact address: scheme, port, path, final slash and parameters count.',
    },
    invalid_request: {
      cause:
        'A parameter is missing, comes twice or has an impossible value. Most often: no code_challenge (PKCE with S256), or state, nonce or claims are longer than 2048 characters.',
      mend: 'The description says which. Send forms as application/x-www-form-urlencoded, and each parameter once.',
    },
    invalid_request_object: {
      cause: 'The signed request can’t be verified, lacks something, or is good for longer than an hour.',
      mend: 'Sign it with a key of your JWKS and the registered algorithm. Put in iss, aud (the issuer), exp and nbf, and client_id inside and outside.',
    },
    invalid_request_uri: {
      cause: 'The request_uri of PAR ran out (it lasts 60 seconds), was used before, or is another client’s.',
      mend: 'Push the request again and open the authorization page at once.',
    },
    invalid_scope: {
      cause: 'You asked for a scope that can’t be asked for in this way.',
      mend: 'Ask for openid and the registered scopes. One that you do not have is dropped, it is no error.',
    },
    invalid_token: {
      cause:
        'The token ran out or was revoked, the session ended, or it was not shown with the key or certificate that it is bound to.',
      mend: 'Get a new token. With DPoP use “Authorization: DPoP …” and a proof; never put it into the address.',
    },
    login_required: {
      cause:
        'You asked for prompt=none, and no session will do: there is none, it ended, it is at a shared computer, or you asked for max_age.',
      mend: 'Send the request again without prompt=none, so that the person signs in.',
    },
    registration_not_supported: {
      cause: 'You sent the parameter registration when authorizing.',
      mend: 'Leave it out: clients are registered before.',
    },
    request_not_supported: {
      cause: 'You sent a signed request, and your client has no agreement on them.',
      mend: 'Send plain parameters or use PAR, or ask the operator for the feature “jar”.',
    },
    request_uri_not_supported: {
      cause: 'You sent a request_uri that does not come from PAR.',
      mend: 'Use the one that PAR gives you.',
    },
    server_error: {
      cause: 'Something failed on our side.',
      mend: 'Try again. If it comes back, tell the help desk the help code: the log has the details under it.',
    },
    slow_down: {
      cause: 'You ask more often than every “interval” seconds.',
      mend: 'Wait five seconds more between two questions.',
    },
    temporarily_unavailable: {
      cause: 'A part of ours does not answer, or more people come than we can serve.',
      mend: 'Try again after the seconds of Retry-After. Nothing was changed.',
    },
    unauthorized_client: {
      cause: 'Your client is not registered for that response_type or grant_type.',
      mend: 'Use response_type=code. Refresh tokens and other features are agreed with the operator.',
    },
    unknown_user_id: {
      cause: 'The login_hint of CIBA is not the RUN of an account.',
      mend: 'Send a RUN that has an active account.',
    },
    unmet_authentication_requirements: {
      cause: 'You asked for a level (acr) that this person can’t reach today.',
      mend: 'Tell her what she needs: a second factor, a passkey, or to be identified again at an office.',
    },
    unsupported_grant_type: {
      cause: 'That grant_type is not offered, or not to your client.',
      mend: 'Use authorization_code.',
    },
    unsupported_response_mode: {
      cause: 'That response_mode is not offered to your client.',
      mend: 'Use query or form_post.',
    },
    unsupported_response_type: {
      cause: 'That response_type is not offered.',
      mend: 'Use code.',
    },
    unsupported_token_type: {
      cause: 'That kind of token can’t be revoked or looked at.',
      mend: 'Access and refresh tokens are revoked; ID tokens are not.',
    },
  },
  kinds: {
    'unknown-client': {
      cause: 'The client_id does not exist or was not sent.',
      mend: 'Check that the client_id is of this environment: those for testing do not exist in production.',
    },
    'client-disabled': {
      cause: 'The client exists, but its state lets nobody sign in: a draft, not certified yet, or suspended.',
      mend: 'Ask whoever is in charge at your institution to look at its state in the console.',
    },
  },
  pages: {
    'too-young': {
      cause: 'Who activates is younger than 14.',
      mend: 'There is nothing to do before her birthday.',
    },
    'no-contact': {
      cause:
        'The account to activate has no e-mail (nor, where SMS are sent, a phone) for the second code, and no office keeps one on paper for it.',
      mend: 'Add one where the person was seen. Whoever has none is identified at an office, where the second code is printed.',
    },
    'request-gone': {
      cause:
        'The link of a letter about a request belongs to none: it ended more than 30 days ago, was deleted, or the mail cut the address.',
      mend: 'Make another request at /obtener.',
    },
    stale: {
      cause: 'The page or link ran out, was used before, or was opened in another browser.',
      mend: 'Begin again: the page shows the way.',
    },
    'no-cookies': {
      cause: 'The address of a sign-in came without any cookie: the browser blocks them, or it is another one.',
      mend: 'Allow cookies for this site; for a copied link, begin again: the page shows the way.',
    },
    finished: {
      cause: 'The form came twice (pressed again on a slow line, Back button, second tab), and the first was taken.',
      mend: 'Go on: the page shows the way.',
    },
    fault: {
      cause: 'A fault of ours that nobody expected.',
      mend: 'Look for the help code in the log: the line has the whole error.',
    },
    'recovery-stopped': {
      cause: 'Two members of staff stopped recovery for the whole country.',
      mend: 'Wait until it goes on, or go to an office.',
    },
    'enrolment-stopped': {
      cause: 'Two members of staff stopped new requests for the whole country.',
      mend: 'Wait until they go on, or go to an office.',
    },
    unavailable: {
      cause: 'Postgres or Redis do not answer, or the queue of sign-ins is full.',
      mend: 'Look at /readyz, which names the part that is missing; the answer has Retry-After.',
    },
    'too-many': {
      cause: 'Too many requests from the same network within a minute (docs/routes.md says how many).',
      mend: 'Wait a minute. If it is a network of many people, check TRUSTED_PROXIES.',
    },
    'not-found': {
      cause: 'The address does not exist, or the host is not one of ours (421).',
      mend: 'Check the link; for another host, PUBLIC_ORIGIN and HOST_ALIASES.',
    },
    'not-allowed': {
      cause:
        'The table of roles does not open that page of the console to the post of who asked for it; the attempt is recorded.',
      mend: 'Ask a supervisor for the post, or come in with the account that has it.',
    },
    forbidden: {
      cause: 'The form came without its mark (CSRF) or from another site, or the browser keeps no cookies.',
      mend: 'Open the page again, and allow cookies of this site.',
    },
    'bad-request': {
      cause: 'Fields are missing or came in a format that is not the form’s.',
      mend: 'Open the page again. A program has to send the page’s fields.',
    },
    'too-large': {
      cause: 'What was sent is over the limit (32 KiB for forms).',
      mend: 'Send something shorter.',
    },
    method: {
      cause: 'The address exists, but not with that method (a GET where a POST belongs).',
      mend: 'Begin at the page that has the form.',
    },
  },
};
