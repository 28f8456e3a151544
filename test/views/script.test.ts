import test from 'ava';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { checkDigit, parseRun } from '../../src/domain/run.ts';
import { openCatalogue } from './serve.ts';

const { browser, close, open, origin } = await openCatalogue();
test.after.always(close);

/** What stands in the field after each spelling was typed and the field was left. */
const tidied = (page: Page, spellings: readonly string[]): Promise<readonly string[]> =>
  page.evaluate(
    `${JSON.stringify(spellings)}.map((typed) => {
      const field = document.querySelector('#run');
      field.value = typed;
      field.dispatchEvent(new FocusEvent('blur'));
      return field.value;
    })`,
  );

const USUAL = [
  '12.345.678-5',
  '123456785',
  '012345678-5',
  ' 12345678-5 ',
  '12345678–5',
  '12 345 678 - 5',
  '１２３４５６７８－５',
  '12\u200b345678-5',
  '12345678\u22125',
];

test('every usual spelling of a RUN becomes the written one', async (t) => {
  const page = await open('log-in');
  t.deepEqual(
    await tidied(page, USUAL),
    USUAL.map(() => '12.345.678-5'),
  );
  t.deepEqual(await tidied(page, ['6-k', '6K', '1234-3', '99.999.999-9']), ['6-K', '6-K', '1.234-3', '99.999.999-9']);
  await page.close();
});

test('what cannot be read stays as it was typed', async (t) => {
  const page = await open('log-in');
  const odd = ['', '0-0', '12.345.678-4', 'abc', '123456789-0', '12345678--5', '1234-5678-5', 'maria@correo.example'];
  t.deepEqual(await tidied(page, odd), odd);
  await page.close();
});

test('the script and the rule of the domain read the same', async (t) => {
  const page = await open('log-in');
  const digits = fc
    .record({
      body: fc.integer({ min: 0, max: 100_000_010 }),
      dash: fc.constantFrom('', '-', '–', '－'),
      off: fc.nat(3),
    })
    .map(({ body, dash, off }) => `${body}${dash}${off === 0 ? '1' : checkDigit(body).toLowerCase()}`);
  const typed = fc.sample(fc.oneof(digits, fc.stringMatching(/^[0-9kK. -]{0,14}$/)), 2000);
  const read = await tidied(page, typed);
  const want = typed.map((one) => parseRun(one));
  t.true(want.filter((run) => run !== undefined).length > 500);
  t.deepEqual(
    read.map((one, at) => (want[at] === undefined ? one : one.replaceAll('.', ''))),
    want.map((run, at) => run ?? typed[at]!),
  );
  await page.close();
});

test('the secret can be shown and hidden', async (t) => {
  const page = await open('log-in');
  const button = page.locator('button.reveal');
  t.is(await button.textContent(), 'Mostrar');
  t.is(await button.getAttribute('aria-label'), 'Mostrar: ClaveÚnica', 'of several on a page each says whose it is');
  await button.click();
  t.is(await page.locator('#password').getAttribute('type'), 'text');
  t.is(await button.textContent(), 'Ocultar');
  await button.click();
  t.is(await page.locator('#password').getAttribute('type'), 'password');
  await page.close();
});

test('a form goes once, with its fields, and the secret hidden again', async (t) => {
  const page = await open('log-in');
  const posts: (string | null)[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.postData()));
  await page.locator('#run').fill('123456785');
  await page.locator('#password').fill('boldo');
  await page.locator('button.reveal').click();
  await page.locator('button.boton-principal').dblclick();
  await page.waitForTimeout(300);
  t.deepEqual(posts, ['csrf=example&run=12.345.678-5&password=boldo']);
  t.is(await page.locator('button.boton-principal').textContent(), 'Ingresando…');
  t.is(await page.locator('#password').getAttribute('type'), 'password');
  await page.close();
});

test('the Back button after a refused form opens the form, and does not ask to send it again', async (t) => {
  const page = await browser.newPage();
  const at = `${origin}/p/log-in`;
  const methods: string[] = [];
  await page.route(at, async (route) => {
    const response = await fetch(`${at}?lang=es`);
    const body = (await response.text()).replaceAll(/action="[^"]*"/g, 'action="/p/log-in"');
    methods.push(route.request().method());
    const headers = { ...Object.fromEntries(response.headers), 'cache-control': 'no-store' };
    await route.fulfill({ status: methods.at(-1) === 'POST' ? 422 : 200, headers, body });
  });
  await page.goto(at);
  const refused = page.waitForResponse((one) => one.status() === 422);
  await page.locator('#password').fill('mala');
  await page.locator('button.boton-principal').click();
  await refused;
  await page.waitForLoadState();
  await page.goto(`${origin}/p/home?lang=es`);
  await page.goBack();
  t.deepEqual(methods, ['GET', 'POST', 'GET']);
  t.is(await page.locator('#password').inputValue(), '');
  await page.close();
});

