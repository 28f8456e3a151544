import { request as httpRequest } from 'node:http';
import test from 'ava';
import { basic, call, CALLBACK, encoded, MARIA, MUNICIPIO, post, provider, REGISTRO, request } from '../support/rp.ts';
import type { Fields } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { fapiSite, keysOf } from '../support/suite/fapi.ts';
import { localPage, refused } from './refusals.ts';

const app = await serveMemory({ env: { HOST_ALIASES: 'www.claveunica.example', TRUSTED_PROXIES: '127.0.0.1' } });
test.after.always(() => app.close());
const { at, go, signIn, codeFor, redeem, userinfo } = provider(app.origin);
const maria = app.visitor();
test.before(async () => {
  await signIn(maria, REGISTRO, MARIA);
});

const HTML = { accept: 'text/html' };
const JSON_BODY = { 'content-type': 'application/json' };
const GRANT = { grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK };
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `fetch` lets nobody choose a `Host`, a whole address, or what a proxy says. */
const knock = (path: string, headers: Readonly<Record<string, string>>, method = 'GET') =>
  new Promise<{ status: number; text: string; headers: Readonly<Record<string, unknown>> }>((resolve, reject) => {
    const asked = httpRequest({ port: app.config.port, path, headers, method }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    asked.on('error', reject).end();
  });

const UNPROVEN: readonly (readonly [Fields, string | undefined])[] = [
  [{}, undefined],
  [{ client_secret: 'x' }, undefined],
  [{ client_id: REGISTRO.id }, undefined],
  [{ client_assertion: 'nothing', client_assertion_type: ASSERTION }, undefined],
  [{}, 'Basic %%%'],
  [{}, 'Basic'],
  [{}, `Basic ${btoa('nobody')}`],
  [{}, `Basic ${btoa(`${REGISTRO.id}:`)}`],
  [{}, `Basic ${btoa('a:%zz')}`],
  [{}, 'Bearer x'],
  [{}, basic({ ...REGISTRO, secret: 'wrong' }).authorization],
];
test('R-39: whoever does not prove who it is hears invalid_client, and in which scheme to if it tried by header', async (t) => {
  for (const path of ['/token', '/token/introspection', '/token/revocation', '/request'])
    for (const [fields, authorization] of UNPROVEN) {
      const what = `${path} ${encoded(fields)} ${authorization ?? ''}`;
      const { status, json, headers } = await post(
        at(path),
        { ...GRANT, token: 'x', ...fields },
        {
          ...(authorization !== undefined && { authorization }),
        },
      );
      t.deepEqual([status, json['error']], [401, 'invalid_client'], what);
      t.is(typeof json['error_description'], 'string', what);
      const challenge = headers.get('www-authenticate');
      if (authorization === undefined) t.is(challenge, null, what);
      else
        t.regex(
          challenge ?? '',
          /^Basic realm="[^"]+\/openid", error="invalid_client", error_description="[^"]+"$/,
          what,
        );
    }
  // What was said twice, or differently, is a bad request still.
  const both = { client_id: REGISTRO.id, client_secret: REGISTRO.secret };
  for (const [fields, who] of [
    [both, REGISTRO],
    [{ client_id: MUNICIPIO.id }, REGISTRO],
  ] as const) {
    const { status, json } = await post(at('/token'), { ...GRANT, ...fields }, basic(who));
    t.deepEqual([status, json['error']], [400, 'invalid_request']);
  }
  const unproven = await call(at('/userinfo'), { headers: { authorization: 'Basic x' } });
  t.deepEqual([unproven.status, unproven.json['error']], [400, 'invalid_request']);
});

const METHODS: Readonly<Record<string, string>> = {
  '/.well-known/oauth-authorization-server': 'GET, HEAD',
  '/.well-known/openid-configuration': 'GET, HEAD',
  '/jwks': 'GET, HEAD',
  '/register': 'POST',
  '/register/x': 'GET, HEAD, PUT, DELETE',
  '/request': 'POST',
  '/token': 'POST',
  '/token/': 'POST',
  '/token/introspection': 'POST',
  '/token/revocation': 'POST',
  '/userinfo': 'GET, HEAD, POST',
};
const PAGES: Readonly<Record<string, string>> = {
  '/authorize': 'GET, HEAD',
  '/authorize/x': 'GET, HEAD',
  '/session/end': 'GET, HEAD, POST',
  '/session/end/confirm': 'POST',
  '/session/end/success': 'GET, HEAD',
};
const TRIED = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'];
test('R-90: a method that a path of the protocol does not have is 405, and the answer names those that it has', async (t) => {
  for (const [path, allowed] of Object.entries({ ...METHODS, ...PAGES })) {
    for (const method of TRIED.filter((name) => !allowed.split(', ').includes(name))) {
      const { status, headers, json, text } = await call(at(path), { method, headers: HTML });
      t.deepEqual([status, headers.get('allow')], [405, allowed], `${method} ${path}`);
      if (path in PAGES) t.regex(text, /class="boton boton-principal"/);
      else
        t.deepEqual(json, { error: 'invalid_request', error_description: 'Method Not Allowed' }, `${method} ${path}`);
    }
    const asked = await call(at(path), {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    t.deepEqual([asked.status, asked.headers.get('allow'), asked.text], [200, allowed, ''], path);
    t.is(asked.headers.get('access-control-allow-origin'), null);
  }
  const { json } = await call(at('/.well-known/openid-configuration'));
  const named = Object.entries(json)
    .filter(([name]) => /_endpoint$|^jwks_uri$/.test(name))
    .map(([, url]) => String(url).slice(at('').length));
  t.true(named.length > 7);
  for (const path of named) t.true(path in METHODS || path in PAGES, path);
});

test('R-90, R-94: the protocol’s paths are written in one way; what is written otherwise is not there', async (t) => {
  for (const path of ['/Token', '/TOKEN/', '/userInfo', '/JWKS', '/.well-known/OpenID-configuration', '/token//', '/x'])
    for (const method of ['GET', 'POST']) t.is((await call(at(path), { method })).status, 404, path);
  const { status, location } = await maria.get(request(REGISTRO, { prompt: 'none' }).replace('authorize', 'Authorize'));
  t.deepEqual([status, location], [404, '']);
});

for (const name of ['oauth-authorization-server', 'openid-configuration'])
  test(`R-41: ${name} stands behind the well-known name too (RFC 8414)`, async (t) => {
    const { text: usual } = await call(at('/.well-known/openid-configuration'));
    for (const end of ['', '/']) {
      const { status, text, headers } = await call(`${app.origin}/.well-known/${name}/openid${end}`);
      t.is(status, 200);
      t.is(text, usual);
      t.regex(headers.get('content-type') ?? '', /^application\/json/);
      t.is(headers.get('cache-control'), 'public, max-age=3600');
    }
    const alias = await knock(`/.well-known/${name}/openid`, { host: 'www.claveunica.example' });
    t.deepEqual([alias.status, alias.text], [200, usual]);
    t.is((await knock(`/.well-known/${name}/openid`, { host: 'evil.example' })).status, 421);
    for (const path of ['', '/', '/other', '/openid/x']) {
      t.is((await call(`${app.origin}/.well-known/${name}${path}`)).status, 404, path);
    }
    t.is((await call(`${app.origin}/.well-known/${name}/openid`, { method: 'POST' })).status, 405);
  });

test('R-08: who asks for an authentication that nobody knows is told so before anybody signs in', async (t) => {
  for (const acr of [{ value: 'urn:x' }, { values: ['urn:x', 'urn:y'] }, { values: [5] }])
    for (const user of [app.visitor(), maria])
      for (const more of [{}, { prompt: 'login' }, { prompt: 'none' }]) {
        const claims = JSON.stringify({ id_token: { acr: { essential: true, ...acr } } });
        const { status, location } = await user.get(request(MUNICIPIO, { claims, ...more }), HTML);
        t.is(status, 303);
        t.true(location.startsWith(`${CALLBACK}?`), location);
        t.like(Object.fromEntries(new URL(location).searchParams), {
          error: 'unmet_authentication_requirements',
          error_description: 'none of the essential acr values is supported',
          state: 'un-estado',
        });
      }
  // A wish is no condition, and one known value is enough.
  for (const more of [
    { acr_values: 'urn:x' },
    {
      claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['urn:x', 'urn:claveunica:video:1f'] } } }),
    },
  ])
    t.true((await app.visitor().get(request(MUNICIPIO, more))).location.startsWith('/ingresar/'));
});

