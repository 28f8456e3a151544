import { randomUUID } from 'node:crypto';
import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { createAdapter } from '../../src/oidc/adapter.ts';
import type { NewArtifact } from '../../src/stores/artifacts.ts';
import {
  CALLBACK,
  CLAUDIA,
  LUIS,
  MARIA,
  MUNICIPIO,
  provider,
  register,
  REGISTRO,
  request,
  stolen,
} from '../support/rp.ts';
import type { Site, Someone, User } from '../support/rp.ts';
import { serve, theClock } from '../support/serve.ts';

const MINUTE = 60;
const step = (seconds: number) => theClock().set(theClock().ahead() + seconds);

/** Its store is slow, so that what happens at once is really mixed; and all it was told can be told again. */
async function house(name: string, redis: boolean) {
  const told: NewArtifact[] = [];
  const pause = () => new Promise((resolve) => setTimeout(resolve, 3));
  const app = await serve({
    redis,
    replace: ({ artifacts }) => ({
      artifacts: {
        ...artifacts,
        async get(key, now) {
          const found = await artifacts.get(key, now);
          await pause();
          return found;
        },
        async put(artifact, now) {
          told.push(artifact);
          await pause();
          await artifacts.put(artifact, now);
        },
      },
    }),
  });
  const restore = async () => {
    for (const artifact of told) await app.live.parts.artifacts.put(artifact, app.parts.clock());
  };
  const idOf = async ({ run }: Someone) => (await app.parts.accounts.forLogin(parseRun(run)!))!.account.id;
  return { name, app, restore, idOf };
}

const houses = [await house('Redis', true), await house('Postgres', false)];
test.after.always(() => Promise.all(houses.map(({ app }) => app.close())));

