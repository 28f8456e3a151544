import { errors, type Configuration } from 'oidc-provider';
import { ownOf } from './client.ts';
import { STRONG } from './offer.ts';

type RequestObjects = NonNullable<NonNullable<Configuration['features']>['requestObjects']>;

const ASSERTION_LIFE = 300;
const REQUEST_LIFE = 3600;

const isStrong = ({ alg }: Readonly<Record<string, unknown>>) => typeof alg === 'string' && STRONG.includes(alg);

/** An assertion lives five minutes at most; where FAPI is agreed, it is for the issuer alone and strongly signed. */
export const judgeAssertion =
  (clock: () => number): NonNullable<Configuration['assertJwtClientAuthClaimsAndHeader']> =>
  async (ctx, { aud, exp, iat, nbf, response_type, redirect_uri }, ...[header, client]) => {
    // A signed request travels through browsers; whoever finds one there must not be its site (RFC 9101 §10.8).
    if (response_type !== undefined || redirect_uri !== undefined)
      throw new errors.InvalidClientAuth('a request object is no assertion');
    const from = [iat, nbf].find((time) => typeof time === 'number') ?? Math.floor(clock() / 1000);
    if (typeof exp !== 'number' || exp - from > ASSERTION_LIFE)
      throw new errors.InvalidClientAuth('the assertion lives longer than 5 minutes');
    const { fapi } = ownOf(client);
    if (fapi !== undefined && !isStrong(header))
      throw new errors.InvalidClientAuth(`the assertion is not signed by one of ${STRONG.join(', ')}`);
    // FAPI 2.0 Security Profile §5.3.2.1: a string, and the issuer's.
    if (fapi === '2.0' && aud !== ctx.oidc.issuer)
      throw new errors.InvalidClientAuth('the audience is not the issuer alone');
  };

/** Signed requests are for those that have agreed on them; each names its time, no longer than an hour. */
export const judgeRequestObject: NonNullable<RequestObjects['assertJwtClaimsAndHeader']> = async (
  { oidc },
  claims,
  ...[header, client]
) => {
  // What was pushed has been judged when it was, and is unsigned where it was a form.
  if ('PushedAuthorizationRequest' in oidc.entities) return;
  const { features, fapi, registered } = ownOf(client);
  if (!features.includes('jar')) throw new errors.RequestNotSupported();
  const ciba = oidc.route === 'backchannel_authentication';
  const strict = fapi !== undefined || !registered;
  if (fapi !== undefined && !isStrong(header))
    throw new errors.InvalidRequestObject(`the request is not signed by one of ${STRONG.join(', ')}`);
  const needed = [...(strict ? ['aud', 'exp', 'nbf'] : []), ...(ciba ? ['exp', 'iat', 'nbf', 'jti'] : [])];
  const missing = needed.find((name) => claims[name] === undefined);
  if (missing !== undefined) throw new errors.InvalidRequestObject(`the request has no '${missing}'`);
  const { exp, nbf } = claims;
  // RFC 9101 §10.2, FAPI 2.0 Message Signing §5.3.1.
  if (
    (strict || ciba) &&
    !(typeof exp === 'number' && typeof nbf === 'number' && exp > nbf && exp - nbf <= REQUEST_LIFE)
  )
    throw new errors.InvalidRequestObject('the request is good for longer than an hour');
};