test('a site of today’s ClaveÚnica that forgets `openid` gets an answer without an ID token, and no fault', async (t) => {
  const { status, json } = await redeem(REGISTRO, await codeFor(maria, REGISTRO, { scope: 'run name' }));
  t.is(status, 200);
  t.deepEqual(Object.keys(json), ['access_token', 'token_type', 'expires_in']);
  t.deepEqual([json['token_type'], json['expires_in']], ['bearer', 3600]);
  const { status: refusal, json: said } = await userinfo(String(json['access_token']));
  t.deepEqual([refusal, said['error']], [403, 'insufficient_scope']);
});

const half = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
test('R-43: a request object that cannot be made a text is refused like any other that is none', async (t) => {
  for (const value of [{ toString: 1 }, { toString: 1, valueOf: 1 }, { toString: null, a: {} }])
    for (const name of ['login_hint', 'state', 'redirect_uri', 'client_id', 'scope', 'prompt', 'request']) {
      const claims = { iss: MUNICIPIO.id, client_id: MUNICIPIO.id, redirect_uri: CALLBACK, [name]: value };
      const object = `${half({ alg: 'none' })}.${half(claims)}.`;
      const asked = await app.visitor().get(request(MUNICIPIO, { request: object }), HTML);
      t.is(new URL(asked.location).searchParams.get('error'), 'invalid_request_object', name);
      const alone = await app
        .visitor()
        .get(`/openid/authorize?${encoded({ client_id: MUNICIPIO.id, request: object })}`, HTML);
      localPage(t, alone, name);
      const pushed = await post(at('/request'), { request: object }, basic(MUNICIPIO));
      t.deepEqual([pushed.status, pushed.json['error']], [400, 'invalid_request_object'], name);
    }
});

