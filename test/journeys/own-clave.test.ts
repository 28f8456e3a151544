import { mkdir } from 'node:fs/promises';
import test from 'ava';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { press } from '../support/onward.ts';
import { startProduct } from '../support/product.ts';

/** Getting hold of one's ClaveÚnica, as people do it: with and without scripts, on a telephone and on a desk. */
const shots = process.env['SHOTS'];
const shoot = async (page: Page, name: string) => {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const CLAVE = 'litre canelo maitén arrayán';

let browser: Browser;
test.before(async () => {
  browser = await launch();
});
test.after.always(() => browser.close());

type Product = Awaited<ReturnType<typeof startProduct>>;
type Message = { readonly to: string; readonly text: string; readonly subject: string };

/** The code of the newest letter to somebody, once it is another than before. */
async function mailedCode(product: Product, to: string, before = ''): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const messages = (await (await fetch(`${product.origin}/emulador/mensajes.json`)).json()) as Message[];
    const mine = messages.find((message) => message.to === to);
    const [code = ''] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(mine?.text ?? '') ?? [];
    if (code !== '' && code !== before) return code;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no code for ${to}`);
}
const officersCode = async ({ origin }: Product, run: string): Promise<string> => {
  const response = await fetch(`${origin}/emulador/personas/codigo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ run }),
  });
  return ((await response.json()) as { code: string }).code;
};
async function open(options: BrowserContextOptions) {
  const context = await browser.newContext({ locale: 'es-CL', ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text());
  });
  return { context, page, problems };
}
const title = async (page: Page) => (await page.textContent('h1')) ?? '';
const next = (page: Page) => press(page, 'button.boton-principal');

test.serial(
  'she finds out at the sign-in page, recovers, and comes back in: phone, desktop, without scripts',
  async (t) => {
    t.timeout(300_000);
    const product = await startProduct();
    try {
      const people = [
        ['phone', PHONE, '11.111.111-1', /María Carmen/],
        ['desktop-dark', { ...DESKTOP, colorScheme: 'dark' }, '44.444.444-4', /Claudia/],
        ['no-javascript', { ...PHONE, javaScriptEnabled: false }, '55.555.555-5', /Luis/],
      ] as const;
      const demo = (await (await fetch(`${product.origin}/emulador/personas.json`)).json()) as {
        run: string;
        email: string;
      }[];
      for (const [kind, options, run, name] of people) {
        const { context, page, problems } = await open(options);
        const email = demo.find((person) => person.run === run)?.email ?? '';
        await page.goto(`${product.demo}/municipio/entrar`);
        await shoot(page, `${kind}-0-login`);
        await press(page, 'a:has-text("¿No puedes ingresar?")');
        t.regex(await title(page), /Recupera tu ClaveÚnica/);
        await shoot(page, `${kind}-1-ask`);
        await page.fill('#run', '123');
        await next(page);
        t.regex((await page.textContent('[role=alert]')) ?? '', /Revisa tu RUN/);
        await page.fill('#run', run);
        await next(page);
        t.regex(await title(page), /Revisa tu correo/);
        await shoot(page, `${kind}-2-code`);
        await page.fill('#codigo', '0000-0000');
        await next(page);
        t.regex((await page.textContent('[role=alert]')) ?? '', /El código no sirve/);
        await shoot(page, `${kind}-3-wrong`);
        await page.fill('#codigo', (await mailedCode(product, email)).toLowerCase());
        await page.close();
        const again = await context.newPage();
        await again.goto(`${product.origin}/recuperar/codigo`);
        await again.fill('#codigo', (await mailedCode(product, email)).toLowerCase());
        await next(again);
        t.regex(await title(again), /Elige tu nueva ClaveÚnica/);
        await shoot(again, `${kind}-4-clave`);
        const scripts = kind !== 'no-javascript';
        await again.fill('#password', run);
        if (scripts) {
          await again.locator('[data-live]', { hasText: /No está hecha de tus datos: falta/ }).waitFor();
          await shoot(again, `${kind}-5-live`);
          await again.fill('#password', 'claveunica claveunica');
          await again.click('[name=comprobar]');
          await again.waitForSelector('[data-verdict].problem');
          t.is(await again.inputValue('#password'), 'claveunica claveunica', 'the page stays');
          await shoot(again, `${kind}-6-verdict`);
          await next(again);
          t.true(await again.isVisible('#problema'));
          await again.fill('#password', CLAVE);
          await again.click('[name=comprobar]');
          await again.waitForSelector('[data-verdict].note');
          t.regex((await again.textContent('[data-verdict]')) ?? '', /Es una buena ClaveÚnica/);
          t.is(
            await again.locator('.problem-title:visible').count(),
            0,
            'good is not written in red, nor beside the refusal',
          );
        } else {
          await press(again, '[name=comprobar]');
          t.regex((await again.textContent('[role=alert]')) ?? '', /muy corta|tus datos/);
          await again.fill('#password', CLAVE);
          await press(again, '[name=comprobar]');
          t.regex((await again.textContent('[role=status]')) ?? '', /Es una buena ClaveÚnica/);
          t.is(await again.inputValue('#password'), '', 'it does not stand in the page');
          await shoot(again, `${kind}-6-verdict`);
        }
        await again.fill('#password', CLAVE);
        await again.fill('#password2', `${CLAVE}x`);
        await next(again);
        t.regex((await again.textContent('[role=alert]')) ?? '', /No escribiste lo mismo/);
        await again.fill('#password', CLAVE);
        await again.fill('#password2', CLAVE);
        await again.press('#password2', 'Enter');
        await again.waitForURL(/\/recuperar\/listo/);
        t.regex(await title(again), /tienes una ClaveÚnica nueva/);
        await shoot(again, `${kind}-7-done`);
        await press(again, 'a.boton-principal');
        t.is(new URL(again.url()).pathname.split('/')[1], 'ingresar');
        await again.fill('[name=run]', run);
        await again.fill('#password', CLAVE);
        await next(again);
        t.regex(await title(again), name);
        t.deepEqual(problems, []);
        await context.close();
      }
      t.notRegex(product.said.err, /"level":[56]0|Deprecation/);
    } finally {
      await product.stop();
      await product.remove();
    }
  },
);

