import test from 'ava';
import { authorizeUrl } from '../support/requests.ts';
import { serve } from '../support/serve.ts';

/** The time that it is, until a test lets it go on. */
let held: number | undefined;
const app = await serve({ crowded: true, replace: ({ clock }) => ({ clock: () => held ?? clock() }) });
test.after.always(() => app.close());

const maria = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };
const start = async (more: Record<string, string> = {}, headers = {}) => {
  const user = app.visitor();
  const { location } = await user.get(authorizeUrl(app.origin, more), headers);
  return { user, location, path: location.replace(/\?.*/, '') };
};

for (const run of [
  '11111111-1',
  '11.111.111-1',
  '111111111',
  '011111111-1',
  ' 11111111–1 ',
  '１１１１１１１１－１',
  '11\u200b111.111-1',
]) {
  // One after another: five who try at once are as many as may (R-23).
  test.serial(`R-25: she signs in with her RUN written ${JSON.stringify(run)}`, async (t) => {
    const { user, location } = await start();
    const answer = await user.submit(location, { ...maria, run });
    t.is(answer.status, 303);
    t.regex(answer.location, /\/openid\/authorize\/[\w-]+$/);
  });
}

test('R-25: a K is a K in either case', async (t) => {
  for (const run of ['10.000.013-k', '10000013K']) {
    const { user, location } = await start();
    t.is((await user.submit(location, { ...maria, run })).status, 303);
  }
});

test('a malformed RUN is told at the field, and nothing typed is lost but the secret', async (t) => {
  const { user, location } = await start();
  const { status, text } = await user.submit(location, { run: '11.111.111-2', password: 'secreta!', compartido: 'on' });
  t.is(status, 422);
  t.true(text.includes('value="11.111.111-2"'));
  t.regex(text, /<input[^>]*name="run"[^>]*aria-invalid="true"/);
  t.regex(text, /name="compartido"[^>]*checked/);
  t.true(text.includes('role="alert"'));
  t.false(text.includes('secreta!'));
});

test('R-15: unknown, wrong, not activated, blocked and deceased get the same bytes, with the right password too', async (t) => {
  const people = ['12.345.678-5', '22.222.222-2', '17.171.717-5', '24.681.357-4', '6.543.210-2', '5.126.663-3'];
  const answers = new Set<string>();
  for (const run of people) {
    const password = run === '12.345.678-5' ? 'wrong' : 'boldo-quillay-peumo';
    const { user, location } = await start();
    const { status, text } = await user.submit(location, { run, password });
    t.is(status, 422);
    t.true(text.includes('no coinciden'));
    const plain = text
      .replace(`value="${run}"`, '')
      .replace(/nonce="[^"]*"/g, '')
      .replace(/name="csrf" value="[^"]*"/g, '')
      .replace(/\/ingresar\/[\w-]+/g, '')
      // The emulator's aside puts whom you typed first.
      .replace(/<aside class="demo"[^]*?<\/aside>/, '');
    answers.add(plain);
  }
  t.is(answers.size, 1);
});

test.serial(
  'R-22: who has to wait is told how long, in a header too, and the right password is not looked at',
  async (t) => {
    const { user, location } = await start();
    const luis = { run: '55.555.555-5', password: 'testing' };
    held = app.parts.clock();
    t.teardown(() => (held = undefined));
    for (let n = 0; n < 5; n++) t.is((await user.submit(location, { ...luis, password: 'x' })).status, 422);
    const { status, text, headers } = await user.submit(location, luis);
    t.is(status, 429);
    t.regex(headers.get('retry-after') ?? '', /^30$/);
    t.regex(text, /Espera 30 segundos/);
  },
);

test('R-89: what people type is never markup', async (t) => {
  const { user, location } = await start();
  const { status, text } = await user.submit(location, { run: '"><script>alert(1)</script>', password: 'x' });
  t.is(status, 422);
  t.true(text.includes('value="&quot;>&lt;script>alert(1)&lt;/script>"'));
});

test('who cancels goes back to the institution', async (t) => {
  const { user, location } = await start();
  const { status, location: resume } = await user.submit(location, { run: '', password: '', cancelar: '' });
  t.is(status, 303);
  const back = new URL((await user.get(resume)).location);
  t.is(back.origin + back.pathname, 'http://localhost:9000/cb');
  t.deepEqual([back.searchParams.get('error'), back.searchParams.get('state')], ['access_denied', 'some-state']);
});

