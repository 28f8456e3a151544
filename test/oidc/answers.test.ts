import test from 'ava';
import {
  CALLBACK,
  CLAUDIA,
  claimsOf,
  encoded,
  MARIA,
  MUNICIPIO,
  provider,
  register,
  REGISTRO,
  request,
} from '../support/rp.ts';
import type { Fields } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ crowded: true });
test.after.always(() => app.close());
const { at, go, signIn, silently, codeFor, redeem, tokensFor, userinfo } = provider(app.origin);

const maria = app.visitor();
test.before(async () => {
  await signIn(maria, REGISTRO, MARIA);
});

const EVERYTHING = 'openid run name profile email phone offline_access address nonsense';
const ALL_CLAIMS = JSON.stringify({
  userinfo: {
    ...{ name: null, email: { essential: true }, phone_number: null, birthdate: null, RolUnico: null },
    ...{ given_name: null, updated_at: null, address: null, sub: null },
  },
});

for (const [profile, allowed, keys] of [
  ['oidc', ['openid'], ['sub']],
  ['oidc', ['openid', 'email'], ['email', 'email_verified', 'sub']],
  ['oidc', ['openid', 'phone', 'run'], ['RolUnico', 'phone_number', 'phone_number_verified', 'sub']],
  ['claveunica', ['openid'], ['sub']],
  ['claveunica', ['openid', 'name'], ['name', 'sub']],
  ['claveunica', ['openid', 'phone'], ['phone_number', 'sub']],
] as const) {
  test(`R-70, R-76: a client of profile ${profile} with ${allowed.join(' ')} that asks for everything gets that and no more`, async (t) => {
    const site = await register(app.parts, { profile, scopes: allowed });
    for (const more of [{ scope: EVERYTHING }, { claims: ALL_CLAIMS }, { scope: EVERYTHING, claims: ALL_CLAIMS }]) {
      const { access, id, answer } = await tokensFor(maria, site, more);
      const { status, json } = await userinfo(access);
      t.is(status, 200);
      t.deepEqual(Object.keys(json).sort(), keys, JSON.stringify(more));
      if (profile === 'oidc') t.deepEqual(String(answer['scope']).split(' ').sort(), [...allowed].sort());
      t.false('email' in claimsOf(id) || 'name' in claimsOf(id));
    }
  });
}

test('R-76: what one request asked for does not stay for the next', async (t) => {
  const of = async (scope: string) =>
    Object.keys((await userinfo((await tokensFor(maria, REGISTRO, { scope })).access)).json);
  t.deepEqual(await of('openid run name email phone'), ['sub', 'RolUnico', 'name', 'email', 'phone_number']);
  t.deepEqual(await of('openid'), ['sub']);
  t.deepEqual(await of('openid email'), ['sub', 'email']);
});

test('a scope may be parted by %20 or +, and stand there twice', async (t) => {
  for (const scope of ['openid%20run%20name', 'openid+run+name', 'openid+openid+run+name+run']) {
    const { location } = await go(maria, `${request(REGISTRO, { prompt: 'none', scope: undefined })}&scope=${scope}`);
    const { json } = await redeem(REGISTRO, new URL(location).searchParams.get('code') ?? '');
    t.deepEqual(Object.keys((await userinfo(String(json['access_token']))).json), ['sub', 'RolUnico', 'name'], scope);
  }
});

const STATES: Readonly<Record<string, string>> = {
  constant: 'a',
  'JWE of 420 characters': `eyJhbGciOiJkaXIi.${'x'.repeat(399)}.A-_`,
  'line ends': 'a\r\nSet-Cookie: x=y\r\n\r\n<script>',
  'marks of addresses': 'a=b&c=d#e?f/../%2e%2e;g+h i',
  'marks of pages': `"><script>alert(1)</script>'&amp;&quot;{{x}}`,
  Spanish: 'trámite ñandú €',
  emoji: '🇨🇱 👩‍👩‍👧',
  'a JSON object': '{"volver":"/a?b=1&c=[2]","__proto__":{"x":1}}',
  'a dictionary word': '__proto__',
  'spaces at both ends': '  a  ',
  '2048 characters': 'é'.repeat(2048),
};

for (const [name, state] of Object.entries(STATES)) {
  test(`R-43: the state comes back unchanged: ${name}`, async (t) => {
    const user = app.visitor();
    for (const who of [maria, user]) {
      const page = await go(who, request(MUNICIPIO, { prompt: 'none', state }));
      t.is(page.status, 303);
      t.regex(page.location, /^http:\/\/localhost:9000\/cb\?[\x21-\x7e]+$/);
      t.is(page.headers.get('set-cookie')?.includes('x=y') ?? false, false);
      const answer = new URL(page.location).searchParams;
      t.is(answer.get('state'), state);
      t.is(answer.has('code'), who === maria);
      const form = await go(who, request(MUNICIPIO, { prompt: 'none', state, response_mode: 'form_post' }));
      t.is(fieldsOf(form.text)['state'], state);
      t.false(form.text.includes('<script>'));
    }
  });
}

test('R-43: an empty state comes back empty, also after a login and by form_post, and none stays none', async (t) => {
  t.is((await silently(maria, REGISTRO, { state: '' })).get('state'), '');
  t.is((await silently(maria, REGISTRO, { state: undefined })).get('state'), null);
  const user = app.visitor();
  const { location } = await user.get(request(REGISTRO, { state: '' }));
  const sent = await user.submit(location, CLAUDIA);
  t.regex((await go(user, sent.location)).location, /[?&]state=(&|$)/);
  const form = await go(maria, request(MUNICIPIO, { prompt: 'none', state: '', response_mode: 'form_post' }));
  t.regex(form.text, /<input type="hidden" name="state" value(="")?\/?>/);
  const refused = await silently(app.visitor(), REGISTRO, { state: '' });
  t.like(Object.fromEntries(refused), { error: 'login_required', state: '' });
});

