import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { compromise } from '../../src/flows/compromise.ts';
import { addPasskey, offerPasskey } from '../../src/flows/change-factors.ts';
import { placeOf } from '../../src/flows/passkey.ts';
import { authenticator } from '../support/authenticator.ts';
import { codeAt } from '../support/codes-of-apps.ts';
import { choose, codeOf, enterCode, letterOf, mainButton, NEW_CLAVE } from '../support/flow.ts';
import { ANA, claimsOf, LUIS, MARIA, MUNICIPIO, provider, request, type Someone, type User } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';

const HTML = { accept: 'text/html' };
const SECRET = 'JBSWY3DPEHPK3PXP';
const DAY = 86_400_000;
const why = { operator: 'test', reason: 'a list that was found' };

async function serving() {
  const house = await serveMemory({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const rp = provider(house.origin);
  const callIn = ({ run }: Someone) => compromise(house.parts, [parseRun(run)!], why);
  const atPassword = async (who: Someone, user: User = house.visitor()) => {
    const { location: login } = await user.get(request(MUNICIPIO), HTML);
    const sent = await user.submit(login, { run: who.run, password: who.password });
    return { user, login, sent };
  };
  const state = async ({ run }: Someone) => (await house.parts.accounts.forLogin(parseRun(run)!))!;
  const kinds = () => [...house.parts.tables.audit.values()].map(({ kind }) => kind);
  return { house, rp, callIn, atPassword, state, kinds };
}

test.serial(
  'R-02: who only knows a ClaveÚnica that others know goes by recovery: no session, no change, no way around',
  async (t) => {
    const { house, rp, callIn, atPassword, state, kinds } = await serving();
    t.teardown(house.close);
    const before = house.visitor();
    await rp.signIn(before, MUNICIPIO, MARIA);
    const { access } = await rp.tokensFor(before, MUNICIPIO);
    t.is((await rp.userinfo(access)).status, 200);
    t.is(await callIn(MARIA), 1);
    t.is((await rp.userinfo(access)).status, 401, 'what it has opened is over (R-31)');
    t.is((await rp.silently(before, MUNICIPIO)).get('error'), 'login_required');

    const { user, login, sent } = await atPassword(MARIA);
    t.is(sent.status, 303);
    t.regex(sent.location, /^\/ingresar\/[\w-]+\/cambiar\?rp=demo-municipio$/);
    const page = await user.get(sent.location, HTML);
    t.is(page.status, 200);
    t.regex(page.text, /Necesitas una ClaveÚnica nueva/);
    t.false(page.text.includes('name="password"'));
    t.is(kinds().filter((kind) => kind === 'login-succeeded').length, 1, 'the one from before');
    const uid = /ingresar\/([\w-]+)/.exec(sent.location)?.[1] ?? '';
    const resumed = await rp.go(user, `/openid/authorize/${uid}`);
    t.true(resumed.text.includes('name="password"'), 'asked from the beginning');
    for (const path of ['cambiar', 'segundo-factor', 'codigos', 'paso']) {
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const form = { csrf, password: NEW_CLAVE, password2: NEW_CLAVE, codigo: '000000', guardado: '1' };
      const posted = await user.post(`/ingresar/${uid}/${path}?rp=demo-municipio`, form);
      t.notRegex(posted.location, /\/openid\//, path);
    }
    t.true((await state(MARIA)).clave.compromised, 'nobody has changed it');

    const again = await atPassword(MARIA, user);
    const { href } = mainButton((await user.get(again.sent.location, HTML)).text);
    t.regex(href, /^\/ingresar\/[\w-]+\/ir\/recuperar$/);
    t.is((await user.get(href)).location, '/recuperar');
    const asked = await user.get('/recuperar', HTML);
    t.regex(asked.text, /name="run"[^>]*value="11\.111\.111-1"/, 'what she has typed already');
    await user.submit('/recuperar', { run: MARIA.run });
    await enterCode(user, MARIA.run, codeOf(house.parts, 'recovery-code'));
    const same = await choose(user, '/recuperar/clave', MARIA.password);
    t.is(same.status, 422, 'not that one again');
    t.is((await choose(user, '/recuperar/clave', NEW_CLAVE)).status, 303);
    t.deepEqual((await state(MARIA)).clave.compromised, false);
    const back = await user.get(mainButton((await user.get('/recuperar/listo', HTML)).text).href);
    const { location } = await user.submit(back.location, { run: MARIA.run, password: NEW_CLAVE });
    t.truthy(rp.answerOf(await rp.go(user, location)).get('code'), 'on to the site');
    t.truthy(login);
  },
);

test.serial('R-02: with her second factor she chooses another one on the way, and arrives with it', async (t) => {
  const { house, rp, callIn, atPassword, state, kinds } = await serving();
  t.teardown(house.close);
  await callIn(ANA);
  const { user, sent } = await atPassword(ANA);
  t.regex(sent.location, /segundo-factor/);
  const { location: at } = await user.submit(sent.location, { codigo: codeAt(SECRET, house.parts.clock()) });
  t.regex(at, /\/cambiar\?/);
  t.false(kinds().includes('login-succeeded'));
  const page = await user.get(at, HTML);
  t.regex(page.text, /autocomplete="new-password"/);
  t.is((await choose(user, at, 'corta')).status, 422);
  const same = await choose(user, at, ANA.password);
  t.is(same.status, 422);
  t.regex(same.text, /Es la misma que tenías/);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const sending = { csrf, password: NEW_CLAVE, password2: NEW_CLAVE };
  const both = await Promise.all([user.post(at, sending), user.post(at, { ...sending })]);
  t.is(both.filter(({ location }) => location.includes('/openid/')).length, 1, 'of two tabs one');
  const { location } = both.find((each) => each.location.includes('/openid/'))!;
  const code = rp.answerOf(await rp.go(user, location)).get('code') ?? '';
  const claims = claimsOf((await rp.redeem(MUNICIPIO, code)).json['id_token']);
  t.like(claims, { acr: 'urn:claveunica:biometrico:2f', amr: ['pwd', 'otp', 'mfa'] });
  const { account, clave } = await state(ANA);
  t.false(clave.compromised);
  t.is(account.recoveredAt, undefined, 'that was no recovery by mail');
  t.is(letterOf(house.parts, 'notice')?.event, 'new-device');
  const events = [...house.parts.tables.audit.values()];
  t.like(
    events.find(({ kind }) => kind === 'password-changed'),
    { details: { forced: true, proved: 'factor' } },
  );
  t.is(kinds().filter((kind) => kind === 'login-succeeded').length, 1);
  const old = await atPassword(ANA);
  t.is(old.sent.status, 422, 'the old one is over');
});

test.serial('R-02: a passkey proves who she is, not that nobody else knows the ClaveÚnica', async (t) => {
  const { house, callIn, state } = await serving();
  t.teardown(house.close);
  const device = authenticator(house.origin);
  const { account } = await state(LUIS);
  const place = placeOf('add', { uid: 'u', device: 'd' }, account.id);
  const offer = (await offerPasskey(house.parts, account.id, place))!;
  const asker = { device: 'd', deviceName: 'x', network: 'n', source: 's', requestId: 'r', site: 'x' };
  const added = await addPasskey(
    house.parts,
    { accountId: account.id, asker },
    {
      ...{ creation: device.create(offer), place, name: '' },
    },
  );
  t.is(added.kind, 'added');
  await callIn(LUIS);
  const user = house.visitor();
  const { location: login } = await user.get(request(MUNICIPIO), HTML);
  const llave = login.replace('?', '/llave?');
  const options = JSON.parse((await user.get(llave)).text) as Record<string, unknown>;
  const { text } = await user.get(login, HTML);
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const sent = await user.post(llave, { csrf, llave: device.get(options) });
  t.regex(sent.location, /\/cambiar\?/);
  const done = await choose(user, sent.location, NEW_CLAVE);
  t.regex(done.location, /\/openid\/authorize\//);
  t.false((await state(LUIS)).clave.compromised);
});

test.serial(
  'R-02, R-14: where guessing asks for a mailed code, that code lets her choose; it counts as recovery',
  async (t) => {
    const { house, callIn, atPassword, state } = await serving();
    t.teardown(house.close);
    await callIn(MARIA);
    const run = parseRun(MARIA.run)!;
    for (let n = 0; n < 20; n++)
      await house.parts.attempts.spend([{ context: 'unknown-hour', id: run }], house.parts.clock());
    const { user, sent } = await atPassword(MARIA);
    t.regex(sent.location, /\/paso\?/);
    const codigo = letterOf(house.parts, 'sign-in-code')?.code ?? '';
    const { location } = await user.submit(sent.location, { codigo });
    t.regex(location, /\/cambiar\?/);
    t.regex((await choose(user, location, NEW_CLAVE)).location, /\/openid\/authorize\//);
    const { account, clave } = await state(MARIA);
    t.false(clave.compromised);
    t.truthy(account.recoveredAt);
  },
);

test.serial(
  'R-02, R-100: the switch calls in what is older than its flip, and nothing is ever called in by age',
  async (t) => {
    const { house, atPassword } = await serving();
    t.teardown(house.close);
    const { parts } = house;
    parts.travel(400 * DAY);
    const signedIn = async (who: Someone) => (await atPassword(who)).sent.location.includes('/openid/');
    t.true(await signedIn(MARIA), 'after 400 days nothing is forced');
    await parts.switches.set('secrets-staged', true, parts.clock());
    t.regex((await atPassword(MARIA)).sent.location, /\/cambiar\?/);
    const fresh = await parts.hasher.hash(NEW_CLAVE);
    const id = (await parts.accounts.forLogin(parseRun(MARIA.run)!))!.account.id;
    await parts.accounts.setSecret(id, fresh, { at: parts.clock() });
    t.true(await signedIn({ ...MARIA, password: NEW_CLAVE }), 'chosen since');
    await parts.switches.set('secrets-staged', false, parts.clock());
    t.true(await signedIn(LUIS), 'the switch is back');
  },
);

test.serial('R-02: «Cancelar» leads back to the site, an hour later the page leads to the beginning', async (t) => {
  const { house, rp, callIn, atPassword } = await serving();
  t.teardown(house.close);
  await callIn(MARIA);
  const { user, login, sent } = await atPassword(MARIA);
  house.parts.travel(16 * 60_000);
  t.is((await user.get(sent.location, HTML)).location, login);
  const again = await atPassword(MARIA, user);
  const cancelled = await user.submit(again.sent.location, { cancelar: '1' });
  t.is(rp.answerOf(await rp.go(user, cancelled.location)).get('error'), 'access_denied');
});
