/** A site of FAPI 2.0: keys, assertions, proofs and signed requests, each of which a test can get wrong. */
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { call, post, type Answer, type Fields, type Json, type User } from '../rp.ts';
import { browse, CALLBACK, challengeOf, random, type App, type Landed } from './rp.ts';

type Place = Pick<App, 'origin'> & { readonly visitor: () => User };

export type Keys = { readonly privateKey: CryptoKey; readonly jwk: JWK; readonly alg: string };
export async function keysOf(alg = 'ES256', kid = alg): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, alg, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

type Claims = Readonly<Record<string, unknown>>;
type Signing = { readonly keys: Keys; readonly header?: Claims; readonly claims: Claims };
/** With exactly these claims; `undefined` ones are left out. */
export const signed = ({ keys, header = {}, claims }: Signing): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: keys.alg, ...(keys.jwk.kid !== undefined && { kid: keys.jwk.kid }), ...header })
    .sign(keys.privateKey);

export const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const now = (): number => Math.floor(Date.now() / 1000);

export function fapiSite(
  app: Place,
  { id, keys, dpop }: { readonly id: string; readonly keys: Keys; readonly dpop: Keys },
) {
  const issuer = `${app.origin}/openid`;
  const at = (path: string) => `${issuer}${path}`;
  const assertion = (claims: Claims = {}, more: Partial<Signing> = {}) =>
    signed({
      keys,
      claims: { iss: id, sub: id, aud: issuer, jti: random(), iat: now(), nbf: now(), exp: now() + 60, ...claims },
      ...more,
    });
  const proof = async (
    htu: string,
    claims: Claims = {},
    { by = dpop, htm = 'POST', header = {} }: { by?: Keys; htm?: string; header?: Claims } = {},
  ) => {
    const { kid: _kid, use: _use, alg: _alg, ...jwk } = by.jwk;
    return signed({
      keys: { ...by, jwk: {} },
      header: { typ: 'dpop+jwt', jwk, ...header },
      claims: { jti: random(), iat: now(), htu, htm, ...claims },
    });
  };
  const proven = async (fields: Fields = {}) => ({
    client_assertion_type: ASSERTION,
    client_assertion: await assertion(),
    client_id: id,
    ...fields,
  });
  const verifier = random() + random();
  const usual = (more: Fields = {}): Fields => ({
    ...{ response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', state: random(), nonce: random() },
    ...{ code_challenge: challengeOf(verifier), code_challenge_method: 'S256', ...more },
  });
  const push = async (more: Fields = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    post(at('/request'), await proven(usual(more)), headers);
  const requestObject = (claims: Claims = {}, more: Partial<Signing> = {}) =>
    signed({
      keys,
      claims: { iss: id, aud: issuer, client_id: id, iat: now(), nbf: now(), exp: now() + 300, ...usual(), ...claims },
      ...more,
    });
  const authorize = (uri: unknown, more: Fields = {}, user = app.visitor()): Promise<Landed> =>
    browse(
      app,
      user,
      `/openid/authorize?${new URLSearchParams({ client_id: id, request_uri: String(uri), ...more }).toString()}`,
    );
  const redeem = async (code: string | null, more: Fields = {}, headers?: Record<string, string>): Promise<Answer> =>
    post(
      at('/token'),
      await proven({
        grant_type: 'authorization_code',
        code: code ?? '',
        redirect_uri: CALLBACK,
        code_verifier: verifier,
        ...more,
      }),
      headers ?? { dpop: await proof(at('/token')) },
    );
  const resource = async (token: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const url = `${app.origin}/emulador/recurso`;
    const ath = createHash('sha256').update(String(token)).digest('base64url');
    return call(url, {
      headers: {
        authorization: `DPoP ${String(token)}`,
        dpop: await proof(url, { ath }, { htm: 'GET' }),
        'x-fapi-interaction-id': 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a',
        ...headers,
      },
    });
  };
  /** As far as a code. */
  async function codeOf(more: Fields = {}, user = app.visitor()): Promise<string> {
    const { json, text } = await push(more);
    const { said } = await authorize(json['request_uri'], {}, user);
    const code = said.get('code');
    if (code === null) throw new Error(`no code: ${text} ${said.toString()}`);
    return code;
  }
  const thumbprint = (of: Keys = dpop) => calculateJwkThumbprint(of.jwk);
  return {
    id,
    at,
    issuer,
    assertion,
    proof,
    proven,
    usual,
    push,
    requestObject,
    authorize,
    redeem,
    resource,
    codeOf,
    thumbprint,
    verifier,
  };
}
export type FapiSite = ReturnType<typeof fapiSite>;
export type { Json };
