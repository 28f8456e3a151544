import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { staffBrowser } from '../support/console.ts';
import { serve, withinTheHour } from '../support/serve.ts';

const OFFICER = parseRun('7.654.321-6')!;
const CITIZEN = parseRun('11.111.111-1')!;
const OTHER = parseRun('12.345.678-5')!;

const app = await serve();
test.after.always(() => app.close());
const reason = { motivo: 'citizen-asks', palabras: 'llamó porque no puede entrar' };
const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';

test.serial('R-63, R-65: a record is shown masked, for a reason, and recorded with the officer’s name', async (t) => {
  const officer = await staffBrowser(app, OFFICER);
  const without = await officer.submit('/personas', { run: '11.111.111-1', ...reason, palabras: '' });
  t.is(without.status, 422);
  t.regex(without.text, /value="11\.111\.111-1"/, 'what was typed stays');
  const shown = await officer.submit('/personas', {
    run: '11.111.111-1',
    ...reason,
    palabras: 'llamó el RUN 12.345.678-5 por ella',
  });
  t.is(shown.status, 200);
  t.regex(shown.text, /M••••/);
  t.notRegex(shown.text, /class="language"/, 'in another language it would want another reason');
  t.regex(without.text, /class="language" href="\/personas\?lang=en"/);
  t.regex(shown.text, /m•••@correo\.example/);
  for (const secret of ['María', 'Carmen', 'maria.del', '911111111', '11.111.111'])
    t.false(shown.text.includes(secret), secret);
  const her = (await app.parts.accounts.forLogin(CITIZEN))!.account.id;
  const [event] = await app.parts.audit.ofAccount(her, 1);
  t.like(event, { kind: 'person-looked-up', actorId: officer.accountId });
  t.is(event?.details?.['reason'], 'citizen-asks');
  t.is(event?.details?.['words'], 'llamó el RUN … por ella', 'R-74: no RUN in the record');
  const nobody = await officer.submit('/personas', { run: '22.222.222-2', ...reason });
  t.is(nobody.status, 200);
  t.regex(nobody.text, /No hay una cuenta con ese RUN/);
});

test.serial('R-54: nobody looks herself up', async (t) => {
  const officer = await staffBrowser(app, OFFICER);
  const own = await officer.submit('/personas', { run: '7.654.321-6', ...reason });
  t.is(own.status, 403);
  t.regex(own.text, /Quedó registrado/);
  t.notRegex(own.text, /R•••/);
});

