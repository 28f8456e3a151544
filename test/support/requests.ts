/** RFC 7636, appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** A request of the demo municipality, as it stands in a redirect. */
export const authorizeUrl = (origin: string, more: Readonly<Record<string, string>> = {}): string =>
  `${origin}/openid/authorize?${new URLSearchParams({
    client_id: 'demo-municipio',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'http://localhost:9000/cb',
    state: 'some-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...more,
  }).toString()}`;
