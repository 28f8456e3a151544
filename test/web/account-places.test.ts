import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { house } from '../support/account.ts';
import {
  CLAUDIA,
  claimsOf,
  LUIS,
  MARIA,
  MUNICIPIO,
  provider,
  register,
  REGISTRO,
  stolen,
  TERESA,
} from '../support/rp.ts';

const PHONE = 'Mozilla/5.0 (Linux; Android 16) Chrome/150 Mobile';
const LAPTOP = 'Mozilla/5.0 (Windows NT 10.0) Firefox/150';
const { app, enter, open, send } = await house({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
test.after.always(app.close);
const { signIn, silently, tokensFor, userinfo } = provider(app.origin);

const refs = (text: string) => [...text.matchAll(/cerrar\?sesion=([\w-]{43})/g)].map(([, ref = '']) => ref);
const jobs = () => [...app.parts.tables.jobs.values()];

test.serial('R-32: two browsers see each other, and ending one is felt by it at once', async (t) => {
  const [phone, laptop] = [app.visitor(PHONE), app.visitor(LAPTOP)];
  await signIn(phone, MUNICIPIO, MARIA);
  const { access } = await tokensFor(phone, MUNICIPIO);
  const told = await register(app.parts, { profile: 'oidc', backchannelLogoutUri: 'http://localhost:9000/bye' });
  await silently(phone, told);
  const { text } = await enter(laptop, MARIA, '/cuenta/sesiones');
  t.regex(text, /Firefox en Windows[^]*Esta sesión[^]*Chrome en Android/);
  const [ref = ''] = refs(text);
  t.is(refs(text).length, 1);
  const asked = await laptop.get(`/cuenta/sesiones/cerrar?sesion=${ref}`);
  t.is(asked.status, 200);
  t.regex(asked.text, /Chrome en Android/);
  t.is((await silently(phone, MUNICIPIO)).get('error'), null);
  const done = await send(laptop, `/cuenta/sesiones/cerrar?sesion=${ref}`, { sesion: ref });
  t.deepEqual([done.status, done.location], [303, '/cuenta/sesiones?hecho=una']);
  t.regex((await laptop.get(done.location)).text, /la sesión está cerrada/);
  t.is((await silently(phone, MUNICIPIO)).get('error'), 'login_required');
  t.is((await userinfo(access)).status, 401);
  t.true(
    jobs().some(({ clientId }) => clientId === told.id),
    'its sites are told by the back channel',
  );
  const again = await send(laptop, '/cuenta/sesiones/cerrar?sesion=otras', { sesion: ref });
  t.is(again.status, 404);
});

test.serial('R-32: all others end, the own one stays', async (t) => {
  const [one, two, own] = [app.visitor(PHONE), app.visitor(LAPTOP), app.visitor(LAPTOP)];
  await signIn(one, MUNICIPIO, LUIS);
  await enter(two, LUIS);
  await enter(own, LUIS);
  const done = await send(own, '/cuenta/sesiones/cerrar?sesion=otras', { sesion: 'otras' });
  t.is(done.location, '/cuenta/sesiones?hecho=otras');
  t.is((await silently(one, MUNICIPIO)).get('error'), 'login_required');
  t.is((await two.get('/cuenta')).status, 303);
  const page = await own.get('/cuenta/sesiones');
  t.is(page.status, 200);
  t.is(refs(page.text).length, 0);
});

test.serial('R-32: ending wants a sign-in not older than five minutes, and comes back to where she was', async (t) => {
  const user = app.visitor(PHONE);
  await enter(user, MARIA);
  app.parts.travel(5 * 60_000 + 1000);
  t.is((await user.get('/cuenta/sesiones')).status, 200);
  const away = await user.get('/cuenta/sesiones/cerrar?sesion=otras');
  t.is(away.status, 303);
  t.is(new URL(away.location).searchParams.get('max_age'), '300');
  const page = await enter(user, MARIA, '/cuenta/sesiones/cerrar?sesion=otras');
  t.is(page.status, 200);
  t.regex(page.text, /todas las demás/);
});

test.serial('R-33: the sixth sign-in ends the first, and its owner gets a notice', async (t) => {
  const users = Array.from({ length: 6 }, () => app.visitor(PHONE));
  for (const user of users.slice(0, 5)) await signIn(user, MUNICIPIO, TERESA);
  const letters = () =>
    [...app.parts.tables.outbox.values()].flatMap((letter) => (letter.letter === 'notice' ? [letter.event] : []));
  const before = letters().length;
  t.truthy((await silently(users[0]!, MUNICIPIO)).get('code'));
  await signIn(users[5]!, MUNICIPIO, TERESA);
  t.is((await silently(users[0]!, MUNICIPIO)).get('error'), 'login_required');
  for (const user of users.slice(1)) t.truthy((await silently(user, MUNICIPIO)).get('code'));
  const told = letters().slice(before);
  t.true(told.includes('session-ended'));
});

test.serial(
  'R-33: with the cookies on another network, or in another browser, sensitive pages ask for the password',
  async (t) => {
    const user = app.visitor(PHONE, '190.1.1.1');
    await enter(user, MARIA, '/cuenta/datos');
    t.is((await user.get('/cuenta/datos')).status, 200);
    const thief = stolen(user, app.origin);
    for (const headers of [
      { 'user-agent': PHONE, 'x-forwarded-for': '200.2.2.2' },
      { 'user-agent': LAPTOP, 'x-forwarded-for': '190.1.1.1' },
    ])
      for (const path of [
        '/cuenta/datos',
        '/cuenta/cerrar',
        '/cuenta/descarga',
        '/cuenta/sesiones/cerrar?sesion=otras',
      ]) {
        const away = await thief.get(path, headers);
        t.is(away.status, 303, path);
        t.is(new URL(away.location).searchParams.get('prompt'), 'login', path);
        const page = await thief.get(away.location, headers);
        t.true(page.location.includes('/ingresar/'), 'the session of the provider does not help');
      }
    // At home nothing has changed.
    t.is((await user.get('/cuenta/datos')).status, 200);
  },
);

test.serial('R-32: each visit of a site is in the history, also without a page, with when and how', async (t) => {
  const user = app.visitor(PHONE);
  await signIn(user, MUNICIPIO, LUIS);
  await silently(user, REGISTRO);
  const page = await open(user, '/cuenta/actividad');
  t.regex(page.text, /Entraste a Municipalidad de Los Robles[^]*?Con tu ClaveÚnica, desde Chrome en Android/);
  t.regex(page.text, /Con tu sesión ya abierta, desde Chrome en Android/);
  const only = await user.get(`/cuenta/actividad?sitio=${REGISTRO.id}&periodo=7`);
  t.is(only.status, 200);
  t.notRegex(only.text, /Entraste a Municipalidad/);
  t.regex(only.text, /Entraste a /);
  const own = await user.get('/cuenta/actividad?sitio=cambios');
  t.notRegex(own.text, /Entraste a /);
  const odd = await user.get('/cuenta/actividad?sitio=%00&periodo=x&pagina=-3');
  t.is(odd.status, 200);
  for (let visit = 0; visit < 25; visit++) await silently(user, MUNICIPIO);
  const first = await user.get(`/cuenta/actividad?sitio=${MUNICIPIO.id}`);
  t.is(first.text.match(/Entraste a /g)?.length, 20);
  const [, next = ''] = /href="([^"]*pagina=2)"/.exec(first.text) ?? [];
  const second = await user.get(next.replaceAll('&amp;', '&'));
  t.true((second.text.match(/Entraste a /g)?.length ?? 0) >= 5);
  t.regex(second.text, /Ver más nuevos/);
});

