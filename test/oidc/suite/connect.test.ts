import test from 'ava';
import { call, LUIS } from '../../support/rp.ts';
import { asked, browse, CALLBACK, challengeOf, pathOf, random, relyingParty } from '../../support/suite/rp.ts';
import { serveSuite } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const app = await serveSuite();
const rp = relyingParty(app);
const ALL_TYPES = ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'] as const;
const client = await rp.register({
  ...{ response_types: [...ALL_TYPES], grant_types: ['authorization_code', 'implicit', 'refresh_token'] },
  redirect_uris: [CALLBACK, `${CALLBACK}?x=1`],
});
test.after.always(() => app.close());
const { module, forms } = modulesFor(test);

/** What a type brings, checked as the suite does: each token there, of this request, and bound to the others. */
async function flow(t: import('ava').ExecutionContext, type: string, more: Record<string, string | undefined> = {}) {
  const request = asked(client, { response_type: type, ...more });
  const user = app.visitor();
  const landed = await browse(app, user, pathOf(request));
  t.is(landed.said.get('error'), null, landed.said.toString());
  t.is(landed.said.get('state'), request['state'] ?? null);
  const kinds = type.split(' ');
  t.is(landed.said.has('code'), kinds.includes('code'));
  t.is(landed.said.has('access_token'), kinds.includes('token'));
  t.is(landed.by, more['response_mode'] === 'form_post' ? 'form' : type === 'code' ? 'query' : 'fragment');
  const front = kinds.includes('id_token')
    ? await rp.verified(landed.said.get('id_token'), client.client_id)
    : undefined;
  if (front) {
    t.is(front['nonce'], request['nonce']);
    const half = (value: string | null) =>
      Buffer.from(challengeOf(value ?? ''), 'base64url')
        .subarray(0, 16)
        .toString('base64url');
    if (kinds.includes('code')) t.is(front['c_hash'], half(landed.said.get('code')));
    if (kinds.includes('token')) t.is(front['at_hash'], half(landed.said.get('access_token')));
  }
  const back = kinds.includes('code') ? await rp.redeem(client, landed.said.get('code')) : undefined;
  if (back) t.is(back.status, 200, back.text);
  const id = back ? await rp.verified(back.json['id_token'], client.client_id) : front;
  const token = landed.said.get('access_token') ?? back?.json['access_token'];
  return { user, request, landed, id, token, back };
}

for (const form of forms) {
  const mode = form ? { response_mode: 'form_post' } : {};
  module('oidcc-server', [...ALL_TYPES], { form }, async (t, type) => {
    const { id, token } = await flow(t, type, mode);
    if (id) t.truthy(id.sub);
    if (token)
      t.like((await rp.userinfo(token)).json, { sub: id?.sub ?? String((await rp.userinfo(token)).json['sub']) });
  });
  for (const [name, names] of Object.entries({
    'oidcc-scope-profile': [
      'name',
      'family_name',
      'given_name',
      'middle_name',
      'nickname',
      'preferred_username',
      'profile',
      'picture',
      'website',
      'gender',
      'birthdate',
      'zoneinfo',
      'locale',
      'updated_at',
    ],
    'oidcc-scope-email': ['email', 'email_verified'],
    'oidcc-scope-address': ['address'],
    'oidcc-scope-phone': ['phone_number', 'phone_number_verified'],
  }))
    module(name, ['code', 'id_token', 'code token'], { form }, async (t, type) => {
      const { id, token } = await flow(t, type, { scope: `openid ${name.replace('oidcc-scope-', '')}`, ...mode });
      const claims = token ? (await rp.userinfo(token)).json : { ...id };
      for (const name of names) {
        const value = claims[name];
        const wanted =
          name === 'address'
            ? 'object'
            : name === 'updated_at'
              ? 'number'
              : name.endsWith('verified')
                ? 'boolean'
                : 'string';
        t.is(typeof value, wanted, name);
        t.not(value, '', name);
      }
      const others = ['name', 'email', 'address', 'phone_number', 'RolUnico'].filter((name) => !names.includes(name));
      for (const name of others) t.false(name in claims, name);
      if (token && id) t.false(names.some((name) => name in id));
    });
  module('oidcc-scope-all', ['code', 'id_token'], { form }, async (t, type) => {
    const { id, token } = await flow(t, type, { scope: 'openid profile email address phone', ...mode });
    const claims = token ? (await rp.userinfo(token)).json : { ...id };
    t.true(['name', 'email', 'address', 'phone_number'].every((name) => name in claims));
  });
  module('oidcc-alternate-happy-flow', ['code', 'id_token', 'code id_token'], { form }, async (t, type) => {
    await flow(t, type, { redirect_uri: CALLBACK, max_age: '600', ui_locales: 'en', ...mode });
  });
}

for (const [name, more] of Object.entries({
  'oidcc-display-page': { display: 'page' },
  'oidcc-display-popup': { display: 'popup' },
  'oidcc-max-age-10000': { max_age: '10000' },
  'oidcc-ensure-request-with-unknown-parameter-succeeds': { extra: 'foobar' },
  'oidcc-login-hint': { login_hint: 'bob@example.com' },
  'oidcc-ui-locales': { ui_locales: 'se' },
  'oidcc-claims-locales': { claims_locales: 'se' },
  'oidcc-ensure-request-with-acr-values-succeeds': { acr_values: 'urn:claveunica:video:1f nonsense' },
}))
  module(name, ['code', 'id_token', 'code token'], {}, async (t, type) => {
    const { id, token } = await flow(t, type, more);
    t.truthy(id ?? token);
    if (name.includes('acr')) t.is(id?.['acr'], type === 'code token' || id ? 'urn:claveunica:video:1f' : undefined);
    if (name.includes('max-age') && id) t.is(typeof id['auth_time'], 'number');
  });

