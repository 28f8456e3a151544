import test from 'ava';
import { call, CALLBACK, encoded, MARIA, MUNICIPIO, provider, REGISTRO, request } from '../support/rp.ts';
import { serve } from '../support/serve.ts';
import { localPage, refused } from './refusals.ts';

const app = await serve({ crowded: true });
test.after.always(() => app.close());
const { at, signIn, codeFor, tokensFor, userinfo } = provider(app.origin);

const maria = app.visitor();
test.before(async () => {
  await signIn(maria, MUNICIPIO, MARIA);
});
test.serial.after('after all of it, the server is well', async (t) => {
  t.is((await call(`${app.origin}/healthz`)).status, 200);
  t.false(Object.getOwnPropertyNames(Object.prototype).includes('polluted'));
  t.is((await userinfo((await tokensFor(maria, MUNICIPIO)).access)).status, 200);
});

const HTML = { accept: 'text/html' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

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
