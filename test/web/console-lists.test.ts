import test from 'ava';
import { someAccount } from '../support/memory/versions.ts';
import type { Staff } from '../../src/domain/roles.ts';
import { localDay, type Hours } from '../../src/domain/schedule.ts';
import { parseRun } from '../../src/domain/run.ts';
import { asks, slips } from '../support/console-cases.ts';
import { member } from '../support/console-world.ts';
import { staffBrowser } from '../support/console.ts';
import { serve, withinTheHour } from '../support/serve.ts';

const CHIEF = parseRun('9.876.543-3')!;
const SECOND = parseRun('12.345.678-5')!;
const CITIZEN = parseRun('11.111.111-1')!;
const reason = { motivo: 'operations', palabras: 'revisión de cada mes' };

/** What was looked up of accounts: `one`, or how many at once. */
const lookedUp: ('one' | number)[] = [];
const app = await serve({
  replace: ({ accounts }) => ({
    accounts: {
      ...accounts,
      async byId(id) {
        lookedUp.push('one');
        return accounts.byId(id);
      },
      async byIds(ids) {
        lookedUp.push(ids.length);
        return accounts.byIds(ids);
      },
    },
  }),
});
test.after.always(() => app.close());

const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const linkOf = (text: string, rel: 'next' | 'prev') =>
  new RegExp(`rel="${rel}" href="([^"]+)"`).exec(text)?.[1]?.replaceAll('&amp;', '&');
const rowsOf = (text: string) => [...text.matchAll(/<th scope="row">(?:<a[^>]*>)?([^<]+)/g)].map(([, name]) => name!);
const last = async (kind: string) =>
  (await app.parts.audit.find({ kind, from: 0, until: Number.MAX_SAFE_INTEGER, limit: 1 }))[0];

/** So many sites of an institution, named in order. */
async function sites(institution: string, names: readonly string[]) {
  const some = (await app.parts.clients.byId('demo-municipio'))!;
  for (const [at, name] of names.entries())
    await app.parts.clients.put({ ...some, id: `${institution}-${String(at)}`, institution, name }, app.parts.clock());
}

test.serial('R-63: a request in the list leads to its own page, which asks why first', async (t) => {
  const now = app.parts.clock();
  const id = '0c0ffee0-0000-4000-8000-000000000001';
  const request = { run: CITIZEN, document: '100200300', email: 'x@correo.example', lang: 'es' } as const;
  const times = { createdAt: now, expiresAt: now + 1e9 };
  await app.parts.enrolments.add({ id, request, network: '10.0.0.0/24', token: id, ...times });
  const user = await staffBrowser(app, CHIEF);
  const { text } = await user.get('/casos');
  const [, href = ''] = /<th scope="row"><a href="([^"]+)"/.exec(text) ?? [];
  t.is(href, `/casos/${id}`);
  const page = await user.get(href);
  t.is(page.status, 200);
  t.regex(page.text, /name="palabras"/);
  const asked = (await app.parts.enrolments.byId(id))!;
  await app.parts.enrolments.move(asked, { move: 'withdraw', by: { kind: 'citizen' }, at: now });
  const opened = (await user.post(href, { csrf: csrfOf(page.text), ...reason })).text;
  t.regex(opened, /<strong>Retirada<\/strong> → retirada por la persona/, 'what happened is said in words');
  t.regex(opened, /Etapa: <strong>retirada por la persona/);
  t.notRegex(opened, /withdraw/);
});

test.serial('a list is sorted, filtered and turned over by links alone, and nothing is lost on the way', async (t) => {
  const names = Array.from({ length: 120 }, (_, at) => `Sitio ${String(at).padStart(3, '0')}`);
  await sites('cien', names);
  const user = await staffBrowser(app, SECOND, { roles: ['institution'], institution: 'cien' });
  let page = (await user.get('/instituciones')).text;
  t.regex(page, /120 resultados/);
  t.regex(page, /aria-sort="ascending"/);
  const seen = rowsOf(page);
  for (let next = linkOf(page, 'next'); next; next = linkOf(page, 'next')) {
    page = (await user.get(next)).text;
    seen.push(...rowsOf(page));
  }
  t.deepEqual(seen, names);
  page = (await user.get(linkOf(page, 'prev')!)).text;
  t.deepEqual(rowsOf(page), names.slice(50, 100));
  page = (await user.get(linkOf(page, 'prev')!)).text;
  t.is(linkOf(page, 'prev'), undefined);
  const down = (await user.get('/instituciones?orden=-name&palabras=sitio+11')).text;
  t.deepEqual(rowsOf(down), names.slice(110).toReversed());
  t.regex(down, /aria-sort="descending"/);
  t.regex(down, /name="palabras" value="sitio 11"/, 'what was asked for stands in the form');
  const none = await user.get('/instituciones?estado=draft');
  t.regex(none.text, /Quita un filtro/);
  for (const query of [
    'orden=secrets',
    'tras=x',
    'hasta=W10',
    'tras=WyJcdTAwMDAiLCJ4Il0',
    'estado=\0&palabras=\0',
    `palabras=${'x'.repeat(5000)}`,
  ])
    t.is((await user.get(`/instituciones?${query}`)).status, 200, query);
  t.notRegex((await user.get('/instituciones?palabras=municipalidad')).text, /demo-municipio/, 'of others nothing');
});

