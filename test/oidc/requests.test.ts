import test from 'ava';
import { claimsOf, encoded, LUIS, MARIA, MUNICIPIO, provider, REGISTRO, request, TERESA } from '../support/rp.ts';
import type { Fields, Someone, User } from '../support/rp.ts';
import { serve, theClock } from '../support/serve.ts';

const app = await serve({ redis: true, crowded: true });
test.after.always(() => app.close());
const { go, fillIn, answerOf, signIn, silently, redeem, tokensFor, userinfo } = provider(app.origin);

const enter = async (someone: Someone): Promise<User> => {
  const user = app.visitor();
  await signIn(user, MUNICIPIO, someone);
  return user;
};
const asksAgain = async (user: User, more: Fields) => {
  const page = await go(user, request(MUNICIPIO, more));
  return page.status === 200 && page.text.includes('name="password"');
};
const step = (seconds: number) => theClock().set(theClock().ahead() + seconds);
const authTime = (id: string) => Number(claimsOf(id)['auth_time']);

for (const more of [{ prompt: 'login' }, { max_age: '0' }, { max_age: '60' }] as const)
  test.serial(`R-45: ${encoded(more)} asks for the password again, and moves auth_time`, async (t) => {
    const user = await enter(MARIA);
    const before = await tokensFor(user, MUNICIPIO, { max_age: '600' });
    step(61);
    t.true(await asksAgain(user, more));
    const answer = answerOf(await fillIn(user, request(MUNICIPIO, more), MARIA));
    const { json } = await redeem(MUNICIPIO, answer.get('code') ?? '');
    t.true(authTime(String(json['id_token'])) >= authTime(before.id) + 61);
    // The session knows it too, and it is still the same person's.
    t.is(authTime((await tokensFor(user, REGISTRO)).id), authTime(String(json['id_token'])));
    t.is((await userinfo(before.access)).status, 200);
  });

test.serial('R-45: a login that is young enough is not asked for again', async (t) => {
  const user = await enter(MARIA);
  step(30);
  const { id } = await tokensFor(user, MUNICIPIO, { max_age: '60' });
  t.true(authTime(id) <= Number(claimsOf(id)['iat']) - 30);
  t.is((await silently(user, MUNICIPIO, { max_age: '29' })).get('error'), 'login_required');
  t.is((await silently(user, MUNICIPIO, { max_age: '0' })).get('error'), 'login_required');
});

test.serial('R-45: taking `prompt` out on the way back changes nothing', async (t) => {
  const user = await enter(MARIA);
  const { location } = await user.get(request(MUNICIPIO, { prompt: 'login' }));
  const uid = /\/ingresar\/([\w-]+)/.exec(location)?.[1] ?? '';
  const page = await go(
    user,
    `/openid/authorize/${uid}?prompt=none&response_type=none&redirect_uri=https://evil.example`,
  );
  t.is(page.status, 200);
  t.true(page.text.includes('name="password"'));
});

test.serial('R-45: an id_token_hint of another person is not answered with this one', async (t) => {
  const [maria, luis] = [await enter(MARIA), await enter(LUIS)];
  for (const site of [MUNICIPIO, REGISTRO]) {
    const hint = (await tokensFor(maria, site)).id;
    t.true((await silently(maria, site, { id_token_hint: hint })).has('code'));
    t.is((await silently(luis, site, { id_token_hint: hint })).get('error'), 'login_required');
    t.is((await silently(app.visitor(), site, { id_token_hint: hint })).get('error'), 'login_required');
    const page = await go(luis, request(site, { id_token_hint: hint }));
    t.true(page.text.includes('name="password"'));
  }
  // One that was made for another site is no hint at all.
  const foreign = (await tokensFor(maria, REGISTRO)).id;
  t.is((await silently(maria, MUNICIPIO, { id_token_hint: foreign })).get('error'), 'invalid_request');
});

const VIDEO = 'urn:claveunica:video:1f';
const PRESENT = 'urn:claveunica:presencial:1f';
const BIOMETRIC = 'urn:claveunica:biometrico:1f';
const TWO = 'urn:claveunica:presencial:2f';
const essential = (acr: object): Fields => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, ...acr } } }),
});
const UNMET = 'unmet_authentication_requirements';

