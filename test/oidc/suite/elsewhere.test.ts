import test from 'ava';
import { call, encoded, MARIA, post } from '../../support/rp.ts';
import { fapiSite, keysOf, now } from '../../support/suite/fapi.ts';
import { random, relyingParty } from '../../support/suite/rp.ts';
import { serveSuite, site } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const [keys, weak, other] = [await keysOf('PS256'), await keysOf('RS256'), await keysOf('ES256')];
const pings: { authorization: string | undefined; body: string }[] = [];
/** What the site answers when it is told. */
let answers = { status: 204, headers: {}, body: '' };
const there = await site((req, res) => {
  let body = '';
  req.on('data', (piece: Buffer) => (body += piece.toString()));
  req.on('end', () => {
    pings.push({ authorization: req.headers.authorization, body });
    res.writeHead(answers.status, answers.headers).end(answers.body);
  });
});
const CIBA = 'urn:openid:params:grant-type:ciba';
const client = {
  ...{
    token_endpoint_auth_method: 'private_key_jwt',
    fapi_profile: '1.0 Final',
    grant_types: [CIBA],
    response_types: [],
  },
  ...{ backchannel_authentication_request_signing_alg: 'PS256', id_token_signed_response_alg: 'PS256' },
  jwks: { keys: [keys.jwk, weak.jwk] },
};
const app = await serveSuite([
  { client_id: 'sondea', ...client, backchannel_token_delivery_mode: 'poll' },
  {
    ...{ client_id: 'atada', ...client, backchannel_token_delivery_mode: 'poll' },
    tls_client_certificate_bound_access_tokens: true,
  },
  {
    client_id: 'avisa',
    ...client,
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: `${there.origin}/aviso`,
  },
]);
const rp = relyingParty(app);
const poll = fapiSite(app, { id: 'sondea', keys, dpop: other });
const bound = fapiSite(app, { id: 'atada', keys, dpop: other });
const ping = fapiSite(app, { id: 'avisa', keys, dpop: other });
test.after.always(async () => {
  await there.close();
  await app.close();
});
const { module } = modulesFor(test);
const ciba = (name: string, run: Parameters<typeof module>[3]) => module(name, ['poll'], {}, run);

type Claims = Readonly<Record<string, unknown>>;
const NOTHING = {
  response_type: undefined,
  redirect_uri: undefined,
  code_challenge: undefined,
  code_challenge_method: undefined,
};
const asking = (who = poll, claims: Claims = {}, more: Parameters<typeof poll.requestObject>[1] = {}) =>
  who.requestObject(
    { jti: random(), ...NOTHING, state: undefined, nonce: undefined, login_hint: MARIA.run, ...claims },
    more,
  );
const begin = async (who = poll, claims: Claims = {}, more: Parameters<typeof poll.requestObject>[1] = {}) =>
  post(who.at('/backchannel'), await who.proven({ request: await asking(who, claims, more) }));
/** As the suite presses the buttons of a telephone. */
const press = (id: unknown, action: 'allow' | 'deny') =>
  call(`${app.origin}/emulador/ciba?${encoded({ auth_req_id: String(id), action })}`, {
    method: 'POST',
    headers: { accept: 'application/json' },
  });
const fetchTokens = async (id: unknown, who = poll, more = {}) =>
  post(who.at('/token'), await who.proven({ grant_type: CIBA, auth_req_id: String(id), ...more }));

