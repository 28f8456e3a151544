import test from 'ava';
import { authorizeUrl } from '../support/requests.ts';
import { serve, theClock } from '../support/serve.ts';

const app = await serve({ crowded: true });
test.after.always(() => app.close());

const maria = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };
const start = async (more: Record<string, string> = {}) => {
  const user = app.visitor();
  const { location } = await user.get(authorizeUrl(app.origin, more));
  return { user, location };
};
/** The one button of a message. */
const button = (text: string) => {
  const [, href = '', label = ''] = /<a class="boton boton-principal" href="([^"]*)"[^>]*>([^<]*)</.exec(text) ?? [];
  return { href: href.replaceAll('&amp;', '&'), label };
};
const queryOf = (url: string) => Object.fromEntries(new URL(url, app.origin).searchParams);

test('a page without its cookie offers the same request again', async (t) => {
  const { location } = await start({ nonce: 'n-1', login_hint: '11111111-1' });
  const stranger = app.visitor();
  const { status, text } = await stranger.get(location);
  t.is(status, 410);
  t.regex(text, /este no guarda cookies/, 'or every try ends here');
  t.is(button(text).label, 'Volver a intentar en Municipalidad de Los Robles');
  t.false(text.includes('11111111-1'), 'what was asked does not stand in the page');
  const again = await stranger.get(button(text).href);
  t.is(again.status, 303);
  t.deepEqual(queryOf(again.location), queryOf(authorizeUrl(app.origin, { nonce: 'n-1', login_hint: '11111111-1' })));
  const { location: fresh } = await stranger.get(again.location);
  const { location: resume } = await stranger.submit(fresh, maria);
  t.true(new URL((await stranger.get(resume)).location).searchParams.has('code'));
});

test('the Back button after the sign-in leads into the site, without asking again', async (t) => {
  const { user, location } = await start();
  const { location: resume } = await user.submit(location, maria);
  await user.get(resume);
  const { status, text } = await user.get(location);
  t.is(status, 410);
  const { location: authorize } = await user.get(button(text).href);
  t.true(new URL((await user.get(authorize)).location).searchParams.has('code'));
});

test('the link that ends an interaction, used twice, offers the way back too', async (t) => {
  const { user, location } = await start();
  const { location: resume } = await user.submit(location, maria);
  await user.get(resume);
  const { status, text } = await user.get(resume);
  t.is(status, 410);
  t.is(button(text).label, 'Volver a intentar en Municipalidad de Los Robles');
});

test('two tabs: both lead in, whichever comes first', async (t) => {
  const user = app.visitor();
  const [one, two] = [
    (await user.get(authorizeUrl(app.origin))).location,
    (await user.get(authorizeUrl(app.origin, { state: 'two' }))).location,
  ];
  for (const [location, state] of [
    [two, 'two'],
    [one, 'some-state'],
  ] as const) {
    const { status, location: resume } = await user.submit(location, maria);
    t.is(status, 303);
    const back = new URL((await user.get(resume)).location);
    t.deepEqual([back.searchParams.get('state'), back.searchParams.has('code')], [state, true]);
  }
});

test('what came by reference, or is unknown, leads to the institution’s own page; what names nobody, home', async (t) => {
  const visitor = app.visitor();
  const site = await visitor.get('/ingresar/unknown?rp=demo-municipio');
  t.is(site.status, 410);
  t.is(
    button(site.text).href,
    `http://localhost:3002/municipio/entrar?iss=${encodeURIComponent(`${app.origin}/openid`)}`,
  );
  for (const path of [
    '/ingresar/unknown',
    '/ingresar/unknown?rp=https://evil.example',
    '/ingresar/unknown?rp=nobody',
    '/ingresar/unknown?rp=a&rp=b',
  ]) {
    const { status, text } = await visitor.get(path);
    t.is(status, 410, path);
    t.is(button(text).href, '/', path);
  }
  t.is((await visitor.get('/ingresar/unknown/reintentar')).status, 404);
});

test('a request pushed by PAR is not started again', async (t) => {
  const { searchParams } = new URL(authorizeUrl(app.origin));
  const pushed = await app.visitor().post('/openid/request', Object.fromEntries(searchParams), {
    authorization: `Basic ${btoa('demo-municipio:demo-municipio-secret')}`,
  });
  t.is(pushed.status, 201, pushed.text);
  const { request_uri } = JSON.parse(pushed.text) as { request_uri: string };
  const query = new URLSearchParams({ client_id: 'demo-municipio', request_uri });
  const { location } = await app.visitor().get(`/openid/authorize?${query.toString()}`);
  const { status, text } = await app.visitor().get(location);
  t.is(status, 410);
  t.regex(button(text).href, /^http:\/\/localhost:3002\/municipio\/entrar/);
});

// Last: the clock does not go back.
test.serial('a page left open for two hours leads back and in, and after nine hours to the institution', async (t) => {
  const { user, location } = await start();
  const { text: form } = await user.get(location);
  const csrf = /name="csrf" value="([^"]+)"/.exec(form)![1]!;
  const clock = theClock();
  clock.set(clock.ahead() + 2 * 3600);
  const { status, text } = await user.post(location, { ...maria, csrf });
  t.is(status, 410);
  const { location: authorize } = await user.get(button(text).href);
  const { location: fresh } = await user.get(authorize);
  const { location: resume } = await user.submit(fresh, maria);
  t.is(new URL((await user.get(resume)).location).searchParams.get('state'), 'some-state');
  clock.set(clock.ahead() + 9 * 3600);
  const late = await user.get(location);
  t.is(late.status, 410);
  t.regex(button(late.text).href, /^http:\/\/localhost:3002\/municipio\/entrar/);
});
