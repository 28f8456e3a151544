import { request } from 'node:http';
import test from 'ava';
import { z } from 'zod';
import { readConfig } from '../../../src/config.ts';
import { call } from '../../support/rp.ts';
import { serveMemory } from '../../support/serve-memory.ts';
import { serveSuite } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const [suite, sandbox, real] = [
  await serveSuite(),
  await serveMemory(),
  await serveMemory({
    env: {
      ...{ MODE: 'production', DATABASE_URL: 'postgres://localhost/none', SMTP_URL: 'smtp://localhost:25' },
      ...{
        PUBLIC_ORIGIN: 'https://claveunica.example',
        MASTER_KEYS: `k:${'k'.repeat(43)}`,
        MAIL_FROM: 'no@example.cl',
      },
    },
  }),
];
test.after.always(async () => {
  await Promise.all([suite, sandbox, real].map((app) => app.close()));
});
const { module } = modulesFor(test);

const https = z.url({ protocol: /^https$/ });
const words = (...allowed: readonly string[]) =>
  z
    .array(z.enum(allowed))
    .min(1)
    .refine((list) => new Set(list).size === list.length);
const SIGNED = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const [ALGS, KEYS, CONTENT] = [
  words(...SIGNED),
  words('RSA-OAEP-256', 'ECDH-ES'),
  words('A256GCM', 'A128GCM', 'A128CBC-HS256'),
];
const METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const MTLS = ['tls_client_auth', 'self_signed_tls_client_auth'];
const SCOPES = ['openid', 'profile', 'email', 'phone', 'run', 'offline_access', 'name'];
const MODES = ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'];

/** OpenID Connect Discovery §3, RFC 8414 §2, and the specifications that add to them: these members and no other. */
const production = z.strictObject({
  ...{ issuer: https, authorization_endpoint: https, token_endpoint: https, userinfo_endpoint: https, jwks_uri: https },
  ...{ end_session_endpoint: https, introspection_endpoint: https, revocation_endpoint: https },
  pushed_authorization_request_endpoint: https,
  acr_values_supported: z.array(z.string().startsWith('urn:claveunica:')).length(9),
  authorization_response_iss_parameter_supported: z.literal(true),
  ...{ backchannel_logout_supported: z.literal(true), backchannel_logout_session_supported: z.literal(true) },
  ...{ claim_types_supported: words('normal'), claims_parameter_supported: z.literal(true) },
  claims_supported: z.array(z.string().regex(/^[A-Za-z_]+$/)).min(10),
  code_challenge_methods_supported: words('S256'),
  dpop_signing_alg_values_supported: words('ES256', 'EdDSA', 'PS256'),
  grant_types_supported: words('authorization_code', 'refresh_token'),
  ...{ id_token_signing_alg_values_supported: ALGS, userinfo_signing_alg_values_supported: ALGS },
  ...{ authorization_signing_alg_values_supported: ALGS, request_object_signing_alg_values_supported: ALGS },
  ...{ id_token_encryption_alg_values_supported: KEYS, id_token_encryption_enc_values_supported: CONTENT },
  ...{ userinfo_encryption_alg_values_supported: KEYS, userinfo_encryption_enc_values_supported: CONTENT },
  ...{ authorization_encryption_alg_values_supported: KEYS, authorization_encryption_enc_values_supported: CONTENT },
  ...{ request_parameter_supported: z.literal(true), request_uri_parameter_supported: z.literal(false) },
  ...{ response_modes_supported: words(...MODES), response_types_supported: words('code') },
  ...{ scopes_supported: words(...SCOPES), subject_types_supported: words('pairwise', 'public') },
  token_endpoint_auth_methods_supported: words(...METHODS),
  token_endpoint_auth_signing_alg_values_supported: ALGS,
});
const conformance = production.extend({
  ...{ registration_endpoint: https, device_authorization_endpoint: https, backchannel_authentication_endpoint: https },
  backchannel_authentication_request_signing_alg_values_supported: ALGS,
  backchannel_token_delivery_modes_supported: words('poll', 'ping'),
  backchannel_user_code_parameter_supported: z.literal(false),
  grant_types_supported: words(
    ...['authorization_code', 'refresh_token', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code'],
    'urn:openid:params:grant-type:ciba',
  ),
  mtls_endpoint_aliases: z.record(z.string().endsWith('_endpoint'), https),
  ...{ request_uri_parameter_supported: z.literal(true), require_request_uri_registration: z.literal(true) },
  response_modes_supported: words(...MODES, 'fragment', 'fragment.jwt'),
  response_types_supported: words(
    ...['code', 'id_token', 'none', 'code id_token', 'code token', 'id_token token', 'code id_token token'],
  ),
  scopes_supported: words(...SCOPES, 'address'),
  tls_client_certificate_bound_access_tokens: z.literal(true),
  token_endpoint_auth_methods_supported: words(...METHODS, ...MTLS, 'client_secret_jwt', 'none'),
  token_endpoint_auth_signing_alg_values_supported: words(...SIGNED, 'HS256'),
});

/** Behind its proxy production is asked by its public name; `fetch` does not let anybody choose one. */
const byName = (port: number, host: string) =>
  new Promise<Record<string, unknown>>((resolve, reject) => {
    const path = '/openid/.well-known/openid-configuration';
    const asked = request({ port, path, headers: { host } }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>));
    });
    asked.on('error', reject).end();
  });

