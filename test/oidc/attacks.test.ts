import test from 'ava';
import { basic, call, CALLBACK, encoded, MARIA, MUNICIPIO, post, provider, register, request } from '../support/rp.ts';
import type { Fields } from '../support/rp.ts';
import { serve } from '../support/serve.ts';
import { localPage } from './refusals.ts';

const app = await serve({ redis: true, crowded: true });
const site = await register(app.parts, { profile: 'oidc', redirectUris: ['https://rp.example/cb'] });
test.after.always(() => app.close());
const { at, signIn } = provider(app.origin);

const maria = app.visitor();
test.before(async () => {
  await signIn(maria, MUNICIPIO, MARIA);
});
const HTML = { accept: 'text/html' };
const JSON_BODY = { 'content-type': 'application/json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

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
      t.true(told.includes('unsupported_response_type'), `${type} ${mode ?? ''}`);
      t.notRegex(told, /[?#&](code|access_token|id_token)=|name="(code|access_token|id_token)"/, type);
    }
});

test('R-35: no other grant is known, and no other door is there', async (t) => {
  for (const grant of [
    ...['password', 'client_credentials', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code'],
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
  // Refresh tokens are for single clients (decision 12), and this one has none.
  const again = await post(at('/token'), { grant_type: 'refresh_token', refresh_token: 'x' }, basic(MUNICIPIO));
  t.deepEqual([again.status, again.json['error']], [400, 'invalid_request']);
  // On a laptop developers register by themselves, with a token that the operator gave them.
  const uninvited = await call(at('/register'), { method: 'POST', headers: JSON_BODY, body: '{}' });
  t.deepEqual([uninvited.status, uninvited.json['error']], [401, 'invalid_token']);
  for (const path of ['/reg', '/device', '/device/auth', '/backchannel', '/interaction/x', '/challenge', '/me'])
    for (const method of ['GET', 'POST']) t.is((await call(at(path), { method })).status, 404, path);
  t.true((await call(at('/authorize'), { method: 'POST', headers: FORM })).status >= 400);
  // A form that logs out is sent on as the page that asks.
  const out = await call(at('/session/end'), { method: 'POST', headers: FORM, body: 'state=a%0Ab&client_id=x' });
  t.deepEqual([out.status, out.headers.get('location')], [303, '/openid/session/end?state=a%0Ab&client_id=x']);
});
