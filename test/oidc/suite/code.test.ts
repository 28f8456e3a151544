import test from 'ava';
import { post, type Fields } from '../../support/rp.ts';
import {
  asked,
  browse,
  CALLBACK,
  challengeOf,
  pathOf,
  random,
  relyingParty,
  type Client,
} from '../../support/suite/rp.ts';
import { serveSuite } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const app = await serveSuite();
const rp = relyingParty(app);
const basic = await rp.register({ grant_types: ['authorization_code', 'refresh_token'] });
test.after.always(() => app.close());
const { module } = modulesFor(test);
const CODE = ['code'];
const codeOf = async (client: Client, more: Fields = {}) =>
  (await browse(app, app.visitor(), pathOf(asked(client, more)))).said.get('code');

module('oidcc-codereuse', CODE, {}, async (t) => {
  const { landed, json } = await rp.tokens(app.visitor(), basic);
  const again = await rp.redeem(basic, landed.said.get('code'));
  t.deepEqual([again.status, again.json['error']], [400, 'invalid_grant']);
  t.is((await rp.userinfo(json['access_token'])).status, 401);
});
module('oidcc-codereuse-30seconds', CODE, {}, async (t) => {
  const { landed, json } = await rp.tokens(app.visitor(), basic);
  app.travel(30);
  t.is((await rp.redeem(basic, landed.said.get('code'))).json['error'], 'invalid_grant');
  t.is((await rp.userinfo(json['access_token'])).status, 401);
});
module('oidcc-ensure-registered-redirect-uri', CODE, {}, async (t) => {
  const landed = await browse(app, app.visitor(), pathOf(asked(basic, { redirect_uri: `${CALLBACK}/otro` })));
  t.deepEqual([landed.by, landed.status], ['page', 400]);
});
module('oidcc-ensure-redirect-uri-in-authorization-request', CODE, {}, async (t) => {
  const landed = await browse(app, app.visitor(), pathOf(asked(basic, { redirect_uri: undefined })));
  t.deepEqual([landed.by, landed.status], ['page', 400]);
});
module('oidcc-server-client-secret-post', CODE, {}, async (t) => {
  const client = await rp.register({ token_endpoint_auth_method: 'client_secret_post' });
  t.truthy((await rp.tokens(app.visitor(), client)).claims.sub);
});
module('oidcc-ensure-request-with-valid-pkce-succeeds', CODE, {}, async (t) => {
  const verifier = random() + random();
  const pkce = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' };
  t.is((await rp.redeem(basic, await codeOf(basic, pkce), { code_verifier: verifier })).status, 200);
  t.is(
    (await rp.redeem(basic, await codeOf(basic, pkce), { code_verifier: `${verifier}x` })).json['error'],
    'invalid_grant',
  );
  t.is((await rp.redeem(basic, await codeOf(basic, pkce))).json['error'], 'invalid_grant');
});
module('oidcc-refresh-token', CODE, {}, async (t) => {
  const offline = { scope: 'openid offline_access', prompt: 'consent' };
  const { json, landed } = await rp.tokens(app.visitor(), basic, offline);
  t.true(landed.seen.includes('consent'));
  const use = (token: unknown, who = basic) => {
    const { fields, headers } = rp.proof(who);
    return post(rp.at('/token'), { grant_type: 'refresh_token', refresh_token: String(token), ...fields }, headers);
  };
  const fresh = await use(json['refresh_token']);
  t.is(fresh.status, 200);
  t.is((await rp.userinfo(fresh.json['access_token'])).status, 200);
  t.is(
    (
      await use(
        fresh.json['refresh_token'],
        await rp.register({ grant_types: ['authorization_code', 'refresh_token'] }),
      )
    ).json['error'],
    'invalid_grant',
  );
  t.is((await use(json['refresh_token'])).json['error'], 'invalid_grant');
  t.is((await use(fresh.json['refresh_token'])).json['error'], 'invalid_grant');
});

test.serial('RFC 8628: a device shows a code, a person types it elsewhere, and the device is in', async (t) => {
  const grant = 'urn:ietf:params:oauth:grant-type:device_code';
  const device = await rp.register({
    grant_types: [grant],
    response_types: [],
    redirect_uris: [],
    client_name: 'Tótem',
  });
  const { fields, headers } = rp.proof(device);
  const begun = await post(rp.at('/device/auth'), { scope: 'openid email', ...fields }, headers);
  t.is(begun.status, 200, begun.text);
  const poll = () =>
    post(rp.at('/token'), { grant_type: grant, device_code: String(begun.json['device_code']), ...fields }, headers);
  t.is((await poll()).json['error'], 'authorization_pending');
  const user = app.visitor();
  const page = await user.get('/openid/device', { accept: 'text/html' });
  t.true(page.text.includes('Escribe el código de tu dispositivo'));
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const wrong = await user.post('/openid/device', { xsrf, user_code: 'NADA-NADA' }, { accept: 'text/html' });
  t.is(wrong.status, 422);
  const again = /name="xsrf" value="([^"]+)"/.exec(wrong.text)?.[1] ?? '';
  const confirm = await user.post(
    '/openid/device',
    { xsrf: again, user_code: String(begun.json['user_code']) },
    { accept: 'text/html' },
  );
  t.true(confirm.text.includes('Tótem') && confirm.text.includes(String(begun.json['user_code'])));
  const sent = await user.post('/openid/device', {
    xsrf: /name="xsrf" value="([^"]+)"/.exec(confirm.text)?.[1] ?? '',
    user_code: String(begun.json['user_code']),
    confirm: 'yes',
  });
  const landed = await browse(app, user, sent.location);
  t.true(landed.text.includes('Ya puedes volver a tu dispositivo'), landed.text.slice(0, 300));
  const tokens = await poll();
  t.is(tokens.status, 200, tokens.text);
  t.is(typeof (await rp.userinfo(tokens.json['access_token'])).json['email'], 'string');
  t.is((await poll()).json['error'], 'invalid_grant');
  const late = await post(rp.at('/device/auth'), { scope: 'openid', ...fields }, headers);
  app.travel(601);
  const tooLate = { grant_type: grant, device_code: String(late.json['device_code']), ...fields };
  t.is((await post(rp.at('/token'), tooLate, headers)).json['error'], 'expired_token');
});
