import test from 'ava';
import { makeSavedCodes, newSavedCodes } from '../../src/flows/change-factors.ts';
import { parseRun } from '../../src/domain/run.ts';
import { authenticator } from '../support/authenticator.ts';
import { codeAt } from '../support/codes-of-apps.ts';
import { ANA, claimsOf, LUIS, MARIA, MUNICIPIO, provider, request, type User } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';

const app = await serveMemory();
test.after.always(app.close);
const { answerOf, go, redeem, silently } = provider(app.origin);
const SECRET = 'JBSWY3DPEHPK3PXP';
const HTML = { accept: 'text/html' };

/** A fresh step of thirty seconds for each code: none works twice. */
const nextCode = () => {
  app.parts.travel(31_000);
  return codeAt(SECRET, app.parts.clock());
};
const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
/** Ana, at the page that stands after her password. */
async function atFactor(user: User = app.visitor()) {
  const { location } = await user.get(request(MUNICIPIO), HTML);
  const sent = await user.submit(location, ANA);
  return { user, login: location, at: sent.location, status: sent.status };
}
const idTokenOf = async (user: User, path: string) => {
  const code = answerOf(await go(user, path)).get('code') ?? '';
  return claimsOf((await redeem(MUNICIPIO, code)).json['id_token']);
};
const ana = async () => (await app.parts.accounts.forLogin(parseRun(ANA.run)!))!.account.id;

test.serial(
  'after the password the page for the code stands; the right code leads to the site with 2f (R-08)',
  async (t) => {
    const { user, at, status } = await atFactor();
    t.is(status, 303);
    t.regex(at, /^\/ingresar\/[\w-]+\/segundo-factor\?rp=demo-municipio$/);
    const page = await user.get(at, HTML);
    t.is(page.status, 200);
    t.regex(page.text, /<input[^>]*name="codigo"[^>]*autocomplete="one-time-code"/);
    t.true(page.text.includes('Municipalidad de Los Robles'));
    t.true(page.text.includes('identificarte de nuevo'), 'and says what to do when all is lost');
    const wrong = await user.submit(at, { codigo: '000000' });
    t.is(wrong.status, 422);
    t.regex(wrong.text, /role="alert"/);
    t.regex(wrong.text, /name="codigo"[^>]*aria-invalid="true"/);
    const right = await user.submit(at, { codigo: nextCode() });
    t.is(right.status, 303);
    const claims = await idTokenOf(user, right.location);
    t.like(claims, { acr: 'urn:claveunica:biometrico:2f', amr: ['pwd', 'otp', 'mfa'] });
  },
);

test.serial('the password alone opens nothing: not the way on, not the session, not another page (R-14)', async (t) => {
  const { user, login, at } = await atFactor();
  const uid = /ingresar\/([\w-]+)/.exec(at)?.[1] ?? '';
  const back = await go(user, `/openid/authorize/${uid}`);
  t.is(back.status, 200);
  t.true(back.text.includes('name="password"'), 'asked from the beginning');
  t.is((await silently(user, MUNICIPIO)).get('error'), 'login_required');
  t.is((await app.visitor().get(at, HTML)).status, 410, 'nor does another browser see it');
  const fresh = app.visitor();
  const { location } = await fresh.get(request(MUNICIPIO), HTML);
  const jump = await fresh.get(location.replace('?', '/segundo-factor?'), HTML);
  t.deepEqual([jump.status, jump.location], [303, location], 'who comes without a password goes to the door');
  t.not(login, location);
  t.is((await fresh.submit(location, { codigo: nextCode() }, '/segundo-factor')).status, 303);
});