test.serial(
  'a code from the office: by link on her telephone, by hand on a borrowed one without scripts',
  async (t) => {
    t.timeout(300_000);
    const product = await startProduct();
    try {
      const { context, page, problems } = await open(PHONE);
      const code = await officersCode(product, '22.222.222-2');
      await page.goto(`${product.origin}/activar?codigo=${encodeURIComponent(code)}`);
      t.is(new URL(page.url()).search, '?nuevo', 'the code has left the address');
      t.is((await page.inputValue('#codigo')).replaceAll('-', ''), code.replaceAll('-', ''));
      await shoot(page, 'activate-link-1');
      await page.fill('#run', '22222222-2');
      await next(page);
      t.regex(await title(page), /Comprueba tu correo/);
      await shoot(page, 'activate-link-2');
      // On a slow line the script comes when she has begun to type.
      const typed = Promise.withResolvers<undefined>();
      await page.route('**/clave.js*', async (route) => {
        await typed.promise;
        await route.continue();
      });
      await page.fill('#confirmacion', await mailedCode(product, 'pedro.soto@correo.example'));
      await page.click('button.boton-principal', { noWaitAfter: true });
      await page.waitForURL(/\/activar\/clave/, { waitUntil: 'commit' });
      t.regex(await title(page), /Hola, Pedro Antonio Soto Vidal/);
      await page.fill('#password', 'pedro antonio soto');
      typed.resolve(undefined);
      await page.locator('[data-live]', { hasText: /No está hecha de tus datos: falta/ }).waitFor();
      await shoot(page, 'activate-link-3');
      await page.fill('#password', CLAVE);
      await page.fill('#password2', CLAVE);
      await next(page);
      await page.waitForURL(/\/activar\/listo/);
      t.is(await page.locator('a[href="/cuenta/factores"]').count(), 1);
      await shoot(page, 'activate-link-4');
      t.deepEqual(problems, []);
      await context.close();

      const borrowed = await open({ ...PHONE, javaScriptEnabled: false });
      await borrowed.page.goto(`${product.origin}/`);
      await press(borrowed.page, 'main a[href="/activar"]');
      await borrowed.page.fill('#run', '17.171.717-5');
      await borrowed.page.fill('#codigo', '5KG5-J1E4-FHQH-Q7');
      await borrowed.page.check('#compartido');
      await next(borrowed.page);
      t.regex((await borrowed.page.textContent('[role=alert]')) ?? '', /El código no sirve/);
      t.true(await borrowed.page.isChecked('#compartido'));
      await shoot(borrowed.page, 'activate-hand-1');
      await borrowed.page.fill('#codigo', '5kg5 j1e4 fhqh q6');
      await next(borrowed.page);
      await borrowed.page.fill('#confirmacion', await mailedCode(product, 'valentina.araya@correo.example'));
      await next(borrowed.page);
      await borrowed.page.fill('#password', CLAVE);
      await borrowed.page.fill('#password2', CLAVE);
      await next(borrowed.page);
      t.regex(await title(borrowed.page), /Tu ClaveÚnica está activa/);
      t.is(await borrowed.page.locator('a[href="/cuenta/factores"]').count(), 0);
      await shoot(borrowed.page, 'activate-hand-2');
      await borrowed.page.goto(`${product.origin}/obtener`);
      await shoot(borrowed.page, 'get');
      t.is(await borrowed.page.locator('a[href="/activar"]').count(), 1);
      await borrowed.context.close();
      t.notRegex(product.said.err, /"level":[56]0|Deprecation/);
    } finally {
      await product.stop();
      await product.remove();
    }
  },
);
