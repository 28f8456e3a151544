import { createHash, createPublicKey } from 'node:crypto';
import test from 'ava';
import { call, encoded, post } from '../../support/rp.ts';
import { fapiSite, keysOf, now } from '../../support/suite/fapi.ts';
import { browse, CALLBACK, challengeOf, random, relyingParty, withCertificate } from '../../support/suite/rp.ts';
import { certify } from '../../support/suite/certificates.ts';
import { CA, serveSuite } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const [keys, other, dpop] = [await keysOf('ES256'), await keysOf('PS256'), await keysOf('ES256')];
const [strange, weak] = [await keysOf('EdDSA'), await keysOf('RS256')];
const [selfSigned, byCa, nobody] = [
  certify({ name: 'propio' }),
  certify({ name: 'sitio', by: CA }),
  certify({ name: 'nadie' }),
];
const shownKey = {
  ...createPublicKey(selfSigned.cert).export({ format: 'jwk' }),
  kid: 'c',
  x5c: [selfSigned.der.toString('base64')],
};
const client = {
  redirect_uris: [CALLBACK],
  token_endpoint_auth_method: 'private_key_jwt',
  id_token_signed_response_alg: 'PS256',
  fapi_profile: '2.0',
};
const bound = { dpop_bound_access_tokens: true, require_pushed_authorization_requests: true };
const mtls = { tls_client_certificate_bound_access_tokens: true, require_pushed_authorization_requests: true };
const app = await serveSuite([
  { client_id: 'uno', ...client, ...bound, jwks: { keys: [keys.jwk] } },
  { client_id: 'dos', ...client, ...bound, jwks: { keys: [other.jwk] } },
  {
    client_id: 'firma',
    ...client,
    ...bound,
    jwks: { keys: [keys.jwk, weak.jwk] },
    require_signed_request_object: true,
    authorization_signed_response_alg: 'PS256',
  },
  { client_id: 'atado', ...client, ...mtls, jwks: { keys: [keys.jwk] } },
  {
    client_id: 'propio',
    ...client,
    ...mtls,
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [shownKey] },
  },
  {
    client_id: 'sitio',
    ...client,
    ...mtls,
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=sitio',
  },
]);
const rp = relyingParty(app);
const one = fapiSite(app, { id: 'uno', keys, dpop });
const two = fapiSite(app, { id: 'dos', keys: other, dpop });
const signing = fapiSite(app, { id: 'firma', keys, dpop });
test.after.always(() => app.close());
const { module } = modulesFor(test);
const FAPI = ['private_key_jwt, DPoP'];
const fapi = (name: string, run: Parameters<typeof module>[3]) =>
  module(`fapi2-security-profile-final-${name}`, FAPI, {}, run);

