import { createHash } from 'node:crypto';
import test from 'ava';
import * as oidc from 'openid-client';
import {
  CALLBACK,
  claimsOf,
  MARIA,
  MUNICIPIO,
  provider,
  register,
  REGISTRO,
  request,
  type Site,
} from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ redis: true, crowded: true });
test.after.always(() => app.close());
const { at, go, fillIn, answerOf, signIn, silently, codeFor, redeem, tokensFor, userinfo, library } = provider(
  app.origin,
);

const maria = app.visitor();
test.before(async () => {
  await signIn(maria, MUNICIPIO, MARIA);
});

const RUN_CLAIM = { numero: 11111111, DV: '1', tipo: 'RUN' };
const ACR = 'urn:claveunica:presencial:1f';
const headerOf = (jwt: string): unknown => JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString());
const halfHash = (token: string) => createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

test('R-36: openid-client signs somebody in with PKCE, nonce and state, and checks the signature', async (t) => {
  const rp = await library(MUNICIPIO);
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(rp, {
    ...{ redirect_uri: CALLBACK, scope: MUNICIPIO.scope, state, nonce, code_challenge_method: 'S256' },
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  });
  const { location } = await fillIn(app.visitor(), url.href, MARIA);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(rp, new URL(location), checks);
  t.is(tokens.expires_in, 300);
  const claims = tokens.claims();
  const person = await oidc.fetchUserInfo(rp, tokens.access_token, claims?.sub ?? '');
  t.like(person, { name: 'María Carmen Del Río González', birthdate: '1980-05-17', RolUnico: RUN_CLAIM });
});