test.serial('R-63: a supervisor finds those of her agency, whatever she asks for', async (t) => {
  const chief = await staffBrowser(app, CHIEF, { roles: ['supervisor'], agency: 'ips' });
  await staffBrowser(app, SECOND, { roles: ['officer'], agency: 'registro-civil', office: 'Arica' });
  const far = /Arica/;
  for (const query of ['', '?agencia=registro-civil', '?donde=arica', '?orden=-seen&estado=active'])
    t.notRegex((await chief.get(`/funcionarios${query}`)).text.replaceAll(/value="[^"]*"/g, ''), far, query);
  const auditor = await staffBrowser(app, CHIEF, { roles: ['auditor'], agency: undefined });
  t.regex((await auditor.get('/funcionarios?agencia=registro-civil&donde=ARICA')).text, far);
});

test.serial(
  'R-63: a supervisor finds the offices of her agency, who attends and who waits; an operator those of all',
  async (t) => {
    const { offices, clock, queues } = app.parts;
    const hours = Object.fromEntries(Array.from({ length: 7 }, (_, day) => [String(day + 1), [[540, 750]]] as const));
    const { text: empty } = await (
      await staffBrowser(app, CHIEF, { roles: ['operator'], agency: undefined })
    ).get('/oficinas');
    t.regex(empty, /Todavía no hay oficinas/, 'no filter is in the way');
    t.notRegex(empty, /Quita un filtro/);
    const office = { address: 'x', comuna: 'Ñuñoa', region: 'Metropolitana', hours: hours as Hours, closed: [] };
    await offices.put({ ...office, id: 'of-ips', agency: 'ips', name: 'Oficina propia' });
    await offices.put({ ...office, id: 'of-rc', agency: 'registro-civil', name: 'Oficina ajena', comuna: 'Arica' });
    const chief = await staffBrowser(app, CHIEF, { roles: ['supervisor'], agency: 'ips' });
    const officer = (await staffBrowser(app, SECOND, { roles: ['officer'], agency: 'ips', office: 'of-ips' }))
      .accountId;
    const day = localDay(clock());
    const shift = { officer, day, from: 540, to: 600, channel: 'office', office: 'of-ips' } as const;
    await offices.setShifts(officer, day, [shift, { ...shift, from: 600, to: 700, office: 'of-rc' }]);
    const { id } = await asks({ app, me: { accountId: officer, run: SECOND } });
    await queues.join({ caseId: id, channel: 'office', office: 'of-ips', joinedAt: clock() });
    for (const query of ['', '?agencia=registro-civil', '?region=Metropolitana', '?orden=-name&agencia=x&tras=x']) {
      const { text } = await chief.get(`/oficinas${query}`);
      t.false(rowsOf(text).includes('Oficina ajena'), query);
      const [, row = ''] = /<th scope="row">Oficina propia([^]*?)<\/tr>/.exec(text) ?? [];
      t.regex(row, /Hoy: 09:00–12:30|Hoy: cerrada/);
      t.regex(row, /<td>\s*1 [^]*<td>1<\/td>/, 'one attends, one waits');
      t.regex(row, /href="\/turnos\?oficina=of-ips"/);
    }
    const shifts = (await chief.get('/turnos?oficina=of-ips')).text;
    t.regex(shifts, /Solo los de Oficina propia/);
    t.notRegex(shifts, /<td>Oficina ajena/);
    t.regex((await chief.get('/turnos?oficina=of-rc')).text, /<td>Oficina ajena/, 'one of another agency is none');
    t.regex(shifts, /<summary>Quitar<span[^]*?<button[^>]*>Sí, quitar/, 'a second press takes it away');
    t.notRegex(shifts.replace(/<details[^]*?<\/details>/g, ''), /action="\/turnos\/quitar"/);
    const form = { csrf: csrfOf(shifts), funcionario: officer, dia: day, desde: '10:00', solo: 'of-ips' };
    const gone = await chief.post('/turnos/quitar', form);
    t.regex(gone.headers.get('location') ?? '', /oficina=of-ips/, 'she is still there');
    const operator = await staffBrowser(app, CHIEF, { roles: ['operator'], agency: undefined });
    const all = (await operator.get('/oficinas')).text;
    t.true(['Oficina propia', 'Oficina ajena'].every((one) => rowsOf(all).includes(one)));
    t.notRegex(all, /href="\/turnos/);
    t.false(rowsOf((await operator.get('/oficinas?agencia=ips')).text).includes('Oficina ajena'));
    const nobody = await staffBrowser(app, CHIEF, { roles: ['supervisor'], agency: undefined });
    t.deepEqual(rowsOf((await nobody.get('/oficinas')).text), []);
    t.notRegex((await nobody.get('/turnos')).text, /<option value="[0-9a-f-]{36}"/, 'nor of anybody’s shifts');
  },
);

test.serial('whoever is named on a page, or in a step of a file, is looked up by one statement', async (t) => {
  const some = Array.from({ length: 60 }, () => someAccount());
  await app.parts.accounts.addAll(some);
  const post = {
    roles: ['officer'],
    agency: 'ips',
    office: 'Puerto Cisnes',
    state: 'active',
    createdAt: 9e12,
  } as const;
  for (const { id } of some) await app.parts.staff.put({ accountId: id, ...post }, 1);
  const auditor = await staffBrowser(app, CHIEF, { roles: ['auditor'], agency: undefined });
  const csrf = csrfOf((await auditor.get('/')).text);
  const during = async (act: () => Promise<unknown>) => {
    lookedUp.length = 0;
    await act();
    return lookedUp;
  };
  // The one is she herself, at her door.
  t.deepEqual(await during(async () => auditor.get('/funcionarios?donde=puerto')), ['one', 50]);
  const file = async () => auditor.post('/funcionarios/exportar', { csrf, donde: 'puerto', ...reason });
  t.deepEqual(await during(file), ['one', 60]);
});

test.serial('R-63: whose other role sees every agency still takes out no file but that of her own', async (t) => {
  await staffBrowser(app, SECOND, { roles: ['officer'], agency: 'registro-civil', office: 'Arica' });
  const asking = async (staff: Partial<Staff>, agencia = '') => {
    const user = await staffBrowser(app, CHIEF, { office: 'Ñuñoa', ...staff });
    const csrf = csrfOf((await user.get('/')).text);
    const list = await user.get(`/funcionarios?agencia=${agencia}`);
    const file = await user.post('/funcionarios/exportar', { csrf, agencia, ...reason });
    return { list: list.text.replaceAll(/value="[^"]*"/g, ''), file };
  };
  for (const agencia of ['', 'registro-civil', 'ips']) {
    const { list, file } = await asking({ roles: ['supervisor', 'operator'], agency: 'ips' }, agencia);
    t.is(/Arica/.test(list), agencia !== 'ips', 'as an operator she sees them');
    t.is(list.includes('/funcionarios/exportar'), agencia !== 'registro-civil', 'what is shown is what goes out');
    t.is(file.status, 200);
    t.notRegex(file.text, /Arica/, agencia);
    t.regex(file.text, /Ñuñoa/, 'her own');
    t.like((await last('list-exported'))?.details, { list: 'staff', agency: 'ips' });
  }
  t.regex((await asking({ roles: ['supervisor', 'auditor'], agency: 'ips' })).file.text, /Arica/);
  t.is((await last('list-exported'))?.details?.['agency'], undefined, 'an auditor may');
  t.is((await asking({ roles: ['supervisor', 'operator'], agency: undefined })).file.status, 403);
  t.is((await asking({ roles: ['operator'], agency: 'ips' })).file.status, 403);
});

test.serial('R-63: figures of officers are of her agency; an auditor’s are of all', async (t) => {
  await slips({ app, me: await member(app, 'supervisor') });
  const asking = async (staff: Partial<Staff>) => {
    const user = await staffBrowser(app, CHIEF, staff);
    const { text } = await user.get('/cifras');
    const [, byOfficer = ''] = /id="por-persona"([^]*?)<\/section>/.exec(text) ?? [];
    const file = await user.post('/cifras/exportar', { csrf: csrfOf(text), ...reason });
    t.is(/Rosa Elena/.test(file.text), rowsOf(byOfficer).length > 0, 'the file is what is shown');
    return rowsOf(byOfficer).length;
  };
  t.is(await asking({ roles: ['supervisor'], agency: 'ips' }), 2);
  t.is(await asking({ roles: ['supervisor', 'operator'], agency: 'registro-civil' }), 0);
  t.is(await asking({ roles: ['supervisor'], agency: undefined }), 0, 'of no agency she is the supervisor of nobody');
  t.is((await last('list-exported'))?.details?.['agency'], 'none');
  t.is(await asking({ roles: ['supervisor', 'auditor'], agency: 'registro-civil' }), 2);
});

test.serial(
  'R-65, R-73: a file holds what was found, as text, and is recorded with its filter and its rows',
  async (t) => {
    withinTheHour();
    await sites('formulas', ['=HYPERLINK("http://x.example")', '@SUM(A1)', 'Ñuñoa; "centro"']);
    const user = await staffBrowser(app, SECOND, { roles: ['institution'], institution: 'formulas' });
    const csrf = csrfOf((await user.get('/instituciones')).text);
    const short = await user.post('/instituciones/exportar', { csrf, filtro: 'x', motivo: 'case', palabras: 'no' });
    t.is(short.status, 422);
    t.regex(short.text, /<details class="act" open/, 'and the form is there again');
    t.regex(short.text, /name="palabras" value="x"/);
    const file = await user.post('/instituciones/exportar', { csrf, ...reason });
    t.is(file.status, 200);
    t.is(file.headers.get('content-type'), 'text/csv; charset=utf-8');
    t.regex(file.headers.get('content-disposition') ?? '', /^attachment; filename="sitios-\d{4}-\d\d-\d\d\.csv"$/);
    t.is(file.headers.get('cache-control'), 'no-store');
    const [head = '', ...rows] = file.text
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n');
    t.regex(head, /^client_id;Sitio;/);
    const texts = [`"'=HYPERLINK(""http://x.example"")"`, `"'@SUM(A1)"`, '"Ñuñoa; ""centro"""'];
    for (const [at, row] of rows.entries())
      t.true(row.startsWith(`formulas-${String(at)};${texts[at]!};formulas;`), row);
    t.is(rows.length, 3);
    t.notRegex(file.text, /hash|secret_[^bp]/, 'nothing of secrets');
    t.like((await last('list-exported'))?.details, { list: 'client', rows: 3, more: false, reason: 'operations' });
    await user.post('/instituciones/exportar', { csrf, filtro: 'ñuñoa 12.345.678-5', estado: 'certified', ...reason });
    t.like((await last('list-exported'))?.details, { name: 'ñuñoa …', institution: 'formulas', rows: 0 });
    for (let times = 2; times < 10; times++)
      t.is((await user.post('/instituciones/exportar', { csrf, ...reason })).status, 200);
    const enough = await user.post('/instituciones/exportar', { csrf, ...reason });
    t.is(enough.status, 429);
    t.regex(enough.text, /diez archivos en esta hora/);
    t.like((await last('staff-denied'))?.details, { act: 'client export', lacks: 'limit' });
  },
);

test.serial(
  'R-65, R-74: the auditor’s file: names of staff, citizens masked, no RUN; as many rows as were recorded',
  async (t) => {
    const her = (await app.parts.accounts.forLogin(CITIZEN))!.account.id;
    const auditor = await staffBrowser(app, CHIEF, { roles: ['auditor'] });
    const at = app.parts.clock();
    for (let n = 0; n < 620; n++)
      await app.parts.audit.add({
        kind: 'person-looked-up',
        at: at + n,
        accountId: her,
        actorId: auditor.accountId,
        requestId: 'r',
      });
    const csrf = csrfOf((await auditor.get('/auditoria')).text);
    const form = { csrf, run: CITIZEN, tipo: 'person-looked-up', hasta: '2099-01-01', ...reason };
    const found = await auditor.post('/auditoria', form);
    t.regex(found.text, /620 resultados/);
    t.is(rowsOf(found.text).length, 50);
    const file = await auditor.post('/auditoria/exportar', form);
    const rows = file.text.trimEnd().split('\r\n').slice(1);
    t.is(new Set(rows.map((row) => row.split(';')[0])).size, 620, 'each once, over the pages of which it is made');
    t.regex(rows[0] ?? '', /;person-looked-up;Jorge[^;]*;M•+ C•+/);
    t.notRegex(file.text, /María|11\.?111\.?111/);
    t.like(await last('list-exported'), {
      ...{ actorId: auditor.accountId, accountId: her },
      details: {
        reason: 'operations',
        words: reason.palabras,
        list: 'audit',
        event: 'person-looked-up',
        until: '2099-01-02',
        rows: 620,
        more: false,
      },
    });
    t.is((await auditor.post('/auditoria/exportar', { ...form, run: '1-2' })).status, 422);
    t.is((await auditor.post('/auditoria', { ...form, solicitud: 'x' })).status, 422);
    const nobody = await auditor.post('/auditoria', { ...form, funcionario: someAccount().person.run });
    t.regex(nobody.text, /No hay registros así/);
    const mine = await auditor.post('/auditoria', { ...form, funcionario: CHIEF, orden: 'antiguos' });
    t.regex(mine.text, /620 resultados/);
  },
);