ciba('fapi-ciba-id1', async (t) => {
  const { json, status, text } = await begin();
  t.is(status, 200, text);
  t.is((await fetchTokens(json['auth_req_id'])).json['error'], 'authorization_pending');
  t.is((await press(json['auth_req_id'], 'allow')).status, 200);
  const tokens = await fetchTokens(json['auth_req_id']);
  t.is(tokens.status, 200, tokens.text);
  const id = await rp.verified(tokens.json['id_token'], 'sondea', 'PS256');
  t.is(id['acr'], 'urn:claveunica:presencial:1f');
  t.is((await rp.userinfo(tokens.json['access_token'])).json['sub'], id.sub);
});
module('fapi-ciba-id1', ['ping'], {}, async (t) => {
  const token = random();
  const { json } = await begin(ping, { client_notification_token: token });
  await press(json['auth_req_id'], 'allow');
  t.deepEqual(pings, [
    { authorization: `Bearer ${token}`, body: JSON.stringify({ auth_req_id: json['auth_req_id'] }) },
  ]);
  t.is((await fetchTokens(json['auth_req_id'], ping)).status, 200);
});
ciba('fapi-ciba-id1-user-rejects-authentication', async (t) => {
  const { json } = await begin();
  const user = app.visitor();
  const page = await user.get(`/emulador/ciba?auth_req_id=${String(json['auth_req_id'])}`, { accept: 'text/html' });
  t.regex(page.text, /<button class="boton boton-principal" name="action" value="allow">/);
  t.is((await user.post('/emulador/ciba', { auth_req_id: String(json['auth_req_id']), action: 'deny' })).status, 200);
  t.is((await fetchTokens(json['auth_req_id'])).json['error'], 'access_denied');
});
ciba('fapi-ciba-id1-multiple-call-to-token-endpoint', async (t) => {
  const { json } = await begin();
  await press(json['auth_req_id'], 'allow');
  t.is((await fetchTokens(json['auth_req_id'])).status, 200);
  t.is((await fetchTokens(json['auth_req_id'])).json['error'], 'invalid_grant');
});
ciba('fapi-ciba-id1-auth-req-id-expired', async (t) => {
  const { json } = await begin(poll, { requested_expiry: 30 });
  t.is(json['expires_in'], 30);
  app.travel(31);
  t.is((await fetchTokens(json['auth_req_id'])).json['error'], 'expired_token');
  // Nor does a late yes bring it back.
  t.is((await press(json['auth_req_id'], 'allow')).status, 404);
  t.is((await fetchTokens(json['auth_req_id'])).json['error'], 'expired_token');
});
for (const [name, claims] of Object.entries({
  'fapi-ciba-id1-ensure-authorization-request-with-binding-message-succeeds': { binding_message: '1234' },
  'fapi-ciba-id1-ensure-other-scope-order-succeeds': { scope: 'email openid' },
  'fapi-ciba-id1-ensure-requested-expiry-as-string-succeeds': { requested_expiry: '30' },
}))
  ciba(name, async (t) => {
    t.is((await begin(poll, claims)).status, 200);
  });
ciba('fapi-ciba-id1-ensure-authorization-request-with-potentially-bad-binding-message', async (t) => {
  t.is((await begin(poll, { binding_message: '1234 👍🏿 品川' })).json['error'], 'invalid_binding_message');
});
for (const [name, claims, more] of [
  ['ensure-request-object-missing-aud-fails', { aud: undefined }],
  ['ensure-request-object-bad-aud-fails', { aud: 'https://otro.example' }],
  ['ensure-request-object-missing-iss-fails', { iss: undefined }],
  ['ensure-request-object-bad-iss-fails', { iss: 'avisa' }],
  ['ensure-request-object-missing-exp-fails', { exp: undefined }],
  ['ensure-request-object-expired-exp-fails', { exp: now() - 60, nbf: now() - 120 }],
  ['ensure-request-object-exp-is-70-minutes-in-future-fails', { exp: now() + 4200 }],
  ['ensure-request-object-missing-iat-fails', { iat: undefined }],
  ['ensure-request-object-missing-nbf-fails', { nbf: undefined }],
  ['ensure-request-object-nbf-is-10-minutes-in-future-fails', { nbf: now() + 600, exp: now() + 900 }],
  ['ensure-request-object-nbf-is-70-minutes-in-past-fails', { nbf: now() - 4200 }],
  ['ensure-request-object-missing-jti-fails', { jti: undefined }],
  ['ensure-request-object-signature-algorithm-is-RS256-fails', {}, { keys: weak }],
  ['ensure-request-object-signature-algorithm-is-bad-fails', {}, { header: { alg: 'PS384' } }],
  ['ensure-request-object-signed-by-other-client-fails', {}, { keys: other }],
  ['ensure-authorization-request-with-multiple-hints-fails', { id_token_hint: 'a.b.c' }],
] as readonly (readonly [string, Claims, Parameters<typeof poll.requestObject>[1]?])[])
  ciba(`fapi-ciba-id1-${name}`, async (t) => {
    const answer = name.includes('bad-fails')
      ? await post(
          poll.at('/backchannel'),
          await poll.proven({
            request: (await asking()).replace(/^[^.]+/, Buffer.from('{"alg":"PS384"}').toString('base64url')),
          }),
        )
      : await begin(poll, claims, more ?? {});
    t.is(answer.status, 400, answer.text);
    t.is(answer.json['error'], 'invalid_request');
  });
