import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { undoContact } from '../../src/flows/contact.ts';
import { denyNotice } from '../../src/flows/not-me.ts';
import { words } from '../../views/words.ts';
import { house } from '../support/account.ts';
import { choose, codeOf, enterCode, NEW_CLAVE } from '../support/flow.ts';
import { noLinks } from '../support/memory/sessions.ts';
import { CLAUDIA, LUIS, MARIA, MUNICIPIO, provider, TERESA, type Someone } from '../support/rp.ts';

const { app, enter, open, send } = await house();
test.after.always(app.close);
const { signIn, silently } = provider(app.origin);
const { tables } = app.parts;

const accountOf = async ({ run }: Someone) => (await app.parts.accounts.forLogin(parseRun(run)!))!.account;
const letters = () => [...tables.outbox.values()];
const codeTo = (address: string): string => {
  const found = letters().findLast((letter) => letter.letter === 'confirmation-code' && letter.to.address === address);
  if (found?.letter !== 'confirmation-code') throw new Error(`no code to ${address}`);
  return found.code;
};
const notices = () => letters().flatMap((letter) => (letter.letter === 'notice' ? [letter] : []));

test.serial('R-16: the new address is confirmed by a code, the old one is told, and can take it back', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA, '/cuenta/datos');
  const before = await accountOf(MARIA);
  const asked = await send(user, '/cuenta/datos', { email: ' Nueva@Correo.example ' });
  t.deepEqual([asked.status, asked.location], [303, '/cuenta/datos/confirmar']);
  t.is((await accountOf(MARIA)).person.email, before.person.email, 'nothing changes before the code');
  const wrong = await send(user, '/cuenta/datos/confirmar', { confirmacion: '0000-0000' });
  t.is(wrong.status, 422);
  t.regex(wrong.text, /El código no sirve/);
  const known = notices().length;
  const done = await send(user, '/cuenta/datos/confirmar', { confirmacion: codeTo('Nueva@Correo.example') });
  t.is(done.location, '/cuenta/datos?hecho=cambio');
  t.like((await accountOf(MARIA)).person, { email: 'Nueva@Correo.example', emailVerified: true });
  const told = notices().slice(known);
  t.deepEqual(told.map(({ event, to }) => [event, to]).sort(), [
    ['contact-changed', 'Nueva@Correo.example'],
    ['contact-changed', before.person.email],
  ]);
  const masked = { what: 'email', was: 'm•••@correo.example', now: 'N•••@Correo.example' };
  t.deepEqual([...new Set(told.map(({ change }) => JSON.stringify(change)))], [JSON.stringify(masked)]);
  t.regex((await open(user, done.location)).text, /guardamos el cambio/);
  const again = await send(user, '/cuenta/datos', { email: 'otra@correo.example' });
  t.is(again.status, 303);
  await send(user, '/cuenta/datos/confirmar', { confirmacion: codeTo('otra@correo.example') });
  // The first change is taken back, and the second with it.
  const undoing = { accountId: before.id, ref: told[0]?.ref ?? '', now: app.parts.clock() };
  t.true(await app.parts.transaction((tx) => undoContact(tx, undoing)));
  t.like((await accountOf(MARIA)).person, { email: before.person.email, emailVerified: true });
  t.false(await app.parts.transaction((tx) => undoContact(tx, undoing)), 'once');
});

test.serial('who presses twice at once is told that it is done, not that the code is wrong', async (t) => {
  const user = app.visitor();
  await enter(user, TERESA, '/cuenta/datos');
  await send(user, '/cuenta/datos', { otro: 'segunda@correo.example' });
  const { text } = await open(user, '/cuenta/datos/confirmar');
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const form = { csrf, confirmacion: codeTo('segunda@correo.example') };
  const asSeenBySecond = new Map(tables.journeys);
  t.is((await user.post('/cuenta/datos/confirmar', form)).location, '/cuenta/datos?hecho=cambio');
  for (const [id, journey] of asSeenBySecond) tables.journeys.set(id, journey);
  t.is((await user.post('/cuenta/datos/confirmar', form)).location, '/cuenta/datos?hecho=cambio');
  t.is((await accountOf(TERESA)).person.otherEmail, 'segunda@correo.example');
});

test.serial('R-16: «No fui yo» in the letter to the old address restores it and ends all sessions', async (t) => {
  const owner = app.visitor();
  await enter(owner, CLAUDIA);
  const before = await accountOf(CLAUDIA);
  const parts = app.parts;
  const asker = { deviceName: 'Chrome', network: '10.0.0.0/24', site: 'ClaveÚnica' };
  const person = { ...before.person, email: 'ladron@correo.example' };
  await parts.accounts.editPerson(before.id, parts.clock(), () => person);
  const id = '5f0f9c1e-0000-4000-8000-000000000009';
  const { email, emailVerified, otherEmail, phone, phoneVerified } = before.person;
  const change = { id, accountId: before.id, at: parts.clock(), what: 'email' } as const;
  await parts.contactChanges.add({ ...change, before: { email, emailVerified, otherEmail, phone, phoneVerified } });
  const notice = { token: 'a-token', accountId: before.id, event: 'contact-changed', at: parts.clock() } as const;
  await parts.notices.add({ ...notice, asker, ref: id });
  const denied = await denyNotice(parts, { token: 'a-token', links: noLinks, network: asker.network, requestId: 'r' });
  t.is(denied.kind, 'denied');
  t.is((await accountOf(CLAUDIA)).person.email, before.person.email);
  t.true((await accountOf(CLAUDIA)).revokedUntil > before.revokedUntil);
  t.is((await owner.get('/cuenta')).status, 303);
});