/** Maria was identified in person, and has signed in with one factor. */
const ASKED: readonly (readonly [Fields, string])[] = [
  [{}, PRESENT],
  [{ acr_values: PRESENT }, PRESENT],
  [{ acr_values: VIDEO }, VIDEO],
  [{ acr_values: `${BIOMETRIC} ${VIDEO} ${PRESENT}` }, VIDEO],
  [{ acr_values: 'urn:other:thing' }, PRESENT],
  [{ acr_values: `urn:other:thing ${VIDEO}` }, VIDEO],
  [{ acr_values: TWO }, UNMET],
  [{ acr_values: `${BIOMETRIC} ${TWO}` }, UNMET],
  [essential({}), PRESENT],
  [essential({ value: VIDEO }), VIDEO],
  [essential({ values: [BIOMETRIC, PRESENT] }), PRESENT],
  [essential({ values: ['urn:other:thing', VIDEO] }), VIDEO],
  [essential({ value: TWO }), UNMET],
  [essential({ values: [TWO, BIOMETRIC] }), UNMET],
  [essential({ value: 'urn:other:thing' }), UNMET],
  [essential({ values: ['urn:other:thing'] }), UNMET],
  [essential({ values: [5, { toString: 1 }] }), UNMET],
  [essential({ value: 5 }), UNMET],
  [essential({ values: 'urn:other:thing' }), 'invalid_request'],
  [essential({ values: { a: 1 } }), 'invalid_request'],
];
test.serial('R-08: `acr` says what happened, or what was asked and reached, or there is no code', async (t) => {
  const user = await enter(MARIA);
  for (const [more, expected] of ASKED) {
    const answer = await silently(user, MUNICIPIO, more);
    if (expected.startsWith('urn:')) {
      const { json } = await redeem(MUNICIPIO, answer.get('code') ?? '');
      t.like(claimsOf(json['id_token']), { acr: expected, amr: ['pwd'] }, encoded(more));
    } else {
      t.is(answer.get('error'), expected, encoded(more));
      t.false(answer.has('code'));
    }
  }
});

test.serial('R-08: the same is judged after a login', async (t) => {
  const reached = answerOf(await fillIn(app.visitor(), request(MUNICIPIO, { acr_values: VIDEO }), TERESA));
  t.is(claimsOf((await redeem(MUNICIPIO, reached.get('code') ?? '')).json['id_token'])['acr'], VIDEO);
  const user = app.visitor();
  const unmet = answerOf(await fillIn(user, request(MUNICIPIO, { acr_values: PRESENT }), TERESA));
  t.is(unmet.get('error'), UNMET);
  t.false(unmet.has('code'));
  // She is signed in, though, for whoever asks for less.
  t.true((await silently(user, MUNICIPIO)).has('code'));
});

test.serial('R-08: the session of one person does not keep another from signing in with more', async (t) => {
  for (const more of [{ prompt: 'login' }, { max_age: '0' }]) {
    const user = await enter(TERESA);
    t.true(await asksAgain(user, { acr_values: PRESENT, ...more }));
  }
});

test.serial('another person who signs in over a live session is herself, one tap later', async (t) => {
  for (const site of [MUNICIPIO, REGISTRO]) {
    const user = await enter(MARIA);
    const old = await tokensFor(user, site);
    const page = await fillIn(user, request(site, { prompt: 'login' }), LUIS);
    t.is(page.status, 200);
    t.true(page.text.includes('<html lang="es">'));
    t.true(page.text.includes('Cambio de persona'));
    t.true(page.text.includes('method="post" action='));
    t.regex(page.text, /<button class="boton boton-principal"[^>]*>Continuar<\/button>/);
    t.false(page.text.includes('Submitting Callback'));
    const fields = Object.fromEntries(
      [...page.text.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    t.deepEqual(Object.keys(fields), ['xsrf', 'logout']);
    const { status, location } = await user.post('/openid/session/end/confirm', fields);
    t.is(status, 303);
    const answer = answerOf(await go(user, location));
    const { json } = await redeem(site, answer.get('code') ?? '');
    t.like((await userinfo(String(json['access_token']))).json, {
      RolUnico: { numero: 55555555, DV: '5', tipo: 'RUN' },
    });
    // What was the first one's is over.
    t.is((await userinfo(old.access)).status, 401);
    t.is((await userinfo((await tokensFor(user, MUNICIPIO)).access)).json['given_name'], 'Luis Alberto');
  }
});
