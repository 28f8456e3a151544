import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { house } from '../support/account.ts';
import { authenticator } from '../support/authenticator.ts';
import { codeAt } from '../support/codes-of-apps.ts';
import { CLAUDIA, LUIS, MARIA, type Someone, type User } from '../support/rp.ts';

const { app, open, enter, loginOf, send } = await house();
test.after.always(app.close);

const HERE = '/cuenta/factores';
const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const optionsOf = (text: string) =>
  JSON.parse((/data-options="([^"]+)"/.exec(text)?.[1] ?? '{}').replaceAll('&quot;', '"')) as Record<string, unknown>;
const idOf = async ({ run }: Someone) => (await app.parts.accounts.forLogin(parseRun(run)!))!.account.id;
const kinds = async (person: Someone) => (await app.parts.factors.of(await idOf(person))).map(({ kind }) => kind);
const letters = () => [...app.parts.tables.outbox.values()].map((letter) => JSON.stringify(letter));

async function addApplication(user: User) {
  const page = await open(user, `${HERE}/aplicacion`);
  const secret = (/secret-code">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
  const oferta = /name="oferta" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const csrf = csrfOf(page.text);
  const confirm = (codigo: string) => user.post(`${HERE}/aplicacion`, { csrf, oferta, codigo });
  return { secret, confirm };
}
async function addKey(user: User, device = authenticator(app.origin), nombre = 'Mi teléfono') {
  const page = await open(user, `${HERE}/llave`);
  const llave = device.create(optionsOf(page.text));
  return { page, device, sent: await user.post(`${HERE}/llave`, { csrf: csrfOf(page.text), llave, nombre }) };
}

test.serial('an application is added once its code came back; the owner is told by mail (R-17)', async (t) => {
  const user = app.visitor();
  const empty = await enter(user, MARIA, HERE);
  t.is(empty.status, 200);
  t.true(empty.text.includes('solo con tu ClaveÚnica'));
  t.false(empty.text.includes('Códigos de respaldo</h2>'), 'nothing to stand in for yet');
  const { secret, confirm } = await addApplication(user);
  t.is(secret.length, 32, '160 bits');
  const wrong = await confirm('000000');
  t.is(wrong.status, 422);
  t.true(wrong.text.replaceAll(' ', '').includes(secret), 'the same secret once more');
  t.deepEqual(await kinds(MARIA), []);
  const before = letters().length;
  const right = await confirm(codeAt(secret, app.parts.clock()));
  t.deepEqual([right.status, right.location], [303, `${HERE}?hecho=agregado`]);
  t.deepEqual(await kinds(MARIA), ['totp']);
  const told = letters().slice(before);
  t.is(told.length, 1);
  t.true(told[0]?.includes('factor-added'));
  t.false(told.join().includes(secret));
  t.is((await confirm(codeAt(secret, app.parts.clock(), 1))).status, 422, 'one is enough');
  const page = await open(user, `${HERE}?hecho=agregado`);
  t.regex(page.text, /role="status"[^>]*>Listo: quedó agregado\. Te avisamos por correo\./);
});

test.serial('who has no mail is not told that a letter went there', async (t) => {
  const user = app.visitor();
  await enter(user, { run: '16.161.616-8', password: MARIA.password });
  const { secret, confirm } = await addApplication(user);
  const { status, location } = await confirm(codeAt(secret, app.parts.clock()));
  t.is(status, 303);
  const { text } = await open(user, location);
  t.regex(text, /role="status"[^>]*>Listo: quedó agregado\.</);
});

test.serial(
  'who has to sign in again while she sets up her application finds the same secret, for ten minutes',
  async (t) => {
    const user = app.visitor();
    await enter(user, CLAUDIA);
    const { secret } = await addApplication(user);
    app.parts.travel(6 * 60_000);
    const late = await user.post(`${HERE}/aplicacion`, {
      ...{ csrf: csrfOf((await open(user, HERE)).text), oferta: 'x', codigo: codeAt(secret, app.parts.clock()) },
    });
    t.is(late.status, 303);
    t.regex(late.location, /authorize/);
    const back = await enter(user, CLAUDIA, `${HERE}/aplicacion`);
    t.true(back.text.replaceAll(' ', '').includes(secret));
    t.is((await addApplication(user)).secret, secret);
    app.parts.travel(6 * 60_000);
    await enter(user, CLAUDIA, `${HERE}/aplicacion`);
    t.not((await addApplication(user)).secret, secret, 'it has had its time');
  },
);

test.serial('an offer is worth nothing for another person, or after ten minutes', async (t) => {
  const [luis, claudia] = [app.visitor(), app.visitor()];
  await enter(luis, LUIS);
  await enter(claudia, CLAUDIA);
  const hers = await open(claudia, `${HERE}/aplicacion`);
  const secret = (/secret-code">([A-Z2-7 ]+)</.exec(hers.text)?.[1] ?? '').replaceAll(' ', '');
  const oferta = /name="oferta" value="([^"]+)"/.exec(hers.text)?.[1] ?? '';
  const his = csrfOf((await open(luis, `${HERE}/aplicacion`)).text);
  const codigo = codeAt(secret, app.parts.clock());
  t.is((await luis.post(`${HERE}/aplicacion`, { csrf: his, oferta, codigo })).status, 422);
  t.is((await luis.post(`${HERE}/aplicacion`, { csrf: his, oferta: 'x', codigo })).status, 422);
  t.deepEqual(await kinds(LUIS), []);
});

