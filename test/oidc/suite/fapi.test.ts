import { createHash, createHmac, createPublicKey } from 'node:crypto';
import test from 'ava';
import { encoded } from '../../support/rp.ts';
import { fapiSite, keysOf, now, signed } from '../../support/suite/fapi.ts';
import { browse, CALLBACK, random, relyingParty } from '../../support/suite/rp.ts';
import { serveSuite } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const [keys, other, dpop, strange, weak] = [
  await keysOf('ES256'),
  await keysOf('PS256'),
  await keysOf('ES256'),
  await keysOf('EdDSA'),
  await keysOf('RS256'),
];
const client = {
  redirect_uris: [CALLBACK],
  token_endpoint_auth_method: 'private_key_jwt',
  id_token_signed_response_alg: 'PS256',
  fapi_profile: '2.0',
};
const bound = { dpop_bound_access_tokens: true, require_pushed_authorization_requests: true };
const offline = { grant_types: ['authorization_code', 'refresh_token'] };
const app = await serveSuite([
  { client_id: 'uno', ...client, ...bound, ...offline, jwks: { keys: [keys.jwk, weak.jwk] } },
  { client_id: 'dos', ...client, ...bound, jwks: { keys: [other.jwk] } },
]);
const rp = relyingParty(app);
const one = fapiSite(app, { id: 'uno', keys, dpop });
const two = fapiSite(app, { id: 'dos', keys: other, dpop });
test.after.always(() => app.close());
const { module } = modulesFor(test);
const FAPI = ['private_key_jwt, DPoP'];
const fapi = (name: string, run: Parameters<typeof module>[3]) =>
  module(`fapi2-security-profile-final-${name}`, FAPI, {}, run);
const T = one.at('/token');

fapi('happy-flow', async (t) => {
  const state = random();
  const pushed = await one.push({ state });
  t.is(pushed.status, 201, pushed.text);
  const { said } = await one.authorize(pushed.json['request_uri']);
  t.deepEqual([said.get('state'), said.get('iss')], [state, one.issuer]);
  const { json, status } = await one.redeem(said.get('code'));
  t.deepEqual([status, json['token_type']], [200, 'DPoP']);
  await rp.verified(json['id_token'], 'uno', 'PS256');
  const answer = await one.resource(json['access_token']);
  t.is(answer.status, 200);
  t.is(answer.headers.get('x-fapi-interaction-id'), 'c770aef3-6784-41f7-8e0e-ff5f97bddb3a');
});
fapi('user-rejects-authentication', async (t) => {
  const { json } = await one.push();
  const user = app.visitor();
  const { location } = await user.get(
    `/openid/authorize?${encoded({ client_id: 'uno', request_uri: String(json['request_uri']) })}`,
  );
  const { location: back } = await user.submit(location, { cancelar: 'si' });
  t.is((await browse(app, user, back)).said.get('error'), 'access_denied');
});
for (const [name, more] of Object.entries({
  'ensure-authorization-request-without-state-success': { state: undefined },
  'ensure-authorization-request-without-nonce-success': { nonce: undefined },
  'ensure-authorization-request-with-64-char-nonce-success': { nonce: 'n'.repeat(64) },
  'ensure-authorization-request-with-long-nonce': { nonce: 'n'.repeat(384) },
  'ensure-authorization-request-with-long-state': { state: 's'.repeat(384) },
  'ensure-other-scope-order-succeeds': { scope: 'email openid' },
}))
  fapi(name, async (t) => {
    const { json } = await one.push(more);
    const { said } = await one.authorize(json['request_uri']);
    t.is(said.get('state'), 'state' in more ? (more.state ?? null) : said.get('state'));
    t.is((await one.redeem(said.get('code'))).status, 200);
  });
fapi('access-token-type-header-case-sensitivity', async (t) => {
  const { json } = await one.redeem(await one.codeOf());
  t.is(
    (await one.resource(json['access_token'], { authorization: `dpop ${String(json['access_token'])}` })).status,
    200,
  );
});