test('R-43: a state that is no UTF-8, or beyond 2 KiB, is refused in words', async (t) => {
  const usual = request(MUNICIPIO, { prompt: 'none', state: undefined });
  for (const more of [
    'state=%ff%fe',
    'state=a%C3',
    'nonce=%ff',
    `state=${'a'.repeat(2049)}`,
    `nonce=${'a'.repeat(2049)}`,
  ]) {
    const { location } = await maria.get(`${usual}&${more}`);
    const answer = new URL(location).searchParams;
    t.is(answer.get('error'), 'invalid_request', more.slice(0, 20));
    t.false(answer.has('code'));
  }
});

const ERRORS: readonly (readonly [string, Fields])[] = [
  ['login_required', { prompt: 'none' }],
  ['invalid_request', { code_challenge: undefined, code_challenge_method: undefined }],
  ['invalid_request', { code_challenge_method: 'plain' }],
  ['invalid_request', { prompt: 'none login' }],
  ['invalid_request', { prompt: 'nonsense' }],
  ['invalid_request', { max_age: '-1' }],
  ['invalid_request', { claims: '{' }],
  ['invalid_request', { id_token_hint: 'junk' }],
  ['invalid_scope', { scope: 'openid "x"' }],
  ['unsupported_response_type', { response_type: 'none' }],
  ['unsupported_response_mode', { response_mode: 'web_message' }],
  ['invalid_request_object', { request: 'a.b.c' }],
  ['registration_not_supported', { registration: '{}' }],
];
for (const [error, more] of ERRORS) {
  test(`R-41: ${error} says who answers: ${encoded(more)}`, async (t) => {
    const { status, location } = await app.visitor().get(request(MUNICIPIO, more));
    t.is(status, 303);
    t.true(location.startsWith(`${CALLBACK}?`));
    const answer = new URL(location).searchParams;
    t.like(Object.fromEntries(answer), { error, iss: at(''), state: 'un-estado' });
    t.false(answer.has('code'));
  });
}

test('R-41: so does a code, and a person who cancels', async (t) => {
  t.is((await silently(maria, MUNICIPIO)).get('iss'), at(''));
  const user = app.visitor();
  const { location } = await user.get(request(MUNICIPIO));
  const { location: back } = await user.submit(location, { cancelar: 'si' });
  const { searchParams } = new URL((await go(user, back)).location);
  t.like(Object.fromEntries(searchParams), { error: 'access_denied', iss: at(''), state: 'un-estado' });
});

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const fieldsOf = (text: string): Fields =>
  Object.fromEntries(
    [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      unescaped(value),
    ]),
  );

test('form_post: a page of ours, in Spanish, sends the answer on by itself', async (t) => {
  const { status, text, headers } = await go(maria, request(MUNICIPIO, { prompt: 'none', response_mode: 'form_post' }));
  t.is(status, 200);
  t.true(text.includes('<html lang="es">'));
  t.true(text.includes(`method="post" action="${CALLBACK}" data-auto`));
  t.regex(text, /<button [^>]*>Continuar<\/button>/);
  t.false(text.includes('Submitting Callback'));
  const fields = fieldsOf(text);
  t.deepEqual(Object.keys(fields), ['code', 'state', 'iss']);
  t.like(fields, { state: 'un-estado', iss: at('') });
  t.is((await redeem(MUNICIPIO, fields['code'] ?? '')).status, 200);
  const policy = headers.get('content-security-policy') ?? '';
  const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1] ?? '';
  t.regex(text, new RegExp(`<script type="module" src="/activos/[^"]+" nonce="${nonce}">`));
  t.false(policy.includes('form-action') || policy.includes('unsafe-inline'));
  t.is(headers.get('cache-control'), 'no-store');
});

test('form_post: an error and a login arrive that way too', async (t) => {
  const refused = await go(app.visitor(), request(REGISTRO, { prompt: 'none', response_mode: 'form_post' }));
  t.is(refused.status, 400);
  t.like(fieldsOf(refused.text), { error: 'login_required', state: 'un-estado', iss: at('') });
  const user = app.visitor();
  const { location } = await user.get(request(REGISTRO, { response_mode: 'form_post' }));
  const page = await go(user, (await user.submit(location, MARIA)).location);
  t.is(page.status, 200);
  t.is((await redeem(REGISTRO, fieldsOf(page.text)['code'] ?? '')).status, 200);
});

test('the library’s other modes give nothing', async (t) => {
  for (const mode of ['fragment', 'jwt', 'query.jwt', 'form_post.jwt', 'web_message', 'nonsense']) {
    const { status, location, text } = await maria.get(request(MUNICIPIO, { prompt: 'none', response_mode: mode }));
    t.is(status, mode === 'form_post.jwt' ? 400 : 303, mode);
    const signed = /[?#&]response=([^&]+)/.exec(location)?.[1] ?? fieldsOf(text)['response'];
    const told = signed === undefined ? location : encoded(claimsOf(signed) as Fields);
    t.true(told.includes('error='), mode);
    t.false(told.includes('code='), mode);
  }
  t.regex(await codeFor(maria, MUNICIPIO, { response_mode: 'query' }), /^[\w-]{43}$/);
});