test('R-44: a form without its token, with another’s, with a field twice, unknown, of another type or from elsewhere is refused', async (t) => {
  const { user, path, location } = await start();
  const other = await start();
  const token = async (who: typeof user, at: string) =>
    /name="csrf" value="([^"]+)"/.exec((await who.get(at)).text)![1]!;
  const foreign = await token(other.user, other.location);
  const csrf = await token(user, location);
  const status = async (form: Record<string, string> | string, headers = {}) =>
    (await user.post(path, form, headers)).status;
  t.is(await status(maria), 400);
  t.is(await status({ ...maria, csrf: foreign }), 403);
  t.is(await status(`csrf=${csrf}&run=11111111-1&run=22222222-2&password=x`), 400);
  t.is(await status(`csrf=${csrf}&run=11111111-1&password=x&__proto__=y`), 400);
  t.is(await status({ ...maria, csrf, admin: 'true' }), 400);
  t.is(await status({ ...maria, csrf }, { 'content-type': 'text/plain' }), 415);
  t.is(await status({ ...maria, csrf }, { 'content-type': 'application/json' }), 415);
  t.is(await status({ ...maria, csrf }, { origin: 'https://evil.example' }), 403);
  t.is(await status({ ...maria, csrf }, { origin: 'null' }), 403);
  t.is(await status({ ...maria, csrf }, { 'sec-fetch-site': 'cross-site' }), 403);
  t.is(await status({ ...maria, csrf }), 303);
});

test('R-04, R-90: hostile bodies are 4xx and the process lives', async (t) => {
  const { user, path, location } = await start();
  const csrf = /name="csrf" value="([^"]+)"/.exec((await user.get(location)).text)![1]!;
  const status = async (body: string) => (await user.post(path, body)).status;
  t.is(await status(`csrf=${csrf}&run=11111111-1&password=%00`), 400);
  t.is(await status(`csrf=${csrf}&run=11111111-1&password=%ED%A0%80`), 400);
  t.is(await status(`csrf=${csrf}&run=11111111-1&password=%zz`), 400);
  t.is(await status(`csrf=${csrf}&run=11111111-1&password=${'a'.repeat(33_000)}`), 413);
  t.is(await status(`csrf=${csrf}&run=${'1'.repeat(300)}&password=a`), 400);
  t.is(await status(`csrf=${csrf}&run=11111111-1&password=${'a'.repeat(129)}`), 422);
  t.is((await user.get('/healthz')).status, 200);
});

test('R-44: a consent is not taken before the login, nor a login with another’s browser', async (t) => {
  const { user, path, location } = await start();
  const csrf = /name="csrf" value="([^"]+)"/.exec((await user.get(location)).text)![1]!;
  t.is((await user.post(`${path}/autorizar`, { csrf })).status, 403);
  t.is((await app.visitor().post(path, { ...maria, csrf })).status, 410);
});

test.serial('the consent page is shown where the institution asks for it, and can be refused', async (t) => {
  for (const [answer, expected] of [
    ['', null],
    ['cancelar', 'access_denied'],
  ] as const) {
    const { user, location } = await start({ prompt: 'consent login' });
    const { location: resume } = await user.submit(location, maria);
    const { location: consent } = await user.get(resume);
    const page = await user.get(consent);
    t.is(page.status, 200);
    t.true(page.text.includes('/autorizar'));
    t.true(page.text.includes('Municipalidad de Los Robles'));
    const { status, location: on } = await user.submit(consent, answer === '' ? {} : { [answer]: '' }, '/autorizar');
    t.is(status, 303);
    const back = new URL((await user.get(on)).location);
    t.is(back.searchParams.get('error'), expected);
    t.is(back.searchParams.has('code'), expected === null);
  }
});

test('the page speaks the language that was asked for', async (t) => {
  const lang = async (more: Record<string, string>, accept: string) => {
    const { user, location } = await start(more);
    const { text } = await user.get(location, { 'accept-language': accept });
    return /<html lang="(\w+)"/.exec(text)?.[1];
  };
  t.deepEqual(
    [await lang({}, 'de'), await lang({}, 'en-GB'), await lang({ ui_locales: 'en-US' }, 'es')],
    ['es', 'en', 'en'],
  );
  const { user, location } = await start();
  await user.get(`${location}&lang=en`);
  t.true((await user.get(location, { 'accept-language': 'es' })).text.includes('<html lang="en"'));
});

test('a refused form leads to the same step in the other language', async (t) => {
  const { user, location } = await start();
  const refused = await user.submit(location, { run: '11.111.111-2', password: 'secreta!' });
  t.is(refused.status, 422);
  const [, other = ''] = /<a class="language" href="([^"]*)"/.exec(refused.text) ?? [];
  const { status, text } = await user.get(other.replaceAll('&amp;', '&'));
  t.is(status, 200);
  t.regex(text, /<html lang="en"[^]*name="password"/);
  t.true(text.includes(`action="${/action="([^"]*)"/.exec(refused.text)?.[1] ?? '?'}"`));
});

test('a login hint stands in the field, a hostile one as text', async (t) => {
  const { user, location } = await start({ login_hint: '12.345.678-5"><b>' });
  const { status, text } = await user.get(location);
  t.is(status, 200);
  t.true(text.includes('value="12.345.678-5&quot;>&lt;b>"'));
});

test('the page names the institution, its host and what it will learn (R-70)', async (t) => {
  const { user, location } = await start({ scope: 'openid email phone nonsense' });
  const { text } = await user.get(location);
  t.true(text.includes('Municipalidad de Los Robles'));
  t.regex(text, /localhost:3002/);
  t.regex(text, /correo electrónico/);
  t.notRegex(text, /fecha de nacimiento/);
});