ciba('fapi-ciba-id1-ensure-request-object-signature-algorithm-is-none-fails', async (t) => {
  const request = (await asking())
    .replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url'))
    .replace(/[^.]+$/, '');
  t.is((await post(poll.at('/backchannel'), await poll.proven({ request }))).json['error'], 'invalid_request');
});
ciba('fapi-ciba-id1-ensure-unsigned-backchannel-authorization-request-fails', async (t) => {
  const plain = await poll.proven({ scope: 'openid', login_hint: MARIA.run });
  t.is((await post(poll.at('/backchannel'), plain)).json['error'], 'invalid_request');
});
ciba('fapi-ciba-id1-ensure-wrong-auth-req-id-in-token-endpoint-request', async (t) => {
  t.is((await fetchTokens('otro')).json['error'], 'invalid_grant');
});
ciba('fapi-ciba-id1-ensure-wrong-client-id-in-token-endpoint-request', async (t) => {
  const { json } = await begin();
  await press(json['auth_req_id'], 'allow');
  t.is((await fetchTokens(json['auth_req_id'], ping)).json['error'], 'invalid_grant');
  t.is((await fetchTokens(json['auth_req_id'], poll, { client_id: 'avisa' })).status, 400);
});
const atToken = (more: Record<string, string | undefined>) => fetchTokens('x', poll, more);
const atStart = async (more: Record<string, string | undefined>) =>
  post(poll.at('/backchannel'), await poll.proven({ request: await asking(), ...more }));
const none = async () => ({ client_assertion: undefined, client_assertion_type: undefined });
const weakly = async () => ({ client_assertion: await poll.assertion({}, { keys: weak }) });
for (const [name, send, how] of [
  ['ensure-without-client-assertion-in-token-endpoint-request', atToken, none],
  ['ensure-without-client-assertion-in-backchannel-authorization-request', atStart, none],
  ['ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails', atToken, weakly],
  ['ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails', atStart, weakly],
] as const)
  ciba(`fapi-ciba-id1-${name}`, async (t) => {
    t.is((await send(await how())).json['error'], 'invalid_client');
  });
ciba('fapi-ciba-id1-ensure-different-client-id-and-issuer-in-backchannel-authorization-request', async (t) => {
  t.is((await begin(poll, { client_id: 'avisa' })).json['error'], 'invalid_request');
});
ciba('fapi-ciba-id1-ensure-wrong-client-id-in-backchannel-authorization-request', async (t) => {
  t.is((await atStart({ client_id: 'avisa' })).status, 400);
});
ciba('fapi-ciba-id1-ensure-mtls-holder-of-key-required', async (t) => {
  const { json } = await begin(bound);
  await press(json['auth_req_id'], 'allow');
  t.is((await fetchTokens(json['auth_req_id'], bound)).json['error'], 'invalid_grant');
});
for (const [name, answer] of Object.entries({
  'ping-backchannel-notification-endpoint-response-has-body': { status: 200, headers: {}, body: 'hola' },
  'ping-backchannel-notification-endpoint-response-401': { status: 401, headers: {}, body: '' },
  'ping-backchannel-notification-endpoint-response-403': { status: 403, headers: {}, body: '' },
  'ping-with-mtls-ciba-notification-endpoint-response-401-and-require-server-does-not-retry': {
    ...{ status: 401, headers: {}, body: '' },
  },
  'ping-backchannel-notification-endpoint-return-redirect-request': {
    ...{ status: 301, headers: { location: '/otra' }, body: '' },
  },
}))
  ciba(`fapi-ciba-id1-${name}`, async (t) => {
    answers = answer;
    pings.length = 0;
    const { json } = await begin(ping, { client_notification_token: random() });
    t.is((await press(json['auth_req_id'], 'allow')).status, 200);
    t.is(pings.length, 1);
    t.is((await fetchTokens(json['auth_req_id'], ping)).status, 200);
  });
ciba('fapi-ciba-id1-ensure-client-assertion-with-iss-aud-to-token-endpoint-succeeds', async (t) => {
  const { json } = await begin();
  await press(json['auth_req_id'], 'allow');
  const client_assertion = await poll.assertion({ aud: poll.issuer });
  t.is((await fetchTokens(json['auth_req_id'], poll, { client_assertion })).status, 200);
});
test.serial('R-35: nobody has a code of her own for it, and what is said to be one is not passed over', async (t) => {
  const { status, json } = await begin(poll, { user_code: '1234' });
  t.deepEqual([status, json['error']], [400, 'invalid_request']);
});