fapi('ensure-unsigned-authorization-request-without-using-par-fails', async (t) => {
  const { said, by } = await browse(
    app,
    app.visitor(),
    `/openid/authorize?${encoded({ client_id: 'uno', ...one.usual() })}`,
  );
  t.true(by === 'page' || said.get('error') === 'invalid_request');
  t.false(said.has('code'));
});
for (const [name, more] of Object.entries({
  'ensure-redirect-uri-in-authorization-request': { redirect_uri: undefined },
  'ensure-registered-redirect-uri': { redirect_uri: `${CALLBACK}/otra` },
  'plain-fapi-tolerate-unregistered-redirect-uri': { redirect_uri: `${CALLBACK}/suelta` },
  'ensure-response-type-code-idtoken-fails': { response_type: 'code id_token' },
  'ensure-response-type-token-fails': { response_type: 'token' },
  'par-ensure-pkce-required': { code_challenge: undefined, code_challenge_method: undefined },
  'par-plain-pkce-rejected': { code_challenge_method: 'plain' },
  'par-authorization-request-containing-request_uri-form-param': { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
}))
  fapi(name, async (t) => {
    const { status, json } = await one.push(more);
    t.is(status, 400, JSON.stringify(json));
    t.regex(String(json['error']), /^(invalid_request|unsupported_response_type|request_uri_not_supported)$/);
  });
fapi('ensure-pkce-code-verifier-required', async (t) => {
  t.is((await one.redeem(await one.codeOf(), { code_verifier: undefined })).json['error'], 'invalid_grant');
});
fapi('incorrect-pkce-code-verifier-rejected', async (t) => {
  t.is((await one.redeem(await one.codeOf(), { code_verifier: challengeOf('otro') })).json['error'], 'invalid_grant');
});
fapi('par-ensure-reused-request-uri-prior-to-auth-completion-succeeds', async (t) => {
  const { json } = await one.push();
  await app
    .visitor()
    .get(`/openid/authorize?${encoded({ client_id: 'uno', request_uri: String(json['request_uri']) })}`);
  t.true((await one.authorize(json['request_uri'])).said.has('code'));
});
fapi('par-attempt-reuse-request_uri', async (t) => {
  const { json } = await one.push();
  t.true((await one.authorize(json['request_uri'])).said.has('code'));
  t.false((await one.authorize(json['request_uri'])).said.has('code'));
});
fapi('par-attempt-to-use-expired-request_uri', async (t) => {
  const { json } = await one.push();
  app.travel(61);
  t.false((await one.authorize(json['request_uri'])).said.has('code'));
});
fapi('par-attempt-to-use-request_uri-for-different-client', async (t) => {
  const { json } = await one.push();
  t.false((await two.authorize(json['request_uri'])).said.has('code'));
});
fapi('par-attempt-invalid-http-method', async (t) => {
  for (const method of ['GET', 'PUT', 'DELETE']) t.true((await call(one.at('/request'), { method })).status >= 400);
});
fapi('par-without-duplicate-parameters', async (t) => {
  const state = random();
  const { json } = await one.push({ state });
  const { said } = await one.authorize(json['request_uri'], { state: 'otro', redirect_uri: 'https://evil.example/' });
  t.is(said.get('state'), state);
});
fapi('test-claims-parameter-identity-claims', async (t) => {
  const claims = JSON.stringify({ userinfo: { email: { essential: true } } });
  const { json } = await one.redeem(await one.codeOf({ claims }));
  const ath = createHash('sha256').update(String(json['access_token'])).digest('base64url');
  const dpop = await one.proof(one.at('/userinfo'), { ath }, { htm: 'GET' });
  const told = await rp.userinfo(json['access_token'], {
    headers: { authorization: `DPoP ${String(json['access_token'])}`, dpop },
  });
  t.is(typeof told.json['email'], 'string');
});

const pushSigned = (claims: Record<string, unknown> = {}, more: Parameters<typeof signing.requestObject>[1] = {}) =>
  signing
    .requestObject({ response_mode: 'jwt', ...claims }, more)
    .then(async (request) => post(signing.at('/request'), await signing.proven({ request })));
fapi('happy-flow', async (t) => {
  const { json, text } = await pushSigned({ state: 'firmado' });
  t.truthy(json['request_uri'], text);
  const { said } = await signing.authorize(json['request_uri']);
  const answer = await rp.verified(said.get('response'), 'firma', 'PS256');
  t.like(answer, { state: 'firmado', iss: signing.issuer, aud: 'firma' });
  const tokens = await signing.redeem(String(answer['code']));
  t.is(tokens.status, 200, tokens.text);
});
const half = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = async () => {
  const claims = {
    iss: 'firma',
    aud: signing.issuer,
    nbf: now(),
    exp: now() + 60,
    client_id: 'firma',
    ...signing.usual(),
  };
  return post(signing.at('/request'), await signing.proven({ request: `${half({ alg: 'none' })}.${half(claims)}.` }));
};
const REQUESTS: Readonly<Record<string, readonly [() => ReturnType<typeof pushSigned>, boolean]>> = {
  'ensure-request-object-with-multiple-aud-succeeds': [
    () => pushSigned({ aud: [signing.issuer, 'https://otro.example'] }),
    true,
  ],
  'ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted': [() => pushSigned({ nbf: now() + 8 }), true],
  'ensure-different-nonce-inside-and-outside-request-object': [() => pushSigned({ nonce: 'dentro' }), true],
  'ensure-request-object-without-exp-fails': [() => pushSigned({ exp: undefined }), false],
  'ensure-request-object-without-nbf-fails': [() => pushSigned({ nbf: undefined }), false],
  'ensure-expired-request-object-fails': [() => pushSigned({ exp: now() - 60, nbf: now() - 120 }), false],
  'ensure-request-object-with-bad-aud-fails': [() => pushSigned({ aud: 'https://otro.example' }), false],
  'ensure-request-object-with-exp-over-60-fails': [() => pushSigned({ exp: now() + 4200 }), false],
  'ensure-request-object-with-nbf-over-60-fails': [() => pushSigned({ nbf: now() - 4200 }), false],
  'ensure-signed-request-object-with-RS256-fails': [() => pushSigned({}, { keys: weak }), false],
  'ensure-request-object-with-invalid-signature-fails': [
    () => pushSigned({}, { keys: strange, header: { kid: keys.jwk.kid } }),
    false,
  ],
  'ensure-matching-key-in-authorization-request': [() => pushSigned({}, { keys: other }), false],
  'ensure-request-object-without-redirect-uri-fails': [() => pushSigned({ redirect_uri: undefined }), false],
  'par-authorization-request-containing-request_uri': [
    () => pushSigned({ request_uri: 'urn:ietf:params:oauth:request_uri:x' }),
    false,
  ],
  'ensure-request-object-signature-algorithm-is-not-none': [unsigned, false],
  'ensure-unsigned-request-at-par-endpoint-fails': [() => signing.push(), false],
};
for (const [name, [send, good]] of Object.entries(REQUESTS))
  fapi(name, async (t) => {
    const { status, json } = await send();
    t.is(status, good ? 201 : 400, JSON.stringify(json));
    if (!good) t.regex(String(json['error']), /^invalid_request(_object)?$/);
  });
for (const [name, inside] of [
  ['ensure-different-state-inside-and-outside-request-object', 'dentro'],
  ['state-only-outside-request-object-not-used', undefined],
] as const)
  fapi(name, async (t) => {
    const { json } = await pushSigned({ state: inside });
    const { said } = await signing.authorize(json['request_uri'], { state: 'fuera' });
    t.is((await rp.verified(said.get('response'), 'firma', 'PS256'))['state'], inside);
  });

const there = app.config.mtls?.origin ?? '';
const MTLS = {
  'private_key_jwt, MTLS': 'atado',
  'self-signed MTLS': 'propio',
  'MTLS of an authority': 'sitio',
} as const;
module('fapi2-security-profile-final-happy-flow', Object.keys(MTLS), {}, async (t, how) => {
  const id = Object.entries(MTLS).find(([name]) => name === how)?.[1] ?? 'atado';
  const shown = id === 'sitio' ? byCa : selfSigned;
  const site = fapiSite(app, { id, keys, dpop });
  const send = async (
    path: string,
    fields: Record<string, string | undefined>,
    identity: typeof shown | undefined = shown,
  ) =>
    withCertificate(`${there}/openid${path}`, identity, {
      method: 'POST',
      body: encoded(id === 'atado' ? await site.proven(fields) : { client_id: id, ...fields }),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const codeOf = async () => {
    const { json } = await send('/request', site.usual());
    return (await site.authorize(json['request_uri'])).said.get('code') ?? '';
  };
  const grant = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code_verifier: site.verifier };
  const tokens = await send('/token', { ...grant, code: await codeOf() });
  t.deepEqual([tokens.status, tokens.json['token_type']], [200, 'Bearer'], JSON.stringify(tokens.json));
  const authorization = `Bearer ${String(tokens.json['access_token'])}`;
  const resource = (identity: typeof shown | undefined) =>
    withCertificate(`${there}/emulador/recurso`, identity, { headers: { authorization } });
  t.is((await resource(shown)).status, 200);
  for (const identity of [nobody, undefined]) t.is((await resource(identity)).status, 401);
  t.is((await call(`${app.origin}/emulador/recurso`, { headers: { authorization } })).status, 401);
  t.is((await withCertificate(`${there}/openid/userinfo`, shown, { headers: { authorization } })).status, 200);
  if (id === 'atado') return;
  const stranger = await send('/token', { ...grant, code: await codeOf() }, nobody);
  t.deepEqual([stranger.status, stranger.json['error']], [401, 'invalid_client']);
});
test.serial('RFC 8705: on the port that asks for certificates there is nothing but calls', async (t) => {
  for (const path of ['/', '/openid/authorize', '/openid/.well-known/openid-configuration', '/emulador'])
    t.is((await withCertificate(`${there}${path}`, selfSigned)).status, 421, path);
});
