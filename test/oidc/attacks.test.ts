import test, { type ExecutionContext } from 'ava';
import {
  basic,
  call,
  CALLBACK,
  CHALLENGE,
  encoded,
  MARIA,
  MUNICIPIO,
  post,
  provider,
  register,
  REGISTRO,
} from '../support/rp.ts';
import { ANA, request, VERIFIER, type Answer, type Fields, type User } from '../support/rp.ts';
import { serve, theClock } from '../support/serve.ts';

const app = await serve({ redis: true });
const site = await register(app.parts, { profile: 'oidc', redirectUris: ['https://rp.example/cb'] });
test.after.always(() => app.close());
const { at, go, signIn, silently, codeFor, redeem, tokensFor, userinfo } = provider(app.origin);

const maria = app.visitor();
test.before(async () => {
  await signIn(maria, MUNICIPIO, MARIA);
});
test.serial.after('after all of it, the server is well', async (t) => {
  t.is((await call(`${app.origin}/healthz`)).status, 200);
  t.is(Object.getOwnPropertyNames(Object.prototype).includes('polluted'), false);
  t.is((await userinfo((await tokensFor(maria, MUNICIPIO)).access)).status, 200);
});

const HTML = { accept: 'text/html' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
type Page = Awaited<ReturnType<User['get']>>;

/** A refusal of ours: no way on to anywhere, nothing of the inside. */
function localPage(t: ExecutionContext, { status, location, text, headers }: Page, what: string): void {
  t.is(status, 400, what);
  t.is(location, '', what);
  t.is(headers.get('location'), null, what);
  t.regex(headers.get('content-type') ?? '', /^text\/html/, what);
  t.true(text.includes('<html lang="es">') && text.includes('Código de ayuda'), what);
  t.notRegex(text, INSIDE, what);
}
function refused(t: ExecutionContext, { status, text }: Pick<Answer, 'status' | 'text'>, what: string): void {
  t.true(status >= 400 && status < 500, `${what}: ${status} ${text.slice(0, 200)}`);
  t.notRegex(text, INSIDE, what);
}
const INSIDE = /node_modules|\.(ts|js):\d|\bat \w+ \(|TypeError|RangeError|select \*|postgres|ioredis/;

const NOT_REGISTERED = [
  ...['https://rp.example/cb/', 'https://rp.example/cb?x', 'https://rp.example/cb?', 'https://rp.example/CB'],
  ...[
    'https://rp.example/cb/../x',
    'https://rp.example/x/../cb',
    'https://rp.example/./cb',
    'https://rp.example/cb%2f..',
  ],
  ...['https://rp.example/cb/..;/x', 'https://rp.example//cb', 'https://rp.example/cb#f', 'https://rp.example/cb#'],
  ...['https://rp.example.evil/cb', 'https://rp.example@evil.example/cb', 'https://x:y@rp.example/cb'],
  ...['https://evil.example/https://rp.example/cb', 'https://evil.example\\@rp.example/cb', 'https://rp.example\\cb'],
  ...['https://RP.example/cb', 'https://rp.example:443/cb', 'https://rp.example./cb', 'https://rp-example/cb'],
  ...['http://rp.example/cb', 'HTTPS://rp.example/cb', 'javascript:alert(1)', 'data:text/html,x', '//rp.example/cb'],
  ...[
    '//evil.example',
    '/cb',
    'rp.example/cb',
    ' https://rp.example/cb',
    'https://rp.example/cb ',
    'https://rp.example/c\tb',
  ],
  ...[
    'https://rp.example/cb\r\nx: y',
    'https://rp.example/cb\0',
    'https://rp.example/%63b',
    'https://гр.example/cb',
    CALLBACK,
    '',
  ],
];
test('R-34: an address that is not registered to the letter gets a page of ours', async (t) => {
  for (const uri of NOT_REGISTERED)
    for (const user of [maria, app.visitor()])
      localPage(t, await user.get(request(site, { redirect_uri: uri }), HTML), uri);
  const right = await maria.get(request(site, { redirect_uri: 'https://rp.example/cb', prompt: 'none' }));
  t.true(right.location.startsWith('https://rp.example/cb?code='));
});

test('R-34: one that is missing, or there twice, or comes with another fault, does too', async (t) => {
  const right = encoded({ redirect_uri: 'https://rp.example/cb' });
  const none = request(site, { redirect_uri: undefined });
  localPage(t, await maria.get(none, HTML), 'missing');
  for (const second of [right, encoded({ redirect_uri: 'https://evil.example/' })]) {
    localPage(t, await maria.get(`${none}&${right}&${second}`, HTML), 'twice');
    localPage(t, await maria.get(`${none}&${second}&${right}`, HTML), 'twice, the other way');
  }
  for (const more of [
    { response_type: 'token' },
    { response_type: undefined },
    { scope: '"' },
    { prompt: 'nonsense' },
    { response_mode: 'fragment' },
    { code_challenge: undefined },
    { request: 'x' },
    { registration: '{}' },
  ] as Fields[])
    localPage(
      t,
      await maria.get(request(site, { redirect_uri: 'https://evil.example/', ...more }), HTML),
      encoded(more),
    );
});

test('R-35: no other response type gives anything', async (t) => {
  for (const type of [
    'token',
    'id_token',
    'id_token token',
    'code id_token',
    'code token',
    'code id_token token',
    'none',
    'CODE',
    'x',
  ])
    for (const mode of [undefined, 'query', 'form_post', 'fragment']) {
      const answer = await maria.get(
        request(MUNICIPIO, { response_type: type, response_mode: mode, nonce: 'n' }),
        HTML,
      );
      const told = decodeURIComponent(answer.location) + answer.text;
      t.regex(told, /unsupported_response_type|invalid_request/, `${type} ${mode ?? ''}`);
      t.notRegex(told, /[?#&](code|access_token|id_token)=|name="(code|access_token|id_token)"/, type);
    }
});

test('R-35: no other grant is known, and no other door is there', async (t) => {
  for (const grant of [
    ...['password', 'client_credentials', 'refresh_token', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code'],
    ...['urn:openid:params:grant-type:ciba', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'AUTHORIZATION_CODE'],
  ]) {
    const fields = {
      grant_type: grant,
      username: '11111111-1',
      password: MARIA.password,
      refresh_token: 'x',
      scope: 'openid',
    };
    const { status, json } = await post(at('/token'), fields, basic(MUNICIPIO));
    t.is(status, 400, grant);
    t.is(json['error'], 'unsupported_grant_type', grant);
  }
  for (const path of [
    '/register',
    '/reg',
    '/device',
    '/device/auth',
    '/backchannel',
    '/interaction/x',
    '/challenge',
    '/me',
  ])
    for (const method of ['GET', 'POST']) t.is((await call(at(path), { method })).status, 404, path);
  for (const path of ['/authorize', '/session/end'])
    t.true((await call(at(path), { method: 'POST', headers: FORM })).status >= 400);
});

test('R-43: a parameter that is there twice is refused', async (t) => {
  localPage(t, await maria.get(`${request(MUNICIPIO)}&client_id=demo-municipio`, HTML), 'client_id');
  localPage(t, await maria.get(`${request(MUNICIPIO)}&client_id=demo-registro`, HTML), 'client_id');
  for (const more of [
    'scope=openid',
    'state=x',
    'response_type=code',
    'prompt=none',
    'nonce=1&nonce=2',
    'claims=1&claims=2',
  ]) {
    const { location } = await maria.get(`${request(MUNICIPIO, { prompt: 'none' })}&${more}`);
    const { searchParams } = new URL(location);
    t.is(searchParams.get('error'), 'invalid_request', more);
    t.false(searchParams.has('code'));
  }
  const code = await codeFor(maria, REGISTRO);
  const usual = encoded({
    ...{
      grant_type: 'authorization_code',
      code,
      redirect_uri: CALLBACK,
      client_id: REGISTRO.id,
      client_secret: REGISTRO.secret,
    },
  });
  for (const more of [
    'code=x',
    `code=${code}`,
    'grant_type=password',
    'client_id=demo-municipio',
    'client_secret=x',
    'redirect_uri=x',
  ])
    refused(t, await call(at('/token'), { method: 'POST', body: `${usual}&${more}`, headers: FORM }), more);
  t.is((await call(at('/token'), { method: 'POST', body: usual, headers: FORM })).status, 200);
});

const RUBBISH: readonly (readonly [string, RequestInit])[] = [
  ['JSON', { body: '{"grant_type":"authorization_code"}', headers: { 'content-type': 'application/json' } }],
  ['a file', { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
  ['XML', { body: '<a/>', headers: { 'content-type': 'text/xml' } }],
  ['60 KB', { body: `a=${'x'.repeat(60 * 1024)}`, headers: FORM }],
  ['60 KB of names', { body: 'a=1&'.repeat(15 * 1024), headers: FORM }],
  ['broken UTF-8', { body: Buffer.from('grant_type=authorization_code&code=\xff\xfe', 'latin1'), headers: FORM }],
  ['broken escapes', { body: 'grant_type=authorization_code&code=%ff%zz%', headers: FORM }],
  ['NUL', { body: 'grant_type=authorization_code&client_id=a%00b&client_secret=x&code=%00', headers: FORM }],
  [
    '__proto__',
    { body: '__proto__=x&__proto__[polluted]=1&constructor[prototype][polluted]=1&client_id=__proto__', headers: FORM },
  ],
  [
    'a client of Object’s',
    { body: 'client_id=constructor&client_secret=toString&grant_type=__proto__', headers: FORM },
  ],
  ['brackets', { body: 'client_id[]=demo-registro&client_secret[a]=x', headers: FORM }],
  ['nothing', { headers: FORM }],
  ['a Basic header of rubbish', { headers: { ...FORM, authorization: 'Basic %%%' } }],
  [
    'a Basic header of NUL',
    { headers: { ...FORM, authorization: `Basic ${Buffer.from('\0:\0').toString('base64')}` } },
  ],
  [
    'a Basic header with broken escapes',
    { headers: { ...FORM, authorization: `Basic ${Buffer.from('%zz:%').toString('base64')}` } },
  ],
  ['an assertion of rubbish', { body: 'client_assertion=a.b.c&client_assertion_type=x', headers: FORM }],
];
for (const [name, init] of RUBBISH) {
  test(`R-43: ${name} is refused at every door for programs`, async (t) => {
    for (const path of ['/token', '/token/', '/request', '/token/introspection', '/token/revocation'])
      for (const accept of ['*/*', 'text/html, */*; q=.2']) {
        const headers = { ...(init.headers as Record<string, string>), accept };
        const answer = await call(at(path), { method: 'POST', ...init, headers });
        refused(t, answer, `${path} ${accept}`);
        t.is(typeof answer.json['error'], 'string', `${path} ${answer.text.slice(0, 200)}`);
      }
  });
}

test('R-43, R-93: rubbish in the address is answered in words, and changes nothing', async (t) => {
  const usual = request(MUNICIPIO, { prompt: 'none' });
  for (const more of [
    '__proto__=x',
    '__proto__[polluted]=1',
    'constructor[prototype][polluted]=1',
    'a=%ff',
    '&&&=&=x',
    `b=${'x'.repeat(9000)}`,
  ])
    t.regex((await maria.get(`${usual}&${more}`)).location, /[?&]code=/, more.slice(0, 20));
  for (const more of [
    { client_id: 'a\0b' },
    { client_id: '__proto__' },
    { client_id: `https://evil.example/` },
    { client_id: 'x'.repeat(9000) },
  ])
    localPage(t, await maria.get(request(MUNICIPIO, more), HTML), encoded(more).slice(0, 40));
  localPage(t, await maria.get('/openid/authorize', HTML), 'nothing');
  localPage(t, await maria.get('/openid/authorize?%', HTML), 'a lone %');
  refused(t, await maria.get('/ingresar/a%00b?rp=%00', HTML), 'NUL in a way back');
  refused(t, await maria.get('/openid/session/end/success?client_id=%00', HTML), 'NUL after a logout');
  refused(t, await maria.get('/openid/session/end?client_id=%00&id_token_hint=%00', HTML), 'NUL in a logout');
  refused(t, await maria.get('/openid/authorize/%00', HTML), 'NUL in a way');
});