module('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', ['code'], {}, async (t, type) => {
  const { id } = await flow(t, type, { nonce: undefined });
  t.false('nonce' in (id ?? {}));
});
module(
  'oidcc-ensure-request-without-nonce-fails',
  ['id_token', 'id_token token', 'code id_token'],
  {},
  async (t, type) => {
    const { said } = await browse(app, app.visitor(), pathOf(asked(client, { response_type: type, nonce: undefined })));
    t.is(said.get('error'), 'invalid_request');
    t.false(said.has('id_token'));
  },
);
module('oidcc-response-type-missing', ['code'], {}, async (t) => {
  const { said, by, status } = await browse(app, app.visitor(), pathOf(asked(client, { response_type: undefined })));
  if (by === 'page') t.is(status, 400);
  else t.is(said.get('error'), 'invalid_request');
});
module('oidcc-prompt-login', ['code', 'id_token'], {}, async (t, type) => {
  const first = await flow(t, type);
  app.travel(2);
  const again = await browse(app, first.user, pathOf({ ...first.request, prompt: 'login', state: random() }));
  t.deepEqual(again.seen, ['log-in']);
  const { json } =
    type === 'code'
      ? await rp.redeem(client, again.said.get('code'))
      : { json: { id_token: again.said.get('id_token') } };
  const id = await rp.verified(json['id_token'], client.client_id);
  t.true(Number(id['auth_time']) > Number(first.id?.['auth_time']));
  t.is(id.sub, first.id?.sub);
});
module('oidcc-prompt-none-not-logged-in', ['code', 'id_token'], {}, async (t, type) => {
  const { said, seen } = await browse(
    app,
    app.visitor(),
    pathOf(asked(client, { response_type: type, prompt: 'none' })),
  );
  t.is(said.get('error'), 'login_required');
  t.deepEqual(seen, []);
});
module('oidcc-prompt-none-logged-in', ['code', 'id_token'], {}, async (t, type) => {
  const first = await flow(t, type);
  const again = await browse(app, first.user, pathOf({ ...first.request, prompt: 'none' }));
  t.deepEqual([again.said.get('error'), again.seen], [null, []]);
});
module('oidcc-max-age-1', ['code'], {}, async (t, type) => {
  const first = await flow(t, type);
  app.travel(3);
  const again = await browse(app, first.user, pathOf({ ...first.request, max_age: '1' }));
  t.deepEqual(again.seen, ['log-in']);
  const id = await rp.verified((await rp.redeem(client, again.said.get('code'))).json['id_token'], client.client_id);
  t.true(Number(id['auth_time']) > Number(first.id?.['auth_time']));
});
module('oidcc-id-token-hint', ['code'], {}, async (t, type) => {
  const first = await flow(t, type);
  const hint = String(first.back?.json['id_token']);
  const again = await browse(app, first.user, pathOf({ ...first.request, prompt: 'none', id_token_hint: hint }));
  t.true(again.said.has('code'));
  const other = app.visitor();
  await browse(app, other, pathOf(asked(client)), LUIS);
  const wrong = await browse(app, other, pathOf({ ...first.request, prompt: 'none', id_token_hint: hint }));
  t.is(wrong.said.get('error'), 'login_required');
});
module('oidcc-ensure-post-request-succeeds', ['code'], {}, async (t) => {
  const user = app.visitor();
  const { location, status } = await user.post(
    '/openid/authorize',
    new URLSearchParams(asked(client) as Record<string, string>).toString(),
  );
  t.is(status, 303);
  t.true((await browse(app, user, location)).said.has('code'));
});
module('oidcc-claims-essential', ['code', 'id_token'], {}, async (t, type) => {
  const place = type === 'code' ? 'userinfo' : 'id_token';
  const { id, token } = await flow(t, type, { claims: JSON.stringify({ [place]: { name: { essential: true } } }) });
  t.is(typeof (token ? (await rp.userinfo(token)).json : { ...id })['name'], 'string');
});
module('oidcc-idtoken-signature', ['code', 'id_token'], {}, async (t, type) => {
  t.truthy((await flow(t, type)).id);
});
module('oidcc-userinfo-get', ['code', 'code token'], {}, async (t, type) => {
  t.is((await rp.userinfo((await flow(t, type)).token)).status, 200);
});
module('oidcc-userinfo-post-header', ['code'], {}, async (t, type) => {
  const { token } = await flow(t, type);
  const headers = { authorization: `Bearer ${String(token)}`, 'content-type': 'application/x-www-form-urlencoded' };
  t.is((await rp.userinfo(token, { method: 'POST', headers })).status, 200);
});
module('oidcc-userinfo-post-body', ['code'], {}, async (t, type) => {
  const { token } = await flow(t, type);
  const body = new URLSearchParams({ access_token: String(token) });
  t.is((await call(rp.at('/userinfo'), { method: 'POST', body })).status, 200);
});