test.serial('passkeys have names, are renamed, and one is removed after a page that says what follows', async (t) => {
  const user = app.visitor();
  await enter(user, LUIS);
  const { page, device, sent } = await addKey(user);
  t.regex(page.text, /name="nombre"/);
  t.like(optionsOf(page.text), { authenticatorSelection: { residentKey: 'required', userVerification: 'required' } });
  t.is(sent.status, 303);
  const second = await addKey(user, authenticator(app.origin, { synced: true }), '<script>alert(1)</script>');
  t.is(second.sent.status, 303);
  const exclude = optionsOf(second.page.text)['excludeCredentials'] as { id: string }[];
  t.deepEqual(
    exclude.map(({ id }) => id),
    device.keys.map(({ id }) => id.toString('base64url')),
    'no second one on the same device',
  );
  const list = await open(user, HERE);
  t.true(list.text.includes('Mi teléfono'));
  t.true(list.text.includes('&lt;script>alert(1)'), 'R-89');
  t.true(list.text.includes('en tus otros dispositivos'));
  const rename = /href="([^"]+\/nombre\/[^"]+)"/.exec(list.text)?.[1] ?? '';
  t.is((await send(user, rename, { nombre: 'Teléfono viejo' })).status, 303);
  t.true((await open(user, HERE)).text.includes('Teléfono viejo'));
  const removals = [...(await open(user, HERE)).text.matchAll(/href="([^"]+\/quitar\/[^"]+)"/g)].map(
    ([, to]) => to ?? '',
  );
  t.is(removals.length, 2);
  t.true((await open(user, removals[0] ?? '')).text.includes('siguen sirviendo'));
  t.deepEqual(await kinds(LUIS), ['passkey', 'passkey'], 'looking does nothing');
  t.is((await send(user, removals[0] ?? '', {})).status, 303);
  t.true((await open(user, removals[1] ?? '')).text.includes('Es el último'));
  t.is((await user.get(removals[0] ?? '', { accept: 'text/html' })).status, 404);
  t.is((await send(user, removals[1] ?? '', {})).status, 303);
  t.deepEqual(await kinds(LUIS), []);
  t.is(letters().filter((letter) => letter.includes('factor-removed')).length, 2);
});

test.serial('a passkey of another page, answered twice, or without a verified user is not added (R-60)', async (t) => {
  const user = app.visitor();
  await enter(user, LUIS);
  const device = authenticator(app.origin);
  const page = await open(user, `${HERE}/llave`);
  const [csrf, options] = [csrfOf(page.text), optionsOf(page.text)];
  const post = (llave: string) => user.post(`${HERE}/llave`, { csrf, llave, nombre: 'x' });
  for (const wish of [
    { verified: false },
    { origin: 'https://evil.example' },
    { rpId: 'evil.example' },
    { type: 'webauthn.get' },
    { challenge: 'AAAA' },
    { crossOrigin: true },
  ])
    t.is(
      (await post(device.create(optionsOf((await open(user, `${HERE}/llave`)).text), wish))).status,
      422,
      JSON.stringify(wish),
    );
  t.is((await post('{}')).status, 422);
  t.deepEqual(await kinds(LUIS), []);
  const answers = Array.from({ length: 5 }, () => device.create(options));
  const all = await Promise.all(answers.map(post));
  t.deepEqual(all.map(({ status }) => status).sort(), [303, 422, 422, 422, 422]);
  await app.parts.factors.removeAll(await idOf(LUIS));
});

