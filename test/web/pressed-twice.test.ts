import test from 'ava';
import { browser } from '../support/browser.ts';
import { codeAt } from '../support/codes-of-apps.ts';
import { askFor, codeOf, letterOf, mainButton, NEW_CLAVE, officersCode, PEDRO } from '../support/flow.ts';
import { openOffices } from '../support/places.ts';
import { ANA, MARIA } from '../support/rp.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serveMemory } from '../support/serve-memory.ts';

/** On a slow line the answer to the first press is never seen: the browser waits for that to the second alone. */
const serving = () => serveMemory({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
type House = Awaited<ReturnType<typeof serving>>;
type User = House['user'];

/** The same form twice, as it stands at `path`; with `lost` the browser hears nothing of the first. */
async function twice(house: House, { user, path, form }: { user: User; path: string; form: Record<string, string> }) {
  const { text } = await user.get(path);
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const lost = browser(house.origin, await user.jar.clone());
  const first = await lost.post(path, { csrf, ...form });
  return [first, await user.post(path, { csrf, ...form })] as const;
}
/** What stands there is no fault, and leads on. */
const leadsOn = ({ text }: { readonly text: string }): string | undefined =>
  text.includes('<h1>Este paso ya está listo</h1>') && !text.includes('role="alert"')
    ? mainButton(text).href
    : undefined;

test.serial('recovering: code and ClaveÚnica, pressed twice, were taken and lead on', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  await askFor(user, MARIA.run);
  const code = { run: MARIA.run, codigo: codeOf(house.parts, 'recovery-code') };
  const [first, second] = await twice(house, { user, path: '/recuperar/codigo', form: code });
  t.deepEqual([first.status, second.status], [303, 422]);
  t.is(leadsOn(second), '/recuperar/clave');
  const form = { password: NEW_CLAVE, password2: NEW_CLAVE };
  const [taken, again] = await twice(house, { user, path: '/recuperar/clave', form });
  t.is(taken.location, '/recuperar/listo');
  t.is(leadsOn(again), '/recuperar/listo');
  t.is((await user.get('/recuperar/listo')).status, 200);
});

test.serial('activating: the same browser begins again at once; the rest was taken and leads on (R-12)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  const codigo = await officersCode(house.parts);
  const [, begun] = await twice(house, { user, path: '/activar', form: { run: PEDRO, codigo } });
  t.is(begun.location, '/activar/confirmar', begun.text);
  t.is((await house.visitor().submit('/activar', { run: PEDRO, codigo })).status, 422, 'another browser does not');
  const confirmacion = codeOf(house.parts, 'confirmation-code');
  const [first, second] = await twice(house, { user, path: '/activar/confirmar', form: { confirmacion } });
  t.is(first.location, '/activar/clave');
  t.is(leadsOn(second), '/activar/clave');
  const form = { password: NEW_CLAVE, password2: NEW_CLAVE };
  const [, again] = await twice(house, { user, path: '/activar/clave', form });
  t.is(leadsOn(again), '/activar/listo');
  t.is((await user.get('/activar/listo')).status, 200);
});

test.serial('who may no more at the last step is told so, and not sent in a circle', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  await user.submit('/activar', { run: PEDRO, codigo: await officersCode(house.parts) });
  await user.submit('/activar/confirmar', { confirmacion: codeOf(house.parts, 'confirmation-code') });
  const { id } = (await house.parts.accounts.forLogin(PEDRO))!.account;
  const now = house.parts.clock();
  await house.parts.accounts.moveStatus(id, { from: ['not-activated'], to: 'closed', at: now });
  const { status, text } = await user.get('/activar/clave');
  t.is(status, 410);
  t.is(mainButton(text).href, '/activar?nuevo');
});

test.serial('a request: the code, the hour, and giving it back, pressed twice; one letter each (R-55)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  await openOffices(house);
  const user = house.visitor();
  await user.submit('/obtener', { run: PEDRO, documento: '100.200.300', email: 'pedro@buzon.example' });
  const confirmacion = letterOf(house.parts, 'enrolment-code')?.code ?? '';
  const [first, second] = await twice(house, { user, path: '/obtener/confirmar', form: { confirmacion } });
  t.is(first.location, '/obtener/hora');
  t.is(leadsOn(second), '/obtener/hora');
  const [, hora = ''] = /name="hora" value="([^"]+)"/.exec((await user.get('/obtener/hora')).text) ?? [];
  const [, booked] = await twice(house, { user, path: '/obtener/hora', form: { hora } });
  t.is(booked.location, '/obtener/lista', booked.text);
  const events = [...house.parts.tables.outbox.values()].flatMap((letter) =>
    letter.letter === 'enrolment' ? [letter.event] : [],
  );
  t.deepEqual(events, ['booked']);
  for (const [acto, where] of [
    ['cancelar', '/obtener/hora?hecho=cancelada'],
    ['retirar', '/obtener/lista'],
  ] as const) {
    const pair = await twice(house, { user, path: '/obtener/lista', form: { acto } });
    t.deepEqual(
      pair.map(({ status, location }) => [status, location]),
      [
        [303, where],
        [303, where],
      ],
      acto,
    );
  }
});

test.serial('the second factor, pressed twice, leads into the site, not back to the beginning', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  const { location } = await user.get(authorizeUrl(house.origin));
  const { location: at } = await user.submit(location, ANA);
  const form = { codigo: codeAt('JBSWY3DPEHPK3PXP', house.parts.clock()) };
  const [first, second] = await twice(house, { user, path: at, form });
  t.is(first.status, 303);
  const on = leadsOn(second) ?? '';
  t.is(on, new URL(first.location, house.origin).href, second.text);
  t.true(new URL((await user.get(on)).location).searchParams.has('code'));
});
