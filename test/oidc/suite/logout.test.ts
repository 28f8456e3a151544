import test from 'ava';
import { decodeProtectedHeader } from 'jose';
import { encoded, type Fields, type User } from '../../support/rp.ts';
import { asked, browse, pathOf, relyingParty } from '../../support/suite/rp.ts';
import { serveSuite, site } from '../../support/suite/serve.ts';
import { modulesFor } from './module.ts';

const app = await serveSuite();
const rp = relyingParty(app);
const told: string[] = [];
const there = await site((req, res) => {
  let body = '';
  req.on('data', (piece: Buffer) => (body += piece.toString()));
  req.on('end', () => {
    told.push(new URLSearchParams(body).get('logout_token') ?? '');
    res.writeHead(200).end();
  });
});
const OUT = 'https://rp.example/salida';
const client = await rp.register({ post_logout_redirect_uris: [OUT] });
const told1 = await rp.register({
  ...{
    post_logout_redirect_uris: [OUT],
    backchannel_logout_uri: `${there.origin}/bc`,
    backchannel_logout_session_required: true,
  },
});
test.after.always(async () => {
  await there.close();
  await app.close();
});
const { module } = modulesFor(test);
const CODE = ['code'];

/** Logs out as a person does who says yes; where she ends. */
async function logOut(user: User, params: Fields) {
  const asking = await user.get(`/openid/session/end?${encoded(params)}`, { accept: 'text/html' });
  if (!asking.text.includes('op.logoutForm')) return { asked: false, status: asking.status, to: '', text: asking.text };
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asking.text)?.[1] ?? '';
  const done = await user.post('/openid/session/end/confirm', { xsrf, logout: 'yes' });
  const last = done.location.startsWith(app.origin) ? await user.get(done.location, { accept: 'text/html' }) : done;
  return { asked: true, status: last.status, to: done.location, text: last.text };
}
const signedIn = async (who = client) => {
  const user = app.visitor();
  const { json, claims } = await rp.tokens(user, who);
  return { user, hint: String(json['id_token']), claims, token: json['access_token'] };
};
const isOut = async (user: User) =>
  (await browse(app, user, pathOf(asked(client, { prompt: 'none' })))).said.get('error') === 'login_required';
const tampered = (jwt: string) =>
  jwt.replace(/\.[^.]+$/, (signature) => (signature.startsWith('.A') ? '.B' : '.A') + signature.slice(2));

module('oidcc-rp-initiated-logout', CODE, {}, async (t) => {
  const { user, hint, token } = await signedIn();
  const out = await logOut(user, { id_token_hint: hint, post_logout_redirect_uri: OUT, state: 'adios' });
  t.is(out.to, `${OUT}?state=adios`);
  t.true(await isOut(user));
  t.is((await rp.userinfo(token)).status, 401);
});
module('oidcc-rp-initiated-logout-no-state', CODE, {}, async (t) => {
  const { user, hint } = await signedIn();
  t.is((await logOut(user, { id_token_hint: hint, post_logout_redirect_uri: OUT })).to, OUT);
});
for (const [name, params] of Object.entries({
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri': { post_logout_redirect_uri: `${OUT}/otra` },
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri': { post_logout_redirect_uri: `${OUT}?x=y` },
}))
  module(name, CODE, {}, async (t) => {
    const { user, hint } = await signedIn();
    const out = await logOut(user, { id_token_hint: hint, ...params });
    t.deepEqual([out.asked, out.status, out.to], [false, 400, '']);
    t.false(await isOut(user));
  });
for (const [name, hintOf] of Object.entries({
  'oidcc-rp-initiated-logout-modified-id-token-hint': tampered,
  'oidcc-rp-initiated-logout-bad-id-token-hint': () => 'a.b.c',
}))
  module(name, CODE, {}, async (t) => {
    const { user, hint } = await signedIn();
    const out = await logOut(user, { id_token_hint: hintOf(hint), post_logout_redirect_uri: OUT });
    t.deepEqual([out.asked, out.status], [false, 400]);
    t.false(await isOut(user));
  });
for (const [name, params] of Object.entries({
  'oidcc-rp-initiated-logout-no-id-token-hint': { post_logout_redirect_uri: OUT, state: 'x' },
  'oidcc-rp-initiated-logout-no-params': {},
  'oidcc-rp-initiated-logout-only-state': { state: 'x' },
}))
  module(name, CODE, {}, async (t) => {
    const { user } = await signedIn();
    const out = await logOut(user, params);
    t.deepEqual([out.asked, out.status], [true, 200]);
    t.true(out.to.startsWith(app.origin));
    t.true(out.text.includes('Cerraste tu sesión'));
    t.true(await isOut(user));
  });
module('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', CODE, {}, async (t) => {
  const { user, hint } = await signedIn();
  const out = await logOut(user, { id_token_hint: hint, state: 'x' });
  t.true(out.to.startsWith(app.origin) && out.text.includes('Cerraste tu sesión'));
});

module('oidcc-backchannel-rp-initiated-logout', CODE, {}, async (t) => {
  const { user, hint, claims } = await signedIn(told1);
  await browse(app, user, pathOf(asked(client)));
  told.length = 0;
  await logOut(user, { id_token_hint: hint, post_logout_redirect_uri: OUT });
  t.is(told.length, 1);
  const [token = ''] = told;
  const said = await rp.verified(token, told1.client_id);
  t.like(decodeProtectedHeader(token), { typ: 'logout+jwt', alg: 'RS256' });
  t.like(said, {
    ...{ iss: rp.at(''), aud: told1.client_id, sub: claims.sub, sid: claims['sid'] },
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  t.is(typeof said.jti, 'string');
  t.true(Number(said.exp) - Number(said.iat) <= 120);
  t.false('nonce' in said || 'RolUnico' in said || 'name' in said);
  // Somebody who changes it is found out.
  await t.throwsAsync(rp.verified(tampered(token), told1.client_id));
  await t.throwsAsync(rp.verified(token, client.client_id));
});

test.serial('a pairwise site is told of its own pseudonym, and of no other', async (t) => {
  const pairwise = await rp.register({ subject_type: 'pairwise', backchannel_logout_uri: `${there.origin}/bc` });
  const { user, hint, claims } = await signedIn(pairwise);
  told.length = 0;
  await logOut(user, { id_token_hint: hint });
  const said = await rp.verified(told[0], pairwise.client_id);
  t.is(said.sub, claims.sub);
  t.false('sid' in said);
  t.not(said.sub, (await signedIn()).claims.sub);
});

test.serial('the button of yes has the focus, and POST logs out as well', async (t) => {
  const { user, hint } = await signedIn();
  const asking = await user.post('/openid/session/end', { id_token_hint: hint, post_logout_redirect_uri: OUT });
  const page = asking.location === '' ? asking : await user.get(asking.location, { accept: 'text/html' });
  t.regex(page.text, /<button[^>]*class="boton boton-principal"[^>]*autofocus/);
});
