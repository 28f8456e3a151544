import { mkdir } from 'node:fs/promises';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { press } from '../support/onward.ts';
import { startProduct } from '../support/product.ts';
import { claveJson } from '../tasks/run-clave.ts';

/** Screenshots stay for whoever wants to look: `SHOTS=folder`. */
const shots = process.env['SHOTS'];
const PASSWORD = 'boldo-quillay-peumo';
const [SOFIA, INGRID, JOSE] = ['10.000.013-K', '13.579.246-2', '15.234.871-1'];

let browser: Browser;
test.before(async () => {
  browser = await launch();
});
test.after.always(() => browser.close());

test('R-64, R-65, R-75: from the first administrator to an officer whom two appointed, a look that the citizen and the auditor see, and a chain that is whole', async (t) => {
  t.timeout(300_000);
  const product = await startProduct();
  const env = { DATA_DIR: product.dir, PORT: new URL(product.origin).port };
  type Page = Awaited<ReturnType<typeof someone>>['page'];
  /** Somebody at her own computer. */
  const someone = async (name: string) => {
    const context = await browser.newContext({ locale: 'es-CL', viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    let step = 0;
    const shoot = async (what: string) => {
      step++;
      if (shots === undefined) return;
      await mkdir(shots, { recursive: true });
      await page.screenshot({ path: `${shots}/console-${name}-${String(step)}-${what}.png`, fullPage: true });
    };
    return { context, page, shoot };
  };
  const fillIn = async (page: Page, run: string) => {
    await page.fill('[name=run]', run);
    await page.fill('#password', PASSWORD);
    await press(page, '.boton-principal');
  };
  /** Her finger is her passkey; the first time she is led through making one. */
  const enter = async (name: string, run: string) => {
    const { context, page, shoot } = await someone(name);
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const options = {
      ...{ protocol: 'ctap2' as const, transport: 'internal' as const, hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    };
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
    await page.goto(`${product.console}/`);
    t.regex(page.url(), /\/ingresar\//);
    await fillIn(page, run);
    t.is(await page.locator('form[data-passkey=create]').count(), 1, 'a passkey is made on the way');
    await shoot('make-a-passkey');
    await page.locator('form[data-passkey=create] button:visible').first().click();
    await page.waitForURL(({ pathname }) => pathname.endsWith('/codigos') || pathname === '/');
    if (page.url().includes('/codigos')) await page.click('.boton-principal');
    await page.waitForURL(`${product.console}/**`);
    return { page, shoot };
  };
  const because = (page: Page) => page.locator('[name=palabras]:visible').fill('prueba del recorrido completo');
  const said = async (page: Page, selector = 'main') => (await page.textContent(selector)) ?? '';

  try {
    await claveJson(['staff', 'grant', '--run', SOFIA, '--role', 'operator'], env);
    const chief = await enter('chief', SOFIA);
    t.regex(await said(chief.page, 'h1'), /Hola, Sofía/);
    await chief.shoot('home');
    for (const [run, roles] of [
      [INGRID, ['funcionaria o funcionario']],
      [JOSE, ['supervisión', 'auditoría']],
    ] as const) {
      await chief.page.goto(`${product.console}/funcionarios/invitar`);
      await chief.page.fill('[name=run]', run);
      for (const role of roles) await chief.page.click(`.console-main label:has-text("${role}")`);
      await chief.page.selectOption('[name=agencia]', 'registro-civil');
      await chief.page.fill('[name=oficina]', 'Registro Civil Santiago Centro');
      await because(chief.page);
      await press(chief.page, '.console-main .boton-principal');
      t.is(new URL(chief.page.url()).pathname, '/funcionarios');
    }
    t.is(await chief.page.locator('[name=decision]').count(), 0, 'her own proposals she does not decide');
    await chief.shoot('proposed');

    const second = await enter('second', '9.876.543-3');
    await second.page.goto(`${product.console}/funcionarios`);
    t.is(await second.page.locator('[name=decision][value=si]').count(), 2);
    await second.shoot('to-approve');
    for (const left of [1, 0]) {
      await press(second.page, '[name=decision][value=si] >> nth=0');
      t.is(await second.page.locator('[name=decision][value=si]').count(), left);
    }

    const officer = await enter('officer', INGRID);
    await press(officer.page, 'form[action="/salir"] button');
    await officer.page.click('button:has-text("Sí, cerrar sesión")');
    await officer.page.waitForURL(({ pathname }) => pathname === '/salida');
    // The browser offers her passkey in the RUN field, and here it takes it by itself.
    await officer.page.goto(`${product.console}/`);
    await officer.page.waitForURL(`${product.console}/`);
    t.regex(await said(officer.page, 'h1'), /Hola, Ingrid/, 'with her passkey alone');
    t.is(await officer.page.locator('a[href="/funcionarios"]').count(), 0);
    await officer.page.goto(`${product.console}/personas`);
    await officer.page.fill('[name=run]', '11.111.111-1');
    await because(officer.page);
    await officer.shoot('look-up');
    await press(officer.page, '.console-main .boton-principal');
    t.regex(await said(officer.page, 'h1'), /^M•+ C•+/);
    await officer.shoot('record');

    const citizen = await someone('citizen');
    await citizen.page.goto(`${product.origin}/cuenta/actividad`);
    await fillIn(citizen.page, '11.111.111-1');
    const line = citizen.page.locator('.timeline li', { hasText: 'Una oficina consultó tu cuenta' });
    t.regex(
      (await line.textContent()) ?? '',
      /\d\d:\d\d.*Registro Civil, Registro Civil Santiago Centro \(atención de personas\)\. Motivo: lo pediste tú/s,
    );
    await citizen.shoot('activity');

    const auditor = await enter('auditor', JOSE);
    await auditor.page.goto(`${product.console}/auditoria`);
    await auditor.page.fill('[name=run]', '11.111.111-1');
    await auditor.page.selectOption('[name=tipo]', 'person-looked-up');
    await because(auditor.page);
    await press(auditor.page, '.console-main .boton-principal');
    const found = auditor.page.locator('.table tbody tr');
    t.is(await found.count(), 1);
    t.regex((await found.textContent()) ?? '', /Ingrid Kaufmann.*M•+.*reason: citizen-asks/s);
    await auditor.shoot('found');
    const id = Number(await found.locator('th').textContent());

    await claveJson(['staff', 'revoke', '--run', INGRID, '--reason', 'fin de la prueba'], env);
    await officer.page.goto(`${product.console}/personas`);
    t.regex(officer.page.url(), /volver|ingresar/, 'out at the next click');
    await officer.shoot('out');
    t.notRegex(await said(officer.page), /Consultar/);

    // A block is sealed every ten seconds.
    type Verdict = { readonly whole: boolean; readonly rows: number; readonly blocks: number };
    let verdict: Verdict;
    do verdict = await claveJson<Verdict>(['audit', 'verify'], env);
    while (verdict.rows < id && verdict.whole);
    t.true(verdict.whole && verdict.blocks > 0, 'the chain is whole, and the look is in it');
  } finally {
    t.is(await product.stop(), 0);
    await product.remove();
  }
});
