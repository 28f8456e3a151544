import test from 'ava';
import { claimsOf, encoded, MARIA, MUNICIPIO, provider, REGISTRO, stolen } from '../support/rp.ts';
import type { Fields, User } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const houses = [
  { name: 'Redis', app: await serve({ redis: true }) },
  { name: 'Postgres', app: await serve() },
];
test.after.always(() => Promise.all(houses.map(({ app }) => app.close())));

const HTML = { accept: 'text/html' };
const HOME = 'http://localhost:9000/';
const end = (fields: Fields = {}) => `/openid/session/end?${encoded(fields)}`;
const xsrfOf = (text: string) => /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';

for (const { name, app } of houses) {
  const { go, signIn, silently, codeFor, redeem, tokensFor, userinfo } = provider(app.origin);
  const enter = async () => {
    const user = app.visitor();
    await signIn(user, MUNICIPIO, MARIA);
    return { user, ...(await tokensFor(user, MUNICIPIO)) };
  };
  const isAlive = async (user: User) => (await silently(user, MUNICIPIO)).has('code');

  test.serial(`R-30: logging out with a hint leads home, and nothing of the session is left (${name})`, async (t) => {
    const { user, id, access } = await enter();
    const thief = stolen(user, app.origin);
    const elsewhere = await tokensFor(user, REGISTRO);
    const code = await codeFor(user, REGISTRO);
    const page = await user.get(end({ id_token_hint: id, post_logout_redirect_uri: HOME, state: 'salí & ya' }), HTML);
    t.is(page.status, 200);
    t.true(page.text.includes('¿Quieres cerrar sesión?'));
    t.true(page.text.includes('Saliste de Municipalidad de Los Robles'));
    t.true(await isAlive(user));
    const asked = await user.get(end({ id_token_hint: id, post_logout_redirect_uri: HOME, state: 'salí & ya' }), HTML);
    const done = await user.post('/openid/session/end/confirm', { xsrf: xsrfOf(asked.text), logout: 'yes' });
    t.is(done.status, 303);
    t.is(done.location, `${HOME}?state=sal%C3%AD+%26+ya`);
    t.is(done.headers.get('cache-control'), 'no-store');
    t.is(done.headers.get('clear-site-data'), '"cache", "storage"');
    for (const browser of [user, thief]) t.is((await silently(browser, MUNICIPIO)).get('error'), 'login_required');
    for (const token of [access, elsewhere.access]) t.is((await userinfo(token)).status, 401);
    t.is((await redeem(REGISTRO, code)).status, 400);
  });

  test.serial(`R-30: without a hint it is asked too, and ends at a page of ours (${name})`, async (t) => {
    const { user, access } = await enter();
    const page = await user.get(end({ post_logout_redirect_uri: HOME }), HTML);
    t.is(page.status, 200);
    t.true(page.text.includes('Tu sesión de ClaveÚnica está abierta en este navegador.'));
    const { status, location } = await user.post('/openid/session/end/confirm', {
      ...{ xsrf: xsrfOf(page.text), logout: 'yes' },
    });
    t.is(status, 303);
    t.is(location, `${app.origin}/openid/session/end/success`);
    const last = await go(user, location);
    t.is(last.status, 200);
    t.true(last.text.includes('Cerraste tu sesión'));
    t.is((await userinfo(access)).status, 401);
    t.false(await isAlive(user));
  });

  test.serial(`R-30: who says no stays signed in, but not at the site she left (${name})`, async (t) => {
    const { user, id, access } = await enter();
    const elsewhere = await tokensFor(user, REGISTRO);
    const page = await user.get(end({ id_token_hint: id, post_logout_redirect_uri: HOME }), HTML);
    const { location } = await user.post('/openid/session/end/confirm', { xsrf: xsrfOf(page.text) });
    t.is(location, HOME);
    t.is((await userinfo(access)).status, 401);
    t.is((await userinfo(elsewhere.access)).status, 200);
    t.true(await isAlive(user));
    t.is((await userinfo((await tokensFor(user, MUNICIPIO)).access)).status, 200);
  });

  test.serial(`who says no where no site waits is told that she is still signed in (${name})`, async (t) => {
    const { user, id } = await enter();
    for (const [about, says] of [
      [{ id_token_hint: id }, 'Saliste de Municipalidad de Los Robles'],
      [{}, 'Tu sesión de ClaveÚnica está abierta en este navegador.'],
    ] as const) {
      const page = await user.get(end(about), HTML);
      const { location } = await user.post('/openid/session/end/confirm', { xsrf: xsrfOf(page.text) });
      const { status, text } = await user.get(location.replace(app.origin, ''), HTML);
      t.is(status, 200);
      t.true(text.includes('Tu sesión sigue abierta') && text.includes(says), says);
      t.false(text.includes('Cerraste tu sesión'));
    }
    t.true(await isAlive(user));
  });

  test.serial(`R-30: an address that is not registered is never gone to (${name})`, async (t) => {
    const { user, id } = await enter();
    for (const uri of [
      ...[
        'https://evil.example/',
        '//evil.example',
        'http://localhost:9000',
        'http://localhost:9000/x',
        'javascript:alert(1)',
      ],
      ...[
        'http://localhost:9000/?a',
        'http://localhost:9000/#a',
        'http://localhost:9000@evil.example/',
        'HTTP://LOCALHOST:9000/',
      ],
    ]) {
      for (const by of [{ id_token_hint: id }, { client_id: MUNICIPIO.id }]) {
        const { status, location, text } = await user.get(end({ ...by, post_logout_redirect_uri: uri }), HTML);
        t.is(status, 400, uri);
        t.is(location, '', uri);
        t.true(text.includes('El sitio que te envió no está bien configurado'));
      }
      // Without a client it is not listened to at all.
      const page = await user.get(end({ post_logout_redirect_uri: uri }), HTML);
      t.is(page.status, 200);
      t.true(page.text.includes(`method="post" action="/openid/session/end/confirm"`));
    }
    t.true(await isAlive(user));
  });

  test.serial(`R-30: junk instead of a hint, or somebody else’s, ends nothing (${name})`, async (t) => {
    const { user, id } = await enter();
    const [head = '', body = ''] = id.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(id), sub: 'x' })).toString('base64url');
    for (const hint of ['junk', 'a.b.c', `${head}.${body}.`, `${head}.${forged}.${id.split('.')[2] ?? ''}`, `${id}x`]) {
      const { status, location, text } = await user.get(
        end({ id_token_hint: hint, post_logout_redirect_uri: HOME }),
        HTML,
      );
      t.is(status, 400, hint.slice(0, 20));
      t.is(location, '');
      t.true(text.includes('<html lang="es">'));
      t.regex(text, /class="boton boton-principal" href="\/openid\/session\/end"/, 'she can still sign out');
    }
    t.is((await user.get(end({ id_token_hint: id, client_id: REGISTRO.id }), HTML)).status, 400);
    t.true(await isAlive(user));
  });

  test.serial(`R-30: a page of somebody else cannot end the session by itself (${name})`, async (t) => {
    const { user, id } = await enter();
    const cross = {
      ...HTML,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      origin: 'https://evil.example',
    };
    const page = await user.get(end({ id_token_hint: id, post_logout_redirect_uri: HOME }), cross);
    t.is(page.status, 200);
    t.true(page.text.includes('¿Quieres cerrar sesión?'));
    t.false(page.text.includes('data-auto'));
    t.true(page.headers.get('content-security-policy')?.includes("frame-ancestors 'none'"));
    for (const fields of [{ logout: 'yes' }, { logout: 'yes', xsrf: '' }, { logout: 'yes', xsrf: 'x'.repeat(48) }]) {
      const { status, location } = await user.post('/openid/session/end/confirm', fields, cross);
      t.is(status, 400, JSON.stringify(fields));
      t.is(location, '');
    }
    t.true(await isAlive(user));
  });

  test.serial(`R-30: one visitor’s confirmation is worth nothing to another (${name})`, async (t) => {
    const [one, two] = [await enter(), await enter()];
    const xsrf = xsrfOf((await one.user.get(end(), HTML)).text);
    await two.user.get(end(), HTML);
    t.is((await two.user.post('/openid/session/end/confirm', { xsrf, logout: 'yes' }, HTML)).status, 400);
    t.true(await isAlive(two.user));
  });

  test.serial(`logging out without a session goes through without a question, in Spanish (${name})`, async (t) => {
    const user = app.visitor();
    const page = await user.get(end({ client_id: MUNICIPIO.id, post_logout_redirect_uri: HOME, state: 'x' }), HTML);
    t.is(page.status, 200);
    t.true(page.text.includes('Cerrando tu sesión'));
    t.true(page.text.includes('data-auto'));
    const { status, location } = await user.post('/openid/session/end/confirm', {
      ...{ xsrf: xsrfOf(page.text), logout: 'yes' },
    });
    t.is(status, 303);
    t.is(location, `${HOME}?state=x`);
  });
}
