import test from 'ava';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { call, post, type Fields } from '../../support/rp.ts';
import { asked, browse, CALLBACK, pathOf, random, relyingParty, type Client } from '../../support/suite/rp.ts';
import { serveSuite, site } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const app = await serveSuite();
const rp = relyingParty(app);
/** What the site serves, by path. */
const served = new Map<string, string>();
const fetched: string[] = [];
const there = await site((req, res) => {
  fetched.push(req.url ?? '');
  const body = served.get(req.url ?? '');
  res.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body);
});
const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'uno', alg: 'RS256', use: 'sig' };
const basic = await rp.register({ grant_types: ['authorization_code', 'refresh_token'] });
test.after.always(async () => {
  await there.close();
  await app.close();
});
const { module } = modulesFor(test);
const CODE = ['code'];

const refused = async (t: import('ava').ExecutionContext, metadata: object) => {
  const { status, json } = await rp.sendJson('POST', rp.at('/register'), { redirect_uris: [CALLBACK], ...metadata });
  t.is(status, 400, JSON.stringify(metadata));
  t.regex(String(json['error']), /^invalid_(client_metadata|redirect_uri)$/);
};
const managed = (client: Client, method = 'GET', body?: object) =>
  call(String(client['registration_client_uri']), {
    ...{
      method,
      headers: {
        authorization: `Bearer ${String(client['registration_access_token'])}`,
        'content-type': 'application/json',
      },
    },
    ...(body && { body: JSON.stringify(body) }),
  });
const assertion = (
  client: Client,
  { key = privateKey, kid = 'uno', audience = rp.at('') }: { key?: CryptoKey; kid?: string; audience?: string } = {},
) =>
  new SignJWT({ jti: random() })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(client.client_id)
    .setSubject(client.client_id)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key);
const keyed = async (...[client, code, jwt, more = {}]: [Client, string | null, string, Fields?]) =>
  post(rp.at('/token'), {
    ...{ grant_type: 'authorization_code', code: code ?? '', redirect_uri: CALLBACK, client_assertion: jwt },
    ...{
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_id: client.client_id,
      ...more,
    },
  });
const codeOf = async (client: Client, more: Fields = {}) =>
  (await browse(app, app.visitor(), pathOf(asked(client, more)))).said.get('code');

module('oidcc-idtoken-rs256', CODE, {}, async (t) => {
  t.truthy((await rp.tokens(app.visitor(), await rp.register({ id_token_signed_response_alg: 'RS256' }))).claims);
});
module('oidcc-userinfo-rs256', CODE, {}, async (t) => {
  const client = await rp.register({ userinfo_signed_response_alg: 'RS256' });
  const { json, claims } = await rp.tokens(app.visitor(), client);
  const { text, headers } = await rp.userinfo(json['access_token']);
  t.regex(headers.get('content-type') ?? '', /^application\/jwt/);
  t.is((await rp.verified(text, client.client_id)).sub, claims.sub);
});
for (const [name, uri, right] of [
  ['oidcc-redirect-uri-query-OK', `${CALLBACK}?foo=bar`, true],
  ['oidcc-redirect-uri-query-mismatch', `${CALLBACK}?foo=otro`, false],
  ['oidcc-redirect-uri-query-added', `${CALLBACK}?foo=bar&x=y`, false],
] as const)
  module(name, CODE, {}, async (t) => {
    const client = await rp.register({ redirect_uris: [`${CALLBACK}?foo=bar`] });
    const { said, by } = await browse(app, app.visitor(), pathOf(asked(client, { redirect_uri: uri })));
    t.is(by, right ? 'query' : 'page');
    if (right) t.is(said.get('foo'), 'bar');
  });