test.serial('a site that was disconnected loses what it holds, and asks again; others do not', async (t) => {
  const user = app.visitor(PHONE);
  await signIn(user, MUNICIPIO, MARIA);
  const municipio = await tokensFor(user, MUNICIPIO);
  const registro = await tokensFor(user, REGISTRO);
  t.truthy(claimsOf(municipio.id)['sub']);
  const { text } = await open(user, '/cuenta/sitios');
  t.regex(text, /Municipalidad de Los Robles[^]*Ve [^]*tu RUN/);
  t.notRegex(text, /Desconectar Mi cuenta/);
  const done = await send(user, '/cuenta/sitios', { sitio: MUNICIPIO.id });
  t.is(done.status, 303);
  t.is((await userinfo(municipio.access)).status, 401);
  t.is((await userinfo(registro.access)).status, 200);
  t.is((await silently(user, MUNICIPIO)).get('error'), 'login_required');
  t.truthy((await silently(user, REGISTRO)).get('code'));
  const after = await user.get('/cuenta/sitios');
  t.notRegex(after.text, /Desconectar Municipalidad/);
  t.is((await send(user, '/cuenta/sitios', { sitio: 'no-such-site' })).status, 303);
  await signIn(user, MUNICIPIO, MARIA);
  t.truthy((await silently(user, MUNICIPIO)).get('code'));
});

