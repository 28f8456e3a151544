import { mkdir, writeFile } from 'node:fs/promises';
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { parseRun } from '../../src/domain/run.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import { launch } from '../support/chromium.ts';
import { press } from '../support/onward.ts';
import { startProduct } from '../support/product.ts';

/** Screenshots and the slip stay for whoever wants to look: `SHOTS=folder`. */
const shots = process.env['SHOTS'];
const PASSWORD = 'boldo-quillay-peumo';
const CLAVE = 'alerce-mañío-ulmo-7';
const MAIL = 'pedro.soto@correo.example';

let browser: Browser;
test.before(async () => {
  browser = await launch();
});
test.after.always(() => browser.close());

let step = 0;
async function shoot(page: Page, what: string): Promise<void> {
  step++;
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/desk-${String(step).padStart(2, '0')}-${what}.png`, fullPage: true });
}

type Product = Awaited<ReturnType<typeof startProduct>>;

/** An officer at her own computer; her passkey is made on the way in. */
async function enter(product: Product, run: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'es-CL', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const options = {
    ...{ protocol: 'ctap2' as const, transport: 'internal' as const, hasResidentKey: true },
    ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  };
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  await page.goto(`${product.console}/`);
  await page.fill('[name=run]', run);
  await page.fill('#password', PASSWORD);
  await press(page, '.boton-principal');
  await page.locator('form[data-passkey=create] button:visible').first().click();
  await page.waitForURL(({ pathname }) => pathname.endsWith('/codigos') || pathname === '/');
  if (page.url().includes('/codigos')) await page.click('.boton-principal');
  await page.waitForURL(`${product.console}/**`);
  return page;
}

async function mailedCode(product: Product): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`${product.origin}/emulador/mensajes.json`);
    const all = (await answer.json()) as { readonly to: string; readonly text: string }[];
    const found = all.find(({ to, text }) => to === MAIL && /[0-9A-Z]{4}-[0-9A-Z]{4}(?!-)/.test(text));
    if (found) return /[0-9A-Z]{4}-[0-9A-Z]{4}(?!-)/.exec(found.text)![0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no mail came');
}

test('at the desk: noted by one officer, identified by another, a slip on paper alone, activated, signed in at the demo site', async (t) => {
  t.timeout(300_000);
  const product = await startProduct();
  try {
    const ximena = await enter(product, '8.765.432-K');
    await ximena.goto(`${product.console}/meson`);
    await ximena.fill('#run', '22.222.222-2');
    await press(ximena, 'form[action="/meson/llegada"] button');
    t.regex((await ximena.textContent('.console-main .problem')) ?? '', /No hay una solicitud abierta/);
    await shoot(ximena, 'nobody-asked-yet');
    await ximena.fill('#pedir-documento', '100.200.300');
    await ximena.fill('#pedir-email', MAIL);
    await press(ximena, 'form[action="/meson/solicitud"] button');
    t.regex((await ximena.textContent('.console-main [role=status]')) ?? '', /Anotada/);

    const rosa = await enter(product, '7.654.321-6');
    await rosa.goto(`${product.console}/meson`);
    await shoot(rosa, 'desk');
    await rosa.click('form[action="/agenda/siguiente"] button');
    await rosa.waitForURL(/\/meson\/[0-9a-f-]{36}$/);
    const here = rosa.url();
    t.is((await ximena.goto(here))?.status(), 404, 'R-54: only whose draw it was');
    await rosa.check('[name=consent]');
    await rosa.click('.registry button');
    await rosa.waitForSelector('.registry .good');
    t.true(await rosa.isChecked('[name=consent]'), 'what is ticked goes along with every form');
    await rosa.check('[name=in-view]');
    await rosa.route('**/revision', (route) => route.abort('internetdisconnected'));
    await rosa.click('[name=acto][value=guardar]');
    await rosa.waitForSelector('[data-not-sent]:not([hidden])');
    await shoot(rosa, 'not-sent');
    t.true(await rosa.isChecked('[name=in-view]'), 'without a connection nothing is lost');
    await rosa.unroute('**/revision');
    // As after a passkey that was shown in another tab: the page belongs to a session that is over.
    await rosa.evaluate("document.querySelectorAll('[name=csrf]').forEach((field) => (field.value = 'over'))");
    await rosa.evaluate('void (globalThis.stayed = true)');
    await rosa.click('[name=acto][value=guardar]');
    await rosa.waitForSelector('#revision .note[role=status]');
    t.true(await rosa.evaluate('globalThis.stayed'), 'sent again by itself, and a call would have gone on');
    t.true(await rosa.isChecked('[name=in-view]'));
    for (const box of await rosa.locator('.stage input[type=checkbox]').all()) await box.uncheck();
    t.regex((await rosa.textContent('.registry')) ?? '', /Pedro Antonio Soto Vidal/);
    await rosa.click('[name=acto][value=aprobar]');
    await rosa.waitForSelector('.stage-missing');
    t.is(await rosa.locator('.stage-missing').count(), 7, 'nothing is ticked yet');
    await shoot(rosa, 'missing');
    for (const box of await rosa.locator('.stage input[type=checkbox]').all()) await box.check();
    await rosa.check('[name=coercion][value=none]');
    const card = { names: ['Pedro', 'Antonio'], surnames: ['Soto', 'Vidal'], birthdate: '1992-01-20' };
    const run = parseRun('22.222.222-2')!;
    await rosa.fill('#mrz', cardOf({ ...card, run, number: '100200300', expiry: '2035-01-20' }));
    await rosa.fill('#issued', '2025-01-20');
    await shoot(rosa, 'whole');
    await rosa.click('[name=acto][value=aprobar]');
    await rosa.waitForSelector('#revision[data-state=approved]');
    await shoot(rosa, 'approved');

    const [slip] = await Promise.all([
      rosa.context().waitForEvent('page'),
      rosa.click('form[action$="/imprimir"] button'),
    ]);
    await slip.waitForSelector('.slip-code', { state: 'attached' });
    t.false(await slip.isVisible('.slip-code'), 'R-53: on the paper alone');
    await shoot(slip, 'slip-on-screen');
    const code = ((await slip.textContent('.slip-code')) ?? '').trim();
    t.regex(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/);
    const paper = await slip.pdf({ format: 'Letter' });
    t.true(paper.length > 5000);
    if (shots !== undefined) await writeFile(`${shots}/desk-slip.pdf`, paper);
    await slip.emulateMedia({ media: 'print' });
    t.true(await slip.isVisible('.slip-code'));
    await shoot(slip, 'slip-on-paper');
    await slip.close();
    await rosa.reload();
    t.is(await rosa.locator('form[action$="/imprimir"]').count(), 0, 'nobody prints it again');
    t.notRegex((await rosa.textContent('body')) ?? '', new RegExp(code));

    const phone = await browser.newContext({ locale: 'es-CL', viewport: { width: 360, height: 740 } });
    const pedro = await phone.newPage();
    await pedro.goto(`${product.origin}/activar?codigo=${code}`);
    await pedro.fill('#run', '22222222-2');
    await press(pedro, '.boton-principal');
    await pedro.fill('#confirmacion', await mailedCode(product));
    await press(pedro, '.boton-principal');
    t.regex((await pedro.textContent('h1')) ?? '', /Pedro Antonio Soto Vidal/);
    await pedro.fill('#password', CLAVE);
    await pedro.fill('#password2', CLAVE);
    await pedro.click('.boton-principal');
    await pedro.waitForURL(/\/activar\/listo/);
    await shoot(pedro, 'activated');
    await pedro.goto(`${product.demo}/municipio/entrar`);
    await pedro.fill('[name=run]', '22.222.222-2');
    await pedro.fill('#password', CLAVE);
    await pedro.click('.boton-principal');
    await pedro.waitForURL(`${product.demo}/**`);
    t.regex((await pedro.textContent('main')) ?? '', /Pedro/);
    t.regex((await pedro.textContent('main')) ?? '', /presencial/, 'R-52: how he was identified goes with him');
    await shoot(pedro, 'signed-in');
    t.notRegex(product.said.err, /"level":[56]0|Deprecation/);
  } finally {
    await product.stop();
    await product.remove();
  }
});