for (const [name, claims, good] of [
  ['check-dpop-proof-nbf-exp', () => ({ nbf: now() - 10, exp: now() + 60 }), true],
  ['ensure-dpopproof-with-iat-10seconds-before-succeeds', () => ({ iat: now() - 10 }), true],
  ['ensure-dpopproof-with-iat-10seconds-after-succeeds', () => ({ iat: now() + 10 }), true],
  ['dpop-negative-tests', () => ({ htu: 'https://rp.example/token' }), false],
] as const)
  fapi(name, async (t) => {
    const headers = { dpop: await one.proof(T, claims()) };
    t.is((await one.redeem(await one.codeOf(), {}, headers)).status, good ? 200 : 400);
    if (good) return;
    for (const dpop of [
      await one.proof(T, { htm: 'GET' }),
      await one.proof(T, { iat: now() - 3600 }),
      await one.proof(T, { jti: undefined }),
      await one.proof(T, {}, { header: { typ: 'jwt' } }),
      await one.proof(T, {}, { header: { jwk: strange.jwk } }),
      (await one.proof(T)).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')).replace(/\.[^.]{9}/, '.eyJhIjoxf'),
      'junk',
    ])
      t.is((await one.redeem(await one.codeOf(), {}, { dpop })).status, 400, dpop);
  });
test('RFC 9449 §4.3: a resource compares an address whatever the letters of scheme and host, and not another one', async (t) => {
  const { json } = await one.redeem(await one.codeOf());
  const token = String(json['access_token']);
  const ath = createHash('sha256').update(token).digest('base64url');
  const here = `${app.origin}/emulador/recurso`;
  const loud = here.replace(/^https:\/\/[^/]+/, (origin) => origin.toUpperCase());
  for (const [htu, status] of [
    ...([
      [here, 200],
      [loud, 200],
      [`${here}?a=1#b`, 200],
    ] as const),
    ...([
      [here.toUpperCase(), 401],
      [`${here}/`, 401],
      ['https://rp.example/emulador/recurso', 401],
      ['junk', 401],
    ] as const),
  ])
    t.is((await one.resource(token, { dpop: await one.proof(htu, { ath }, { htm: 'GET' }) })).status, status, htu);
  for (const by of [strange, other]) {
    const stolen = { dpop: await one.proof(here, { ath }, { htm: 'GET', by }) };
    t.is((await one.resource(token, stolen)).status, 401, 'shown by who has another key');
  }
  const unnamed = { dpop: await one.proof(here, { ath }, { htm: 'GET' }), 'x-fapi-interaction-id': '' };
  t.regex(
    (await one.resource(token, unnamed)).headers.get('x-fapi-interaction-id') ?? '',
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
  );
});
fapi('ensure-mismatched-dpop-jkt-fails', async (t) => {
  const jkt = await one.thumbprint(strange);
  const pushed = await one.push({ dpop_jkt: jkt }, { dpop: await one.proof(one.at('/request')) });
  t.true(pushed.status === 400, pushed.text);
});
fapi('ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt', async (t) => {
  const { json } = await one.push({}, { dpop: await one.proof(one.at('/request')) });
  const { said } = await one.authorize(json['request_uri']);
  t.is((await one.redeem(said.get('code'), {}, { dpop: await one.proof(T, {}, { by: strange }) })).status, 400);
});
fapi('ensure-token-endpoint-fails-with-mismatched-dpop-jkt', async (t) => {
  const code = await one.codeOf({ dpop_jkt: await one.thumbprint(strange) });
  t.is((await one.redeem(code)).status, 400);
});
fapi('ensure-dpopproof-at-par-endpoint-binding-success', async (t) => {
  const { json } = await one.push({}, { dpop: await one.proof(one.at('/request')) });
  t.is((await one.redeem((await one.authorize(json['request_uri'])).said.get('code'))).status, 200);
});
fapi('ensure-dpop-auth-code-binding-success', async (t) => {
  t.is((await one.redeem(await one.codeOf({ dpop_jkt: await one.thumbprint() }))).status, 200);
});
fapi('ensure-holder-of-key-required', async (t) => {
  t.is((await one.redeem(await one.codeOf(), {}, {})).status, 400);
});
fapi('ensure-authorization-code-is-bound-to-client', async (t) => {
  const { json } = await one.push();
  const code = (await one.authorize(json['request_uri'])).said.get('code');
  t.is((await two.redeem(code, { code_verifier: one.verifier })).json['error'], 'invalid_grant');
});
fapi('attempt-reuse-authorization-code-after-one-second', async (t) => {
  const code = await one.codeOf();
  const { json } = await one.redeem(code);
  app.travel(1);
  t.is((await one.redeem(code)).json['error'], 'invalid_grant');
  t.is((await one.resource(json['access_token'])).status, 401);
});
fapi('ensure-token-endpoint-fails-with-expired-auth-code', async (t) => {
  const code = await one.codeOf();
  app.travel(61);
  t.is((await one.redeem(code)).json['error'], 'invalid_grant');
});
fapi('ensure-client-id-in-token-endpoint', async (t) => {
  t.is((await one.redeem(await one.codeOf(), { client_id: 'dos' })).status, 400);
});
const WRONG: Readonly<Record<string, () => Promise<string> | undefined>> = {
  'ensure-signed-client-assertion-with-RS256-fails': () => one.assertion({}, { keys: weak }),
  'ensure-client-assertion-with-exp-is-5-minutes-in-past-fails': () =>
    one.assertion({ exp: now() - 300, iat: now() - 360, nbf: now() - 360 }),
  'ensure-client-assertion-with-wrong-aud-fails': () => one.assertion({ aud: 'https://otro.example' }),
  'ensure-client-assertion-with-no-sub-fails': () => one.assertion({ sub: undefined }),
  'par-test-array-as-audience-fails': () => one.assertion({ aud: [one.issuer] }),
  'par-test-par-endpoint-url-as-audience-fails': () => one.assertion({ aud: one.at('/request') }),
  'par-test-token-endpoint-url-as-audience-fails': () => one.assertion({ aud: T }),
  'par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails': () =>
    one.assertion({ iat: now() + 61, nbf: now() + 61, exp: now() + 120 }),
  'ensure-client-assertion-in-token-endpoint': () => undefined,
};
for (const [name, wrong] of Object.entries(WRONG))
  fapi(name, async (t) => {
    const client_assertion = await wrong();
    const more = { client_assertion, ...(client_assertion === undefined && { client_assertion_type: undefined }) };
    const pushed = await one.push(more);
    t.true([400, 401].includes(pushed.status), pushed.text);
    t.is(pushed.json['error'], 'invalid_client');
    const redeemed = await one.redeem(await one.codeOf(), {
      ...more,
      ...(client_assertion && { client_assertion: await wrong() }),
    });
    t.is(redeemed.json['error'], 'invalid_client');
  });
