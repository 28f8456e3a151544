import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { house } from '../support/account.ts';
import { LUIS, MARIA, MUNICIPIO, provider, TERESA, type Someone, type User } from '../support/rp.ts';

const { app, enter, open, send } = await house();
test.after.always(app.close);
const { signIn, silently, tokensFor, userinfo } = provider(app.origin);

const NEW = 'avellano ciprés tepú maqui';
const change = (user: User, form: Readonly<Record<string, string>>) => send(user, '/cuenta/clave', form);
const both = (password: string) => ({ password, password2: password });
const accountOf = async ({ run }: Someone) => (await app.parts.accounts.forLogin(parseRun(run)!))!.account;

test.serial('R-06: with the current one she changes it; all else ends, and she goes on', async (t) => {
  const [own, other] = [app.visitor(), app.visitor()];
  await signIn(other, MUNICIPIO, LUIS);
  const { access } = await tokensFor(other, MUNICIPIO);
  await enter(other, LUIS).catch(() => open(other, '/cuenta'));
  await enter(own, LUIS, '/cuenta/clave');
  const { id } = await accountOf(LUIS);
  const now = app.parts.clock();
  const code = { purpose: 'recovery', binding: 'b', code: '7K2M9QXT', now } as const;
  await app.parts.codes.issue({ ...code, accountId: id, lifetime: 600_000, perHour: 3, perDay: 5 });
  const done = await change(own, { actual: LUIS.password, ...both(NEW) });
  t.deepEqual([done.status, done.location], [303, '/cuenta/clave?hecho=1']);

  const page = await own.get(done.location);
  t.is(page.status, 200, 'the own session goes on, and is fresh');
  t.regex(page.text, /cambiaste tu ClaveÚnica/);
  t.truthy((await silently(own, MUNICIPIO)).get('code'), 'also at the sites');
  t.is((await silently(other, MUNICIPIO)).get('error'), 'login_required');
  t.is((await other.get('/cuenta')).status, 303);
  t.is((await userinfo(access)).status, 401);
  t.is(await app.parts.codes.use({ ...code, now: app.parts.clock(), tries: 5 }), undefined);
  const told = [...app.parts.tables.outbox.values()].filter((letter) => letter.letter === 'notice');
  t.is(told.at(-1)?.event, 'password-changed');
  await t.throwsAsync(signIn(app.visitor(), MUNICIPIO, LUIS), { message: /422/ });
  await t.notThrowsAsync(signIn(app.visitor(), MUNICIPIO, { ...LUIS, password: NEW }));
});

test.serial('R-06: a sign-in with the old one that is under way ends with it', async (t) => {
  const [own, half] = [app.visitor(), app.visitor()];
  await enter(own, TERESA, '/cuenta/clave');
  const { location } = await half.get((await half.get('/cuenta')).location);
  const { location: resume } = await half.submit(location, TERESA);
  t.is((await change(own, { actual: TERESA.password, ...both(NEW) })).status, 303);
  const page = await open(half, resume);
  t.is(page.status, 410);
  t.regex(page.text, /href="\/cuenta"/);
  t.true((await open(half, '/cuenta')).text.includes('name="password"'), 'it is asked again');
});

test.serial(
  'R-06: without the current one, or with a wrong one, nothing changes; after five tries it waits (R-19)',
  async (t) => {
    const user = app.visitor();
    await enter(user, MARIA, '/cuenta/clave');
    const missing = await change(user, both(NEW));
    t.is(missing.status, 422);
    t.regex(missing.text, /Falta tu ClaveÚnica actual/);
    for (let tries = 0; tries < 5; tries++) {
      const wrong = await change(user, { actual: `no es ${tries}`, ...both(NEW) });
      t.is(wrong.status, 422);
      t.regex(wrong.text, /no es tu ClaveÚnica actual/);
    }
    const sixth = await change(user, { actual: MARIA.password, ...both(NEW) });
    t.is(sixth.status, 429);
    t.truthy(sixth.headers.get('retry-after'));
    t.regex(sixth.text, /Espera/);
    app.parts.travel(31_000);
    t.is((await change(user, { actual: MARIA.password, password: 'corta', password2: 'corta' })).status, 422);
  },
);

test.serial('R-19: whoever must wait at the sign-in page waits here too', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA, '/cuenta/clave');
  const { text } = await user.get('/cuenta/clave');
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const { location } = await user.get(
    (await user.get('/cuenta')).status === 200
      ? `/openid/authorize?client_id=demo-registro&response_type=code&scope=openid&redirect_uri=http%3A%2F%2Flocalhost%3A9000%2Fcb&prompt=login`
      : '/',
  );
  for (let tries = 0; tries < 10; tries++) await user.submit(location, { ...MARIA, password: `no ${tries}` });
  const refused = await user.post('/cuenta/clave', { csrf, actual: MARIA.password, ...both(NEW) });
  t.is(refused.status, 429);
});

test.serial('R-01, R-03: a new one is judged as everywhere, and «Comprobar» changes nothing', async (t) => {
  app.parts.travel(3_700_000);
  const user = app.visitor();
  await enter(user, MARIA, '/cuenta/clave');
  for (const [password, password2, said] of [
    ['', '', /Falta tu nueva ClaveÚnica/],
    ['once letras', 'once letras', /muy corta/],
    [NEW, 'otra cosa distinta', /lo mismo dos veces/],
    ['María Carmen Del Río', 'María Carmen Del Río', /tus datos/],
  ] as const) {
    const page = await change(user, { actual: MARIA.password, password, password2 });
    t.is(page.status, 422, password);
    t.regex(page.text, said);
  }
  const fine = await change(user, { actual: '', ...both(NEW), comprobar: '1' });
  t.is(fine.status, 200);
  t.regex(fine.text, /Es una buena ClaveÚnica/);
  const said = await change(user, { actual: '', password: NEW, comprobar: 'datos' });
  t.true((JSON.parse(said.text) as { good: boolean }).good);
  await t.notThrowsAsync(signIn(app.visitor(), MUNICIPIO, MARIA));
});

test.serial('R-06: the session must not be older than five minutes', async (t) => {
  const user = app.visitor();
  await enter(user, MARIA, '/cuenta/clave');
  const { text } = await user.get('/cuenta/clave');
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  app.parts.travel(5 * 60_000 + 1000);
  const late = await user.post('/cuenta/clave', { csrf, actual: MARIA.password, ...both(NEW) });
  t.is(late.status, 303);
  t.is(new URL(late.location).searchParams.get('max_age'), '300');
  await t.notThrowsAsync(signIn(app.visitor(), MUNICIPIO, MARIA));
});
