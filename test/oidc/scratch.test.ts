import test from 'ava';
import { serve } from '../support/serve.ts';
import { MARIA, ANA, relyingParties, request, call, post, basic, CALLBACK, VERIFIER, TERESA, CHALLENGE } from '../support/rp.ts';

const app = await serve({ redis: false });
test.after.always(() => app.close());
const rp = relyingParties(app.origin);
const out = (x: unknown) => console.error(x);
const show = (n: string, a: any) => out([n, a.status, a.location || a.headers.get('location'), /<h1[^>]*>[^<]*/.exec(a.text)?.[0] ?? a.text.slice(0, 200)]);

test.serial('explore', async (t) => {
  const u = app.visitor();
  await rp.signIn(u, request('registro'), TERESA);
  const html = { accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' };
  for (const c of ['{"id_token":{"acr":{"essential":true,"values":[5,{"toString":1}]}}}','{"id_token":{"acr":{"essential":true,"values":null}}}','{"id_token":{"acr":{"essential":true,"values":{}}}}', '{"id_token":{"acr":{"essential":true,"value":{}}}}', '{"id_token":{"at_hash":null,"name":null}}']) {
    const a = await u.get(request('registro', { claims: c, prompt: 'none' }), { accept: 'text/html' });
    show(c.slice(0, 60), a);
  }
  show('long', await u.get(request('registro', { state: 'a'.repeat(2049), prompt: 'none' })));
  show('bad', await u.get(request('registro', { prompt: 'none' }).replace('un-estado', '%ff')));
  show('login+acr', await u.get(request('registro', { prompt: 'login', acr_values: 'urn:claveunica:presencial:1f' })));
  const par = (f: any) => post(rp.at('/request'), { response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', code_challenge: CHALLENGE, code_challenge_method: 'S256', ...f }, basic('demo-municipio', 'demo-municipio-secret'));
  show('par nest', await par({ claims: '{"userinfo":{"name":{"a":' + '['.repeat(20000) + ']'.repeat(20000) + '}}}' }));
  const p = await par({ state: 'x', claims: '{"userinfo":{"name":null}}' });
  show('par', p);
  const uri = String(p.json['request_uri']);
  show('par foreign client', await u.get(request('registro', { request_uri: uri, prompt: 'none' })));
  show('par use', await u.get(`/openid/authorize?client_id=demo-municipio&request_uri=${encodeURIComponent(uri)}`));
  show('par again', await u.get(`/openid/authorize?client_id=demo-municipio&request_uri=${encodeURIComponent(uri)}`));
  show('par again fresh', await app.visitor().get(`/openid/authorize?client_id=demo-municipio&request_uri=${encodeURIComponent(uri)}`));
  show('par junk', await u.get(`/openid/authorize?client_id=demo-municipio&request_uri=urn:ietf:params:oauth:request_uri:xx`));
  show('request_uri http', await u.get(`/openid/authorize?client_id=demo-municipio&request_uri=http://127.0.0.1:9/`));
  show('request', await u.get(request('municipio', { request: 'a.b.c' })));
  show('registration', await u.get(request('municipio', { registration: '{}' })));
  show('token err html', await post(rp.at('/token'), { grant_type: 'authorization_code', code: 'x', redirect_uri: 'y' }, { ...html, ...basic('demo-registro', 'demo-registro-secret') }));
  show('token badclient html', await post(rp.at('/token'), { grant_type: 'authorization_code', code: 'x', redirect_uri: 'y' }, { ...html, ...basic('demo-registro', 'demo-') }));
  show('userinfo html', await call(rp.at('/userinfo'), { headers: { ...html, authorization: 'Bearer x' } }));
  show('userinfo q', await call(rp.at('/userinfo?access_token=x'), { headers: { ...html } }));
  for (const m of ['PUT', 'DELETE', 'TRACE', 'HEAD', 'GET', 'POST', 'OPTIONS'] as const) for (const p of ['/authorize', '/token', '/jwks', '/nothing']) {
    const r = await call(rp.at(p), { method: m }).catch((e) => ({ status: 0, headers: new Headers(), text: String(e) }));
    out([m, p, r.status, r.text.slice(0, 80)]);
  }
  show('host alias', await call(rp.at('/.well-known/openid-configuration'), {}));
  show('success bad', await app.visitor().get('/openid/session/end/success?client_id=%00'));
  show('rp nul', await app.visitor().get('/ingresar/abc?rp=%00'));
  show('nul', await app.visitor().get(request('registro', { client_id: '\0' })));
  show('nul tok', await post(rp.at('/token'), { grant_type: 'authorization_code', code: 'x', redirect_uri: 'y', client_id: '\0', client_secret: 'x' }, { ...html }));
  show('acc tok implicit', await u.get(request('municipio', { response_type: 'code id_token', nonce: 'n' })));
  show('none', await u.get(request('municipio', { response_type: 'none' })));
  show('empty rt', await u.get(request('municipio', { response_type: '' })));
  show('resume rt', await u.get(request('municipio', { prompt: 'none', response_mode: 'form_post', claims: '[' })));
  const pc = await rp.code(u, 'registro'); 
  show('wrong client', await rp.redeem('municipio', pc));
  show('verifier wo challenge', await rp.redeem('registro', pc, { code_verifier: VERIFIER }));
  show('refresh', await post(rp.at('/token'), { grant_type: 'refresh_token', refresh_token: 'x' }, basic('demo-registro', 'demo-registro-secret')));
  show('introspect', await post(rp.at('/token/introspection'), { token: await rp.accessToken(u, 'registro') }, basic('demo-registro', 'demo-registro-secret')));
  show('introspect foreign', await post(rp.at('/token/introspection'), { token: await rp.accessToken(u, 'registro') }, basic('demo-municipio', 'demo-municipio-secret')));
  t.pass();
});