const read = async (origin: string, more: RequestInit = {}) =>
  (await call(`${origin}/openid/.well-known/openid-configuration`, more)).json;

for (const name of [
  'oidcc-discovery-endpoint-verification',
  'oidcc-rp-initiated-logout-discovery-endpoint-verification',
  'oidcc-backchannel-logout-discovery-endpoint-verification',
  'fapi2-security-profile-final-discovery-end-point-verification',
  'fapi-ciba-id1-discovery-end-point-verification',
])
  module(name, ['strict'], {}, async (t) => {
    const { status, headers, json } = await call(`${suite.origin}/openid/.well-known/openid-configuration`);
    t.is(status, 200);
    t.regex(headers.get('content-type') ?? '', /^application\/json/);
    t.deepEqual(conformance.parse(json), json as z.output<typeof conformance>);
    t.is(json['issuer'], `${suite.origin}/openid`);
    for (const [member, value] of Object.entries(json))
      if (member.endsWith('_endpoint')) t.true(String(value).startsWith(`${suite.origin}/openid/`), member);
    for (const alias of Object.values(json['mtls_endpoint_aliases'] as object))
      t.true(String(alias).startsWith(suite.config.mtls?.origin ?? 'x'));
  });

test('R-35, decision 12: production offers this and no more; the sandbox besides that clients register', async (t) => {
  t.is(real.config.mode, 'production');
  const told = await byName(real.config.port, 'claveunica.example');
  t.deepEqual(production.parse(told), told as z.output<typeof production>);
  const { registration_endpoint, ...rest } = await read(sandbox.origin);
  t.is(registration_endpoint, `${sandbox.origin}/openid/register`);
  const named = (document: object) => Object.keys(document).sort();
  t.deepEqual(named(rest), named(told));
  for (const member of named(rest)) if (Array.isArray(rest[member])) t.deepEqual(rest[member], told[member], member);
});

/** Whatever the library could serve, and what it is called in other places. */
const PLACES = [
  ...['/authorize', '/backchannel', '/challenge', '/credential', '/device', '/device/auth', '/jwks', '/me', '/nonce'],
  ...[
    '/reg',
    '/register',
    '/request',
    '/session/end',
    '/token',
    '/token/introspection',
    '/token/revocation',
    '/userinfo',
  ],
];

test('R-35: in each mode what the metadata name is there, and nothing else is', async (t) => {
  const statusOf = async (app: Pick<typeof suite, 'origin' | 'config'>, method: string, path: string) => {
    const { host, pathname } = new URL(`${app.origin}/openid${path}`);
    if (app === suite) return (await call(app.origin + pathname, { method })).status;
    return new Promise<number>((resolve, reject) => {
      const asking = request({ port: app.config.port, path: pathname, method, headers: { host } }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      asking.on('error', reject).end();
    });
  };
  for (const app of [suite, sandbox, real]) {
    const told = app === suite ? await read(app.origin) : await byName(app.config.port, new URL(app.origin).host);
    const named = Object.entries(told)
      .filter(([member]) => /_endpoint$|^jwks_uri$/.test(member))
      .map(([, url]) => String(url).replace(`${app.origin}/openid`, ''));
    // Where the code of a device is typed the answer that brings the code says.
    if (named.includes('/device/auth')) named.push('/device');
    for (const path of PLACES) {
      const statuses = await Promise.all(['GET', 'POST'].map((method) => statusOf(app, method, path)));
      t.is(
        !statuses.every((status) => status === 404),
        named.includes(path),
        `${app.origin} ${path} ${statuses.join()}`,
      );
    }
    t.true(named.every((path) => PLACES.includes(path)));
  }
});

test('R-35: the conformance mode is the emulator’s, over https, and never production’s', (t) => {
  const production = { MODE: 'production', PUBLIC_ORIGIN: 'https://a.example' };
  t.throws(() => readConfig({ ...production, CONFORMANCE: '1' }), { message: /CONFORMANCE: is for the emulator only/ });
  t.throws(() => readConfig({ CONFORMANCE: '1' }), { message: /PUBLIC_ORIGIN: must be https with CONFORMANCE=1/ });
  t.throws(() => readConfig({ TLS_CERT: 'x' }), { message: /TLS_KEY: a certificate and its key go together/ });
  t.throws(() => readConfig({ MTLS_PORT: '8443' }), { message: /MTLS_PORT: needs TLS_CERT/ });
  const tls = { TLS_CERT: 'c', TLS_KEY: 'k', CONFORMANCE: '1' };
  t.is(readConfig({ ...tls, PUBLIC_ORIGIN: 'https://op.test:8443' }).port, 8443);
  t.is(readConfig({ ...tls, PUBLIC_ORIGIN: 'https://op.test' }).port, 443);
  t.is(readConfig({ ...tls, PUBLIC_ORIGIN: 'https://op.test:8443', PORT: '4000' }).port, 4000);
});