test('cancelling names itself and leaves the fields out', async (t) => {
  const page = await open('log-in');
  const request = page.waitForRequest((one) => one.method() === 'POST');
  await page.locator('button[name=cancelar]').click();
  t.is((await request).postData(), 'csrf=example&cancelar=1');
  await page.close();
});

test('a demo person signs in with one press', async (t) => {
  const page = await open('log-in-demo');
  const request = page.waitForRequest((one) => one.method() === 'POST');
  await page.locator('.demo-person').first().click();
  t.is((await request).postData(), 'csrf=example&run=11.111.111-1&password=boldo-quillay-peumo');
  await page.close();
});

test('after a refusal the summary has the focus', async (t) => {
  const page = await open('log-in-wrong');
  await page.waitForFunction("document.activeElement?.id === 'problema'");
  t.pass();
  await page.close();
});

test('a page that goes on by itself does', async (t) => {
  const page = await browser.newPage();
  const request = page.waitForRequest((one) => one.method() === 'POST');
  await page.goto(`${origin}/auto`, { waitUntil: 'commit' });
  t.is((await request).postData(), 'code=c0de&state=a%2Bb');
  await page.close();
});

test('who has begun to type before the script came is not taken away', async (t) => {
  for (const [field, typed] of [
    ['password', 'bol'],
    ['run', ''],
  ] as const) {
    const page = await browser.newPage();
    const held = Promise.withResolvers<undefined>();
    await page.route('**/app.js*', async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.goto(`${origin}/p/log-in-wrong?lang=es`, { waitUntil: 'commit' });
    await page.focus(`#${field}`);
    await page.keyboard.type(typed);
    held.resolve(undefined);
    await page.waitForLoadState('load');
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    t.is(await page.locator('button.reveal').count(), 1, 'the script has come');
    t.is(await page.evaluate('document.activeElement.id'), field);
    t.is(await page.locator(`#${field}`).inputValue(), field === 'password' ? typed : '12.345.678-5');
    await page.close();
  }
});

test('a RUN that was typed and left before the script came is tidied when it comes', async (t) => {
  const page = await browser.newPage();
  const held = Promise.withResolvers<undefined>();
  await page.route('**/app.js*', async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(`${origin}/p/log-in?lang=es`, { waitUntil: 'commit' });
  await page.fill('#run', '123456785');
  await page.focus('#password');
  t.is(await page.inputValue('#run'), '123456785');
  held.resolve(undefined);
  await page.waitForLoadState('load');
  t.is(await page.inputValue('#run'), '12.345.678-5');
  await page.close();
});

test('where there is no line nothing is sent, and what was typed stays', async (t) => {
  const page = await open('enrolment-back');
  await page.fill('#email', 'rosa@correo.example');
  const said = page.locator('[data-offline]');
  t.false(await said.isVisible());
  await page.context().setOffline(true);
  await page.click('button.boton-principal');
  await said.waitFor();
  t.regex((await said.textContent()) ?? '', /No hay conexión/);
  t.is(await page.inputValue('#email'), 'rosa@correo.example');
  const request = page.waitForRequest((one) => one.method() === 'POST');
  await page.context().setOffline(false);
  await said.waitFor({ state: 'hidden' });
  await page.click('button.boton-principal');
  t.regex((await request).postData() ?? '', /email=rosa/);
  await page.close();
});

test('a browser that is wrong about its line is overruled by a second press', async (t) => {
  const page = await browser.newPage();
  await page.addInitScript(`{
    Object.defineProperty(navigator, 'onLine', { get: () => false });
    let now = Date.now();
    Date.now = () => now;
    globalThis.later = () => { now += 3000; };
  }`);
  const posts: string[] = [];
  page.on('request', (one) => one.method() === 'POST' && posts.push(one.url()));
  await page.goto(`${origin}/p/enrolment-back?lang=es`);
  await page.click('button.boton-principal');
  await page.locator('[data-offline]').waitFor();
  await page.click('button.boton-principal');
  t.deepEqual(posts, [], 'twice in a row is a slip');
  await page.evaluate('later()');
  const request = page.waitForRequest((one) => one.method() === 'POST');
  await page.click('button.boton-principal');
  t.truthy(await request);
  await page.close();
});

test('«Comprobar» without a line, or answered by a page, sends nobody’s ClaveÚnica for good', async (t) => {
  const page = await open('recovery-clave');
  const posts: URLSearchParams[] = [];
  await page.route('**/recuperar/clave', async (route) => {
    posts.push(new URLSearchParams(route.request().postData() ?? ''));
    await (posts.length === 1 ? route.abort() : route.fulfill({ contentType: 'text/html', body: '<h1>Espera</h1>' }));
  });
  const typed = 'litre canelo maitén arrayán';
  for (const field of ['#password', '#password2']) await page.fill(field, typed);
  await page.click('[name=comprobar]');
  await page.locator('[data-verdict].problem', { hasText: 'No hay conexión' }).waitFor();
  t.is(await page.inputValue('#password2'), typed, 'the page stays');
  await page.click('[name=comprobar]');
  await page.locator('h1', { hasText: 'Espera' }).waitFor();
  t.deepEqual(
    posts.map((form) => form.get('comprobar')),
    ['datos', 'datos', '1'],
  );
  await page.close();
});

test('a verdict that comes late is not given to what she has typed since', async (t) => {
  const page = await open('recovery-clave');
  const held = Promise.withResolvers<undefined>();
  await page.route('**/recuperar/clave', async (route) => {
    await held.promise;
    await route.fulfill({ json: { good: true, title: 'Es buena', text: 'Sí' } });
  });
  await page.fill('#password', 'litre canelo maitén arrayán');
  await page.click('[name=comprobar]');
  await page.fill('#password', 'litre');
  const answer = page.waitForResponse('**/recuperar/clave');
  held.resolve(undefined);
  await (await answer).finished();
  await page.locator('[name=comprobar]:not([aria-disabled])').waitFor();
  t.is(await page.textContent('[data-verdict]'), '');
  await page.close();
});

test('the test of camera and microphone cannot be begun before its script is there, and says so', async (t) => {
  const page = await browser.newPage();
  const held = Promise.withResolvers<undefined>();
  await page.route('**/call-test.js*', async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(`${origin}/p/call-test?lang=es`, { waitUntil: 'commit' });
  const [begin, coming] = [page.locator('[data-part=begin]'), page.locator('[data-part=coming]')];
  t.true(await begin.isDisabled());
  t.regex((await coming.textContent()) ?? '', /se está cargando/);
  held.resolve(undefined);
  await page.locator('[data-part=begin]:enabled').waitFor();
  t.true(await coming.isHidden());
  await page.close();
});

/** A passkey that answers at once, but for the offer in the field, which waits. */
const PASSKEY = `navigator.credentials.get = ({ mediation }) => {
  const bytes = new Uint8Array([1]).buffer;
  const response = { authenticatorData: bytes, clientDataJSON: bytes, signature: bytes };
  const found = { id: 'AQ', rawId: bytes, type: 'public-key', response, getClientExtensionResults: () => ({}) };
  return mediation === 'conditional' ? new Promise(() => {}) : Promise.resolve(found);
}`;

test('while what a passkey said travels, its button says so and takes no other press', async (t) => {
  const page = await browser.newPage();
  await page.addInitScript(PASSKEY);
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.goto(`${origin}/p/log-in?lang=es`);
  const button = page.locator('form[data-passkey] button');
  await button.click();
  await page.locator('.passkey-said', { hasText: 'Comprobando tu llave' }).waitFor();
  t.is(await button.getAttribute('aria-disabled'), 'true');
  await button.click({ force: true });
  t.is(posts.length, 1);
  await page.close();
});

test('the library of passkeys does not travel where the browser offers none in the field', async (t) => {
  const page = await browser.newPage();
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${origin}/p/log-in?lang=es`, { waitUntil: 'networkidle' });
  t.true(asked.includes('/assets/passkey.js'));
  t.false(asked.includes('/assets/simplewebauthn.js'));
  await page.close();
});

test('a microphone that was muted while the browser still asked for it stays mute; nothing written then is lost', async (t) => {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.addInitScript(`{
    const asked = new Promise((allow) => { globalThis.allow = allow; });
    navigator.mediaDevices.getUserMedia = async () => {
      await asked;
      globalThis.given = new AudioContext().createMediaStreamDestination().stream;
      return globalThis.given;
    };
  }`);
  await page.route('**/p/call-late*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replace(' data-socket ', ' data-socket="/enlace" '),
    });
  });
  await page.goto(`${origin}/p/call-late?lang=es`);
  await page.locator('[data-part=said]', { hasText: 'te pregunta si puede usar tu cámara' }).waitFor();
  await page.click('[data-part=mute]');
  await page.click('summary');
  await page.fill('#escribir', 'No oigo bien');
  await page.press('#escribir', 'Enter');
  t.is(await page.inputValue('#escribir'), 'No oigo bien');
  await page.evaluate('allow()');
  await page.waitForFunction('document.querySelector("[data-part=local]").srcObject');
  t.deepEqual(await page.evaluate('given.getTracks().map(({ enabled }) => enabled)'), [false]);
  t.is(await page.textContent('[data-part=mute]'), 'Activar micrófono');
  t.deepEqual(faults, []);
  await page.close();
});
