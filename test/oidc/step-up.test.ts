import test from 'ava';
import * as oidc from 'openid-client';
import { parseRun } from '../../src/domain/run.ts';
import { authenticator } from '../support/authenticator.ts';
import { codeAt } from '../support/codes-of-apps.ts';
import { ANA, CALLBACK, CLAUDIA, LUIS, MARIA, MUNICIPIO, provider, TERESA, type User } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';

const app = await serveMemory();
test.after.always(app.close);
const { go, library } = provider(app.origin);
const SECRET = 'JBSWY3DPEHPK3PXP';
const HTML = { accept: 'text/html' };
const at = (identified: string, strength: string) => `urn:claveunica:${identified}:${strength}`;
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

/** A site's own software asks, and judges the answer: what is not as it should be throws. */
async function site(more: Readonly<Record<string, string>>) {
  const config = await library(MUNICIPIO);
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    ...{ redirect_uri: CALLBACK, scope: MUNICIPIO.scope, state, nonce, ...more },
    ...{ code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
  });
  const hear = async (location: string) => {
    const tokens = await oidc.authorizationCodeGrant(config, new URL(location), {
      ...{ pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
    });
    return tokens.claims()!;
  };
  return { path: url.pathname + url.search, hear };
}
const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const field = (text: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
const actionOf = (text: string, page: string) =>
  (new RegExp(`action="([^"]+${page}[^"]*)"`).exec(text)?.[1] ?? '').replaceAll('&amp;', '&').replace(/\?.*/, '');
const optionsOf = (text: string) =>
  JSON.parse((/data-options="([^"]+)"/.exec(text)?.[1] ?? '{}').replaceAll('&quot;', '"')) as Record<string, unknown>;

type Page = Awaited<ReturnType<typeof go>>;
/** The password, and the application of Ana, who has one. */
async function signIn(user: User, path: string, person: typeof MARIA): Promise<Page> {
  const door = await user.get(path, HTML);
  let sent = await user.submit(door.location, person);
  if (sent.location.includes('segundo-factor')) {
    app.parts.travel(31_000);
    sent = await user.submit(sent.location, { codigo: codeAt(SECRET, app.parts.clock()) });
  }
  return go(user, sent.location);
}
/** Fills in the set-up page: an application, whose codes are made from what it shows. */
async function setUpTotp(user: User, page: Page) {
  const secret = (/secret-code">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
  const form = { csrf: csrfOf(page.text), oferta: field(page.text, 'oferta') };
  const action = actionOf(page.text, 'agregar-factor');
  const wrong = await user.post(action, { ...form, codigo: '000000' });
  const sent = await user.post(action, { ...form, codigo: codeAt(secret, app.parts.clock()) });
  return { wrong, secret, sent };
}

test.serial(
  'who is asked for what she showed at the door is not asked again, and the site hears the value it asked for (R-08)',
  async (t) => {
    for (const more of [{ acr_values: at('video', '2f') }, essential(at('video', '2f'))]) {
      const user = app.visitor();
      const { path, hear } = await site(more);
      const claims = await hear((await signIn(user, path, ANA)).location);
      t.like(claims, { acr: at('video', '2f'), amr: ['pwd', 'otp', 'mfa'] });
      const again = await site(more);
      t.like(await again.hear((await go(user, again.path)).location), { acr: at('video', '2f') });
    }
  },
);

test.serial(
  'who has no factor sets up an application on the way, gets her saved codes, and goes on to the site with 2f',
  async (t) => {
    const user = app.visitor();
    const { path, hear } = await site(essential(at('presencial', '2f')));
    const page = await signIn(user, path, CLAUDIA);
    t.is(page.status, 200);
    t.true(page.text.includes('Agrega un segundo paso'));
    t.regex(page.text, /src="data:image\/svg\+xml,/);
    const { wrong, secret, sent } = await setUpTotp(user, page);
    t.is(wrong.status, 422);
    t.true(wrong.text.replaceAll(' ', '').includes(secret), 'the same secret stands there after a wrong code');
    t.regex(sent.location, /\/codigos\?/);
    const codes = await user.get(sent.location, HTML);
    t.is(codes.text.match(/<code>[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}<\/code>/g)?.length, 10);
    const on = await user.submit(sent.location, { guardado: '1' });
    const claims = await hear((await go(user, on.location)).location);
    t.like(claims, { acr: at('presencial', '2f'), amr: ['pwd', 'otp', 'mfa'] });
    const told = [...app.parts.tables.outbox.values()].filter((letter) =>
      JSON.stringify(letter).includes('factor-added'),
    );
    t.is(told.length, 1, 'one letter (R-17)');

    const later = await site({});
    const door = await app.visitor().get(later.path, HTML);
    t.regex(door.location, /ingresar/);
    const stranger = app.visitor();
    const asked = await stranger.submit((await stranger.get(later.path, HTML)).location, CLAUDIA);
    t.regex(asked.location, /segundo-factor/, 'from now on it is asked for at every login');
  },
);

test.serial(
  'who has an application and is asked for a passkey shows the one and makes the other; then she steps up in a live session',
  async (t) => {
    const user = app.visitor();
    const device = authenticator(app.origin);
    const first = await site({ acr_values: at('biometrico', '2fr') });
    const page = await signIn(user, first.path, ANA);
    t.true(page.text.includes('Agrega un segundo paso'));
    t.notRegex(page.text, /name="codigo"/, 'a code would not be enough');
    const form = { csrf: csrfOf(page.text), llave: device.create(optionsOf(page.text)) };
    const sent = await user.post(actionOf(page.text, 'agregar-factor'), form);
    const codes = await user.submit(sent.location, { guardado: '1' });
    const claims = await first.hear((await go(user, codes.location)).location);
    t.like(claims, { acr: at('biometrico', '2fr'), amr: ['pwd', 'otp', 'mfa', 'hwk', 'user'] });

    // Another browser, with the application alone; then a site asks for more.
    const other = app.visitor();
    const low = await site({});
    const before = await low.hear((await signIn(other, low.path, ANA)).location);
    t.is(before['acr'], at('biometrico', '2f'));
    const high = await site(essential(at('presencial', '2fr')));
    const asked = await go(other, high.path);
    t.is(asked.status, 200);
    t.true(asked.text.includes('Un paso más'));
    t.notRegex(asked.text, /name="(password|codigo)"/, 'the passkey only');
    const action = actionOf(asked.text, 'segundo-factor');
    const csrf = csrfOf(asked.text);
    const weak = await other.post(action, { csrf, codigo: codeAt(SECRET, app.parts.clock(), 1) });
    t.is(weak.status, 422);
    t.true(weak.text.includes('pide una llave de acceso'));
    const oldCookie = other.jar.getCookiesSync(app.origin).find(({ key }) => key === 'op-session')?.value;
    const strong = await other.post(action, { csrf, llave: device.get(optionsOf(weak.text)) });
    const after = await high.hear((await go(other, strong.location)).location);
    t.is(after['acr'], at('presencial', '2fr'));
    t.true(Number(after['auth_time']) >= Number(before['auth_time']));
    t.not(other.jar.getCookiesSync(app.origin).find(({ key }) => key === 'op-session')?.value, oldCookie, 'R-27');
  },
);

test.serial(
  'an interaction for one page is none for another: who is asked to step up cannot set up instead',
  async (t) => {
    const user = app.visitor();
    const { path } = await site({ acr_values: at('biometrico', '2fr') });
    const page = await signIn(user, path, ANA);
    t.true(page.text.includes('Un paso más'), 'she has a passkey by now, and is asked for it');
    const action = actionOf(page.text, 'segundo-factor').replace('segundo-factor', 'agregar-factor');
    const shown = await user.get(action, HTML);
    t.is(shown.status, 303);
    const tried = await user.post(action, { csrf: csrfOf(page.text), codigo: '000000', oferta: 'x' });
    t.is(tried.status, 303);
  },
);

test.serial('a new factor wants a fresh password: in a session of an hour she signs in first', async (t) => {
  const user = app.visitor();
  const low = await site({});
  await low.hear((await signIn(user, low.path, LUIS)).location);
  app.parts.travel(6 * 60_000);
  const high = await site({ acr_values: at('presencial', '2f') });
  const page = await go(user, high.path);
  t.regex(page.text, /name="password"/);
  const again = await signIn(user, high.path, LUIS);
  t.true(again.text.includes('Agrega un segundo paso'));
});

test.serial(
  'what cannot be reached is an error for the site, before anybody is asked for anything more (R-08, R-52)',
  async (t) => {
    const cases = [
      { acr_values: at('biometrico', '2f') },
      essential(at('presencial', '2fr')),
      essential('urn:other', at('biometrico', '1f')),
    ];
    for (const more of cases) {
      const user = app.visitor();
      const { path, hear } = await site(more);
      const { location } = await signIn(user, path, TERESA);
      await t.throwsAsync(hear(location), { message: /unmet_authentication_requirements|authorization response/ });
      t.is(new URL(location).searchParams.get('error'), 'unmet_authentication_requirements');
      t.false(new URL(location).searchParams.has('code'));
    }
  },
);

test.serial(
  'within 72 hours of a recovery by mail nobody sets up a first factor: the site hears that it cannot be (R-14)',
  async (t) => {
    const { accounts, clock, hasher } = app.parts;
    const { id } = (await accounts.forLogin(parseRun(LUIS.run)!))!.account;
    await accounts.setSecret(id, await hasher.hash(LUIS.password), { at: clock(), recovered: true });
    const { path } = await site(essential(at('presencial', '2f')));
    const refused = await signIn(app.visitor(), path, LUIS);
    t.is(new URL(refused.location).searchParams.get('error'), 'unmet_authentication_requirements');
    app.parts.travel(72 * 3_600_000);
    const later = await site(essential(at('presencial', '2f')));
    t.true((await signIn(app.visitor(), later.path, LUIS)).text.includes('Agrega un segundo paso'));
  },
);

test.serial(
  'without a page: whoever could step up is told so, whoever would have to set something up is not',
  async (t) => {
    const error = (page: Page) => new URL(page.location).searchParams.get('error');
    const [ana, maria] = [app.visitor(), app.visitor()];
    await signIn(ana, (await site({})).path, ANA);
    await signIn(maria, (await site({})).path, MARIA);
    const asked = await site({ acr_values: at('presencial', '2fr'), prompt: 'none' });
    t.is(error(await go(ana, asked.path)), 'interaction_required');
    t.is(error(await go(maria, asked.path)), 'unmet_authentication_requirements');
  },
);

test.serial('cancelling the step leads to the site, and the session stays as it was', async (t) => {
  const user = app.visitor();
  const { path } = await site({ acr_values: at('presencial', '2f') });
  const page = await signIn(user, path, MARIA);
  const sent = await user.post(actionOf(page.text, 'agregar-factor'), { csrf: csrfOf(page.text), cancelar: '1' });
  const { location } = await go(user, sent.location);
  t.is(new URL(location).searchParams.get('error'), 'access_denied');
  const low = await site({ prompt: 'none' });
  t.is((await low.hear((await go(user, low.path)).location))['acr'], at('presencial', '1f'));
});
