import test from 'ava';
import { newSavedCodes } from '../../src/flows/change-factors.ts';
import { parseRun } from '../../src/domain/run.ts';
import { askFor, choose, codeOf, enterCode, letterOf, mainButton, NEW_CLAVE } from '../support/flow.ts';
import { ANA, CLAUDIA, MARIA, MUNICIPIO, provider } from '../support/rp.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serveMemory } from '../support/serve-memory.ts';

const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const serving = () => serveMemory({ env: { TRUSTED_PROXIES: '127.0.0.1' } });

test.serial(
  'from a site’s sign-in page to a new ClaveÚnica and back to it; sessions, tokens and the old one are over (R-14, R-31)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const { signIn, tokensFor, userinfo, silently } = provider(house.origin);
    const before = house.visitor();
    await signIn(before, MUNICIPIO, MARIA);
    const { access } = await tokensFor(before, MUNICIPIO);
    t.is((await userinfo(access)).status, 200);

    const user = house.visitor();
    const { location: page } = await user.get(authorizeUrl(house.origin, { state: 'un-estado' }));
    const [, way = ''] = /href="(\/ingresar\/[^"]+\/ir\/recuperar)"/.exec((await user.get(page)).text) ?? [];
    t.is((await user.get(way)).location, '/recuperar');
    const asked = await user.submit('/recuperar', { run: '111111111' });
    t.deepEqual([asked.status, asked.location], [303, '/recuperar/codigo']);
    const letter = letterOf(house.parts, 'recovery-code');
    t.is(letter?.asker.site, 'Municipalidad de Los Robles');
    const shown = await user.get('/recuperar/codigo');
    t.regex(shown.text, /Si el RUN 11\.111\.111-1 tiene una cuenta/);
    t.is(shown.headers.get('cache-control'), 'no-store');
    const verified = await enterCode(user, '11.111.111-1', codeOf(house.parts, 'recovery-code'));
    t.deepEqual([verified.status, verified.location], [303, '/recuperar/clave']);
    t.is((await user.get('/recuperar')).location, '/recuperar/clave', 'who closed the tab goes on there');
    t.is((await user.get('/recuperar/codigo')).location, '/recuperar/clave');
    const clave = await user.get('/recuperar/clave');
    t.regex(clave.text, /autocomplete="new-password"/);
    for (const known of ['maria', 'María', '1980', '911111111']) t.false(clave.text.includes(known), known);
    const done = await choose(user, '/recuperar/clave', NEW_CLAVE);
    t.deepEqual([done.status, done.location], [303, '/recuperar/listo']);

    t.is(letterOf(house.parts, 'notice')?.event, 'recovered');
    t.is((await userinfo(access)).status, 401);
    t.is((await silently(before, MUNICIPIO)).get('error'), 'login_required');
    const { href, label } = mainButton((await user.get('/recuperar/listo')).text);
    t.is(label, 'Volver a Municipalidad de Los Robles');
    const back = await user.get(href);
    t.deepEqual([back.status, back.location], [303, page]);
    t.is((await user.submit(page, MARIA)).status, 422, 'the old one is over');
    const { location: resume } = await user.submit(page, { ...MARIA, password: NEW_CLAVE });
    const answer = new URL((await user.get(resume)).location).searchParams;
    t.truthy(answer.get('code'));
    t.is(answer.get('state'), 'un-estado');
    const { account } = (await house.parts.accounts.forLogin(parseRun(MARIA.run)!))!;
    t.truthy(account.recoveredAt);
  },
);

test.serial('when the interaction is over, the end’s button starts the same request again', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  const { location: page } = await user.get(authorizeUrl(house.origin, { nonce: 'n-7' }));
  const uid = /\/ingresar\/([^?]+)/.exec(page)?.[1] ?? '';
  await user.get(`/ingresar/${uid}/ir/recuperar`);
  await askFor(user, MARIA.run);
  await enterCode(user, MARIA.run, codeOf(house.parts, 'recovery-code'));
  await choose(user, '/recuperar/clave', NEW_CLAVE);
  const { href } = mainButton((await user.get('/recuperar/listo')).text);
  const later = house.visitor();
  const again = await later.get(href);
  t.is(again.status, 303);
  const query = new URL(again.location, house.origin);
  t.is(query.pathname, '/openid/authorize');
  t.is(query.searchParams.get('nonce'), 'n-7');
  const lost = await later.get('/ingresar/unknown/volver?rp=demo-municipio');
  t.is(lost.status, 410);
  t.is(mainButton(lost.text).label, 'Volver a intentar en Municipalidad de Los Robles');
});

