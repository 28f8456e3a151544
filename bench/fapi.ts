/** A state website of FAPI 2.0: pushed requests, assertions instead of a secret, tokens bound to a key (DPoP). */
import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import type { Answer } from './client.ts';
import { enter, expect, FORM, random, redirects, RP_ADDRESS, type Site, type Visitor } from './flows.ts';
import { RP } from './people.ts';

const ID = 'bench-fapi';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const now = () => Math.floor(Date.now() / 1000);

async function keysOf(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk: JWK = await exportJWK(publicKey);
  return { privateKey, jwk: { ...jwk, kid, alg: 'ES256', use: 'sig' }, bare: jwk };
}
const [own, dpop] = [await keysOf('own'), await keysOf('dpop')];

/** What the store holds of it beside what the demo site has. */
export const FAPI_SITE = { id: ID, details: { features: ['fapi'], jwks: { keys: [own.jwk] } } };

const assertion = ({ origin }: Site): Promise<string> =>
  new SignJWT({ jti: random() })
    .setProtectedHeader({ alg: 'ES256', kid: 'own' })
    .setIssuer(ID)
    .setSubject(ID)
    .setAudience(`${origin}/openid`)
    .setIssuedAt()
    .setExpirationTime(now() + 60)
    .sign(own.privateKey);

/** RFC 9449 §4.2. */
const proof = (htu: string, { htm = 'POST', ...claims }: { readonly htm?: string; readonly ath?: string } = {}) =>
  new SignJWT({ jti: random(), htm, htu, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: dpop.bare })
    .setIssuedAt()
    .sign(dpop.privateKey);

type Form = { readonly path: string; readonly fields: Readonly<Record<string, string>>; readonly dpop?: string };
async function send(site: Site, { path, fields, dpop }: Form): Promise<Answer> {
  const said = { client_id: ID, client_assertion_type: ASSERTION, client_assertion: await assertion(site), ...fields };
  return site.client.ask({
    ...{ method: 'POST', path, body: new URLSearchParams(said).toString() },
    headers: { ...RP_ADDRESS, ...FORM, ...(dpop !== undefined && { dpop }) },
  });
}

/** A complete login: pushed request, authorize, page, form, code, token, userinfo. */
export async function logInByFapi(site: Site, visitor: Visitor): Promise<void> {
  const [state, nonce, verifier] = [random(), random(), random()];
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const pushed = await send(site, {
    path: '/openid/request',
    fields: {
      ...{ redirect_uri: RP.redirectUri, response_type: 'code', scope: RP.scope, state, nonce },
      ...{ code_challenge: challenge, code_challenge_method: 'S256' },
    },
  });
  expect('pushed request', pushed, pushed.status === 201);
  const { request_uri = '' } = JSON.parse(pushed.text) as Record<string, string>;
  const query = new URLSearchParams({ client_id: ID, request_uri });
  const back = await enter(site, visitor, `${site.authorize}?${query.toString()}`);
  const said = new URL(back.headers.location ?? '', site.origin).searchParams;
  const code = said.get('code');
  expect('callback', back, redirects(back) && code !== null && said.get('state') === state);
  const answer = await send(site, {
    path: site.token,
    fields: {
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: RP.redirectUri,
      code_verifier: verifier,
    },
    dpop: await proof(site.origin + site.token),
  });
  expect('token', answer, answer.status === 200);
  const { access_token = '', token_type } = JSON.parse(answer.text) as Record<string, string>;
  expect('bound token', answer, token_type === 'DPoP');
  const ath = createHash('sha256').update(access_token).digest('base64url');
  const headers = {
    authorization: `DPoP ${access_token}`,
    dpop: await proof(site.origin + site.userinfo, { htm: 'GET', ath }),
  };
  const who = await site.client.ask({ path: site.userinfo, headers: { ...RP_ADDRESS, ...headers } });
  expect('userinfo', who, who.status === 200 && who.text.includes('"RolUnico"'));
}
