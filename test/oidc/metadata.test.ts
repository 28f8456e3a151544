import { createPublicKey, type webcrypto } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import test from 'ava';
import { basic, call, MARIA, MUNICIPIO, provider, REGISTRO, request } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ crowded: true, env: { HOST_ALIASES: 'www.claveunica.example' } });
test.after.always(() => app.close());
const { at, signIn, tokensFor } = provider(app.origin);

test('R-35, R-39: the metadata say what works, and nothing else', async (t) => {
  const { status, json, headers } = await call(at('/.well-known/openid-configuration'));
  t.is(status, 200);
  t.is(headers.get('cache-control'), 'public, max-age=3600');
  const levels = ['video', 'presencial', 'biometrico'].flatMap((id) =>
    ['1f', '2f', '2fr'].map((auth) => `urn:claveunica:${id}:${auth}`),
  );
  const { json: published } = await call(at('/jwks'));
  const signing = (published['keys'] as { alg: string }[]).map(({ alg }) => alg);
  const { id_token_signing_alg_values_supported: algs, ...rest } = json;
  t.deepEqual(new Set(algs as string[]), new Set(signing));
  for (const what of ['userinfo', 'authorization']) t.deepEqual(rest[`${what}_signing_alg_values_supported`], algs);
  t.deepEqual(rest, {
    issuer: at(''),
    authorization_endpoint: at('/authorize'),
    token_endpoint: at('/token'),
    userinfo_endpoint: at('/userinfo'),
    jwks_uri: at('/jwks'),
    end_session_endpoint: at('/session/end'),
    introspection_endpoint: at('/token/introspection'),
    revocation_endpoint: at('/token/revocation'),
    pushed_authorization_request_endpoint: at('/request'),
    acr_values_supported: levels,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_session_supported: true,
    backchannel_logout_supported: true,
    claim_types_supported: ['normal'],
    claims_parameter_supported: true,
    claims_supported: [
      ...['sub', 'acr', 'amr', 'auth_time', 'at_hash', 'name', 'given_name', 'family_name', 'birthdate', 'updated_at'],
      ...['email', 'email_verified', 'phone_number', 'phone_number_verified', 'RolUnico', 'sid', 'iss'],
    ],
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'PS256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    registration_endpoint: at('/register'),
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    request_object_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    ...Object.fromEntries(
      ['id_token', 'userinfo', 'authorization'].flatMap((what) => [
        ...(what === 'id_token' ? [] : [[`${what}_signing_alg_values_supported`, algs]]),
        [`${what}_encryption_alg_values_supported`, ['RSA-OAEP-256', 'ECDH-ES']],
        [`${what}_encryption_enc_values_supported`, ['A256GCM', 'A128GCM', 'A128CBC-HS256']],
      ]),
    ),
    response_modes_supported: ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'phone', 'run', 'offline_access', 'name'],
    subject_types_supported: ['pairwise', 'public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  });
});

test('R-82, R-85: the keys are public, for signing, of 3072 bits at least', async (t) => {
  const { status, json, headers } = await call(at('/jwks'));
  t.is(status, 200);
  const keys = json['keys'] as webcrypto.JsonWebKey[];
  t.is(headers.get('cache-control'), 'public, max-age=900');
  const members = (key: object) => Object.keys(key).sort().join(' ');
  const RSA = { kty: 'RSA', members: 'alg e kid kty n use', bits: 3072 };
  const wanted: Record<string, { kty: string; members: string; bits?: number }> = {
    RS256: RSA,
    PS256: RSA,
    ES256: { kty: 'EC', members: 'alg crv kid kty use x y' },
    EdDSA: { kty: 'OKP', members: 'alg crv kid kty use x' },
  };
  t.deepEqual(keys.map(({ alg }) => alg).sort(), Object.keys(wanted).sort());
  for (const key of keys) {
    const { kty, members: names, bits } = wanted[key.alg ?? '']!;
    t.deepEqual([key.kty, key.use, members(key)], [kty, 'sig', names]);
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    t.is(asymmetricKeyDetails?.modulusLength, bits);
  }
});

/** `fetch` does not let anybody choose a `Host`. */
const knock = (path: string, headers: Readonly<Record<string, string>>) =>
  new Promise<{ status: number; text: string; location: string | undefined }>((resolve, reject) => {
    const asked = httpRequest(new URL(path, app.origin), { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, location: response.headers.location }),
      );
    });
    asked.on('error', reject).end();
  });

