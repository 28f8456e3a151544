import { mkdir } from 'node:fs/promises';
import test from 'ava';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { violations } from '../support/axe.ts';
import { startProduct } from '../support/product.ts';
import { migratedDatabase } from '../support/migrated.ts';
import { launch } from '../support/chromium.ts';
import { onward, press } from '../support/onward.ts';

/** Screenshots stay for whoever wants to look: `SHOTS=folder`. */
const shots = process.env['SHOTS'];
const shoot = async (page: Page, name: string) => {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, hasTouch: true, locale: 'es-CL' };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'es-CL' };
const NEW = 'avellano ciprés tepú maqui';

let browser: Browser;
test.before(async () => {
  browser = await launch();
});
test.after.always(() => browser.close());

const fillIn = async (page: Page, run: string, password: string) => {
  await page.fill('[name=run]', run);
  await page.fill('#password', password);
  await press(page, '.boton-principal');
};
const head = async (page: Page) => (await page.textContent('h1'))?.trim();
const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

type Mail = { readonly to: string; readonly text: string };

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts' : 'without scripts';
  test.serial(`a citizen looks after her account, ${how}, on Redis and Postgres with two workers`, async (t) => {
    t.timeout(240_000);
    const { url, drop } = await migratedDatabase();
    const stores = { DATABASE_URL: url, REDIS_URL: process.env['TEST_REDIS_URL'] ?? '' };
    const product = await startProduct({ WORKERS: '2', ...stores });
    try {
      const [phone, laptop] = [
        await (await browser.newContext({ ...PHONE, javaScriptEnabled })).newPage(),
        await (await browser.newContext({ ...DESKTOP, javaScriptEnabled })).newPage(),
      ];
      const problems: string[] = [];
      for (const page of [phone, laptop]) {
        page.setDefaultTimeout(60_000);
        page.on('pageerror', (error) => problems.push(error.message));
        page.on('console', (said) => said.text().includes('Content Security Policy') && problems.push(said.text()));
      }
      await laptop.goto(`${product.demo}/municipio/entrar`);
      await fillIn(laptop, '111111111', 'boldo-quillay-peumo');
      t.regex((await head(laptop)) ?? '', /^Hola, María/);

      await phone.goto(`${product.origin}/cuenta`);
      t.regex((await phone.textContent('main')) ?? '', /Mi cuenta/, 'the sign-in page says where it leads');
      await fillIn(phone, '111111111', 'boldo-quillay-peumo');
      t.is(await head(phone), 'Mi cuenta');
      t.regex(
        (await phone.textContent('.note')) ?? '',
        /^\s*Último acceso: hoy a las \d\d:\d\d desde Chrome en Linux\./,
      );
      await shoot(phone, `account-${String(javaScriptEnabled)}-1`);

      // All by keyboard: to the third door, and open it.
      await phone
        .getByRole('link', { name: /^Sesiones y equipos/ })
        .last()
        .focus();
      await phone.keyboard.press('Enter');
      await phone.waitForURL('**/cuenta/sesiones');
      t.is(await head(phone), 'Sesiones y equipos');
      await onward(phone, () => phone.getByRole('link', { name: /^Cerrar esa sesión: / }).click());
      await onward(phone, () => phone.getByRole('button', { name: 'Sí, cerrar' }).click());
      t.regex((await phone.textContent('[role=status]')) ?? '', /la sesión está cerrada/);
      await laptop.goto(`${product.demo}/registro/entrar`);
      t.is(await laptop.locator('#password').count(), 1, 'the laptop is asked again');

      await phone.goto(`${product.origin}/cuenta/actividad`);
      t.regex((await phone.textContent('.timeline')) ?? '', /Entraste a Municipalidad de Los Robles/);
      await phone.goto(`${product.origin}/cuenta/datos`);
      await phone.locator('summary').nth(1).click();
      await phone.fill('#otro', 'segundo@correo.example');
      await press(phone, 'form:has(#otro) .boton-principal');
      t.is(await head(phone), 'Escribe el código');
      let code: string | undefined;
      for (let looks = 0; code === undefined && looks < 300; looks++) {
        const mails = (await (await fetch(`${product.origin}/emulador/mensajes.json`)).json()) as readonly Mail[];
        const mail = mails.find(({ to }) => to === 'segundo@correo.example');
        code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(mail?.text ?? '')?.[0];
        if (code === undefined) await phone.waitForTimeout(200);
      }
      await phone.fill('#confirmacion', code ?? '');
      await press(phone, '.boton-principal');
      t.regex((await phone.textContent('main')) ?? '', /guardamos el cambio[^]*segundo@correo\.example/);

      await phone.goto(`${product.origin}/cuenta/clave`);
      await phone.fill('#actual', 'boldo-quillay-peumo');
      await phone.fill('#password', NEW);
      await phone.fill('#password2', NEW);
      await shoot(phone, `account-${String(javaScriptEnabled)}-2`);
      await onward(phone, () => phone.getByRole('button', { name: 'Cambiar mi ClaveÚnica' }).click());
      t.regex((await phone.textContent('[role=status]')) ?? '', /cambiaste tu ClaveÚnica/);

      const [download] = await Promise.all([
        phone.waitForEvent('download'),
        phone.goto(`${product.origin}/cuenta/descarga`).then(() => phone.getByText('Descargar archivo').click()),
      ]);
      t.is(download.suggestedFilename(), 'claveunica.json');
      for (const path of ['', '/datos', '/clave', '/sesiones', '/actividad', '/sitios', '/descarga', '/cerrar']) {
        await phone.goto(`${product.origin}/cuenta${path}`);
        t.is(await overflow(phone), 0, path);
        if (javaScriptEnabled) t.deepEqual(await violations(phone), [], path);
      }

      await phone.goto(`${product.origin}/cuenta`);
      await onward(phone, () => phone.getByRole('button', { name: 'Cerrar sesión' }).click());
      t.regex((await head(phone)) ?? '', /cerrar sesión/i);
      await press(phone, '.boton-principal');
      t.is(await head(phone), 'Saliste de tu cuenta');
      await phone.goto(`${product.origin}/cuenta`);
      t.is(await phone.locator('#password').count(), 1);
      t.deepEqual(problems, []);
      t.notRegex(product.said.err, /"level":[56]0|Deprecation/, 'no fault was logged');
    } finally {
      t.is(await product.stop(), 0);
      await product.remove();
      await drop();
    }
  });
}