test.serial('R-44: the form is ours, and cancelling leads to the site', async (t) => {
  const { user, at } = await atFactor();
  const path = at.replace(/\?.*/, '');
  const csrf = csrfOf((await user.get(at, HTML)).text);
  t.is((await user.post(path, { codigo: '000000' })).status, 400);
  t.is((await user.post(path, { csrf: 'x', codigo: '000000' })).status, 403);
  t.is((await user.post(path, { csrf, codigo: '000000', admin: '1' })).status, 400);
  t.is((await user.post(path, { csrf, codigo: '0'.repeat(300) })).status, 400);
  const sent = await user.post(path, { csrf, cancelar: '1' });
  t.is(answerOf(await go(user, sent.location)).get('error'), 'access_denied');
});

test.serial(
  'R-19: after too many wrong codes there is a wait, told in a header too, for the right code as well',
  async (t) => {
    const { user, at } = await atFactor();
    let answer = await user.submit(at, { codigo: '000000' });
    for (let n = 0; n < 20 && answer.status === 422; n++) answer = await user.submit(at, { codigo: '000000' });
    t.is(answer.status, 429);
    t.regex(answer.headers.get('retry-after') ?? '', /^\d+$/);
    t.is((await user.submit(at, { codigo: codeAt(SECRET, app.parts.clock(), 1) })).status, 429);
    app.parts.travel(24 * 3_600_000);
  },
);

test.serial(
  'a saved code lets in; another is offered in its place, and counts once she says that she has it (R-12)',
  async (t) => {
    const accountId = await ana();
    const asker = { device: 'd', network: 'n', source: 's', requestId: 'r', deviceName: '', site: 'ClaveÚnica' };
    const codes = (await makeSavedCodes(app.parts, { accountId, asker }))!;
    const used = async (codigo: string, button: string) => {
      const { user, at } = await atFactor();
      const sent = await user.submit(at, { codigo });
      if (!sent.location.includes('/codigos')) return { sent, user, shown: '' };
      const page = await user.get(sent.location, HTML);
      t.regex(page.text, /me queda\w* \d/);
      t.true(page.text.includes('boton-principal'));
      const shown = /<code>([0-9A-Z-]{19})<\/code>/.exec(page.text)?.[1] ?? '';
      return { sent: await user.submit(sent.location, { [button]: '1' }), user, shown };
    };
    const first = await used(codes[0] ?? '', 'guardado');
    t.like(await idTokenOf(first.user, first.sent.location), { acr: 'urn:claveunica:biometrico:2f' });
    t.is((await used(codes[0] ?? '', 'guardado')).sent.status, 422, 'not twice');
    const second = await used(first.shown, 'omitir');
    t.like(await idTokenOf(second.user, second.sent.location), { acr: 'urn:claveunica:biometrico:2f' });
    t.is((await used(second.shown, 'guardado')).sent.status, 422, 'what she did not take is worth nothing');
    t.like((await app.parts.factors.of(accountId)).at(-1), { kind: 'saved-codes', left: 9 });
    const made = [...app.parts.tables.audit.values()].filter(({ kind }) => kind === 'saved-codes-made');
    t.is(made.length, 2, 'R-73: ten, and one in the place of another');
  },
);

test.serial('with few saved codes left ten others are offered on the way, and it is said at «Mi cuenta»', async (t) => {
  const accountId = await ana();
  await app.parts.factors.setSavedCodes(accountId, newSavedCodes(app.parts).slice(0, 3), app.parts.clock());
  const saved = [...app.parts.tables.savedCodes.keys()].map((key) => (JSON.parse(key) as [string, string])[1]);
  const { user, at } = await atFactor();
  const sent = await user.submit(at, { codigo: saved[0] ?? '' });
  const page = await user.get(sent.location, HTML);
  t.regex(page.text, /te quedan 2/);
  t.is(page.text.match(/<code>[0-9A-Z-]{19}<\/code>/g)?.length, 10);
  const on = await user.submit(sent.location, { omitir: '1' });
  await idTokenOf(user, on.location);
  t.regex(
    (await go(user, '/cuenta')).text,
    /Te quedan 2 códigos de respaldo\.\s*<a href="\/cuenta\/factores\/codigos">/,
  );
  const again = await atFactor();
  const next = await again.user.submit(again.at, { codigo: saved[1] ?? '' });
  await again.user.submit(next.location, { guardado: '1' });
  t.like((await app.parts.factors.of(accountId)).at(-1), { kind: 'saved-codes', left: 10 });
  t.notRegex((await go(user, '/cuenta')).text, /códigos de respaldo\.\s*<a/);
});