fapi('par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted', async (t) => {
  const client_assertion = await one.assertion({ iat: now() + 8, nbf: now() + 8 });
  t.is((await one.push({ client_assertion })).status, 201);
});
fapi('refresh-token', async (t) => {
  const code = await one.codeOf({ scope: 'openid offline_access', prompt: 'consent' });
  const { json } = await one.redeem(code);
  const refresh = (token: unknown, headers?: Record<string, string>) =>
    one.redeem(
      null,
      { grant_type: 'refresh_token', refresh_token: String(token), code: undefined, code_verifier: undefined },
      headers,
    );
  const fresh = await refresh(json['refresh_token']);
  t.is(fresh.status, 200, fresh.text);
  // It stays the same, and is good for nobody but the site itself (RFC 9449 §5).
  t.is(fresh.json['refresh_token'], json['refresh_token']);
  const stolen = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']), code: undefined };
  t.is((await two.redeem(null, stolen)).json['error'], 'invalid_request');
});

test.serial(
  'R-39: confused algorithms, a foreign kid, an embedded key, none, HS with the public key: 401',
  async (t) => {
    const claims = { iss: 'uno', sub: 'uno', aud: one.issuer, exp: now() + 60 };
    const half = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${half({ alg: 'none' })}.${half({ ...claims, jti: random() })}.`;
    const pem = createPublicKey({ key: { ...keys.jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const confused = ['HS256', 'HS512'].map((alg) => {
      const body = `${half({ alg, kid: keys.jwk.kid })}.${half({ ...claims, jti: random() })}`;
      return `${body}.${createHmac(alg.replace('HS', 'sha'), pem).update(body).digest('base64url')}`;
    });
    const { kid: _kid, ...embedded } = strange.jwk;
    for (const client_assertion of [
      ...[none, none.replace(/\.$/, '.AAAA'), ...confused],
      await signed({ keys: other, claims: { ...claims, jti: random() } }),
      await signed({ keys: strange, header: { kid: keys.jwk.kid }, claims: { ...claims, jti: random() } }),
      await signed({
        keys: strange,
        header: { jwk: embedded, jku: 'https://evil.example/jwks' },
        claims: { ...claims, jti: random() },
      }),
      await one.assertion({ iss: 'dos' }),
      await one.assertion({ jti: undefined }),
      await one.assertion({ exp: now() + 3600 }),
    ]) {
      const { status, json } = await one.push({ client_assertion });
      t.deepEqual([status, json['error']], [401, 'invalid_client'], client_assertion);
    }
    const client_assertion = await one.assertion();
    t.is((await one.push({ client_assertion })).status, 201);
    t.is((await one.push({ client_assertion })).status, 401);
  },
);
