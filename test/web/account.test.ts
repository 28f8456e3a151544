import test from 'ava';
import { MARIA } from '../support/rp.ts';
import { house } from '../support/account.ts';

const { app, enter, open } = await house();
test.after.always(app.close);

test.serial('somebody who is not signed in is asked to, and comes to the page she wanted', async (t) => {
  const user = app.visitor();
  const first = await user.get('/cuenta');
  t.is(first.status, 303);
  const asked = new URL(first.location);
  t.is(asked.pathname, '/openid/authorize');
  t.is(asked.searchParams.get('client_id'), 'cuenta');
  t.is(asked.searchParams.get('code_challenge_method'), 'S256');
  const page = await enter(user, MARIA);
  t.is(page.status, 200);
  t.regex(page.text, /<h1>Mi cuenta<\/h1>/);
  t.regex(page.text, /Hola, María/);
  t.regex(page.text, /11\.111\.111-1/);
  t.regex(page.text, /primer acceso/);
  const again = await open(user, '/cuenta');
  t.is(again.status, 200);
});

test.serial('the last access is said in plain words', async (t) => {
  const phone = app.visitor('Mozilla/5.0 (Linux; Android 16) Chrome/150 Mobile');
  await enter(phone, MARIA);
  const page = await enter(app.visitor(), MARIA);
  t.regex(page.text, /Último acceso: hoy a las \d\d:\d\d desde Chrome en Android\./);
});

test.serial('an answer that nobody here asked for opens nothing, and leads on', async (t) => {
  const stranger = app.visitor();
  const user = app.visitor();
  const { location } = await user.get('/cuenta');
  const state = new URL(location).searchParams.get('state') ?? '';
  const page = await stranger.get(`/cuenta/volver?code=abc&state=${state}`);
  t.is(page.status, 410);
  t.true(page.text.includes('href="/cuenta"'));
  const odd = await user.get('/cuenta/volver?code=abc&state=nonsense');
  t.is(odd.status, 410);
  const used = await user.get(
    `/cuenta/volver?code=abc&state=${state}&iss=${encodeURIComponent(`${app.origin}/openid`)}`,
  );
  t.is(used.status, 410);
});

test.serial('logging out ends both sessions (R-30)', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA);
  const away = await user.post('/cuenta/salir', {});
  t.is(away.status, 303);
  const asked = new URL(away.location);
  t.is(asked.pathname, '/openid/session/end');
  const { text } = await user.get(asked.pathname + asked.search);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const done = await user.post('/openid/session/end/confirm', { xsrf, logout: 'yes' });
  t.is(done.location, `${app.origin}/cuenta/salida`);
  t.is((await user.get('/cuenta/salida')).status, 200);
  const next = await open(user, '/cuenta');
  t.true(next.text.includes('name="password"'));
});

test.serial('logging out elsewhere is felt within the request (R-31)', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA);
  await user.get('/api/v1/accounts/app/logout');
  const page = await user.get('/cuenta');
  t.is(page.status, 303);
  t.is(new URL(page.location).pathname, '/openid/authorize');
});

test.serial('cancelling leads home', async (t) => {
  const user = app.visitor();
  const { location } = await user.get('/cuenta');
  const { location: login } = await user.get(location);
  const sent = await user.submit(login, { cancelar: '1' });
  const back = await user.get(sent.location);
  t.true(back.location.startsWith(`${app.origin}/cuenta/volver?error=access_denied`));
  t.is((await user.get(back.location)).location, '/');
});
