import { randomUUID } from 'node:crypto';
import test from 'ava';
import { activity } from '../../src/flows/activity.ts';
import { member, person } from '../support/console-world.ts';
import { serve, withinTheHour } from '../support/serve.ts';

const app = await serve();
test.after.always(() => app.close());
const reason = { motivo: 'case', palabras: 'habló conmigo y cambió su clave' };

/** Her owner said that it was not she. */
async function opened(openedBy?: string) {
  const { accountId } = await person({ app });
  const [id, at] = [randomUUID(), app.parts.clock()];
  const details = { event: 'new-device', told: at - 1, deviceName: 'Chrome, Android', network: 'n', site: 'Un sitio' };
  const by = openedBy === undefined ? {} : { openedBy };
  await app.parts.cases.open({ id, kind: openedBy === undefined ? 'not-me' : 'staff', accountId, at, ...by, details });
  return { id, at, accountId, path: `/cuentas/${id}` };
}
const kindsOf = async (accountId: string) =>
  (await app.parts.audit.ofAccount(accountId, 20)).map(({ kind }) => kind).toReversed();

test('R-17, R-73: a supervisor takes what «No fui yo» opened, writes into it and closes it; the citizen sees it', async (t) => {
  const she = await member(app, 'supervisor');
  const { id, accountId, path } = await opened();
  const post = (act: string, form: Record<string, string>) => she.post(`${path}/${act}`, { csrf: she.csrf, ...form });
  t.regex((await she.get('/cuentas')).text, new RegExp(`href="${path}"`));
  const shown = await she.get(path);
  t.is(shown.status, 200);
  t.regex(shown.text, /Ingresaron con tu ClaveÚnica desde un dispositivo nuevo/);
  t.is((await post('nota', { nota: 'todavía no es mío' })).status, 403, 'not in her hand');
  t.is((await post('tomar', { tiene: '' })).status, 303);
  t.is((await she.get(path)).status, 200);
  const short = await post('nota', { nota: 'llamé' });
  t.is(short.status, 422);
  t.regex(short.text, />\s*llamé\s*<\/textarea>/, 'what was typed stays');
  t.is((await post('nota', { nota: 'la llamé, su RUN es 12.345.678-5' })).status, 303);
  const again = await post('cerrar', { resultado: 'fraud', ...reason, palabras: 'poco' });
  t.is(again.status, 422);
  t.regex(again.text, /value="fraud" selected/);
  t.is((await post('cerrar', { resultado: 'otra-cosa', ...reason })).status, 400);
  t.is((await post('cerrar', { resultado: 'secured', ...reason })).status, 303);
  t.is((await post('nota', { nota: 'una cosa más que olvidé' })).status, 410);
  t.regex((await she.get('/cuentas?estado=closed')).text, new RegExp(`href="${path}"`));
  const closed = await she.get(path);
  t.regex(closed.text, /la llamé, su RUN es …/);
  t.notRegex(closed.text, /\/(tomar|nota|cerrar)"/);
  t.deepEqual(await kindsOf(accountId), [
    ...(['person-case-seen', 'staff-denied', 'person-case-taken', 'person-case-noted', 'staff-denied'] as const),
    ...(['person-case-closed', 'person-case-seen'] as const),
  ]);
  const [last] = (await app.parts.audit.ofAccount(accountId, 20)).filter(({ kind }) => kind === 'person-case-closed');
  t.like(last, { actorId: she.accountId, details: { case: id, outcome: 'secured', reason: 'case', office: 'Ñuñoa' } });
  const { lines } = await activity(app.parts, { accountId, site: 'account', period: 7, page: 1 });
  const events = lines.flatMap((line) => (line.kind === 'event' ? [line.event] : []));
  t.deepEqual(events, ['person-case-seen', 'person-case-closed', 'person-case-taken', 'person-case-seen']);
  t.like(lines[1], { desk: { role: 'supervisor', agency: 'ips', office: 'Ñuñoa', reason: 'case' } });
  t.notRegex(JSON.stringify(lines), /llamé|habló/);
});

test('R-54: who opened a case does not end it; a page of before takes nothing from whoever has it', async (t) => {
  const [ana, eva] = [await member(app, 'supervisor'), await member(app, 'supervisor')];
  const { path } = await opened(ana.accountId);
  t.regex((await ana.get(path)).text, /Lo abriste tú/);
  t.is((await ana.post(`${path}/tomar`, { csrf: ana.csrf, tiene: '' })).status, 403);
  const take = (tiene: string) => eva.post(`${path}/tomar`, { csrf: eva.csrf, tiene });
  t.is((await take('')).status, 303);
  const ida = await member(app, 'supervisor');
  t.is((await ida.post(`${path}/tomar`, { csrf: ida.csrf, tiene: '' })).status, 410, 'eva was faster');
  const instead = /name="tiene" value="([^"]*)"/.exec((await ida.get(path)).text)?.[1] ?? '';
  t.is(instead, eva.accountId);
  t.is((await ida.post(`${path}/tomar`, { csrf: ida.csrf, tiene: instead })).status, 303);
  t.is((await eva.post(`${path}/cerrar`, { csrf: eva.csrf, resultado: 'owner', ...reason })).status, 403);
});

