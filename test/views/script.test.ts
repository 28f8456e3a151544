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