test('openid-client signs somebody in the way of today’s sites: no PKCE, no nonce, secret in the body', async (t) => {
  const rp = await library(REGISTRO);
  const url = oidc.buildAuthorizationUrl(rp, { redirect_uri: CALLBACK, scope: 'openid run name', state: 'constante' });
  const { location } = await fillIn(app.visitor(), url.href, MARIA);
  const checks = { expectedState: 'constante', idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(rp, new URL(location), checks);
  t.is(tokens.claims()?.sub, '11111111');
  t.deepEqual(await oidc.fetchUserInfo(rp, tokens.access_token, '11111111'), {
    sub: '11111111',
    RolUnico: RUN_CLAIM,
    name: { nombres: ['María', 'Carmen'], apellidos: ['Del', 'Río', 'González'] },
  });
});

const WIRES = [
  { site: MUNICIPIO, type: 'Bearer', access: 300, id: 300, more: ['scope'] },
  { site: REGISTRO, type: 'bearer', access: 3600, id: 600, more: [] },
] as const;

for (const { site, type, access, id, more } of WIRES) {
  test(`R-40: the token answer to ${site.id} has exactly the fields of its profile`, async (t) => {
    const { answer } = await tokensFor(maria, site);
    t.deepEqual(Object.keys(answer).sort(), ['access_token', 'expires_in', 'id_token', ...more, 'token_type']);
    t.is(answer['token_type'], type);
    t.is(answer['expires_in'], access);
    t.regex(String(answer['access_token']), /^[\w-]{32,64}$/);
    if (more.length > 0) t.is(answer['scope'], site.scope);
  });

  test(`R-40: the ID token for ${site.id} has exactly its claims, and nothing of the person`, async (t) => {
    const keys = (await (await fetch(at('/jwks'))).json()) as { keys: { kid: string }[] };
    for (const nonce of [undefined, 'un-nonce']) {
      // What is asked for by name is not put there either.
      const claims = '{"id_token":{"name":null,"RolUnico":{"essential":true},"email":null,"birthdate":null}}';
      const tokens = await tokensFor(maria, site, { nonce, claims });
      t.deepEqual(headerOf(tokens.id), { alg: 'RS256', kid: keys.keys[0]?.kid });
      const payload = claimsOf(tokens.id);
      const usual = ['acr', 'amr', 'at_hash', 'aud', 'auth_time', 'exp', 'iat', 'iss'];
      t.deepEqual(Object.keys(payload).sort(), [...usual, ...(nonce ? ['nonce'] : []), 'sub']);
      t.like(payload, { iss: at(''), aud: site.id, acr: ACR, amr: ['pwd'], at_hash: halfHash(tokens.access), nonce });
      t.is(Number(payload['exp']) - Number(payload['iat']), id);
      t.true(Number(payload['auth_time']) <= Number(payload['iat']));
    }
  });
}

test('R-77: `sub` is the RUN’s digits for one profile, and for the other stable, and different in every sector', async (t) => {
  const subs = async (site: Site) => [
    claimsOf((await tokensFor(maria, site)).id)['sub'],
    claimsOf((await redeem(site, (await signIn(app.visitor(), site, MARIA)).get('code') ?? '')).json['id_token'])[
      'sub'
    ],
  ];
  t.deepEqual(await subs(REGISTRO), ['11111111', '11111111']);
  const other = await register(app.parts, { profile: 'oidc' });
  const [here, there] = [await subs(MUNICIPIO), await subs(other)];
  for (const [first, again] of [here, there]) {
    t.regex(String(first), /^[\w-]{43}$/);
    t.is(again, first);
  }
  t.not(here[0], there[0]);
  t.is((await userinfo((await tokensFor(maria, other)).access)).json['sub'], there[0]);
});

test('R-77: whoever knows all RUNs cannot find the person behind a `sub`', async (t) => {
  const sub = Buffer.from(String(claimsOf((await tokensFor(maria, MUNICIPIO)).id)['sub']), 'base64url');
  const client = await app.parts.clients.byId(MUNICIPIO.id);
  const salts = ['', MUNICIPIO.id, client?.sector ?? '', at(''), CALLBACK, 'localhost:9000'];
  const guesses = ['11111111', '11111111-1', '11.111.111-1', '111111111'].flatMap((run) =>
    salts.flatMap((salt) => ['', '|', ':'].flatMap((by) => [`${salt}${by}${run}`, `${run}${by}${salt}`])),
  );
  for (const guess of guesses)
    for (const kind of ['md5', 'sha1', 'sha256'])
      t.false(createHash(kind).update(guess).digest().subarray(0, 16).equals(sub.subarray(0, 16)));
});

const FORM = 'application/x-www-form-urlencoded';
const BODIES: readonly (readonly [string, RequestInit])[] = [
  ['GET', {}],
  ['POST without a body', { method: 'POST' }],
  ['POST of an empty form', { method: 'POST', body: '', headers: { 'content-type': FORM } }],
  ['POST of []', { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } }],
  ['POST of {}', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
  ['POST of empty text', { method: 'POST', body: '', headers: { 'content-type': 'text/plain; charset=utf-8' } }],
  ['POST of parameters nobody knows', { method: 'POST', body: 'a=1&scope=x', headers: { 'content-type': FORM } }],
];
for (const [name, init] of BODIES) {
  test(`userinfo answers a ${name}, with and without a slash`, async (t) => {
    const { access } = await tokensFor(maria, REGISTRO);
    for (const path of ['/userinfo', '/userinfo/', '/userinfo?a=1', '/userinfo/?a=1']) {
      const { status, json } = await userinfo(access, { ...init, path });
      t.is(status, 200, path);
      t.deepEqual(json, {
        sub: '11111111',
        RolUnico: RUN_CLAIM,
        name: { nombres: ['María', 'Carmen'], apellidos: ['Del', 'Río', 'González'] },
        email: 'maria.del@correo.example',
      });
    }
  });
}

const PEOPLE = [
  { run: '10.000.013-K', numero: 10000013, DV: 'K', nombres: ['Sofía', 'Antonia'], apellidos: ['Contreras', 'Leiva'] },
  { run: '13.579.246-2', numero: 13579246, DV: '2', nombres: ['Ingrid'], apellidos: ['Kaufmann'] },
  {
    ...{ run: '15.234.871-1', numero: 15234871, DV: '1', nombres: ['José', 'Miguel', 'Ángel', 'Luis', 'Arturo'] },
    apellidos: ['Fernández', 'de', 'la', 'Vega', 'San', 'Martín'],
  },
  { run: '16.161.616-8', numero: 16161616, DV: '8', nombres: ['Carmen', 'Gloria'], apellidos: ['Hidalgo', 'Reyes'] },
];
for (const { run, numero, DV, nombres, apellidos } of PEOPLE) {
  test(`${nombres.join(' ')} ${apellidos.join(' ')} arrives whole in either profile`, async (t) => {
    const user = app.visitor();
    await signIn(user, REGISTRO, { run, password: 'boldo-quillay-peumo' });
    const { json, text } = await userinfo((await tokensFor(user, REGISTRO)).access);
    const hasEmail = run !== '16.161.616-8';
    const RolUnico = { numero, DV, tipo: 'RUN' };
    t.like(json, { sub: String(numero), RolUnico, name: { nombres, apellidos } });
    t.true(text.includes(`"numero":${numero},"DV":"${DV}"`));
    t.deepEqual(Object.keys(json), ['sub', 'RolUnico', 'name', ...(hasEmail ? ['email'] : [])]);
    const { json: standard } = await userinfo((await tokensFor(user, MUNICIPIO)).access);
    const names = { given_name: nombres.join(' '), family_name: apellidos.join(' ') };
    t.like(standard, { ...names, name: `${names.given_name} ${names.family_name}`, RolUnico });
    t.is(typeof standard['updated_at'], 'number');
    const of = ['sub', 'name', 'given_name', 'family_name', 'birthdate', 'updated_at', 'RolUnico'];
    t.deepEqual(Object.keys(standard).sort(), [...of, ...(hasEmail ? ['email', 'email_verified'] : [])].sort());
  });
}

for (const site of [MUNICIPIO, REGISTRO])
  for (const auth of ['basic', 'post'] as const)
    test(`${site.id} proves itself by ${auth}, at a path with and without a slash`, async (t) => {
      for (const path of ['/token', '/token/']) {
        const code = await codeFor(maria, { ...site, auth });
        t.is((await redeem({ ...site, auth }, code, { path })).status, 200);
      }
      const slashed = request(site, { prompt: 'none' }).replace('/authorize?', '/authorize/?');
      t.regex(answerOf(await go(maria, slashed)).get('code') ?? '', /^[\w-]{43}$/);
    });

test('the state that today’s sites send with the code is passed over, and so is the end of their bodies', async (t) => {
  const usual = (code: string) =>
    `grant_type=authorization_code&client_id=demo-registro&client_secret=demo-registro-secret&state=x&code=${code}&redirect_uri=${encodeURIComponent(CALLBACK)}`;
  for (const charset of ['', '; charset=UTF-8', ';charset=iso-8859-1', '; charset=ISO-8859-1'])
    for (const end of ['', '&=', '&tramite=a%F1o']) {
      const body = usual(await codeFor(maria, REGISTRO)) + end;
      const headers = { 'content-type': FORM + charset };
      t.is((await fetch(at('/token'), { method: 'POST', body, headers })).status, 200, charset + end);
    }
});

test('silence is an answer too: without a session prompt=none says so', async (t) => {
  const answer = await silently(app.visitor(), MUNICIPIO);
  t.deepEqual([answer.get('error'), answer.get('state'), answer.get('iss')], ['login_required', 'un-estado', at('')]);
});