test('R-65: reading cases is looking people up: the sixty-first of an hour is refused', async (t) => {
  withinTheHour();
  const she = await member(app, 'supervisor');
  const { path } = await opened();
  const now = app.parts.clock();
  for (let n = 0; n < 59; n++)
    await app.parts.limits.take({
      ...{ row: 'look-up', network: she.accountId, limit: '60 per hour per member of staff', now },
    });
  t.is((await she.get(path)).status, 200);
  t.is((await she.get(path)).status, 429);
});

test('R-65: taking a case is a look-up as well, and while she has it its page is free', async (t) => {
  withinTheHour();
  const she = await member(app, 'supervisor');
  const [one, other] = [await opened(), await opened()];
  const look = { row: 'look-up', network: she.accountId, limit: '60 per hour per member of staff' } as const;
  for (let n = 0; n < 59; n++) await app.parts.limits.take({ ...look, now: app.parts.clock() });
  const take = ({ path }: { readonly path: string }) => she.post(`${path}/tomar`, { csrf: she.csrf, tiene: '' });
  t.is((await take(one)).status, 303, 'the sixtieth');
  t.is((await she.get(one.path)).status, 200);
  t.is((await she.get(one.path)).status, 200);
  const enough = await take(other);
  t.is(enough.status, 429);
  t.regex(enough.text, /máximo de consultas por hora/);
  t.is((await app.parts.cases.byId(other.id))?.takenBy, undefined, 'nobody has it');
  t.deepEqual(await kindsOf(other.accountId), ['staff-denied'] as const);
  const [no] = await app.parts.audit.ofAccount(other.accountId, 1);
  t.like(no, { actorId: she.accountId, details: { act: 'account case take', lacks: 'limit' } });
  t.is((await she.get(other.path)).status, 429);
  const nota = { csrf: she.csrf, nota: 'la llamé por teléfono' };
  t.is((await she.post(`${one.path}/nota`, nota)).status, 303, 'what she has in hand she goes on with');
});

const idsOf = (text: string) => [...text.matchAll(/href="\/cuentas\/([\w-]+)"/g)].map(([, id]) => id);

test('cases are turned over a page at a time, by age, and filtered by whose hand they are in', async (t) => {
  const she = await member(app, 'supervisor');
  const all: Awaited<ReturnType<typeof opened>>[] = [];
  for (let n = 0; n < 55; n++) all.push(await opened());
  const made = all.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const [old = made[0]!] = made;
  t.is((await she.post(`${old.path}/tomar`, { csrf: she.csrf, tiene: '' })).status, 303);
  let page = (await she.get('/cuentas')).text;
  t.is(idsOf(page).length, 50);
  const seen = idsOf(page);
  for (;;) {
    const next = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    if (next === undefined) break;
    page = (await she.get(next)).text;
    seen.push(...idsOf(page));
  }
  t.is(new Set(seen).size, seen.length);
  t.deepEqual(
    seen.filter((id) => made.some((one) => one.id === id)),
    made.map(({ id }) => id),
  );
  t.regex(page, /rel="prev"/);
  t.deepEqual(idsOf((await she.get('/cuentas?estado=mine')).text), [old.id]);
  t.false(idsOf((await she.get('/cuentas?estado=free')).text).includes(old.id));
  const newest = idsOf((await she.get('/cuentas?orden=-opened&estado=free')).text);
  t.is(
    newest.find((id) => made.some((one) => one.id === id)),
    made.at(-1)!.id,
  );
  t.regex((await she.get('/cuentas?estado=fraud&porque=staff')).text, /Quita un filtro/);
  t.is((await she.get('/cuentas?estado=x&porque=x&orden=x&tras=x')).status, 200);
});

test('R-63, R-65, R-73: a file of cases says what their list says: the end of a RUN, and none about herself', async (t) => {
  const she = await member(app, 'supervisor');
  const { id, accountId, path } = await opened();
  const her = { accountId: she.accountId, kind: 'not-me', at: app.parts.clock(), details: {} } as const;
  const own = randomUUID();
  await app.parts.cases.open({ id: own, ...her });
  const { person: owner } = (await app.parts.accounts.byId(accountId))!;
  const ask = (form: object) => she.post('/cuentas/exportar', { csrf: she.csrf, ...reason, ...form });
  const short = await ask({ palabras: 'poco', estado: 'free' });
  t.is(short.status, 422);
  t.regex(short.text, /<details class="act" open/);
  t.regex(short.text, /value="free" selected/);
  await she.post(`${path}/tomar`, { csrf: she.csrf, tiene: '' });
  const file = await ask({ estado: 'mine' });
  t.regex(file.headers.get('content-disposition') ?? '', /filename="casos-de-cuentas-/);
  const [head, ...rows] = file.text.trimEnd().split('\r\n');
  t.regex(head ?? '', /Número;Abierto;/);
  t.is(rows.length, 1);
  t.regex(rows[0] ?? '', new RegExp(`^${id};[^;]+;Dijo «No fui yo»;••\\.•••\\.`));
  t.notRegex(file.text, new RegExp(owner.run.slice(0, -5)));
  t.notRegex((await ask({})).text, new RegExp(own));
  const [last] = await app.parts.audit.find({
    ...{ actorId: she.accountId, kind: 'list-exported', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 1 },
  });
  t.like(last?.details, { list: 'account case', more: false, reason: 'case' });
});
