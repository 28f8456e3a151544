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
