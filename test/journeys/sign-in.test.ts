import { mkdir } from 'node:fs/promises';
import test from 'ava';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { press } from '../support/onward.ts';
import { startProduct } from '../support/product.ts';

/** Screenshots stay for whoever wants to look: `SHOTS=folder`. */
const shots = process.env['SHOTS'];
const shoot = async (page: Page, name: string) => {
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
};

/** On the embedded Postgres 18 alone, and on the Postgres 15 and the Redis of the test run. */
const STORES = {
  embedded: {},
  'postgres and redis': {
    DATABASE_URL: process.env['TEST_POSTGRES_URL'] ?? '',
    REDIS_URL: process.env['TEST_REDIS_URL'] ?? '',
  },
};
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

let browser: Browser;
test.before(async () => {
  browser = await launch();
});
test.after.always(() => browser.close());

for (const [name, env] of Object.entries(STORES)) {
  test.serial(`${name}: a citizen signs in, goes on to a second site, and logs out`, async (t) => {
    t.timeout(300_000);
    const product = await startProduct(env);
    try {
      for (const [kind, options] of [
        ['phone', PHONE],
        ['desktop-dark', { ...DESKTOP, colorScheme: 'dark' as const }],
        ['no-javascript', { ...PHONE, javaScriptEnabled: false }],
      ] as const) {
        const context = await browser.newContext({ locale: 'es-CL', ...options });
        const page = await context.newPage();
        const problems: string[] = [];
        page.on('pageerror', (error) => problems.push(error.message));
        page.on('console', (message) => {
          if (message.text().includes('Content Security Policy')) problems.push(message.text());
        });

        await page.goto(`${product.demo}/municipio/`);
        await shoot(page, `${name}-${kind}-1-site`);
        await press(page, 'a.button');
        await shoot(page, `${name}-${kind}-2-login`);
        await page.fill('[name=run]', '111111111');
        await page.fill('#password', 'no es esta');
        await press(page, '.boton-principal');
        t.regex((await page.textContent('[role=alert]')) ?? '', /no coinciden/);
        t.is(await page.inputValue('[name=run]'), kind === 'no-javascript' ? '111111111' : '11.111.111-1');
        await shoot(page, `${name}-${kind}-3-refused`);
        await page.fill('#password', 'boldo-quillay-peumo');
        await press(page, '.boton-principal');
        t.regex((await page.textContent('h1')) ?? '', /Hola, María Carmen Del Río González/);
        await shoot(page, `${name}-${kind}-4-greeting`);

        await page.goto(`${product.demo}/registro/entrar`);
        t.regex(
          (await page.textContent('h1')) ?? '',
          /Hola, María Carmen Del Río González/,
          'the second site does not ask',
        );
        t.regex((await page.textContent('.answers')) ?? '', /"numero": 11111111/);

        await press(page, 'form button');
        t.regex((await page.textContent('h1')) ?? '', /cerrar sesión/);
        await shoot(page, `${name}-${kind}-5-logout`);
        await press(page, '.boton-principal');
        t.is(new URL(page.url()).pathname, '/registro/');
        await page.goto(`${product.demo}/registro/entrar`);
        t.is(await page.locator('#password').count(), 1, 'after logging out it asks again');
        await press(page, '[name=cancelar]');
        t.is(new URL(page.url()).pathname, '/registro/cb');
        await shoot(page, `${name}-${kind}-6-cancelled`);
        t.deepEqual(problems, []);
        await context.close();
      }
      t.is(product.said.err, '');
    } finally {
      t.is(await product.stop(), 0);
      await product.remove();
    }
  });
}

test.serial(
  'a login page left for two hours leads back to the municipality and in, with one button; one press signs a demo person in',
  async (t) => {
    t.timeout(300_000);
    const product = await startProduct();
    try {
      const page = await (await browser.newContext({ locale: 'es-CL', ...PHONE })).newPage();
      await page.goto(`${product.demo}/municipio/entrar`);
      const moved = await fetch(`${product.origin}/emulador/reloj`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advance: 7200 }),
        redirect: 'manual',
      });
      t.is(moved.status, 303);
      await page.fill('[name=run]', '111111111');
      await page.fill('#password', 'boldo-quillay-peumo');
      await press(page, '.boton-principal');
      t.is(await page.textContent('.boton-principal'), 'Volver a intentar en Municipalidad de Los Robles');
      await shoot(page, 'stale');
      await press(page, '.boton-principal');
      t.is(await page.locator('#password').count(), 1);
      await press(page, 'button.demo-person >> nth=0');
      t.regex((await page.textContent('h1')) ?? '', /Hola, María Carmen/);
    } finally {
      t.is(await product.stop('SIGINT'), 0);
      await product.remove();
    }
  },
);