test.serial('R-63: an officer blocks and unblocks with a reason; what cannot be is refused', async (t) => {
  const officer = await staffBrowser(app, OFFICER);
  const her = (await app.parts.accounts.forLogin(OTHER))!.account.id;
  const page = await officer.submit('/personas', { run: '12.345.678-5', ...reason });
  t.regex(page.text, new RegExp(`action="/personas/${her}/block"`));
  t.notRegex(page.text, /\/unblock"/, 'she is not blocked');
  const csrf = csrfOf(page.text);
  const act = (name: string, form: Record<string, string> = reason) =>
    officer.post(`/personas/${her}/${name}`, { csrf, ...form });
  t.is((await act('block', { motivo: 'fraud', palabras: 'no' })).status, 422);
  t.is((await app.parts.accounts.byId(her))?.status, 'active');
  const kind = 'recovery';
  const until = app.parts.clock() + 60_000;
  const state = { at: 'clave', run: OTHER, accountId: her, factor: false } as const;
  const open = await app.parts.journeys.begin({ kind, state, accountId: her, until });
  t.is((await act('block')).status, 200);
  t.is((await app.parts.accounts.byId(her))?.status, 'blocked');
  t.is(await app.parts.journeys.find({ kind, id: open, now: app.parts.clock() }), undefined, 'R-31');
  t.is((await act('block')).status, 410, 'a second time there is nothing to do');
  t.is((await act('unblock')).status, 200);
  t.is((await app.parts.accounts.byId(her))?.status, 'active');
  t.is((await act('open-case')).status, 200);
  t.is((await app.parts.cases.ofAccount(her)).length, 1);
  const { revokedUntil = 0 } = (await app.parts.accounts.byId(her)) ?? {};
  t.is((await act('end-sessions')).status, 200);
  t.true(((await app.parts.accounts.byId(her))?.revokedUntil ?? 0) >= revokedUntil);
  const kinds = (await app.parts.audit.ofAccount(her, 6)).map(({ kind }) => kind);
  t.deepEqual(kinds, [
    ...['person-sessions-ended', 'person-case-opened', 'person-unblocked', 'person-blocked', 'staff-denied'],
    'person-looked-up',
  ] as typeof kinds);
  const stranger = await officer.post('/personas/no-such-id/block', { csrf, ...reason });
  t.is(stranger.status, 410);
});

test.serial('R-65: the sixty-first look-up of an hour is refused and recorded', async (t) => {
  withinTheHour();
  const officer = await staffBrowser(app, OFFICER);
  const csrf = csrfOf((await officer.get('/personas')).text);
  let last = 0;
  let tries = 0;
  while (last !== 429 && tries++ < 70)
    last = (await officer.post('/personas', { csrf, run: '22.222.222-2', ...reason })).status;
  t.is(last, 429);
  t.true(tries <= 61);
  const found = await app.parts.audit.find({
    ...{ actorId: officer.accountId, kind: 'staff-denied', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 1 },
  });
  t.is(found[0]?.details?.['lacks'], 'limit');
});

test.serial('an auditor finds what an officer did, page by page, and is recorded herself', async (t) => {
  const auditor = await staffBrowser(app, OTHER, { roles: ['auditor'] });
  const form = { run: '', tipo: 'person-looked-up', desde: '', hasta: '', ...reason };
  const first = await auditor.submit('/auditoria', form);
  t.is(first.status, 200);
  t.regex(first.text, /Rosa Elena Muñoz Tapia/, 'staff by name');
  const ids = [...first.text.matchAll(/<th scope="row">(\d+)<\/th>/g)].map(([, id]) => Number(id));
  t.is(ids.length, 50);
  const before = /name="antes" value="(\d+)"/.exec(first.text)?.[1] ?? '';
  t.is(before, String(ids.at(-1)));
  const second = await auditor.post('/auditoria', { csrf: csrfOf(first.text), ...form, antes: before });
  const more = [...second.text.matchAll(/<th scope="row">(\d+)<\/th>/g)].map(([, id]) => Number(id));
  t.true(more.length > 0 && more.every((id) => id < Number(before)));
  const hers = await auditor.submit('/auditoria', { ...form, run: '11.111.111-1', tipo: '' });
  t.regex(hers.text, /M•••• C•••••/, 'citizens masked');
  t.notRegex(hers.text, /María Carmen/);
  const searched = await app.parts.audit.find({
    ...{ actorId: auditor.accountId, kind: 'audit-searched', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 10 },
  });
  const looks = searched.filter(({ details }) => details?.['before'] === undefined);
  t.is(looks.length, 2, 'another page of the same search is the same look');
  t.is(searched.length, 3, 'and is recorded as that');
  const [about, further, begun] = searched.map(({ accountId, details }) => ({ accountId, ...details }));
  t.like(begun, { event: 'person-looked-up', reason: reason.motivo, words: reason.palabras, found: 51 });
  t.like(further, { event: 'person-looked-up', before, reason: reason.motivo, words: reason.palabras });
  t.like(about, { accountId: (await app.parts.accounts.forLogin(CITIZEN))!.account.id });
  const officer = await staffBrowser(app, OFFICER);
  t.is((await officer.get('/auditoria')).status, 403);
  t.is((await auditor.get('/personas')).status, 403);
});

test.serial('R-71, R-73: whoever asks for a further page alone is recorded with what she looked for', async (t) => {
  const auditor = await staffBrowser(app, OTHER, { roles: ['auditor'] });
  const [her, at] = [(await app.parts.accounts.forLogin(CITIZEN))!.account.id, app.parts.clock()];
  await app.parts.audit.add({ kind: 'login-succeeded', at: at - 1, accountId: her, actorId: auditor.accountId });
  const log = { from: 0, until: Number.MAX_SAFE_INTEGER, limit: 9, kind: 'audit-searched', actorId: auditor.accountId };
  const newest = async () => (await app.parts.audit.find({ ...log, limit: 1 }))[0];
  await app.parts.audit.add({ kind: 'staff-denied', at: at + 1 });
  const [top] = await app.parts.audit.find({ ...log, kind: 'staff-denied', actorId: undefined, limit: 1 });
  const csrf = csrfOf((await auditor.get('/auditoria')).text);
  const form = { csrf, run: CITIZEN, funcionario: OTHER, tipo: 'login-succeeded', desde: '2020-01-02', ...reason };
  const peek = await auditor.post('/auditoria', { ...form, antes: top?.id ?? '' });
  t.regex(peek.text, /<td>login-succeeded<\/td>/);
  const recorded = await newest();
  t.is(recorded?.accountId, her);
  t.like(recorded?.details, {
    event: 'login-succeeded',
    actor: auditor.accountId,
    from: '2020-01-02',
    before: top?.id,
  });
  t.is((await auditor.post('/auditoria', { ...form, orden: 'antiguos', antes: '1' })).status, 200);
  t.like((await newest())?.details, { order: 'oldest', before: '1' });
  await auditor.post('/auditoria', { csrf, tipo: '12.345.678-5', antes: '1', ...reason });
  t.is((await newest())?.details?.['event'], '…', 'no RUN, wherever it was typed (R-74)');
  t.is((await auditor.post('/auditoria', { ...form, antes: '9'.repeat(18) })).status, 200, 'as high as ids may be');
  const before = (await newest())?.id;
  for (const antes of ['9'.repeat(19), '9223372036854775808', '-1', '1e3', ''])
    t.is((await auditor.post('/auditoria', { ...form, antes })).status, 400, antes);
  t.is((await newest())?.id, before, 'nothing was looked at');
});

test.serial(
  'R-26: an officer sends the way to recovery, without a code, to the confirmed address; three an hour',
  async (t) => {
    withinTheHour();
    const officer = await staffBrowser(app, OFFICER);
    const her = (await app.parts.accounts.forLogin(OTHER))!.account;
    const csrf = csrfOf((await officer.get('/personas')).text);
    const send = () => officer.post(`/personas/${her.id}/send-recovery`, { csrf, ...reason });
    const statuses = [await send(), await send(), await send(), await send()].map(({ status }) => status);
    t.deepEqual(statuses, [200, 200, 200, 429]);
    const { rows } = await app.live.db.raw<{ rows: { payload: { letter: string; sealed: string } }[] }>(
      `select payload from graphile_worker._private_jobs where payload ->> 'accountId' = ?`,
      [her.id],
    );
    t.is(rows.length, 3);
    t.true(rows.every(({ payload }) => payload.letter === 'notice' && !JSON.stringify(payload).includes('@')));
    await app.parts.accounts.editPerson(her.id, Date.now(), (was) => ({
      ...was,
      emailVerified: false,
      otherEmail: undefined,
    }));
    t.is((await send()).status, 422, 'nobody would get it');
  },
);

test.serial(
  'R-65: the citizen sees from which desk her record was opened, when and why, and not by whom',
  async (t) => {
    const { activity } = await import('../../src/flows/activity.ts');
    const officer = await staffBrowser(app, OFFICER, { agency: 'registro-civil', office: 'Ñuñoa' });
    const her = (await app.parts.accounts.forLogin(OTHER))!.account.id;
    const csrf = csrfOf((await officer.get('/personas')).text);
    t.is(
      (await officer.post(`/personas/${her}/open-case`, { csrf, motivo: 'fraud', palabras: 'ingresos de noche' }))
        .status,
      200,
    );
    const { lines } = await activity(app.parts, { accountId: her, site: 'account', period: 7, page: 1 });
    const desk = { role: 'officer', agency: 'registro-civil', office: 'Ñuñoa', reason: 'fraud' };
    t.like(lines[0], { kind: 'event', event: 'person-case-opened', desk });
    t.notRegex(JSON.stringify(lines), /ingresos de noche|Rosa|7654321/);
  },
);
