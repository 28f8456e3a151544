import { mkdir } from 'node:fs/promises';
import test from 'ava';
import { chromium, type Browser } from 'playwright-core';
import { startProduct } from '../support/product.ts';
import { claveJson } from '../tasks/run-clave.ts';

const executablePath = process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
/** Screenshots stay for whoever wants to look: `SHOTS=folder`. */
const shots = process.env['SHOTS'];
const PASSWORD = 'boldo-quillay-peumo';

let browser: Browser;
test.before(async () => {
  browser = await chromium.launch({ executablePath, args });
});
test.after.always(() => browser.close());

test('staff enter with a passkey, made on the way; a colleague is proposed, a record looked up; who is disabled is out at once', async (t) => {
  t.timeout(300_000);
  const product = await startProduct();
  const env = { DATA_DIR: product.dir, PORT: new URL(product.origin).port };
  /** Somebody at her own computer, whose finger is her passkey; the first time she is led through making one. */
  const enter = async (name: string, run: string) => {
    const context = await browser.newContext({ locale: 'es-CL', viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const options = {
      ...{ protocol: 'ctap2' as const, transport: 'internal' as const, hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    };
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
    let step = 0;
    const shoot = async (what: string) => {
      step++;
      if (shots === undefined) return;
      await mkdir(shots, { recursive: true });
      await page.screenshot({ path: `${shots}/console-${name}-${String(step)}-${what}.png`, fullPage: true });
    };
    await page.goto(`${product.console}/`);
    t.regex(page.url(), /\/ingresar\//);
    await page.fill('[name=run]', run);
    await page.fill('#password', PASSWORD);
    await page.click('.boton-principal');
    t.is(await page.locator('form[data-passkey=create]').count(), 1, 'a passkey is made on the way');
    await shoot('make-a-passkey');
    await page.locator('form[data-passkey=create] button:visible').first().click();
    await page.waitForURL(({ pathname }) => pathname.endsWith('/codigos') || pathname === '/');
    if (page.url().includes('/codigos')) await page.click('.boton-principal');
    await page.waitForURL(`${product.console}/**`);
    return { context, page, shoot };
  };
  const because = async (page: Awaited<ReturnType<typeof enter>>['page']) => {
    await page.locator('[name=palabras]:visible').fill('prueba del recorrido completo');
  };

  try {
    const chief = await enter('chief', '9.876.543-3');
    t.regex((await chief.page.textContent('h1')) ?? '', /Hola, Jorge/);
    await chief.shoot('home');
    await chief.page.goto(`${product.console}/funcionarios/invitar`);
    await chief.page.fill('[name=run]', '11.111.111-1');
    await chief.page.click('text=funcionaria o funcionario');
    await chief.page.selectOption('[name=agencia]', 'registro-civil');
    await because(chief.page);
    await chief.page.click('.console-main .boton-principal');
    t.is(new URL(chief.page.url()).pathname, '/funcionarios');
    await chief.shoot('proposed');
    t.is(await chief.page.locator('[name=decision]').count(), 0);

    const officer = await enter('officer', '7.654.321-6');
    t.is(await officer.page.locator('a[href="/funcionarios"]').count(), 0);
    await officer.page.goto(`${product.console}/personas`);
    await officer.page.fill('[name=run]', '11.111.111-1');
    await because(officer.page);
    await officer.shoot('look-up');
    await officer.page.click('.console-main .boton-principal');
    t.regex((await officer.page.textContent('h1')) ?? '', /^M•+ C•+/);
    await officer.shoot('record');

    await claveJson(['staff', 'revoke', '--run', '7.654.321-6', '--reason', 'fin de la prueba'], env);
    await officer.page.goto(`${product.console}/personas`);
    t.regex(officer.page.url(), /volver|ingresar/, 'out at the next click');
    await officer.shoot('out');
    t.notRegex((await officer.page.textContent('main')) ?? '', /Consultar/);
  } finally {
    t.is(await product.stop(), 0);
    await product.remove();
  }
});