test.serial('known, unknown, not activated, blocked and deceased are answered alike, to the byte (R-15)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const runs = ['11.111.111-1', '12.345.678-5', '22.222.222-2', '17.171.717-5', '24.681.357-4', '6.543.210-2'];
  const answers = [];
  for (const run of runs) {
    const user = house.visitor();
    const { status, location, headers } = await askFor(user, run);
    const page = await user.get('/recuperar/codigo');
    const wrong = await enterCode(user, run, 'WRNGC0DE');
    const plain = (text: string) =>
      text
        .replaceAll(run, 'RUN')
        .replace(/name="csrf" value="[^"]*"/g, '')
        .replace(/nonce="[^"]*"/g, '');
    t.regex(page.text, /Revisa tu correo/);
    t.is(wrong.status, 422);
    const names = [...headers.keys()].filter((name) => name !== 'date').sort();
    answers.push({ status, location, names, page: plain(page.text), wrong: plain(wrong.text) });
  }
  for (const answer of answers) t.deepEqual(answer, answers[0]);
  t.is(house.parts.tables.outbox.size, runs.length, 'a letter each, those without an account to nobody');
});

test.serial(
  'the code is worth something in the browser that asked, with its RUN, once, for ten minutes (R-11)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const user = house.visitor();
    await askFor(user, MARIA.run);
    const first = codeOf(house.parts, 'recovery-code');
    const stranger = house.visitor();
    const elsewhere = await stranger.submit('/recuperar', { run: '12.345.67' });
    t.is(elsewhere.status, 422);
    const csrf = csrfOf((await stranger.get('/recuperar')).text);
    t.is((await stranger.post('/recuperar/codigo', { csrf, run: MARIA.run, codigo: first })).status, 422);
    await askFor(stranger, MARIA.run);
    t.is((await enterCode(stranger, MARIA.run, first)).status, 422, 'not in another browser that asked too');
    t.is((await user.submit('/recuperar/codigo', { codigo: first })).status, 400, 'never the code alone');
    t.is((await enterCode(user, CLAUDIA.run, first)).status, 422, 'not with another RUN');
    t.is((await enterCode(user, MARIA.run, '7K2M')).status, 422);
    await askFor(user, MARIA.run);
    t.is((await enterCode(user, MARIA.run, first)).status, 422, 'a new one kills the old one');
    const second = codeOf(house.parts, 'recovery-code');
    const typed = `${second.slice(0, 4).toLowerCase()} ${second.slice(4)}`;
    t.is((await enterCode(user, MARIA.run, typed)).location, '/recuperar/clave');
    const token = csrfOf((await user.get('/recuperar?nuevo')).text);
    t.is((await user.post('/recuperar/codigo', { csrf: token, run: MARIA.run, codigo: second })).status, 422, 'once');
  },
);

test.serial(
  'after ten minutes, or five wrong ones, the right code is refused, and another can be asked for (R-11)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const user = house.visitor();
    await askFor(user, MARIA.run);
    for (let n = 0; n < 5; n++) t.is((await enterCode(user, MARIA.run, `WRNGC0D${n}`)).status, 422);
    const worn = await enterCode(user, MARIA.run, codeOf(house.parts, 'recovery-code'));
    t.is(worn.status, 422);
    t.regex(worn.text, /Enviarme otro código/);
    await askFor(user, MARIA.run);
    house.parts.travel(10 * 60_000 + 1000);
    t.is((await enterCode(user, MARIA.run, codeOf(house.parts, 'recovery-code'))).status, 422);
    await askFor(user, MARIA.run);
    t.is((await enterCode(user, MARIA.run, codeOf(house.parts, 'recovery-code'))).status, 303);
  },
);

test.serial('of fifty who ask for one RUN three get a letter, and all the same answer (R-26)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => askFor(house.visitor(undefined, `203.0.113.${n}`), MARIA.run)),
  );
  t.deepEqual([...new Set(answers.map(({ status, location }) => `${status} ${location}`))], ['303 /recuperar/codigo']);
  const sent = [...house.parts.tables.outbox.values()].filter(({ accountId }) => accountId !== undefined);
  t.is(sent.length, 3);
});

test.serial(
  'GET uses nothing, forms of other browsers are refused, and a stage cannot be skipped (R-18, R-44)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const user = house.visitor();
    await askFor(user, MARIA.run);
    for (let n = 0; n < 5; n++) t.is((await user.get('/recuperar/codigo', { 'sec-purpose': 'prefetch' })).status, 200);
    t.is((await user.get('/recuperar/clave')).location, '/recuperar/codigo');
    t.is((await user.get('/recuperar/listo')).location, '/recuperar/codigo');
    const other = csrfOf((await house.visitor().get('/recuperar')).text);
    t.is((await user.post('/recuperar', { csrf: other, run: MARIA.run })).status, 403);
    const csrf = csrfOf((await user.get('/recuperar')).text);
    const skipped = await user.post('/recuperar/clave', { csrf, password: NEW_CLAVE, password2: NEW_CLAVE });
    t.is(skipped.status, 410);
    t.is(mainButton(skipped.text).href, '/recuperar/codigo');
    t.is((await user.post('/recuperar', { csrf, run: MARIA.run }, { origin: 'https://evil.example' })).status, 403);
    t.is((await enterCode(user, MARIA.run, codeOf(house.parts, 'recovery-code'))).status, 303);
    const cookies = await user.jar.getCookies(house.origin);
    const journey = cookies.find(({ key }) => key === 'cu_recovery');
    t.like(journey, { httpOnly: true, sameSite: 'lax', path: '/', expires: 'Infinity' });
  },
);

