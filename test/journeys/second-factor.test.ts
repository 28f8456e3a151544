import { mkdir } from 'node:fs/promises';
import test from 'ava';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { codeAt } from '../support/codes-of-apps.ts';
import { launch } from '../support/chromium.ts';
import { press } from '../support/onward.ts';
import { startProduct } from '../support/product.ts';

const shots = process.env['SHOTS'];
const shoot = async (page: Page, name: string) => {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' };

let browser: Browser;
let product: Awaited<ReturnType<typeof startProduct>>;
test.before(async () => {
  [browser, product] = await Promise.all([launch(), startProduct()]);
});
test.after.always(async () => {
  await browser.close();
  await product.stop();
  await product.remove();
});

/** Chromium's own authenticator in software, which verifies its user without asking. */
async function withAuthenticator(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const options = {
    ...({ protocol: 'ctap2', transport: 'internal' } as const),
    ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  return { cdp, authenticatorId };
}
const problemsOf = (page: Page): string[] => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) problems.push(message.text());
  });
  page.on('request', (request) => {
    if (![product.origin, product.demo, 'data:'].some((own) => request.url().startsWith(own)))
      problems.push(`third party: ${request.url()}`);
  });
  return problems;
};
async function enterByPassword(page: Page, run: string, password: string): Promise<void> {
  await page.fill('[name=run]', run);
  await page.fill('#password', password);
  await press(page, '.boton-principal');
}
const title = async (page: Page) => (await page.textContent('h1')) ?? '';

for (const [kind, options, run] of [
  ['phone', PHONE, '44.444.444-4'],
  ['desktop', DESKTOP, '55.555.555-5'],
] as const)
  test.serial(
    `${kind}: a citizen makes a passkey, enters with it alone, is offered it in the RUN field, and takes it away`,
    async (t) => {
      t.timeout(300_000);
      const context = await browser.newContext({ locale: 'es-CL', ...options });
      const page = await context.newPage();
      const problems = problemsOf(page);
      const { cdp, authenticatorId } = await withAuthenticator(page);
      await page.goto(`${product.origin}/cuenta/factores/llave`);
      await enterByPassword(page, run, 'testing');
      t.is(await title(page), 'Agregar una llave de acceso');
      await page.fill('#nombre', 'Mi aparato');
      await shoot(page, `${kind}-1-add`);
      await page.click('form[data-passkey] button');
      await page.waitForURL(/hecho=agregado/);
      await shoot(page, `${kind}-2-list`);
      t.true((await page.textContent('main'))?.includes('Mi aparato'));
      const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
      t.is(credentials.length, 1);
      t.is(credentials[0]?.rpId, 'localhost');
      t.true(credentials[0]?.isResidentCredential);

      // A second one on the same device is not made.
      await page.goto(`${product.origin}/cuenta/factores/llave`);
      await page.click('form[data-passkey] button');
      await page.waitForFunction(() => document.querySelector('.passkey-said')?.textContent !== '');
      t.regex((await page.textContent('.passkey-said')) ?? '', /ya tiene una llave/);

      // In the RUN field: the browser offers it while nothing is pressed, and here it takes it by itself.
      await context.clearCookies();
      await page.goto(`${product.demo}/municipio/entrar`);
      await page.waitForURL(/\/municipio\//, { timeout: 60_000 });
      t.regex(await title(page), /Hola/);
      await shoot(page, `${kind}-3-in-field`);

      // By the button, without a RUN; the offer in the field is not there on this browser.
      await context.clearCookies();
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
      });
      await page.goto(`${product.demo}/municipio/entrar`);
      await shoot(page, `${kind}-4-login`);
      t.is(await page.inputValue('[name=run]'), '');
      await page.getByRole('button', { name: 'Entrar con llave de acceso' }).click();
      await page.waitForURL(/\/municipio\//);
      t.regex(await title(page), /Hola/);

      // After the password it is the second step.
      await context.clearCookies();
      await page.goto(`${product.demo}/municipio/entrar`);
      await enterByPassword(page, run, 'testing');
      t.is(await title(page), 'Un paso más');
      await shoot(page, `${kind}-5-second`);
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
      await page.click('form[data-passkey] button');
      await page.waitForFunction(() => document.querySelector('.passkey-said')?.textContent !== '', undefined, {
        timeout: 60_000,
      });
      await shoot(page, `${kind}-6-unverified`);
      t.is(await title(page), 'Un paso más', 'not without the owner');
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
      await page.click('form[data-passkey] button');
      await page.waitForURL(/\/municipio\//);
      t.regex(await title(page), /Hola/);

      await page.goto(`${product.origin}/cuenta/factores`);
      await press(page, 'a[href*="/quitar/"]');
      await shoot(page, `${kind}-7-remove`);
      t.true((await page.textContent('main'))?.includes('Es el último'));
      await page.click('main .boton-principal');
      await page.waitForURL(/hecho=quitado/);
      t.deepEqual(problems, []);
      await context.close();
    },
  );

for (const [kind, options] of [
  ['phone', { ...PHONE, javaScriptEnabled: false }],
  ['desktop', DESKTOP],
] as const)
  test.serial(
    `${kind}, ${kind === 'phone' ? 'without' : 'with'} scripts: a demo person signs in with her application`,
    async (t) => {
      t.timeout(300_000);
      const context = await browser.newContext({ locale: 'es-CL', ...options });
      const page = await context.newPage();
      const problems = problemsOf(page);
      await page.goto(`${product.demo}/municipio/entrar`);
      await enterByPassword(page, '12345678-5', 'boldo-quillay-peumo');
      t.is(await title(page), 'Un paso más');
      await shoot(page, `${kind}-totp-1`);
      await page.fill('#codigo', '000000');
      await press(page, '.boton-principal');
      t.regex((await page.textContent('[role=alert]')) ?? '', /No pudimos comprobarlo/);
      await shoot(page, `${kind}-totp-2-wrong`);
      const ahead = kind === 'phone' ? 0 : 1;
      await page.fill('#codigo', codeAt('JBSWY3DPEHPK3PXP', Date.now(), ahead));
      await press(page, '.boton-principal');
      t.regex(await title(page), /Hola, Ana Luisa/);
      t.deepEqual(problems, []);
      await context.close();
    },
  );

test.serial('without scripts an application is set up, and backup codes are made; one of them lets in', async (t) => {
  t.timeout(300_000);
  const context = await browser.newContext({ locale: 'es-CL', ...PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${product.origin}/cuenta/factores`);
  await enterByPassword(page, '88.888.888-8', 'testing');
  await press(page, 'a[href$="/aplicacion"]');
  await shoot(page, 'no-js-1-application');
  const secret = ((await page.textContent('.secret-code')) ?? '').replaceAll(' ', '');
  await page.fill('#codigo', codeAt(secret, Date.now()));
  await press(page, 'main .boton-principal');
  await press(page, 'a[href$="/codigos"]');
  await press(page, 'main form .boton-principal');
  await shoot(page, 'no-js-2-codes');
  const codes = await page.locator('.codes code').allTextContents();
  t.is(codes.length, 10);
  await context.clearCookies();
  await page.goto(`${product.demo}/municipio/entrar`);
  await enterByPassword(page, '88.888.888-8', 'testing');
  await page.fill('#codigo', codes[0]?.toLowerCase() ?? '');
  await press(page, '.boton-principal');
  t.is(await title(page), 'Anota tu código nuevo');
  await shoot(page, 'no-js-3-used');
  await press(page, '.boton-principal');
  t.regex(await title(page), /Hola/);
  await context.close();
});