module('oidcc-redirect-uri-regfrag', CODE, {}, async (t) => {
  await refused(t, { redirect_uris: [`${CALLBACK}#x`] });
});
for (const [name, field, sign] of [
  ['oidcc-registration-logo-uri', 'logo_uri', 'img class="site-logo" src="'],
  ['oidcc-registration-policy-uri', 'policy_uri', 'href="'],
  ['oidcc-registration-tos-uri', 'tos_uri', 'href="'],
] as const)
  module(name, CODE, {}, async (t) => {
    const client = await rp.register({ [field]: 'https://rp.example/algo' });
    t.is(client[field], 'https://rp.example/algo');
    const user = app.visitor();
    const { location } = await user.get(pathOf(asked(client)), { accept: 'text/html' });
    const { text, headers } = await user.get(location, { accept: 'text/html' });
    t.true(text.includes(`${sign}https://rp.example/algo"`));
    t.regex(headers.get('content-security-policy') ?? '', /img-src 'self' data: https:/);
  });
module('oidcc-registration-jwks-uri', CODE, {}, async (t) => {
  served.set('/jwks', JSON.stringify({ keys: [jwk] }));
  const client = await rp.register({ jwks_uri: `${there.origin}/jwks`, token_endpoint_auth_method: 'private_key_jwt' });
  t.is((await keyed(client, await codeOf(client), await assertion(client))).status, 200);
});
module('oidcc-ensure-client-assertion-with-iss-aud-succeeds', CODE, {}, async (t) => {
  const client = await rp.register({ jwks: { keys: [jwk] }, token_endpoint_auth_method: 'private_key_jwt' });
  t.is((await keyed(client, await codeOf(client), await assertion(client))).status, 200);
});
module('oidcc-refresh-token-rp-key-rotation', CODE, {}, async (t) => {
  served.set('/turning', JSON.stringify({ keys: [jwk] }));
  const client = await rp.register({
    ...{ jwks_uri: `${there.origin}/turning`, token_endpoint_auth_method: 'private_key_jwt' },
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const code = await codeOf(client, { scope: 'openid offline_access', prompt: 'consent' });
  const { json } = await keyed(client, code, await assertion(client));
  const next = await generateKeyPair('RS256', { extractable: true });
  served.set('/turning', JSON.stringify({ keys: [{ ...(await exportJWK(next.publicKey)), kid: 'dos', use: 'sig' }] }));
  app.travel(61);
  const jwt = await assertion(client, { key: next.privateKey, kid: 'dos' });
  const refresh = {
    grant_type: 'refresh_token',
    refresh_token: String(json['refresh_token']),
    code: undefined,
    redirect_uri: undefined,
  };
  t.is((await keyed(client, null, jwt, refresh)).status, 200);
});
module('oidcc-registration-sector-uri', CODE, {}, async (t) => {
  const two = [CALLBACK, 'https://otro.example/cb'];
  served.set('/sector', JSON.stringify(two));
  const pairwise = { subject_type: 'pairwise', sector_identifier_uri: `${there.origin}/sector`, redirect_uris: two };
  const [one, other] = [await rp.register(pairwise), await rp.register(pairwise)];
  const alone = await rp.register({ subject_type: 'pairwise' });
  const subs = await Promise.all(
    [one, other, alone, basic].map(async (client) => (await rp.tokens(app.visitor(), client)).claims.sub),
  );
  t.is(subs[0], subs[1]);
  t.is(new Set(subs).size, 3);
});
module('oidcc-registration-sector-bad', CODE, {}, async (t) => {
  served.set('/bad-sector', JSON.stringify(['https://otro.example/cb']));
  for (const sector of [
    `${there.origin}/bad-sector`,
    `${there.origin}/nothing`,
    'https://0000.invalid/',
    'http://rp.example/s',
  ])
    await refused(t, { subject_type: 'pairwise', sector_identifier_uri: sector });
});
module('oidcc-server-rotate-keys', CODE, {}, async (t) => {
  const kids = async () => ((await call(rp.at('/jwks'))).json['keys'] as { kid: string }[]).map(({ kid }) => kid);
  const before = await kids();
  const { json, claims } = await rp.tokens(app.visitor(), basic);
  const { status } = await call(`${app.origin}/emulador/rotar-claves`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  t.true(status < 400, String(status));
  const after = await kids();
  t.true(before.every((kid) => after.includes(kid)) && after.length > before.length);
  t.is((await rp.verified(json['id_token'], basic.client_id)).sub, claims.sub);
});
const signedRequest = (client: Client, more: Fields = {}) =>
  new SignJWT({ ...asked(client), ...more })
    .setProtectedHeader({ alg: 'RS256', kid: 'uno' })
    .setIssuer(client.client_id)
    .setAudience(rp.at(''))
    .sign(privateKey);
module('oidcc-request-uri-signed-rs256', CODE, {}, async (t) => {
  const uri = `${there.origin}/request#${random()}`;
  const client = await rp.register({ request_uris: [uri], jwks: { keys: [jwk] }, request_object_signing_alg: 'RS256' });
  t.deepEqual(client['request_uris'], [uri]);
  served.set('/request', await signedRequest(client, { state: 'de-lejos' }));
  const by = (request_uri: string) =>
    pathOf({
      client_id: client.client_id,
      request_uri,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: CALLBACK,
    });
  const { said } = await browse(app, app.visitor(), by(uri));
  t.true(said.has('code'));
  t.is(said.get('state'), 'de-lejos');
  // What it has not registered is not fetched, and what cannot be read is an error of its own.
  const before = fetched.length;
  const foreign = await browse(app, app.visitor(), by(`${there.origin}/otra`));
  t.deepEqual([foreign.said.get('error') ?? foreign.status, fetched.length], ['request_uri_not_supported', before]);
  served.delete('/request');
  const gone = await browse(app, app.visitor(), by(uri.replace(/#.*/, '#nuevo')));
  t.is(gone.said.get('error'), 'invalid_request_uri');
  served.set('/request', `${await signedRequest(client)}${' '.repeat(70_000)}`);
  const large = await browse(app, app.visitor(), by(uri.replace(/#.*/, '#grande')));
  t.is(large.said.get('error'), 'invalid_request_uri');
});

for (const [name, uri, good] of [
  ['oidcc-3rd_party-init-login', 'https://rp.example/entrar', true],
  ['oidcc-3rd_party-init-login-nohttps', 'http://rp.example/entrar', false],
] as const)
  module(name, CODE, {}, async (t) => {
    if (!good) return refused(t, { initiate_login_uri: uri });
    const client = await rp.register({ initiate_login_uri: uri });
    t.is(client['initiate_login_uri'], uri);
    t.like(await managed(client), { status: 200, json: { ...(await managed(client)).json, initiate_login_uri: uri } });
  });

test.serial('RFC 7592: who registered a client reads, changes and removes it, and nobody else does', async (t) => {
  const client = await rp.register();
  const {
    registration_access_token: _token,
    registration_client_uri: _uri,
    client_id_issued_at: _at,
    ...rest
  } = client;
  const { client_secret_expires_at: _never, ...same } = rest as Record<string, unknown>;
  const changed = await managed(client, 'PUT', { ...same, client_name: 'Otra' });
  t.deepEqual([changed.status, changed.json['client_name']], [200, 'Otra']);
  t.false('claveunica' in changed.json);
  t.is((await managed({ ...basic, registration_access_token: client['registration_access_token'] })).status, 401);
  const again = await rp.register();
  t.is((await managed(again, 'DELETE')).status, 204);
  t.is((await managed(again)).status, 401);
  t.is((await browse(app, app.visitor(), pathOf(asked(again)))).status, 400);
});

test.serial('R-42, R-63: what is ours of a client cannot be said by who registers it', async (t) => {
  const client = await rp.register({
    claveunica: { profile: 'claveunica', registered: false, secrets: [] },
    fapi_profile: '2.0',
  });
  t.false('claveunica' in client);
  t.true((await rp.tokens(app.visitor(), client)).claims.sub !== '11111111');
  for (const metadata of [
    { redirect_uris: ['javascript:alert(1)'] },
    { logo_uri: 'javascript:alert(1)' },
    { jwks_uri: 'file:///etc/passwd' },
    { backchannel_logout_uri: 'https://u:p@rp.example/' },
    { redirect_uris: Array.from({ length: 11 }, (_, n) => `${CALLBACK}/${n}`) },
  ])
    await refused(t, metadata);
});