test.serial('ten saved codes are shown once; new ones void the old', async (t) => {
  const user = app.visitor();
  await enter(user, CLAUDIA);
  t.is((await send(user, `${HERE}/codigos`, {})).status, 303, 'not without a factor that they stand in for');
  const { secret, confirm } = await addApplication(user);
  await confirm(codeAt(secret, app.parts.clock()));
  const codesOf = (text: string) =>
    [...text.matchAll(/<li><code>([0-9A-Z-]{19})<\/code>/g)].map(([, code]) => code ?? '');
  const first = await send(user, `${HERE}/codigos`, {});
  t.is(first.status, 200);
  t.is(first.headers.get('cache-control'), 'no-store');
  const old = codesOf(first.text);
  t.is(new Set(old).size, 10);
  t.notRegex(first.text, /class="language"/, 'they are shown once: nothing leads away from them');
  t.true((await open(user, HERE)).text.includes('Te quedan 10'));
  const before = await open(user, `${HERE}/codigos`);
  t.deepEqual(codesOf(before.text), [], 'never again');
  t.true(before.text.includes('dejarán de servir'));
  const fresh = codesOf((await send(user, `${HERE}/codigos`, {})).text);
  const plain = (code = '') => code.replaceAll('-', '');
  t.is(await app.parts.factors.useSavedCode(await idOf(CLAUDIA), plain(old[0])), undefined);
  t.is(await app.parts.factors.useSavedCode(await idOf(CLAUDIA), plain(fresh[0])), 9);
});

test.serial(
  'after five minutes each change wants a new sign-in, with the factor; the list does not (R-14)',
  async (t) => {
    const user = app.visitor();
    await enter(user, LUIS);
    const { secret, confirm } = await addApplication(user);
    await confirm(codeAt(secret, app.parts.clock()));
    app.parts.travel(5 * 60_000 + 2000);
    t.is((await user.get(HERE, { accept: 'text/html' })).status, 200);
    for (const path of ['llave', 'aplicacion', 'codigos', 'quitar/aplicacion', 'nombre/x'])
      t.regex((await user.get(`${HERE}/${path}`, { accept: 'text/html' })).location, /\/openid\/authorize\?/, path);
    const csrf = csrfOf((await open(user, HERE)).text);
    t.regex((await user.post(`${HERE}/quitar/aplicacion`, { csrf })).location, /\/openid\/authorize\?/);
    t.deepEqual(await kinds(LUIS), ['totp']);
    const login = await loginOf(user, `${HERE}/quitar/aplicacion`);
    const sent = await user.submit(login, { ...LUIS });
    t.regex(sent.location, /segundo-factor/, 'the password is not enough');
    const proved = await user.submit(sent.location, { codigo: codeAt(secret, app.parts.clock()) });
    const page = await open(user, proved.location);
    t.true(page.text.includes('¿Quitar este segundo paso?'));
    t.is((await send(user, `${HERE}/quitar/aplicacion`, {})).status, 303);
    t.deepEqual(await kinds(LUIS), []);
  },
);

test.serial('R-44: no change without the token of this session, or from elsewhere', async (t) => {
  const [user, other] = [app.visitor(), app.visitor()];
  await enter(user, LUIS);
  await enter(other, LUIS);
  const foreign = csrfOf((await open(other, HERE)).text);
  const own = csrfOf((await open(user, HERE)).text);
  t.is((await user.post(`${HERE}/codigos`, {})).status, 400);
  t.is((await user.post(`${HERE}/codigos`, { csrf: foreign })).status, 403);
  t.is((await user.post(`${HERE}/codigos`, { csrf: own }, { origin: 'https://evil.example' })).status, 403);
  t.is((await app.visitor().post(`${HERE}/codigos`, { csrf: own })).status, 303, 'who is nobody is asked to sign in');
});

test.serial('within 72 hours of a recovery by mail no first factor is added (R-14)', async (t) => {
  const user = app.visitor();
  const { accounts, clock, hasher } = app.parts;
  await accounts.setSecret(await idOf(LUIS), await hasher.hash(LUIS.password), { at: clock(), recovered: true });
  await enter(user, LUIS);
  for (const path of ['llave', 'aplicacion']) {
    const page = await open(user, `${HERE}/${path}`);
    t.is(page.status, 403);
    t.true(page.text.includes('72 horas'));
    t.false(page.text.includes('name="oferta"') || page.text.includes('data-options'));
  }
  const csrf = csrfOf((await open(user, HERE)).text);
  t.is((await user.post(`${HERE}/llave`, { csrf, llave: '{}' })).status, 403);
  t.is((await user.post(`${HERE}/aplicacion`, { csrf, oferta: 'x', codigo: '000000' })).status, 403);
});
