import test from 'ava';
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
import { request, type Fields } from '../support/rp.ts';
import { serve, theClock } from '../support/serve.ts';

const app = await serve({ redis: true, crowded: true });
test.after.always(() => app.close());
const { at, go, signIn, silently, codeFor, redeem, tokensFor, userinfo } = provider(app.origin);

const maria = app.visitor();
test.before(async () => {
  await signIn(maria, MUNICIPIO, MARIA);
});
const HTML = { accept: 'text/html' };
const GRANT = { grant_type: 'authorization_code', redirect_uri: CALLBACK };

test.serial('R-39: an unknown client and a wrong secret are answered alike', async (t) => {
  const answers = await Promise.all(
    [
      { id: MUNICIPIO.id, secret: 'wrong' },
      { id: REGISTRO.id, secret: MUNICIPIO.secret },
      { id: 'nobody', secret: MUNICIPIO.secret },
      { id: '__proto__', secret: 'x' },
    ].flatMap((who) => [
      post(at('/token'), { ...GRANT, code: 'x' }, basic(who)),
      post(at('/token'), { ...GRANT, code: 'x', client_id: who.id, client_secret: who.secret }),
    ]),
  );
  for (const { status, json } of answers) {
    t.is(status, 401);
    t.deepEqual(json, { error: 'invalid_client', error_description: 'client authentication failed' });
  }
  const shapes = answers.map(({ headers, text }) => [[...headers.keys()].join(), text].join());
  t.is(new Set(shapes.filter((_, index) => index % 2 === 0)).size, 1);
  t.is(new Set(shapes.filter((_, index) => index % 2 === 1)).size, 1);
});

test.serial('R-39: a secret in the address does not count, and is no answer to anything', async (t) => {
  const code = await codeFor(maria, REGISTRO);
  const secret = encoded({ client_id: REGISTRO.id, client_secret: REGISTRO.secret });
  for (const fields of [
    { ...GRANT, code },
    { ...GRANT, code, client_id: REGISTRO.id },
  ]) {
    const { status, json } = await post(`${at('/token')}?${secret}`, fields);
    t.true(status === 400 || status === 401);
    t.regex(String(json['error']), /^invalid_(client|request)$/);
  }
  t.is((await redeem(REGISTRO, code)).status, 200);
});

test.serial('R-39: two ways of proving itself at once are refused, and so is none', async (t) => {
  const code = await codeFor(maria, REGISTRO);
  const both = { client_id: REGISTRO.id, client_secret: REGISTRO.secret };
  const assertion = {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZW1vLXJlZ2lzdHJvIiwiaXNzIjoiZGVtby1yZWdpc3RybyJ9.',
  };
  const tries: readonly (readonly [Fields, Record<string, string>, number])[] = [
    [both, basic(REGISTRO), 400],
    [{ ...both, ...assertion }, {}, 400],
    [assertion, basic(REGISTRO), 400],
    [{ client_id: MUNICIPIO.id }, basic(REGISTRO), 400],
    [assertion, {}, 401],
    [{ client_id: REGISTRO.id }, {}, 401],
    [{ client_id: REGISTRO.id, client_secret: '' }, {}, 401],
    [{}, {}, 401],
    [both, { authorization: 'Bearer x' }, 400],
  ];
  for (const [fields, headers, wanted] of tries) {
    const { status, json } = await post(at('/token'), { ...GRANT, code, ...fields }, headers);
    t.is(status, wanted, JSON.stringify(fields));
    t.false('access_token' in json);
  }
  t.is((await redeem(REGISTRO, code)).status, 200);
});

test.serial('R-67: of two secrets both count, and the old one only until its end', async (t) => {
  const [site, next] = [
    await register(app.parts, { profile: 'claveunica' }),
    await register(app.parts, { profile: 'claveunica' }),
  ];
  const [old, fresh] = await Promise.all(
    [site, next].map(async ({ id }) => (await app.parts.clients.byId(id))?.secrets[0]),
  );
  const until = app.parts.clock() + 60_000;
  await app.live
    .db('clients')
    .where({ id: site.id })
    .update({ secrets: JSON.stringify([fresh, { ...old, until }]) });
  theClock().set(theClock().ahead() + 3);
  const works = async (secret: string) => (await redeem({ ...site, secret }, await codeFor(maria, site))).status;
  t.deepEqual([await works(site.secret), await works(next.secret), await works('other')], [200, 200, 401]);
  theClock().set(theClock().ahead() + 60);
  t.deepEqual([await works(site.secret), await works(next.secret)], [401, 200]);
});

test.serial('R-40: a token is for its own client to ask about, and for userinfo in the header alone', async (t) => {
  const { access, id } = await tokensFor(maria, MUNICIPIO);
  const about = (who: typeof MUNICIPIO) => post(at('/token/introspection'), { token: access }, basic(who));
  t.like((await about(MUNICIPIO)).json, { active: true, client_id: MUNICIPIO.id, scope: MUNICIPIO.scope });
  t.deepEqual((await about(REGISTRO)).json, { active: false });
  t.is((await about({ ...MUNICIPIO, secret: 'wrong' })).status, 401);
  // Nor may another one take it away.
  await post(at('/token/revocation'), { token: access }, basic(REGISTRO));
  t.is((await userinfo(access)).status, 200);
  for (const init of [
    { path: `/userinfo?access_token=${access}`, headers: {} },
    { path: `/userinfo/?access_token=${access}`, headers: HTML },
    { path: `/userinfo?access_token=${access}`, method: 'POST', headers: {} },
  ]) {
    const { status, json } = await call(at(init.path), init);
    t.is(status, 400);
    t.is(json['error'], 'invalid_request');
  }
  t.is((await userinfo(access, { path: `/userinfo?access_token=${access}` })).status, 400);
  for (const wrong of [id, `${access}x`, access.slice(1), '', 'a b', 'null'])
    t.regex(String((await userinfo(wrong)).status), /^40[01]$/, wrong);
  t.is((await userinfo(access)).status, 200);
  await post(at('/token/revocation'), { token: access }, basic(MUNICIPIO));
  t.is((await userinfo(access)).status, 401);
});