for (const { name, app, restore, idOf } of houses) {
  const { go, fillIn, answerOf, signIn, silently, codeFor, redeem, tokensFor, userinfo } = provider(app.origin);
  const enter = async (someone: Someone, site: Site = MUNICIPIO, more = {}): Promise<User> => {
    const user = app.visitor();
    await signIn(user, site, { ...someone, ...more });
    return user;
  };
  const isAlive = async (user: User, site: Site = MUNICIPIO) => (await silently(user, site)).has('code');
  const refusal = async (user: User, site: Site = MUNICIPIO) => (await silently(user, site)).get('error');

  test.serial(`twenty pairs of tabs sign in at two sites at once, and no login is lost (${name})`, async (t) => {
    const third = await register(app.parts, { profile: 'oidc' });
    for (let pair = 0; pair < 20; pair++) {
      const user = await enter(MARIA, third);
      const codes = await Promise.all([codeFor(user, MUNICIPIO), codeFor(user, REGISTRO)]);
      const first = [await redeem(MUNICIPIO, codes[0]), await redeem(REGISTRO, codes[1])];
      t.deepEqual(
        first.map(({ status }) => status),
        [200, 200],
      );
      t.true((await isAlive(user, MUNICIPIO)) && (await isAlive(user, REGISTRO)));
      for (const { json } of first) t.is((await userinfo(String(json['access_token']))).status, 200);
    }
  });

  test.serial(`five tabs of one site sign in at once, and each gets tokens that work (${name})`, async (t) => {
    const user = await enter(MARIA, REGISTRO);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => tokensFor(user, MUNICIPIO)));
    for (const { access } of tokens) t.is((await userinfo(access)).status, 200);
  });

  test.serial(
    `R-31: a revocation ends sessions, codes and tokens at once, and a new login works (${name})`,
    async (t) => {
      const user = await enter(CLAUDIA);
      const bystander = await enter(MARIA);
      const { access } = await tokensFor(user, MUNICIPIO);
      const code = await codeFor(user, REGISTRO);
      await app.parts.accounts.revokeUntil(await idOf(CLAUDIA), Math.floor(app.parts.clock() / 1000) + 1);
      t.is((await userinfo(access)).status, 401);
      t.is((await redeem(REGISTRO, code)).status, 400);
      t.is(await refusal(user), 'login_required');
      t.true(await isAlive(bystander));
      await signIn(user, MUNICIPIO, CLAUDIA);
      t.true(await isAlive(user));
      t.is((await userinfo((await tokensFor(user, MUNICIPIO)).access)).status, 200);
      t.is((await userinfo(access)).status, 401);
    },
  );

  test.serial(`R-31: blocking somebody ends everything at once, wherever she is (${name})`, async (t) => {
    const user = await enter(LUIS);
    const { access } = await tokensFor(user, MUNICIPIO);
    const code = await codeFor(user, REGISTRO);
    // Half way through a login she has already proved herself for.
    const half = app.visitor();
    const { location } = await half.get(request(MUNICIPIO));
    const { location: resume } = await half.submit(location, LUIS);
    await app.parts.accounts.setStatus(await idOf(LUIS), 'blocked', app.parts.clock());
    t.is((await userinfo(access)).status, 401);
    t.is((await redeem(REGISTRO, code)).status, 400);
    t.is(await refusal(user), 'login_required');
    const page = await go(half, resume);
    t.like(Object.fromEntries(answerOf(page)), { error: 'access_denied', state: 'un-estado' });
    t.false(answerOf(page).has('code'));
    t.is(await refusal(half), 'login_required');
    const again = await user.get(request(MUNICIPIO));
    t.is((await user.submit(again.location, LUIS)).status, 422);
  });

  test.serial(`R-31: a store put back to before the logout opens nothing (${name})`, async (t) => {
    // Revocations count in seconds: this one is not to fall into the second of the one before.
    step(2);
    const user = await enter(CLAUDIA);
    const thief = stolen(user, app.origin);
    const { access } = await tokensFor(user, MUNICIPIO);
    const code = await codeFor(user, REGISTRO);
    t.true(await isAlive(thief));
    const { text } = await user.get('/openid/session/end');
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    t.is((await user.post('/openid/session/end/confirm', { xsrf, logout: 'yes' })).status, 303);
    await restore();
    for (const browser of [thief, stolen(thief, app.origin)]) t.is(await refusal(browser), 'login_required');
    t.is((await userinfo(access)).status, 401);
    t.is((await redeem(REGISTRO, code)).status, 400);
  });

  test.serial(`R-31: nor does one put back to before a revocation (${name})`, async (t) => {
    const user = await enter(CLAUDIA);
    const thief = stolen(user, app.origin);
    const { access } = await tokensFor(user, MUNICIPIO);
    const id = await idOf(CLAUDIA);
    await app.parts.accounts.revokeUntil(id, Math.floor(app.parts.clock() / 1000) + 1);
    await signIn(user, MUNICIPIO, CLAUDIA);
    await restore();
    t.is(await refusal(thief), 'login_required');
    t.is((await userinfo(access)).status, 401);
  });

  test.serial(`at a shared computer nobody is signed in twice (${name})`, async (t) => {
    const user = app.visitor();
    const { location } = await fillIn(user, request(MUNICIPIO), { ...MARIA, compartido: 'on' });
    const { json } = await redeem(MUNICIPIO, new URL(location).searchParams.get('code') ?? '');
    t.is((await userinfo(String(json['access_token']))).status, 200);
    for (const site of [MUNICIPIO, REGISTRO]) {
      t.is(await refusal(user, site), 'login_required');
      const page = await go(user, request(site));
      t.is(page.status, 200);
      t.true(page.text.includes('name="password"'));
    }
    t.is((await userinfo(String(json['access_token']))).status, 200);
    // Told otherwise, it is hers again.
    await signIn(user, REGISTRO, MARIA);
    t.true(await isAlive(user));
  });

  test.serial(`an isolated site always asks, and others do not (${name})`, async (t) => {
    const isolated = await register(app.parts, { profile: 'oidc' });
    await app.live.db.raw(`update clients set details = details || '{"isolated":true}' where id = ?`, [isolated.id]);
    step(5);
    const user = await enter(MARIA, isolated);
    t.is(await refusal(user, isolated), 'login_required');
    t.true(await isAlive(user, MUNICIPIO));
    await signIn(user, isolated, MARIA);
  });

  test.serial(`R-32: a site that she has disconnected asks for a sign-in, and no other does (${name})`, async (t) => {
    const user = await enter(MARIA);
    t.true((await isAlive(user)) && (await isAlive(user, REGISTRO)));
    await app.parts.sessions.disconnect(await idOf(MARIA), MUNICIPIO.id);
    t.is(await refusal(user), 'login_required');
    t.true(await isAlive(user, REGISTRO));
    await signIn(user, MUNICIPIO, MARIA);
    t.true(await isAlive(user));
  });

  test.serial(`R-44: a page of one session leads nowhere when there is another one meanwhile (${name})`, async (t) => {
    const user = await enter(MARIA);
    const page = await user.get(request(MUNICIPIO, { prompt: 'login' }), { accept: 'text/html' });
    t.true(page.location.includes('/ingresar/'));
    await user.jar.setCookie('op-session=; Max-Age=0; Path=/', app.origin);
    await user.jar.setCookie('op-session.sig=; Max-Age=0; Path=/', app.origin);
    await signIn(user, REGISTRO, MARIA);
    const sent = await user.submit(page.location, MARIA);
    const back = await go(user, sent.location || page.location);
    t.false(back.location.startsWith(CALLBACK), back.location);
    t.true(back.text.includes('<h1'));
  });

  test.serial(
    `R-29: a session is over after 30 idle minutes, and two refusals do not revive it (${name})`,
    async (t) => {
      const user = await enter(MARIA);
      step(29 * MINUTE);
      t.true(await isAlive(user));
      step(29 * MINUTE);
      t.true(await isAlive(user, REGISTRO));
      step(30 * MINUTE + 1);
      for (const site of [MUNICIPIO, MUNICIPIO, REGISTRO]) t.is(await refusal(user, site), 'login_required');
      t.true((await go(user, request(MUNICIPIO))).text.includes('name="password"'));
      step(10);
      t.is(await refusal(user), 'login_required');
      await signIn(user, MUNICIPIO, MARIA);
      t.true(await isAlive(user, REGISTRO));
    },
  );

  test.serial(`R-29: however busy, a session is over after 8 hours (${name})`, async (t) => {
    const user = await enter(MARIA);
    for (let spent = 0; spent < 8 * 60 - 25; spent += 25) {
      step(25 * MINUTE);
      t.true(await isAlive(user), `${spent} minutes`);
    }
    step(5 * MINUTE + 1);
    for (const site of [MUNICIPIO, MUNICIPIO, REGISTRO]) t.is(await refusal(user, site), 'login_required');
    // Her password again, and another eight hours.
    await signIn(user, MUNICIPIO, MARIA);
    step(25 * MINUTE);
    t.true(await isAlive(user, REGISTRO));
  });
}

for (const { name, app } of houses)
  test.serial(`R-13: an interaction does not carry the id that opens the session (${name})`, async (t) => {
    const interactions = createAdapter({ ...app.parts, emulator: true })('Interaction');
    const session = { accountId: randomUUID(), uid: 'its-name', acr: 'a', amr: ['pwd'] };
    await interactions.upsert('i', { kind: 'Interaction', session: { ...session, cookie: 'its-id' } }, MINUTE);
    t.deepEqual((await interactions.find('i'))?.session, session);
  });
