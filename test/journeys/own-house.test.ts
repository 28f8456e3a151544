import { mkdir } from 'node:fs/promises';
import test from 'ava';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { codeAt } from '../support/codes-of-apps.ts';
import { mailServer } from '../support/mail-server.ts';
import { launch } from '../support/chromium.ts';
import { press } from '../support/onward.ts';
import { startProduct } from '../support/product.ts';
import { claveJson } from '../tasks/run-clave.ts';

/** Screenshots stay for whoever wants to look: `SHOTS=folder`. */
const shots = process.env['SHOTS'];

const RUN = '22.222.222-2';
const EMAIL = 'pedro.soto@correo.example';
const FIRST = 'canelo lluvia martes 1987';
const SECOND = 'peumo trueno viernes 2041';
const KINDS: Readonly<Record<string, BrowserContextOptions>> = {
  phone: { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};
/** One of them in `npm test`, both for whoever wants pictures. */
const CHOSEN = shots === undefined ? ['phone'] : Object.keys(KINDS);

let browser: Browser;
test.before(async () => {
  browser = await launch();
});
test.after.always(() => browser.close());

const CODE = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/;

for (const kind of CHOSEN)
  test.serial(
    `${kind}: the life of a ClaveÚnica: activated, made safer, used, lost, recovered, looked at`,
    async (t) => {
      t.timeout(300_000);
      const mail = await mailServer();
      const product = await startProduct({ SMTP_URL: mail.url });
      const context = await browser.newContext({ locale: 'es-CL', ...KINDS[kind] });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) problems.push(message.text());
      });
      let step = 0;
      const shoot = async (name: string) => {
        step++;
        if (shots === undefined) return;
        await mkdir(shots, { recursive: true });
        const path = `${shots}/house-${kind}-${String(step).padStart(2, '0')}-${name}.png`;
        await page.screenshot({ path, fullPage: true });
      };
      const main = () => press(page, '.boton-principal');
      const h1 = async () => (await page.textContent('h1')) ?? '';
      const mailed = async (count: number) => {
        const letters = await mail.waitFor(EMAIL, count);
        return letters.map(({ mail: { text = '' } }) => text);
      };
      const lastCode = async (count: number) => CODE.exec((await mailed(count)).at(-1) ?? '')?.[0] ?? '';

      try {
        // The officer's code, typed on her own phone.
        const issued = await claveJson<{ code: string }>(['code', 'issue', '--run', RUN], {
          DATA_DIR: product.dir,
          PORT: new URL(product.origin).port,
        });
        await page.goto(`${product.origin}/`);
        await press(page, 'a[href="/activar"]');
        await page.fill('[name=run]', '222222222');
        await page.fill('[name=codigo]', issued.code.toLowerCase().replaceAll('-', ' '));
        await shoot('activate');
        await main();
        t.is(new URL(page.url()).pathname, '/activar/confirmar');
        await page.fill('[name=confirmacion]', await lastCode(1));
        await shoot('confirm');
        await main();
        t.is(new URL(page.url()).pathname, '/activar/clave');
        t.regex((await page.textContent('main')) ?? '', /Pedro Antonio/);
        await page.fill('[name=password]', '12345678');
        await page.fill('[name=password2]', '12345678');
        await main();
        t.truthy(await page.textContent('[role=alert]'));
        await shoot('too-weak');
        await page.fill('[name=password]', FIRST);
        await page.fill('[name=password2]', FIRST);
        await main();
        t.is(new URL(page.url()).pathname, '/activar/listo');
        await shoot('activated');

        // With it, at a state website; then safer.
        const devtools = await context.newCDPSession(page);
        await devtools.send('WebAuthn.enable');
        const options = {
          ...{ protocol: 'ctap2' as const, transport: 'internal' as const, hasResidentKey: true },
          ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
        };
        const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
        /** A finger on the phone's sensor, as long as it is on. */
        const finger = (enabled: boolean) =>
          devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
        await page.goto(`${product.demo}/municipio/entrar`);
        await page.fill('[name=run]', RUN);
        await page.fill('#password', FIRST);
        await main();
        t.regex(await h1(), /Hola, Pedro Antonio/);
        await page.goto(`${product.origin}/cuenta/factores/aplicacion`);
        const secret = ((await page.textContent('.totp-secret, code')) ?? '').replaceAll(/[^A-Z2-7]/g, '');
        await shoot('totp');
        await page.fill('[name=codigo]', codeAt(secret, Date.now()));
        await main();
        t.regex(new URL(page.url()).pathname, /^\/cuenta\/factores/);
        await page.goto(`${product.origin}/cuenta/factores/llave`);
        await shoot('passkey');
        await page.click('form[data-passkey] button');
        await page.waitForURL(({ pathname }) => pathname === '/cuenta/factores');
        await finger(false);
        await shoot('factors');

        const leave = async () => {
          await page.goto(`${product.origin}/cuenta`);
          await press(page, 'form[action="/cuenta/salir"] button:visible >> nth=0');
          await main();
          t.is(new URL(page.url()).pathname, '/cuenta/salida');
        };
        // With the passkey alone, at the second site.
        await leave();
        // Offered in the RUN field itself; nothing is pressed.
        await finger(true);
        await page.goto(`${product.demo}/registro/entrar`);
        await page.waitForURL(`${product.demo}/**`);
        await finger(false);
        t.regex(await h1(), /Hola, Pedro Antonio/);
        await shoot('by-passkey');

        // With the ClaveÚnica and a code of the application, at the first one.
        await leave();
        await page.goto(`${product.demo}/municipio/entrar`);
        await page.fill('[name=run]', RUN);
        await page.fill('#password', FIRST);
        await shoot('sign-in');
        await main();
        t.regex(new URL(page.url()).pathname, /\/segundo-factor$/);
        await shoot('second-factor');
        await page.fill('[name=codigo]', codeAt(secret, Date.now(), 1));
        await main();
        t.regex(await h1(), /Hola, Pedro Antonio/);

        // Lost while signing in; recovered by mail and passkey; and back at the municipality.
        await leave();
        await page.goto(`${product.demo}/municipio/entrar`);
        await press(page, 'a[href*="/ir/recuperar"]');
        t.is(new URL(page.url()).pathname, '/recuperar');
        await page.fill('[name=run]', RUN);
        await shoot('recover');
        const before = mail.received.length;
        await main();
        t.is(new URL(page.url()).pathname, '/recuperar/codigo');
        const isCode = ({ mail: { text = '' } }: (typeof mail.received)[number]) => CODE.test(text);
        for (let tries = 0; tries < 600 && !mail.received.slice(before).some(isCode); tries++)
          await page.waitForTimeout(50);
        const letter = mail.received.slice(before).find(isCode)?.mail;
        await page.fill('[name=codigo]', CODE.exec(letter?.text ?? '')?.[0] ?? '');
        t.notRegex(letter?.subject ?? '', CODE);
        await shoot('recovery-code');
        await main();
        t.is(new URL(page.url()).pathname, '/recuperar/factor');
        await shoot('recovery-factor');
        await finger(true);
        await page.locator('form[data-passkey] button:visible').first().click();
        await page.waitForURL(`${product.origin}/recuperar/clave`);
        await finger(false);
        await page.fill('[name=password]', SECOND);
        await page.fill('[name=password2]', SECOND);
        await shoot('new-clave');
        await main();
        t.is(new URL(page.url()).pathname, '/recuperar/listo');
        await shoot('recovered');
        await main();
        t.regex(page.url(), /\/ingresar\//);
        await page.fill('[name=run]', RUN);
        await page.fill('#password', SECOND);
        await main();
        await finger(true);
        await page.locator('form[data-passkey] button:visible').first().click();
        await page.waitForURL(`${product.demo}/**`);
        t.regex(await h1(), /Hola, Pedro Antonio/);

        // All of it in her activity.
        await page.goto(`${product.origin}/cuenta/actividad`);
        const activity = (await page.textContent('main')) ?? '';
        t.regex(activity, /Municipalidad de Los Robles/);
        t.regex(activity, /Registro/);
        await shoot('activity');
        t.deepEqual(problems, []);
      } catch (error) {
        await shoot('broken');
        throw error;
      } finally {
        await context.close();
        t.is(await product.stop(), 0);
        await product.remove();
        await mail.close();
      }
    },
  );