test.serial('R-69: a suspended client is out within five seconds, wherever it stands', async (t) => {
  const site = await register(app.parts, { profile: 'claveunica', name: 'Oficina Suspendida' });
  const { access } = await tokensFor(maria, site);
  const code = await codeFor(maria, site);
  const half = app.visitor();
  const { location } = await half.get(request(site));
  // By another process: ours has its copy in memory.
  await app.live.db('clients').where({ id: site.id }).update({ state: 'suspended' });
  theClock().set(theClock().ahead() + 5);
  const sent = await half.submit(location, MARIA);
  const pages = [
    await maria.get(request(site), HTML),
    await maria.get(request(site, { prompt: 'none' }), HTML),
    await app.visitor().get(request(site), HTML),
    await go(half, sent.location),
  ];
  for (const page of pages) {
    t.is(page.status, 400);
    t.is(page.location, '');
    t.true(page.text.includes('La institución no está habilitada en ClaveÚnica'));
    t.true(page.text.includes('Oficina Suspendida'));
  }
  t.is((await redeem(site, code)).status, 401);
  t.is((await userinfo(access)).status, 401);
  t.is((await post(at('/token/introspection'), { token: access }, basic(site))).status, 401);
  t.is((await post(at('/request'), { client_id: site.id, client_secret: site.secret })).status, 401);
  // Nobody else notices.
  t.true((await silently(maria, REGISTRO)).has('code'));
});

test.serial('R-38: a pushed request is for its client alone, and good for one answer', async (t) => {
  const push = (fields: Fields = {}, who = MUNICIPIO) =>
    post(at('/request'), {
      ...{
        client_id: who.id,
        client_secret: who.secret,
        response_type: 'code',
        redirect_uri: CALLBACK,
        scope: 'openid name email',
      },
      ...{ code_challenge: CHALLENGE, code_challenge_method: 'S256', state: 'empujado', nonce: 'n', ...fields },
    });
  const pushed = await push();
  t.is(pushed.status, 201);
  t.deepEqual(Object.keys(pushed.json).sort(), ['expires_in', 'request_uri']);
  t.is(pushed.json['expires_in'], 60);
  const uri = String(pushed.json['request_uri']);
  t.regex(uri, /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/);
  const by = (client_id: string, more: Fields = {}) =>
    `/openid/authorize?${encoded({ client_id, request_uri: uri, ...more })}`;

  const foreign = await maria.get(by(REGISTRO.id), HTML);
  t.is(foreign.status, 400);
  t.is(foreign.location, '');
  // What stands beside it in the address does not change it.
  const { location } = await maria.get(
    by(MUNICIPIO.id, { state: 'otro', redirect_uri: 'https://evil.example', scope: 'openid phone' }),
  );
  const answer = new URL(location).searchParams;
  t.true(location.startsWith(`${CALLBACK}?`));
  t.is(answer.get('state'), 'empujado');
  const { json } = await redeem(MUNICIPIO, answer.get('code') ?? '');
  t.is(json['scope'], 'openid email');
  for (const user of [maria, maria]) {
    const again = await user.get(by(MUNICIPIO.id), HTML);
    t.false(again.location.includes('code='));
    t.regex(again.location + again.text, /invalid_request_uri/);
  }

  for (const [fields, wanted] of [
    [{ redirect_uri: 'https://evil.example' }, 400],
    [{ client_secret: 'wrong' }, 401],
    [{ code_challenge: undefined, code_challenge_method: undefined }, 400],
    [{ request_uri: uri }, 400],
    [{ request: 'a.b.c' }, 400],
    [{ claims: `{"userinfo":{"name":${'['.repeat(9000)}${']'.repeat(9000)}}}` }, 400],
    [{ state: 'x'.repeat(2049) }, 400],
  ] as const) {
    const refused = await push(fields);
    t.is(refused.status, wanted, JSON.stringify(fields).slice(0, 60));
    t.is(typeof refused.json['error'], 'string');
  }
});

test.serial('R-38: a pushed request ends after a minute', async (t) => {
  const { json } = await post(at('/request'), {
    ...{
      client_id: REGISTRO.id,
      client_secret: REGISTRO.secret,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
    },
  });
  theClock().set(theClock().ahead() + 61);
  const path = `/openid/authorize?${encoded({ client_id: REGISTRO.id, request_uri: String(json['request_uri']) })}`;
  const { status, text } = await maria.get(path, HTML);
  t.is(status, 400);
  t.true(text.includes('invalid_request_uri'));
});

test.serial('R-42: nothing is fetched because the address says so', async (t) => {
  for (const request_uri of [
    'http://127.0.0.1:9/',
    'https://evil.example/r',
    'urn:ietf:params:oauth:request_uri:nothing',
    'x',
  ]) {
    const { status, location, text } = await maria.get(
      `/openid/authorize?${encoded({ client_id: MUNICIPIO.id, request_uri })}`,
      HTML,
    );
    t.is(status, 400, request_uri);
    t.is(location, '');
    t.regex(text, /request_uri_not_supported|invalid_request_uri/);
  }
});