test.serial('a known device is listed, and forgotten', async (t) => {
  const user = app.visitor(PHONE);
  const { text } = await enter(user, TERESA, '/cuenta/sesiones');
  t.is([...text.matchAll(/>Este equipo</g)].length, 1, 'she sees which one she would forget under her own hands');
  const known = /name="olvidar" value="([^"]+)"/.exec(text)?.[1] ?? '';
  t.truthy(known);
  const gone = await send(user, '/cuenta/sesiones', { olvidar: known });
  t.is(gone.location, '/cuenta/sesiones?hecho=equipo');
  t.false((await user.get('/cuenta/sesiones')).text.includes(known));
  t.is((await send(user, '/cuenta/sesiones', { olvidar: 'nothing', extra: '1' })).status, 400);
});

test.serial('at a shared computer the way out stands first', async (t) => {
  const user = app.visitor(LAPTOP);
  const page = await enter(user, { ...MARIA, compartido: 'on' });
  t.is(page.status, 200);
  t.regex(page.text, /Estás en un computador compartido[^]*Cerrar sesión[^]*<h1>/);
  t.regex((await open(user, '/cuenta/sesiones')).text, /Computador compartido/);
});

test.serial('forms of the account want its own token (R-44)', async (t) => {
  const [user, other] = [app.visitor(PHONE), app.visitor(PHONE)];
  await enter(user, MARIA);
  const { text } = await enter(other, LUIS);
  const foreign = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  for (const [path, form] of [
    ['/cuenta/sitios', { sitio: 'x' }],
    ['/cuenta/datos', { email: 'a@b.cl' }],
    ['/cuenta/cerrar', { accion: 'bloquear' }],
  ] as const) {
    t.is((await user.post(path, form)).status, 400);
    t.is((await user.post(path, { ...form, csrf: foreign })).status, 403);
  }
  t.is((await user.get('/cuenta')).status, 200);
});

test.serial(
  'R-17, R-30, R-31: «No fui yo» tells the sites that listen, and names those that keep a session of their own',
  async (t) => {
    const visitor = app.visitor();
    const listens = await register(app.parts, {
      ...({ profile: 'oidc', name: 'Sitio que escucha' } as const),
      backchannelLogoutUri: 'http://localhost:9000/bye',
    });
    await signIn(visitor, MUNICIPIO, CLAUDIA);
    await silently(visitor, listens);
    const { id: accountId } = (await app.parts.accounts.forLogin(parseRun(CLAUDIA.run)!))!.account;
    const asker = { deviceName: 'Chrome', network: '10.0.0.0/24', site: 'ClaveÚnica' };
    await app.parts.notices.add({ token: 'not-me', event: 'new-device', accountId, at: app.parts.clock(), asker });
    const owner = app.visitor();
    await owner.get('/no-fui-yo?t=not-me');
    const before = jobs().length;
    const asked = await owner.get('/no-fui-yo', { accept: 'text/html' });
    t.notRegex(asked.text, /pueden seguir abiertos/, 'nothing is known to who only looks');
    const done = await owner.submit('/no-fui-yo', {});
    t.regex(done.text, /pueden seguir abiertos[^]*<li>[^]*Municipalidad de Los Robles[^]*<\/ul>/);
    t.notRegex(done.text, /Sitio que escucha/);
    const told = jobs().slice(before);
    t.true(told.some((job) => job.clientId === listens.id && job.accountId === accountId));
    const again = await owner.get('/no-fui-yo', { accept: 'text/html' });
    t.regex(again.text, /pueden seguir abiertos[^]*Municipalidad/, 'also when the page is opened again');
    t.notRegex(again.text, /Sitio que escucha/);
  },
);
