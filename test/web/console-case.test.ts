import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { secondCodes } from '../support/console-cases.ts';
import { atDesk, field, staffBrowser } from '../support/console.ts';
import { member } from '../support/console-world.ts';
import { serve } from '../support/serve.ts';

const OFFICER = parseRun('7.654.321-6')!;
const OTHER = parseRun('12.345.678-5')!;

const app = await serve();
test.after.always(() => app.close());

test.serial('R-54, R-57: a sheet of a page that is old meanwhile is shown again with what was ticked', async (t) => {
  const { officer, id } = await atDesk(app);
  const page = await officer.get(`/meson/${id}`);
  t.is(page.status, 200);
  t.is(field(page.text, 'vista'), '1');
  const form = { csrf: field(page.text, 'csrf'), vista: '1', consent: 'si', 'read-back': 'si', acto: 'guardar' };
  const saved = await officer.post(`/casos/${id}/revision`, form);
  t.is(saved.status, 200);
  t.is(field(saved.text, 'vista'), '2');
  const stale = await officer.post(`/casos/${id}/revision`, { ...form, picture: 'si', 'in-view': 'si' });
  t.is(stale.status, 422);
  t.regex(stale.text, /Esto cambió mientras tanto/);
  t.regex(stale.text, /name="in-view"[^>]*checked/, 'what she ticked stays');
  t.notRegex(stale.text, /name="read-back"[^>]*checked/, 'but the contact is read back again');
  t.is((await officer.post(`/casos/${id}/revision`, { ...form, vista: '', acto: 'aprobar' })).status, 422);
});

test.serial('R-63: what waits for a second person is listed without whole RUNs', async (t) => {
  const officer = await staffBrowser(app, OFFICER);
  const open = (await app.parts.evidence.inHand(officer.accountId))!;
  const page = await officer.get(`/meson/${open.caseId}`);
  const ask = { csrf: field(page.text, 'csrf'), excepcion: 'no-card', palabras: 'trae otro documento' };
  t.is((await officer.post(`/casos/${open.caseId}/excepcion`, { ...ask, email: '', telefono: '' })).status, 200);
  const now = app.parts.clock();
  const other = await staffBrowser(app, OTHER, { roles: ['officer'], agency: 'ips', office: 'o-2', trainedAt: now });
  const list = await other.get('/segunda');
  t.regex(list.text, /••\.•••\.222-2/);
  t.false(list.text.includes('22.222.222'));
  const link = /href="(\/segunda\/[0-9a-f-]{36})"/.exec(list.text)?.[1] ?? '';
  t.regex((await other.get(link)).text, /22\.222\.222-2/, 'who opens it is recorded, and knows whom it is about');
});

test.serial(
  'R-54, R-49: what is ticked goes along with every form; who lets a contact change sees the new one',
  async (t) => {
    const officer = await staffBrowser(app, OFFICER);
    const { caseId } = (await app.parts.evidence.inHand(officer.accountId))!;
    const page = await officer.get(`/meson/${caseId}`);
    const sheet = { csrf: field(page.text, 'csrf'), vista: field(page.text, 'vista'), 'in-view': 'si', mrz: 'INCHL' };
    const asked = await officer.post(`/casos/${caseId}/registro`, sheet);
    t.regex(asked.text, /name="in-view"[^>]*checked/);
    t.regex(asked.text, />\s*INCHL<\/textarea>/);

    const vista = field(asked.text, 'vista');
    const wish = { ...sheet, vista, picture: 'si', excepcion: 'contact-change', palabras: 'perdió el correo de antes' };
    const wrong = await officer.post(`/casos/${caseId}/excepcion`, { ...wish, email: 'otro', telefono: '' });
    t.is(wrong.status, 422);
    t.regex(wrong.text, /La excepción todavía no se ha pedido/);
    t.regex(wrong.text, />\s*perdió el correo de antes<\/textarea>/, 'nothing typed is lost');
    t.regex(wrong.text, /name="in-view"[^>]*checked/);
    const again = { ...wish, vista: field(wrong.text, 'vista'), email: 'otro@correo.example', telefono: '' };
    const early = await officer.post(`/casos/${caseId}/excepcion`, again);
    t.is(early.status, 422);
    t.regex(early.text, /Ya hay una que espera/, 'the one without a card');
    const post = { roles: ['officer'], agency: 'ips', office: 'o-2', trainedAt: app.parts.clock() } as const;
    const other = await staffBrowser(app, OTHER, post);
    const [first] = await app.parts.proposals.open(app.parts.clock());
    await app.parts.proposals.decide(first!.id, other.accountId, { decision: 'rejected', at: app.parts.clock() });
    const now = { ...again, vista: field(early.text, 'vista') };
    t.is((await officer.post(`/casos/${caseId}/excepcion`, now)).status, 200);

    const [proposal] = (await app.parts.proposals.open(app.parts.clock())).filter(
      ({ plan }) => plan.kind === 'exception' && plan.exception === 'contact-change',
    );
    const seen = (await other.get(`/segunda/${proposal!.id}`)).text;
    t.regex(seen, /Contacto nuevo<\/dt>\s*<dd>\s*<strong>otro@correo\.example/);
    t.regex(seen, /pedro@correo\.example/, 'and the one of today');
    t.regex(seen, /Rostro en vivo/, 'and what was ticked by then');
  },
);

test.serial('R-54: who may not print a second code is told why, and what she typed stays', async (t) => {
  const me = await member(app, 'officer');
  for (const { name, run } of await secondCodes({ app, me })) {
    const answer = await me.post('/meson/segundo-codigo', { csrf: me.csrf, run: run ?? '' });
    // What is printed is shown once: no other language leads away from it.
    t.is(/class="language"/.test(answer.text), answer.status !== 200, name);
    if (name === 'of whom another approved') t.is(answer.status, 200);
    else t.deepEqual([answer.status, field(answer.text, 'run')], [403, run], name);
  }
});