test.serial(
  'what is weak is refused with its reason, and «Comprobar» says the same without keeping anything (R-01, R-02, R-03)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const user = house.visitor();
    await askFor(user, MARIA.run);
    await enterCode(user, MARIA.run, codeOf(house.parts, 'recovery-code'));
    for (const [password, words] of [
      ['corta', /Es muy corta/],
      ['María Carmen Del Río', /Está hecha de tus datos/],
      ['claveunica claveunica', /Es de las que más se usan/],
      ['x'.repeat(129), /Es muy larga/],
      ['', /Falta tu nueva ClaveÚnica/],
    ] as const) {
      const { status, text } = await choose(user, '/recuperar/clave', password);
      t.is(status, 422, password);
      t.regex(text, words);
      t.regex(text, /<input(?=[^>]* id="password")(?=[^>]* aria-invalid="true")/, 'where it is');
      t.notRegex(text, /<input(?=[^>]* id="password2")(?=[^>]* aria-invalid="true")/);
      if (password !== '') t.false(text.includes(`value="${password}"`));
      const checked = await user.submit('/recuperar/clave', { password, comprobar: '1' });
      t.is(checked.status, 422);
      t.regex(checked.text, words);
    }
    const different = await choose(user, '/recuperar/clave', [NEW_CLAVE, `${NEW_CLAVE} `]);
    t.regex(different.text, /No escribiste lo mismo/);
    t.regex(different.text, /<input(?=[^>]* id="password2")(?=[^>]* aria-invalid="true")/);
    const fine = await user.submit('/recuperar/clave', { password: NEW_CLAVE, comprobar: '1' });
    t.is(fine.status, 200);
    t.regex(fine.text, /Es una buena ClaveÚnica/);
    const told = await user.submit('/recuperar/clave', { password: 'corta', comprobar: 'datos' });
    t.deepEqual(JSON.parse(told.text), {
      good: false,
      title: 'Es muy corta',
      text: 'Necesita 12 caracteres o más. Agrega una o dos palabras.',
    });
    const composed = await choose(user, '/recuperar/clave', [NEW_CLAVE.normalize('NFD'), NEW_CLAVE]);
    t.is(composed.location, '/recuperar/listo', 'R-04: two spellings of the same letters are the same');
  },
);

test.serial('what guessing had closed is open again after recovery (R-20, R-21)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const { parts } = house;
  const run = parseRun(MARIA.run)!;
  for (let n = 0; n < 100; n++) await parts.attempts.spend([{ context: 'unknown-ever', id: run }], parts.clock());
  const user = house.visitor();
  const { location: page } = await user.get(authorizeUrl(house.origin));
  t.regex((await user.submit(page, MARIA)).location, /\/paso\?/);
  await askFor(user, MARIA.run);
  await enterCode(user, MARIA.run, codeOf(parts, 'recovery-code'));
  await choose(user, '/recuperar/clave', NEW_CLAVE);
  t.regex((await user.submit(page, { ...MARIA, password: NEW_CLAVE })).location, /\/openid\/authorize\//);
});

test.serial(
  'by a saved code: ten others on one page that says how many are left, and then back to the site (R-14)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const { parts } = house;
    const accountId = (await parts.accounts.forLogin(parseRun(ANA.run)!))!.account.id;
    const saved = newSavedCodes(parts);
    await parts.factors.setSavedCodes(accountId, saved, parts.clock());
    const user = house.visitor();
    const { location: page } = await user.get(authorizeUrl(house.origin));
    await user.get(page.replace('?', '/ir/recuperar?'));
    await askFor(user, ANA.run);
    await enterCode(user, ANA.run, codeOf(parts, 'recovery-code'));
    t.is((await user.get('/recuperar/codigos')).location, '/recuperar/factor', 'not before');
    await user.submit('/recuperar/factor', { codigo: saved[0] ?? '' });
    t.is((await choose(user, '/recuperar/clave', NEW_CLAVE)).location, '/recuperar/codigos');
    t.is((await user.get('/recuperar')).location, '/recuperar/codigos', 'who closed the tab goes on there');
    const shown = await user.get('/recuperar/codigos');
    t.regex(shown.text, /te quedan 9/);
    const codes = shown.text.match(/(?<=<code>)[0-9A-Z-]{19}(?=<)/g) ?? [];
    t.is(codes.length, 10);
    t.is((await house.visitor().get('/recuperar/codigos')).location, '/recuperar', 'nobody else sees them');
    const left = await user.submit('/recuperar/codigos', { guardado: '1' });
    t.is(left.location, '/recuperar/listo');
    t.is((await user.get('/recuperar/codigos')).location, '/recuperar/listo', 'shown no more');
    const { href, label } = mainButton((await user.get('/recuperar/listo')).text);
    t.is(label, 'Volver a Municipalidad de Los Robles');
    const { location: door } = await user.get(href);
    const { location: second } = await user.submit(door, { ...ANA, password: NEW_CLAVE });
    t.is((await user.submit(second, { codigo: saved[1] ?? '' })).status, 422, 'an old one');
    t.is((await user.submit(second, { codigo: codes[9] ?? '' })).status, 303);
  },
);
