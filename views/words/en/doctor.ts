import type { Words } from '../es.ts';

export const doctor: Words['doctor'] = {
  link: 'See its recent attempts',
  title: (site: string) => `Recent attempts of ${site}`,
  lead: 'Each sign-in that this site attempted, step by step, with what went wrong and how to mend it. The newest first.',
  caution:
    'This is help for developers, and no evidence: anybody can send requests in a site’s name. The last 50 attempts are kept for 7 days at most, without data of people and without secrets. In production only what goes wrong is kept.',
  none: 'There were no attempts in the last 7 days. Sign in from your site, and open this page again.',
  attempt: (when: string) => `Attempt of ${when}`,
  back: 'All attempts of this site',
  client: 'The site',
  states: { failed: 'failed', advice: 'with advice', done: 'well', open: 'not ended' },
  summaries: { done: 'Ended well', open: 'Begun, and not gone on' },
  stepsTitle: 'Steps',
  steps: {
    request: 'Pushed request (PAR)',
    authorize: 'Authorization',
    return: 'Back to the site',
    token: 'Exchange of the code (token)',
    userinfo: 'Data of the person (userinfo)',
    logout: 'Logging out',
  },
  outcomes: {
    page: 'we showed the sign-in page',
    code: 'the site got a code',
    done: 'well',
    error: 'refused',
  },
  fault: 'What happened',
  advice: 'Advice',
  rows: {
    error: 'Error that the site was given',
    description: 'Description that it was given',
    method: 'HTTP method',
    contentType: 'Content type',
    sent: 'Parameters that came',
    auth: 'How it proved itself',
    pkce: 'PKCE',
    prompt: 'prompt',
    scope: 'scope',
    dropped: 'scopes that are not given',
    redirect: 'redirect_uri that came',
    afterwards: 'post_logout_redirect_uri that came',
    registered: 'The nearest that is registered',
    differs: 'Where they differ',
  },
  authSeen: {
    basic: 'secret in the header (client_secret_basic)',
    post: 'secret in the form (client_secret_post)',
    assertion: 'signature (private_key_jwt)',
    none: 'no credentials in the call',
    two: 'in two ways at once',
    other: 'another Authorization header',
  },
  authRegistered: (seen: string, registered: string) => `${seen}; registered: ${registered}`,
  noPkce: 'not used',
  parts: {
    encoding: 'encoding: it is encoded twice, or has %XX where it should not',
    scheme: 'scheme (http or https)',
    user: 'user before the host',
    host: 'host',
    port: 'port',
    path: 'path',
    slash: 'trailing slash',
    case: 'upper and lower case',
    query: 'parameters after ?',
    fragment: 'fragment after #',
    unreadable: 'it is no complete address',
  },
  faults: {
    'missing-state': {
      is: 'It sent no state',
      mend: 'Send a new state with each sign-in, 16 random characters or more, keep it in the browser’s session and compare it on the way back. Without it somebody can sign your user in to a stranger’s account.',
    },
    'short-state': {
      is: 'The state is very short',
      mend: 'Use 16 random characters or more, others for each sign-in: a short or constant one is guessed.',
    },
    'missing-nonce': {
      is: 'It sent no nonce',
      mend: 'Send a new nonce with each sign-in and compare it with that of the ID token: so nobody uses a token of another sign-in.',
    },
    'unknown-scope': {
      is: 'It asks for scopes that it does not have',
      mend: 'Take them out of the request, or ask for them to be added to your site, with their legal basis. Until then they are left out without an error.',
    },
    'logout-not-opened': {
      is: 'The logout was not opened as a page',
      mend: 'It ended no session: from a server, a frame or fetch the cookie does not travel. Lead the person’s browser to that address, by a link or a redirect.',
    },
    'client-suspended': {
      is: 'The site is suspended',
      mend: 'Nobody can sign in through it, and its secret opens nothing. Talk to who operates the service.',
    },
    'client-not-certified': {
      is: 'The site is not enabled here',
      mend: 'In production people sign in at certified sites alone: ask for the certification. See also that you use the client_id of this environment.',
    },
    'unknown-redirect-uri': {
      is: 'The redirect_uri is not registered',
      mend: 'Send exactly one of the registered addresses, or propose the new one on the site’s page. Scheme, port, path, trailing slash, parameters and upper case count.',
    },
    'unknown-logout-uri': {
      is: 'The post_logout_redirect_uri is not registered',
      mend: 'Send exactly one of the registered addresses after logging out, or propose the new one on the site’s page.',
    },
    'missing-parameter': {
      is: 'A parameter is missing',
      mend: 'The description names it. Compare it with the parameters that came: a misspelt name does not count.',
    },
    'repeated-parameter': { is: 'A parameter comes twice', mend: 'Send each parameter once.' },
    'unsound-text': {
      is: 'state, nonce or claims cannot be used',
      mend: 'They are UTF-8, of 2048 characters at most. Keep what is long on your server, and send a reference.',
    },
    'pkce-missing': {
      is: 'PKCE is missing',
      mend: 'Send code_challenge and code_challenge_method=S256, and the code_verifier with the code. Libraries for OpenID Connect do it by themselves.',
    },
    'pkce-method': {
      is: 'PKCE is not put together right',
      mend: 'Use code_challenge_method=S256, with code_challenge = BASE64URL(SHA-256(code_verifier)), without padding “=”.',
    },
    'request-object': {
      is: 'The signed request will not do',
      mend: 'Sign it with a key of your JWKS and the registered algorithm; with iss, aud, exp (an hour at most), nbf and client_id.',
    },
    'request-uri-over': {
      is: 'The request_uri has expired, or was used',
      mend: 'It lasts 60 seconds and is good once. Push another request, and open the authorization at once.',
    },
    'no-session': {
      is: 'It asked for prompt=none, and there is no session',
      mend: 'A normal answer: send the request again without prompt=none, so that the person signs in.',
    },
    'acr-not-reached': {
      is: 'The person cannot reach the level that was asked for (acr)',
      mend: 'Ask for a lower one, or explain what she lacks: a second factor, a passkey, or to be identified at an office.',
    },
    cancelled: { is: 'The person cancelled', mend: 'No fault: show your own page with the button to sign in.' },
    'content-type': {
      is: 'The call is no form',
      mend: 'Send the parameters in the body as application/x-www-form-urlencoded. JSON is not taken.',
    },
    'http-method': { is: 'Token was not called by POST', mend: 'Call token by POST, with the parameters in the body.' },
    'no-credentials': {
      is: 'The site did not prove itself',
      mend: 'Send the client_secret in the header Authorization: Basic, or in the form; with keys, a client_assertion.',
    },
    'two-credentials': {
      is: 'The site proved itself in two ways',
      mend: 'Use one alone: header, form or signature, and the same client_id everywhere.',
    },
    'unreadable-credentials': {
      is: 'The Authorization header is not understood',
      mend: 'It is “Basic ” and BASE64(client_id:client_secret), both encoded as in a form before.',
    },
    'wrong-secret': {
      is: 'The secret is not that of this site',
      mend: 'See that it is the one of this environment, and that nothing is missing or too much (spaces, line breaks). If it is lost, make another on the site’s page.',
    },
    'old-secret': {
      is: 'The secret is an earlier one that has expired',
      mend: 'Put the one into your system that was shown when the new one was made. The one before was good for 30 days more.',
    },
    'wrong-auth-method': {
      is: 'The site proved itself in another way than the registered one',
      mend: 'Use the registered method, or ask for it to be changed.',
    },
    'bad-assertion': {
      is: 'The site’s signature (client_assertion) will not do',
      mend: 'iss and sub are your client_id, aud is the issuer, exp 5 minutes ahead at most, a new jti each time, and a key that your JWKS publishes.',
    },
    'bad-certificate': {
      is: 'The certificate is missing, or is not the registered one',
      mend: 'Call the addresses in mtls_endpoint_aliases, with the certificate whose name or key is registered.',
    },
    'code-unknown': {
      is: 'The code is not known',
      mend: 'It has expired (it lasts 60 seconds), the person logged out before, it is of another environment, or came cut off. Exchange it at once, whole, and decoded once.',
    },
    'code-expired': {
      is: 'The code has expired',
      mend: 'It lasts 60 seconds: exchange it as soon as it comes, before anything else. Look at queues and time-outs of your server.',
    },
    'code-used': {
      is: 'The code was exchanged twice',
      mend: 'Exchange it once, though the person loads the page again or your server retries. What was given the first time is revoked: begin anew.',
    },
    'code-of-another': {
      is: 'The code is another site’s',
      mend: 'Use the client_id of the authorization in the exchange too. If you have several sites, do not mix their redirect addresses.',
    },
    'redirect-uri-differs': {
      is: 'The redirect_uri of the exchange is not that of the authorization',
      mend: 'Send the same text in both steps.',
    },
    'verifier-missing': {
      is: 'The exchange has no code_verifier',
      mend: 'Keep the code_verifier in the browser’s session when you begin, and send it with the code.',
    },
    'verifier-wrong': {
      is: 'The code_verifier does not match',
      mend: 'It is that of this very sign-in, of 43 to 128 characters. Two tabs that share one variable are the usual cause: keep it by state.',
    },
    'verifier-unasked': {
      is: 'There is a code_verifier, and the authorization had no code_challenge',
      mend: 'Use PKCE in both steps.',
    },
    'token-in-query': {
      is: 'The token stands in the address',
      mend: 'Send it in the Authorization header: addresses are written into logs.',
    },
    'token-header': {
      is: 'The header of the token is not understood',
      mend: 'It is “Bearer ”, a space, and the access_token.',
    },
    'token-over': {
      is: 'The token has expired, or is good no more',
      mend: 'Ask for the data as soon as you have it, and keep them in a session of your own. It dies with a logout too, or when its code is exchanged twice.',
    },
    'bad-id-token-hint': {
      is: 'The id_token_hint will not do',
      mend: 'Send the ID token as it came with the sign-in, of this very site and environment.',
    },
    ours: {
      is: 'Something failed on our side',
      mend: 'Try again. If it comes back, write to the help desk with the time and the help code of the page.',
    },
    other: { is: 'The request was not accepted', mend: 'The description says why.' },
  },
};
