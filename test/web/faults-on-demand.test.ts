import test from 'ava';
import { faultsOf } from '../../src/connect/faults.ts';
import { MAIL_FAULTS, SITE_FAULTS } from '../../src/domain/emulator-fault.ts';
import { REGISTRY_FAULTS } from '../../src/domain/registry.ts';
import { LANGS, words } from '../../views/words.ts';
import { serve } from '../support/serve.ts';

const app = await serve();
const elsewhere = await serve({
  env: { SMTP_URL: 'smtp://localhost:1', CIVIL_REGISTRY_URL: 'http://localhost:1/registro' },
});
test.after.always(() => Promise.all([app.close(), elsewhere.close()]));
const visitor = app.visitor();
const json = { 'content-type': 'application/json' };
const be = (wish: Readonly<Record<string, unknown>>, headers = {}) =>
  visitor.post('/emulador/fallas', JSON.stringify(wish), { ...json, ...headers });
const NONE = { sitios: 'none', correo: 'none', registro: 'none' };
test.beforeEach(() => be(NONE));

const FIELDS = { sitios: SITE_FAULTS, correo: MAIL_FAULTS, registro: REGISTRY_FAULTS };
const page = async (path: string) => (await visitor.get(path)).text;
/** The buttons that are pressed, in their order. */
const pressed = (text: string) =>
  [...text.matchAll(/name="(\w+)" value="([\w-]+)" aria-pressed="true"/g)].map(([, name, value]) => `${name} ${value}`);

test.serial('each fault is chosen by a form or by JSON, on its own, and the page shows what is on', async (t) => {
  for (const [name, faults] of Object.entries(FIELDS))
    for (const fault of faults) {
      t.is((await visitor.post('/emulador/fallas', { [name]: fault })).status, 303, fault);
      t.deepEqual(
        pressed(await page('/emulador/fallas')),
        Object.entries({ ...NONE, [name]: fault }).map((pair) => pair.join(' ')),
      );
      t.is((await be({ [name]: 'none' })).status, 303, fault);
    }
  t.is((await be({ sitios: 'wrong-audience', correo: 'slow' })).status, 303);
  t.deepEqual(pressed(await page('/emulador/fallas')), ['sitios wrong-audience', 'correo slow', 'registro none']);
});

test.serial('of the list alone, and not from elsewhere', async (t) => {
  for (const wish of [{}, { sitios: '' }, { sitios: 'down' }, { correo: 120 }, { correo: 'none', registro: 'perhaps' }])
    t.is((await be(wish)).status, 400, JSON.stringify(wish));
  t.is((await be({ sitios: 'expired-code' }, { origin: 'https://evil.example' })).status, 403);
  t.deepEqual(pressed(await page('/emulador/fallas')), ['sitios none', 'correo none', 'registro none']);
});

test.serial('the page says of each what a site meets and how it ends; the index, what was left on', async (t) => {
  for (const lang of LANGS) {
    const { faults } = words(lang).emulator;
    const shown = await page(`/emulador/fallas?lang=${lang}`);
    for (const text of [faults.sites.text, faults.mail.text, faults.registry.text, faults.mail.effects.slower])
      t.true(shown.includes(text), text);
    for (const text of Object.values(faults.sites.effects)) t.true(shown.includes(text), text);
    t.false((await page(`/emulador?lang=${lang}`)).includes(faults.on));
    await be({ sitios: 'expired-code', correo: 'slower', registro: 'down' });
    const index = await page(`/emulador?lang=${lang}`);
    for (const text of [faults.on, faults.sites.kinds['expired-code'], faults.mail.kinds.slower])
      t.true(index.includes(text), text);
    t.true(index.includes(faults.registry.kinds.down));
    await be(NONE);
  }
});

const letter = (subject: string) =>
  app.live.mailer.send({ to: 'a@correo.example', subject, text: subject, html: `<p>${subject}</p>` });
const come = async () =>
  (JSON.parse(await page('/emulador/mensajes.json')) as { subject: string; text: string }[]).map(({ text }) => text);

test.serial('slow mail comes when the emulator’s clock says so; what had come stays, SMS do not wait', async (t) => {
  await letter('before');
  await app.parts.advance?.(1);
  await be({ correo: 'slow' });
  t.deepEqual(await come(), ['before']);
  await letter('first');
  await app.live.texter?.send({ to: '+56912345678', text: 'sms', id: '1' });
  t.deepEqual(await come(), ['sms', 'before']);
  const shown = await page('/emulador/mensajes?lang=es');
  const w = words('es').emulator;
  t.true(shown.includes(`${w.faults.mail.title} · ${w.faults.mail.kinds.slow}`));
  t.true(shown.includes(w.messages.onTheirWay(1)));
  t.false(shown.includes('>first<'));

  await app.parts.advance?.(60);
  await letter('second');
  // Chosen again it begins nothing anew.
  await be({ correo: 'slow' });
  t.deepEqual(await come(), ['sms', 'before']);
  await app.parts.advance?.(60);
  t.deepEqual(await come(), ['sms', 'first', 'before']);
  await app.parts.advance?.(60);
  t.deepEqual(await come(), ['second', 'sms', 'first', 'before']);
  t.true((await page('/emulador/mensajes')).includes('second'));
});

test.serial('nothing is lost: whoever turns slow mail off, or changes it, has all letters', async (t) => {
  const before = await come();
  for (const change of ['slower', 'none']) {
    await be({ correo: 'slow' });
    await letter(change);
    t.deepEqual(await come(), before);
    await app.parts.advance?.(1);
    await be({ correo: change });
    before.unshift(change);
    t.deepEqual(await come(), before);
    await be(NONE);
  }
  t.false((await page('/emulador/mensajes?lang=es')).includes(words('es').emulator.faults.mail.kinds.slow));
});

test.serial('all processes on the database have the same faults', async (t) => {
  const another = faultsOf(app.config, app.parts.settings);
  await be({ sitios: 'wrong-audience' });
  t.is((await another.siteFault?.now())?.fault, 'wrong-audience');
  await another.siteFault?.set('none');
  t.deepEqual(pressed(await page('/emulador/fallas')), ['sitios none', 'correo none', 'registro none']);
  // As an earlier version kept it.
  await app.parts.settings.write('registry-fault', 'down');
  t.deepEqual(await another.registryFault?.now(), { fault: 'down', since: 0 });
});

test.serial('what is somebody else’s is not switched here, and the page says where it is', async (t) => {
  const guest = elsewhere.visitor();
  const { text } = await guest.get('/emulador/fallas?lang=es');
  const { faults } = words('es').emulator;
  t.true(text.includes(faults.mail.real) && text.includes(faults.registry.real));
  t.deepEqual(pressed(text), ['sitios none']);
  for (const wish of [{ correo: 'slow' }, { registro: 'down' }, { sitios: 'wrong-audience', correo: 'slow' }])
    t.is((await guest.post('/emulador/fallas', JSON.stringify(wish), json)).status, 404);
  t.deepEqual(pressed((await guest.get('/emulador/fallas')).text), ['sitios none'], 'nothing by halves');
  t.is((await guest.get('/emulador/mensajes')).status, 200);
});