/** A client that registers itself, as the operator lets it. */
async function registered(metadata: object) {
  const { InitialAccessToken } = app.op.provider();
  const token = await new InitialAccessToken().save();
  const headers = { ...JSON_BODY, authorization: `Bearer ${token}` };
  const body = JSON.stringify({ redirect_uris: [CALLBACK], ...metadata });
  return call(at('/register'), { method: 'POST', headers, body });
}

test('R-35: who has registered itself gets no answer in a fragment either', async (t) => {
  for (const metadata of [{}, { response_modes: ['fragment', 'fragment.jwt', 'query'] }]) {
    const { json } = await registered(metadata);
    const site = {
      ...MUNICIPIO,
      id: String(json['client_id']),
      secret: String(json['client_secret']),
      scope: 'openid',
    };
    for (const response_mode of ['fragment', 'fragment.jwt']) {
      const { location } = await go(maria, request(site, { prompt: 'none', response_mode }));
      t.true(location.startsWith(CALLBACK), location);
      t.notRegex(location, /[#&]code=/);
      if (response_mode === 'fragment') t.regex(location, /#error=invalid_request/);
    }
    t.regex((await go(maria, request(site, { prompt: 'none' }))).location, /\?code=/);
  }
});

test('R-43: NUL in what a client says of itself is refused, and no fault of a store', async (t) => {
  for (const metadata of [{ client_name: 'a\0b' }, { contacts: ['a\0@b.cl'] }]) {
    const answer = await registered(metadata);
    refused(t, answer, JSON.stringify(metadata));
    t.is(answer.json['error'], 'invalid_client_metadata');
  }
  t.is((await registered({ client_name: 'a\\u0000b' })).status, 201);
});

test('R-39: a signed request that was seen in a browser is no proof of its site', async (t) => {
  const [keys, dpop] = [await keysOf('ES256'), await keysOf('ES256')];
  const { json } = await registered({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [keys.jwk] } });
  const site = fapiSite(app, { id: String(json['client_id']), keys, dpop });
  t.is((await site.push({ redirect_uri: CALLBACK })).status, 201);
  const object = await site.requestObject({ sub: site.id, jti: 'one', exp: Math.floor(Date.now() / 1000) + 60 });
  const shown = await site.push({ client_assertion: object });
  t.deepEqual([shown.status, shown.json['error']], [401, 'invalid_client']);
});

test('R-18, R-43: a whole address instead of a path names the host that counts', async (t) => {
  const { host } = new URL(app.origin);
  const path = request(MUNICIPIO);
  for (const other of ['www.claveunica.example', host])
    for (const target of ['http://evil.example', `http://${host}@evil.example`, 'https://evil.example:1'])
      t.is((await knock(`${target}${path}`, { host: other })).status, 421, `${target} ${other}`);
  t.is((await knock(`${app.origin}${path}`, { host })).status, 303);
  const alias = await knock(`http://www.claveunica.example${path}`, { host: 'www.claveunica.example' });
  t.deepEqual([alias.status, alias.headers['location']], [307, `${app.origin}${path}`]);
});

test.serial('R-19: fifty wrong secrets slow down that site at that address, and nobody else', async (t) => {
  const from = (network: string, who: { id: string; secret: string }, path = '/token') =>
    post(at(path), { ...GRANT, token: 'x' }, { ...basic(who), 'x-forwarded-for': network });
  const [thief, own] = ['203.0.113.7', '198.51.100.9'];
  const wrong = { ...MUNICIPIO, secret: 'wrong' };
  const { parts } = app;
  // Within one minute of the clock.
  parts.travel(60_000 - (parts.clock() % 60_000));
  const statuses = [];
  for (let n = 0; n < 50; n++) statuses.push((await from(thief, wrong)).status);
  t.true(statuses.filter((status) => status === 401).length <= 20, statuses.join());
  t.is(statuses.at(-1), 429);
  for (const path of ['/token', '/token/introspection', '/request']) {
    const closed = await from(thief, MUNICIPIO, path);
    t.deepEqual([closed.status, closed.headers.get('retry-after')], [429, '60'], path);
    t.is(closed.json['error'], 'invalid_request');
  }
  t.is((await from(own, MUNICIPIO)).status, 400, 'from where the site itself calls its secret is right');
  t.is((await from(thief, REGISTRO)).status, 400, 'another site at that address');
  const told = await parts.audit.find({ kind: 'client-throttled', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 9 });
  t.deepEqual(
    told.map(({ clientId }) => clientId),
    [MUNICIPIO.id],
  );
  // Nor can it be seen so who is a site of ours.
  const nobody = [];
  for (let n = 0; n < 50; n++) nobody.push((await from(thief, { id: 'nobody', secret: 'x' })).status);
  t.is(nobody.at(-1), 429);
  parts.travel(60_000);
  t.is((await from(thief, MUNICIPIO)).status, 400);
});
