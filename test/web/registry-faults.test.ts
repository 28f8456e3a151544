import test from 'ava';
import { REGISTRY_FAULTS } from '../../src/domain/registry.ts';
import { words } from '../../views/words.ts';
import { atDesk, field } from '../support/console.ts';
import { FULL } from '../support/desk.ts';
import { serve } from '../support/serve.ts';

const app = await serve();
test.after.always(() => app.close());
const visitor = app.visitor();
const be = (registro: string) =>
  visitor.post('/emulador/fallas', JSON.stringify({ registro }), { 'content-type': 'application/json' });

test('R-50: with each fault of the registry no code is issued and the page says what to do; without it the same case goes on', async (t) => {
  const { parts } = app;
  const { officer, id, csrf } = await atDesk(app);
  const { ticks, mrz, issued, coercion } = FULL;
  const sheet = { ...Object.fromEntries(ticks.map((tick) => [tick, 'si'])), mrz, issued, coercion };
  let { text } = await officer.get(`/meson/${id}`);
  const approve = () =>
    officer.post(`/casos/${id}/revision`, { csrf, ...sheet, vista: field(text, 'vista'), acto: 'aprobar' });
  const { says } = words('es').checks.registry;
  for (const fault of REGISTRY_FAULTS.filter((one) => one !== 'none')) {
    t.is((await be(fault)).status, 303, fault);
    const refused = await approve();
    ({ text } = refused);
    t.is(refused.status, 422, fault);
    const silent = fault === 'slow' || fault === 'garbage' || fault === 'down';
    t.true(text.includes(says[silent ? 'unavailable' : fault]), fault);
    t.is((await parts.enrolments.byId(id))?.stage, 'in-session', fault);
    t.deepEqual(await parts.handovers.waits(id, parts.clock()), [], fault);
    t.regex(
      (await visitor.get('/emulador/fallas')).text,
      new RegExp(`value="${fault}"[^>]*aria-pressed="true"`),
      fault,
    );
  }
  t.is((await be('none')).status, 303);
  // So that nobody has hurried.
  await parts.advance?.(90);
  t.is((await approve()).status, 303);
  t.is((await parts.enrolments.byId(id))?.stage, 'code-issued');
});

test('INTERFACE: faults are set by JSON and forms, of the list alone, and not from elsewhere', async (t) => {
  t.is((await be('perhaps')).status, 400);
  const from = { 'content-type': 'application/json', origin: 'https://evil.example' };
  t.is((await visitor.post('/emulador/fallas', '{"registro":"down"}', from)).status, 403);
  t.is((await visitor.get('/emulador/fallas')).status, 200);
});