test.serial('R-74: nothing of a factor is in the logs', (t) => {
  const lines = JSON.stringify(app.parts.lines);
  t.true(lines.includes('/ingresar/:uid/segundo-factor'));
  t.notRegex(lines, /\b\d{6}\b(?!\d)/);
});

test.serial(
  'a passkey by itself signs in without a RUN, with 2fr; what the browser is asked names nobody (R-08, R-15)',
  async (t) => {
    const device = authenticator(app.origin);
    const { user: owner } = await setUp(LUIS, device);
    t.truthy(owner);
    const user = app.visitor();
    const { location } = await user.get(request(MUNICIPIO), HTML);
    const door = await user.get(location, HTML);
    t.regex(door.text, /autocomplete="username webauthn"/);
    const way = location.replace('?', '/llave?');
    const asked = await user.get(way);
    const options = JSON.parse(asked.text) as Record<string, unknown>;
    t.deepEqual(Object.keys(options).sort(), ['challenge', 'rpId', 'timeout', 'userVerification']);
    t.is(asked.headers.get('cache-control'), 'no-store');
    const csrf = csrfOf(door.text);
    const path = way.replace(/\?.*/, '');
    const llave = device.get(options);
    const stranger = await app.visitor().post(path, { csrf, llave });
    t.is(stranger.status, 410, 'another browser has nothing to do here');
    const sent = await user.post(path, { csrf, llave });
    t.is(sent.status, 303);
    const claims = await idTokenOf(user, sent.location);
    t.like(claims, { acr: 'urn:claveunica:presencial:2fr', amr: ['hwk', 'user', 'mfa'] });

    const other = app.visitor();
    const next = (await other.get(request(MUNICIPIO), HTML)).location;
    const refused = await other.submit(next, { llave: device.get(options) }, '/llave');
    t.is(refused.status, 422);
    t.true(refused.text.includes('Esa llave de acceso no sirvió'));
    t.true(refused.text.includes('name="password"'), 'and the other way in stands there');
  },
);

test.serial('R-60: of five that send one assertion at once, one is in', async (t) => {
  const device = authenticator(app.origin, { synced: true });
  await setUp(MARIA, device);
  const user = app.visitor();
  const { location } = await user.get(request(MUNICIPIO), HTML);
  const csrf = csrfOf((await user.get(location, HTML)).text);
  const way = location.replace('?', '/llave?');
  const llave = device.get(JSON.parse((await user.get(way)).text) as Record<string, unknown>);
  const all = await Promise.all(Array.from({ length: 5 }, () => user.post(way.replace(/\?.*/, ''), { csrf, llave })));
  t.deepEqual(all.map(({ status }) => status).sort(), [303, 422, 422, 422, 422]);
});

/** On the way to a site that asks for 2fr she makes a passkey. */
async function setUp(person: typeof MARIA, device: ReturnType<typeof authenticator>) {
  const user = app.visitor();
  const { location } = await user.get(request(MUNICIPIO, { acr_values: 'urn:claveunica:presencial:2fr' }), HTML);
  const sent = await user.submit(location, person);
  const page = await go(user, sent.location);
  const action = /action="([^"]+agregar-factor[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const options = /data-options="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&quot;', '"') ?? '{}';
  const creation = device.create(JSON.parse(options) as Record<string, unknown>);
  const added = await user.post(action.replace(/\?.*/, ''), { csrf: csrfOf(page.text), llave: creation });
  return { user, added };
}
