import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { crockford } from '../../src/domain/crockford.ts';
import type { Role } from '../../src/domain/roles.ts';
import { words } from '../../views/words.ts';
import { staffBrowser } from '../support/console.ts';
import { serve } from '../support/serve.ts';

const CHIEF = parseRun('9.876.543-3')!;
const CITIZEN = '11.111.111-1';

const app = await serve();
test.after.always(() => app.close());

const results = (text: string) =>
  [...(/<ul class="results">([^]*?)<\/ul>/.exec(text)?.[1] ?? '').matchAll(/href="([^"]+)"/g)].map(([, to]) => to);
const searching = async (role: Role) => {
  const user = await staffBrowser(app, CHIEF, { roles: [role], agency: 'ips', institution: 'muni' });
  return async (q: string) => {
    const { status, text } = await user.get(`/buscar?q=${encodeURIComponent(q)}`);
    return {
      status,
      text,
      to: results(text),
      form: /<form method="post" action="(\/(?:personas|auditoria))"/.exec(text)?.[1],
    };
  };
};

test.serial('R-63: rooms are found by name, those alone that her role opens', async (t) => {
  const officer = await searching('officer');
  t.deepEqual((await officer('personas')).to, ['/personas']);
  t.deepEqual((await officer('MESÓN')).to, ['/meson']);
  t.deepEqual((await officer('auditoria')).to, []);
  t.regex((await officer('auditoria')).text, /No encontramos nada con «auditoria»/);
  const auditor = await searching('auditor');
  t.deepEqual((await auditor('auditoria')).to, ['/auditoria']);
  t.deepEqual((await auditor('personas')).to, []);
});

test.serial(
  'R-63, R-65: a RUN leads to the form that asks why, shows nothing of anybody, and is no look-up',
  async (t) => {
    const before = (await app.live.db('audit').count('*'))[0];
    const officer = await searching('officer');
    const known = await officer('11111111-1');
    t.is(known.form, '/personas');
    t.regex(known.text, /name="run" value="11\.111\.111-1"/);
    t.notRegex(known.text, /María|M•+/);
    const strip = (text: string) =>
      text.replaceAll(/nonce="[^"]*"|name="csrf" value="[^"]*"|11\.?111\.?111-1|17\.?171\.?717-5/g, '');
    t.is(strip((await officer('17171717-5')).text), strip(known.text), 'known or not, the same page');
    t.deepEqual((await app.live.db('audit').count('*'))[0], before);
    t.is((await (await searching('auditor'))(CITIZEN)).form, '/auditoria');
    const operator = await (await searching('operator'))(CITIZEN);
    t.deepEqual([operator.form, operator.to], [undefined, []]);
  },
);

test.serial('R-63: a client leads to its page, of others not even the name', async (t) => {
  const some = (await app.parts.clients.byId('demo-municipio'))!;
  await app.parts.clients.put({ ...some, id: 'tramites-uno', institution: 'muni', name: 'Trámites' }, 1);
  const operator = await searching('operator');
  t.true((await operator('demo-municipio')).to.some((to) => to?.endsWith('/clientes/demo-municipio')));
  const hers = await searching('institution');
  t.deepEqual((await hers('tramites')).to, ['/instituciones/muni/clientes/tramites-uno']);
  t.deepEqual((await hers('demo-municipio')).to, []);
  t.deepEqual((await (await searching('officer'))('demo-municipio')).to, []);
});

test.serial('a help code, and the id of a request, lead to the log with a reason to be written', async (t) => {
  const id = 'AbCdEfGh-_123456';
  await app.parts.audit.add({ kind: 'login-refused', at: app.parts.clock(), requestId: id });
  const code = crockford(Buffer.from(id, 'base64url').subarray(0, 5));
  const auditor = await staffBrowser(app, CHIEF, { roles: ['auditor'] });
  for (const said of [id, code]) {
    const { text } = await auditor.get(`/buscar?q=${said}`);
    t.regex(text, new RegExp(`name="solicitud" value="${said}"`));
    const form = { run: '', solicitud: said, motivo: 'complaint', palabras: 'la persona llamó con su código' };
    const found = await auditor.post('/auditoria', {
      ...form,
      csrf: /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '',
    });
    t.regex(found.text, /1 resultado</);
    t.regex(found.text, /login-refused/);
  }
  const officer = await searching('officer');
  t.is((await officer(code)).form, undefined);
  t.true((await officer(code)).text.includes(words('es').search.helpCode), 'she reads who finds it');
  t.false((await officer('nada-de-eso')).text.includes(words('es').search.helpCode));
  for (const said of ['', ' ', '<b>x</b>', 'x'.repeat(500), '\0', '%', '00000000-0000-0000-0000-000000000000'])
    t.is((await officer(said)).status, 200, said);
  t.notRegex((await officer('<b>x</b>')).text, /<b>x/);
});