const METADATA = '/openid/.well-known/openid-configuration';

for (const path of [METADATA, '/openid/jwks', '/openid/.well-known/oauth-authorization-server']) {
  test(`R-18, R-41: a forged name changes nothing at ${path}`, async (t) => {
    const { text: honest } = await call(app.origin + path);
    t.true(honest.startsWith('{'));
    const own = new URL(app.origin).host;
    for (const headers of [
      { host: own, 'x-forwarded-host': 'evil.example' },
      { host: own, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
      { host: own, forwarded: 'host=evil.example;proto=https' },
      { host: 'www.claveunica.example' },
      { host: 'WWW.claveunica.example' },
      { host: own, 'x-original-url': '/evil', 'x-rewrite-url': '/evil' },
    ]) {
      const { status, text } = await knock(path, headers);
      t.is(status, 200, JSON.stringify(headers));
      t.is(text, honest);
    }
    for (const host of [
      'evil.example',
      `evil.example:1@${own}`,
      `${own}.evil.example`,
      `${own}@evil.example`,
      'www.claveunica.example:81',
    ]) {
      const { status, text } = await knock(path, { host });
      t.is(status, 421, host);
      t.false(text.includes('evil'), host);
    }
  });
}

test('R-41: a browser that comes by another name is sent to the public one, by path and query', async (t) => {
  const path = request(MUNICIPIO);
  const { status, location } = await knock(path, { host: 'www.claveunica.example' });
  t.is(status, 307);
  t.is(location, app.origin + path);
  t.is((await knock(path, { host: 'evil.example' })).status, 421);
});

test('R-88: no other origin may read anything, with or without credentials', async (t) => {
  const user = app.visitor();
  await signIn(user, MUNICIPIO, MARIA);
  const { access } = await tokensFor(user, MUNICIPIO);
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
  for (const origin of [
    'https://evil.example',
    'null',
    'http://localhost:9000',
    'http://localhost:9000.evil.example',
  ]) {
    const answers = [
      await call(at('/userinfo'), { headers: { origin, authorization: `Bearer ${access}` } }),
      await call(at('/userinfo'), { headers: { origin, authorization: 'Bearer nothing' } }),
      await call(at('/token'), { method: 'POST', headers: { origin, ...basic(REGISTRO) } }),
      await call(at('/request'), { method: 'POST', headers: { origin, ...basic(REGISTRO) } }),
      await call(at('/token/introspection'), { method: 'POST', headers: { origin, ...basic(REGISTRO) } }),
      await call(at('/jwks'), { headers: { origin } }),
      await call(app.origin + METADATA, { headers: { origin } }),
      await call(app.origin + request(MUNICIPIO), { headers: { origin } }),
      ...(await Promise.all(
        ['/token', '/userinfo', '/jwks', '/request', '/token/revocation', '/.well-known/openid-configuration'].map(
          (path) => call(at(path), { method: 'OPTIONS', headers: { origin, ...preflight } }),
        ),
      )),
    ];
    t.is(answers.length, 14);
    for (const { status, headers } of answers) {
      t.true(status < 500);
      t.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('access-control-')),
        [],
      );
    }
    // With the right token and another origin, not even the answer is there.
    t.is(answers[0]?.status, 400);
  }
  t.is((await call(at('/userinfo'), { headers: { authorization: `Bearer ${access}` } })).status, 200);
});