test.serial('R-16: after ten days it stays, and nobody undoes what is not hers', async (t) => {
  const user = app.visitor();
  await enter(user, LUIS, '/cuenta/datos');
  await send(user, '/cuenta/datos', { otro: 'segundo@correo.example' });
  await send(user, '/cuenta/datos/confirmar', { confirmacion: codeTo('segundo@correo.example') });
  const { id } = await accountOf(LUIS);
  const [change] = await app.parts.contactChanges.of(id);
  const undo = (accountId: string, now: number) =>
    app.parts.transaction((tx) => undoContact(tx, { accountId, ref: change!.id, now }));
  t.false(await undo((await accountOf(MARIA)).id, app.parts.clock()));
  t.false(await undo(id, change!.at + 10 * 86_400_000));
  t.is((await accountOf(LUIS)).person.otherEmail, 'segundo@correo.example');
  t.true(await undo(id, change!.at + 10 * 86_400_000 - 1));
  t.is((await accountOf(LUIS)).person.otherEmail, undefined);
});

test.serial('R-16: a second address and a telephone are added and taken away; the first address stays', async (t) => {
  const user = app.visitor();
  const page = await enter(user, TERESA, '/cuenta/datos');
  t.is(page.status, 200);
  await send(user, '/cuenta/datos', { otro: 'b@correo.example' });
  await send(user, '/cuenta/datos/confirmar', { confirmacion: codeTo('b@correo.example') });
  const asked = await send(user, '/cuenta/datos', { telefono: '9 8765 4321' });
  t.is(asked.status, 303);
  t.regex((await user.get('/cuenta/datos/confirmar')).text, /por mensaje a \+56987654321/);
  await send(user, '/cuenta/datos/confirmar', { confirmacion: codeTo('+56987654321') });
  t.like((await accountOf(TERESA)).person, {
    otherEmail: 'b@correo.example',
    phone: '+56987654321',
    phoneVerified: true,
  });
  t.is((await send(user, '/cuenta/datos', { quitar: 'telefono' })).location, '/cuenta/datos?hecho=quitado');
  t.deepEqual(notices().at(-1)?.change, { what: 'phone', was: '+56•••••4321' });
  t.is((await send(user, '/cuenta/datos', { quitar: 'telefono' })).status, 400);
  t.is((await send(user, '/cuenta/datos', { quitar: 'email' })).status, 400);
  t.is((await accountOf(TERESA)).person.phone, undefined);
});

test.serial('R-16: what nobody typed is refused: fields that do not exist, two at once, no address', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA, '/cuenta/datos');
  const before = await accountOf(MARIA);
  for (const form of [
    { email: 'x@correo.example', email_verified: 'true' },
    { email: 'x@correo.example', emailVerified: 'true' },
    { email: 'x@correo.example', otro: 'y@correo.example' },
    { run: '12.345.678-5' },
    {},
  ])
    t.is((await send(user, '/cuenta/datos', form)).status, 400, JSON.stringify(form));
  for (const email of [
    '',
    'x',
    'x@',
    'a@b@c.cl',
    'x@y',
    'a@b.cl,c@d.cl',
    'a@b.cl\r\nbcc: c@d.cl',
    before.person.email!,
  ]) {
    const page = await send(user, '/cuenta/datos', { email });
    t.is(page.status, 422, email);
    t.true(page.text.includes('role="alert"'));
  }
  t.is((await send(user, '/cuenta/datos', { telefono: '123' })).status, 422);
  t.deepEqual((await accountOf(MARIA)).person, before.person);
  t.is((await user.get('/cuenta/datos', { accept: 'text/html' })).status, 200);
});

test.serial('R-16: codes are few, wear out, and belong to what was asked', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA, '/cuenta/datos');
  await send(user, '/cuenta/datos', { otro: 'uno@correo.example' });
  const first = codeTo('uno@correo.example');
  await send(user, '/cuenta/datos', { otro: 'dos@correo.example' });
  t.is((await send(user, '/cuenta/datos/confirmar', { confirmacion: first })).status, 422);
  for (let tries = 0; tries < 4; tries++)
    t.is((await send(user, '/cuenta/datos/confirmar', { confirmacion: '00000000' })).status, 422);
  const right = codeTo('dos@correo.example');
  t.is((await send(user, '/cuenta/datos/confirmar', { confirmacion: right })).status, 422, 'five tries');
  let status = 303;
  for (let more = 0; more < 6 && status === 303; more++)
    ({ status } = await send(user, '/cuenta/datos', { otro: `otro${more}@correo.example` }));
  t.is(status, 429);
  t.is((await accountOf(MARIA)).person.otherEmail, undefined);
});

