import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { house } from '../support/account.ts';
import { LUIS, MARIA, MUNICIPIO, provider, type Json } from '../support/rp.ts';

const { app, enter, send } = await house();
test.after.always(app.close);
const { signIn, silently } = provider(app.origin);

test.serial(
  'R-80: everything that is kept of somebody is in the file and on the page, and nothing of others',
  async (t) => {
    const maria = (await app.parts.accounts.forLogin(parseRun(MARIA.run)!))!.account;
    const [user, other] = [app.visitor('Chrome/150 Android'), app.visitor('Firefox/150 Windows')];
    await signIn(other, MUNICIPIO, MARIA);
    await signIn(user, MUNICIPIO, LUIS);
    await silently(user, MUNICIPIO);
    await send(other, '/cuenta/actividad', {}).catch(() => undefined);
    const page = await user.get('/cuenta');
    t.is(page.status, 303);
    await user.get(page.location).then(({ location }) => user.get(location));
    await send(user, '/cuenta/datos', { otro: 'ana.dos@correo.example' });
    const letter = [...app.parts.tables.outbox.values()].findLast((one) => one.letter === 'confirmation-code');
    await send(user, '/cuenta/datos/confirmar', {
      confirmacion: letter?.letter === 'confirmation-code' ? letter.code : '',
    });
    const { account } = (await app.parts.accounts.forLogin(parseRun(LUIS.run)!))!;
    await app.parts.cases.open({
      ...{ id: '5f0f9c1e-0000-4000-8000-000000000001', kind: 'not-me', accountId: account.id, at: 5 },
      details: { event: 'new-device' },
    });

    const about = { at: 6, accountId: account.id, actorId: maria.id };
    await app.parts.audit.add({ ...about, kind: 'case-held', details: { case: 'x', why: 'same-email' } });
    await app.parts.audit.add({ ...about, kind: 'audit-exported', details: { words: 'orden judicial', by: 'root' } });
    const issued = { case: 'x', officer: maria.id, operator: 'root', again: 'yes' };
    await app.parts.audit.add({ ...about, kind: 'code-issued', details: issued });
    const file = await user.get('/cuenta/descarga.json');
    t.is(file.status, 200);
    t.is(file.headers.get('content-disposition'), 'attachment; filename="claveunica.json"');
    t.regex(file.headers.get('cache-control') ?? '', /no-store/);
    const data = JSON.parse(file.text) as Json & Record<string, readonly Json[]>;
    t.like(data['person'], { run: '55555555-5', otherEmail: 'ana.dos@correo.example' });
    t.is(data['contactChanges']?.length, 1);
    t.is(data['devices']?.length, 1);
    t.is(data['sessions']?.length, 1);
    t.is(data['cases']?.length, 1);
    t.true((data['factors']?.length ?? 0) >= 0);
    const kinds = new Set(data['events']?.map(({ kind }) => kind));
    for (const kind of [
      'login-succeeded',
      'access-granted',
      'new-device',
      'contact-asked',
      'contact-changed',
      'data-exported',
    ])
      t.true(kinds.has(kind), kind);
    t.regex(JSON.stringify(data['createdAt']), /^"\d{4}-\d\d-\d\dT/);
    t.true(data['sites']?.some(({ name }) => name === 'Municipalidad de Los Robles'));
    t.deepEqual(data['events']?.find(({ kind }) => kind === 'code-issued')?.['details'], { case: 'x', again: 'yes' });
    for (const silent of ['case-held', 'audit-exported', 'orden judicial', 'root'])
      t.false(file.text.includes(silent), `R-58: ${silent}`);
    for (const foreign of ['11111111', maria.id, maria.person.email!, 'Firefox', 'quick$', account.id])
      t.false(file.text.includes(foreign), foreign);

    const shown = await user.get('/cuenta/descarga');
    t.is(shown.status, 200);
    for (const said of [
      '55.555.555-5',
      'ana.dos@correo.example',
      'Chrome',
      'Municipalidad de Los Robles',
      'Cambiaste tus datos de contacto',
    ])
      t.true(shown.text.includes(said), said);
    t.regex(shown.text, /Hecho el \d+ de \p{L}+ de \d{4} a las \d\d:\d\d\./u);
    t.notRegex(shown.text, /hoy a las|ayer a las/, 'what is kept says no «today»');
  },
);

test.serial('R-80: it wants a fresh sign-in', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA);
  t.is((await user.get('/cuenta/descarga.json')).status, 200);
  app.parts.travel(5 * 60_000 + 1000);
  for (const path of ['/cuenta/descarga.json', '/cuenta/descarga']) {
    const away = await user.get(path);
    t.is(away.status, 303);
    t.is(new URL(away.location).searchParams.get('max_age'), '300');
  }
});
