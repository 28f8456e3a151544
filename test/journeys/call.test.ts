import { mkdir } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { parseRun } from '../../src/domain/run.ts';
import { ALLOWED, cameraBrowser, DESKTOP, PHONE } from '../support/call.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import { startCoturn } from '../support/coturn.ts';
import { press } from '../support/onward.ts';
import { startProduct } from '../support/product.ts';

/** Screenshots stay for whoever wants to look: `SHOTS=folder`. */
const shots = process.env['SHOTS'];
const RUN = '22.222.222-2';
const MAIL = 'pedro.soto@correo.example';
const CLAVE = 'alerce-mañío-ulmo-7';
const CODE = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b(?!-)/;

async function browserFor(t: ExecutionContext): Promise<Browser> {
  const browser = await cameraBrowser();
  t.teardown(() => browser.close());
  return browser;
}

let step = 0;
async function shoot(page: Page, what: string): Promise<void> {
  step++;
  if (shots === undefined) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/call-${String(step).padStart(2, '0')}-${what}.png`, fullPage: true });
}
const said = (page: Page, what: string) =>
  page.waitForSelector(`[data-call][data-said="${what}"]`, { timeout: 60_000 });
async function frames(page: Page): Promise<number> {
  for (let tries = 0; tries < 150; tries++) {
    const count = Number(await page.locator('[data-call]').getAttribute('data-frames'));
    if (count > 0) return count;
    await page.waitForTimeout(200);
  }
  return 0;
}

type Letter = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly { readonly filename: string; readonly content: string }[];
};
/** As a calendar reads it (RFC 5545, in UTC). */
const inUtc = (instant: number) => new Date(instant).toISOString().replace(/\.\d+|[-:]/g, '');

test('by video: asked for, confirmed, booked, tested; seen through the relay by an officer; a code on her screen alone; activated, used', async (t) => {
  t.timeout(300_000);
  const coturn = await startCoturn();
  t.teardown(coturn.stop);
  const product = await startProduct({ ...coturn.env, TURN_ONLY: '1' });
  t.teardown(product.remove);
  t.teardown(() => product.stop());
  const browser = await browserFor(t);
  const letters = async () =>
    ((await (await fetch(`${product.origin}/emulador/mensajes.json`)).json()) as Letter[]).filter(
      ({ to }) => to === MAIL,
    );
  const mailed = async (pattern: RegExp, beside?: string): Promise<string> => {
    for (let tries = 0; tries < 300; tries++) {
      for (const { text } of await letters()) {
        const found = pattern.exec(text)?.[0];
        if (found !== undefined && found !== beside) return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no letter with ${String(pattern)}`);
  };
  const invited = async (): Promise<string> => {
    for (let tries = 0; tries < 300; tries++) {
      const files = (await letters()).flatMap(({ attachments = [] }) => attachments);
      const found = files.find(({ filename }) => filename === 'hora.ics');
      if (found) return found.content.replaceAll('\r', '');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('no letter with a calendar file');
  };
  const problems: string[] = [];
  const watch = (page: Page) => {
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) problems.push(message.text());
    });
    return page;
  };
  const phone = await browser.newContext({ locale: 'es-CL', ...PHONE, ...ALLOWED });
  const pedro = watch(await phone.newPage());
  const main = () => press(pedro, '.boton-principal');
  await pedro.goto(`${product.origin}/obtener`);
  await pedro.fill('[name=run]', RUN);
  await pedro.fill('[name=documento]', '100.200.300');
  await pedro.fill('[name=email]', MAIL);
  await shoot(pedro, 'ask');
  await main();
  t.is(new URL(pedro.url()).pathname, '/obtener/confirmar');
  const first = await mailed(CODE);
  await pedro.fill('[name=confirmacion]', first);
  await shoot(pedro, 'confirm');
  await main();
  t.is(new URL(pedro.url()).pathname, '/obtener/hora');
  // The first may begin before the form arrives; late in the evening the second is tomorrow's.
  if ((await pedro.locator('[name=hora]').count()) < 2) await press(pedro, '.days a >> nth=1');
  const hour = pedro.locator('[name=hora]').nth(1);
  await hour.check();
  const startsAt = Number((await hour.inputValue()).split('.').at(-1)) * 60_000;
  await shoot(pedro, 'hour');
  await main();
  t.is(new URL(pedro.url()).pathname, '/obtener/lista');
  await shoot(pedro, 'booked');
  const file = await invited();
  t.regex(file, new RegExp(`^DTSTART:${inUtc(startsAt)}$`, 'm'), 'the hour that was chosen, in UTC');
  t.regex(file, /^METHOD:PUBLISH$/m);
  await press(pedro, 'a[href$="/prueba"]');
  await pedro.click('[data-part=begin]');
  for (const what of ['camera', 'microphone', 'way'])
    await pedro.waitForSelector(`[data-try=${what}][data-how=good]`, { timeout: 60_000 });
  await shoot(pedro, 'camera-test');
  // His hour comes: a room opens ten minutes before.
  const advanced = await fetch(`${product.origin}/emulador/reloj`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json', origin: product.origin } },
    body: JSON.stringify({ advance: Math.ceil((startsAt - Date.now()) / 1000) - 300 }),
  });
  t.is(advanced.status, 200);
  await press(pedro, 'main a[href^="/videollamada/"]');
  await said(pedro, 'waiting');
  await shoot(pedro, 'waiting');

  const desk = await browser.newContext({ locale: 'es-CL', ...DESKTOP, ...ALLOWED });
  const rosa = watch(await desk.newPage());
  const devtools = await desk.newCDPSession(rosa);
  await devtools.send('WebAuthn.enable');
  const options = {
    ...{ protocol: 'ctap2' as const, transport: 'internal' as const, hasResidentKey: true },
    ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  };
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  await rosa.goto(`${product.console}/`);
  await rosa.fill('[name=run]', '7.654.321-6');
  await rosa.fill('#password', 'boldo-quillay-peumo');
  await press(rosa, '.boton-principal');
  await rosa.locator('form[data-passkey=create] button:visible').first().click();
  await rosa.waitForURL(({ pathname }) => pathname.endsWith('/codigos') || pathname === '/');
  if (rosa.url().includes('/codigos')) await rosa.click('.boton-principal');
  await rosa.waitForURL(`${product.console}/**`);
  await rosa.goto(`${product.console}/agenda`);
  await shoot(rosa, 'agenda');
  await rosa.click('form[action="/agenda/siguiente"] button');
  await rosa.waitForURL(/\/llamada\/[0-9a-f-]{36}$/);
  await Promise.all([said(pedro, 'connected'), said(rosa, 'connected')]);
  t.true((await frames(pedro)) > 0);
  t.true((await frames(rosa)) > 0);
  t.is(await rosa.locator('[data-call]').getAttribute('data-route'), 'relay');
  t.is(await pedro.locator('[data-call]').getAttribute('data-route'), 'relay');
  await shoot(pedro, 'in-call');
  await shoot(rosa, 'in-call');

  await rosa.click('.registry button');
  await rosa.waitForSelector('.registry .good');
  for (const box of await rosa.locator('.stage input[type=checkbox]').all()) await box.check();
  await rosa.check('[name=coercion][value=none]');
  const card = { names: ['Pedro', 'Antonio'], surnames: ['Soto', 'Vidal'], birthdate: '1992-01-20' };
  await rosa.fill('#mrz', cardOf({ ...card, run: parseRun(RUN)!, number: '100200300', expiry: '2035-01-20' }));
  await rosa.fill('#issued', '2025-01-20');
  await shoot(rosa, 'checked');
  await rosa.click('[name=acto][value=aprobar]');
  await rosa.waitForSelector('#revision[data-state=approved]');
  await shoot(rosa, 'approved');

  await press(pedro, '[data-when=code]:not([hidden]) .boton-principal');
  await main();
  const before = ((await pedro.textContent('.call-code')) ?? '').trim();
  await shoot(pedro, 'code');
  // He has not written it down, and loads the page again.
  t.is((await pedro.reload())?.status(), 410);
  t.notRegex(await pedro.content(), new RegExp(before), 'R-53: nobody sees it again');
  await shoot(pedro, 'code-kept');
  await pedro.click('main form button');
  const code = ((await pedro.textContent('.call-code')) ?? '').trim();
  t.regex(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/);
  t.not(code, before);
  t.notRegex(await rosa.content(), new RegExp(code), 'R-53: on his screen alone');
  await shoot(pedro, 'code-another');
  await main();
  t.is(await pedro.inputValue('[name=codigo]'), code);
  await pedro.fill('[name=run]', RUN);
  await main();
  await pedro.fill('[name=confirmacion]', await mailed(CODE, first));
  await main();
  await pedro.fill('[name=password]', CLAVE);
  await pedro.fill('[name=password2]', CLAVE);
  await main();
  t.is(new URL(pedro.url()).pathname, '/activar/listo');
  await shoot(pedro, 'activated');
  await pedro.goto(`${product.demo}/municipio/entrar`);
  await pedro.fill('[name=run]', RUN);
  await pedro.fill('#password', CLAVE);
  await main();
  t.regex((await pedro.textContent('h1')) ?? '', /Hola, Pedro Antonio/);
  await shoot(pedro, 'signed-in');
  t.deepEqual(problems, []);
  await Promise.all([phone.close(), desk.close()]);
  t.is(await product.stop(), 0);
});