test.serial('R-16: a change of contact wants a fresh sign-in', async (t) => {
  const user = app.visitor();
  await enter(user, LUIS);
  app.parts.travel(6 * 60_000);
  const away = await user.get('/cuenta/datos');
  t.is(away.status, 303);
  t.is(new URL(away.location).searchParams.get('max_age'), '300');
});

test.serial('the account is blocked by its owner: all ends, and the password opens nothing', async (t) => {
  const [user, elsewhere] = [app.visitor(), app.visitor()];
  await signIn(elsewhere, MUNICIPIO, LUIS);
  await enter(user, LUIS, '/cuenta/cerrar');
  const done = await send(user, '/cuenta/cerrar', { accion: 'bloquear' });
  t.deepEqual([done.status, done.location], [303, '/cuenta/salida?cuenta=bloqueada']);
  const page = await user.get(done.location);
  t.regex(page.text, /Tu cuenta está bloqueada[^]*href="\/recuperar"/);
  t.is((await silently(elsewhere, MUNICIPIO)).get('error'), 'login_required');
  t.is((await accountOf(LUIS)).status, 'paused');
  t.is(notices().at(-1)?.event, 'blocked');
  await t.throwsAsync(enter(app.visitor(), LUIS), { message: /not signed in: 422/ });
});

test.serial('R-02: who blocked her account opens it by recovery, with another ClaveÚnica', async (t) => {
  const user = app.visitor();
  const ingrid = { run: '13.579.246-2', password: MARIA.password };
  await enter(user, ingrid, '/cuenta/cerrar');
  await send(user, '/cuenta/cerrar', { accion: 'bloquear' });
  await user.submit('/recuperar', { run: ingrid.run });
  await enterCode(user, ingrid.run, codeOf(app.parts, 'recovery-code'));
  const same = await choose(user, '/recuperar/clave', ingrid.password);
  t.is(same.status, 422);
  t.regex(same.text, /Es la misma que tenías/);
  t.is((await accountOf(ingrid)).status, 'paused');
  t.is((await choose(user, '/recuperar/clave', NEW_CLAVE)).status, 303);
  t.is((await accountOf(ingrid)).status, 'active');
});

test.serial('who has no mailbox is not told that recovery opens what she blocks', async (t) => {
  const user = app.visitor();
  const carmen = { run: '16.161.616-8', password: MARIA.password };
  await enter(user, carmen, '/cuenta/cerrar');
  const { closing } = words('es');
  const before = (await open(user, '/cuenta/cerrar')).text;
  t.true(before.includes(closing.block.opens.atOffice));
  t.false(before.includes(closing.block.opens.byMail));
  const { location } = await send(user, '/cuenta/cerrar', { accion: 'bloquear' });
  const { text } = await user.get(location);
  t.regex(text, /Tu cuenta está bloqueada[^]*href="\/ayuda#oficinas"/);
  t.notRegex(text, /href="\/recuperar"/);
});

test.serial('R-80: closing keeps who she is and what happened, and nothing else', async (t) => {
  const [user, elsewhere] = [app.visitor(), app.visitor()];
  const before = await accountOf(TERESA);
  await signIn(elsewhere, MUNICIPIO, TERESA);
  await enter(user, TERESA, '/cuenta/cerrar');
  const unsure = await send(user, '/cuenta/cerrar', { accion: 'cerrar' });
  t.is(unsure.status, 422);
  t.regex(unsure.text, /Falta tu confirmación/);
  t.is((await accountOf(TERESA)).status, 'active');
  const done = await send(user, '/cuenta/cerrar', { accion: 'cerrar', entiendo: 'on' });
  t.is(done.location, '/cuenta/salida?cuenta=cerrada');
  const after = await app.parts.accounts.forLogin(before.person.run);
  t.is(after?.account.status, 'closed');
  t.is(after?.secret, undefined);
  const { run, names, surnames } = before.person;
  t.deepEqual(after?.account.person, { run, names, surnames });
  t.deepEqual(await app.parts.devices.of(run), []);
  t.deepEqual(await app.parts.contactChanges.of(before.id), []);
  t.true((await app.parts.audit.ofAccount(before.id, 100)).some(({ kind }) => kind === 'account-closed'));
  t.is((await silently(elsewhere, MUNICIPIO)).get('error'), 'login_required');
  const last = notices().filter(({ event }) => event === 'closed');
  t.true(last.some(({ to }) => to === before.person.email));
  await t.throwsAsync(enter(app.visitor(), TERESA), { message: /not signed in: 422/ });
});
