import test from 'ava';
import { Unavailable } from '../../src/domain/fault.ts';
import { parseRun } from '../../src/domain/run.ts';
import { MARIA, MUNICIPIO, provider, request } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

/** Writes of these fail, and reads are counted; sessions from before that second were revoked. */
const [failing, read] = [new Set<string>(), [] as string[]];
let revokedUntil = 0;
const mayFail = (name: string) => {
  if (failing.has(name)) throw new Unavailable('store');
};
const app = await serve({
  redis: true,
  replace: ({ artifacts, audit, sessions }) => ({
    artifacts: {
      ...artifacts,
      async put(artifact, now) {
        mayFail(artifact.model);
        await artifacts.put(artifact, now);
      },
      async get(key, now) {
        read.push('get');
        return artifacts.get(key, now);
      },
      async getWith(key, now) {
        read.push('with');
        return artifacts.getWith(key, now);
      },
      async getBy(field, key, now) {
        read.push(field);
        return artifacts.getBy(field, key, now);
      },
    },
    audit: {
      ...audit,
      async add(event) {
        mayFail(event.kind);
        await audit.add(event);
      },
    },
    sessions: {
      ...sessions,
      async begin(...session) {
        mayFail('session');
        return sessions.begin(...session);
      },
      async owned(accountId, uid) {
        read.push('owned');
        const owned = await sessions.owned(accountId, uid);
        return owned && { ...owned, standing: { ...owned.standing, revokedUntil } };
      },
    },
  }),
});
test.after.always(() => app.close());
const visits = async () => {
  const { account } = (await app.parts.accounts.forLogin(parseRun(MARIA.run)!))!;
  return (await app.parts.audit.ofAccount(account.id, 1000)).filter(({ kind }) => kind === 'access-granted');
};
const { silently, codeFor, redeem, signIn, tokensFor, userinfo } = provider(app.origin);

for (const model of ['AuthorizationCode', 'Session', 'Grant'])
  test.serial(`R-95: an answer whose ${model} could not be written does not leave, nor anything of it`, async (t) => {
    const user = app.visitor();
    if (model !== 'Grant') await signIn(user, MUNICIPIO, MARIA);
    const { location } = await user.get(request(MUNICIPIO));
    failing.add(model);
    const to = model === 'Grant' ? (await user.submit(location, MARIA)).location : request(MUNICIPIO);
    const { status, headers, text } = await user.get(to);
    failing.clear();
    t.is(status, 503);
    t.is(headers.get('location'), null);
    t.deepEqual(headers.getSetCookie(), []);
    t.false(/code=/.test(text));
    if (model === 'Grant') await signIn(user, MUNICIPIO, MARIA);
    t.true((await silently(user, MUNICIPIO)).has('code'));
  });

for (const [what, title] of [
  ['session', 'a session whose row could not be written (R-31)'],
  ['access-granted', 'a code whose visit could not be recorded (R-32, R-73)'],
] as const)
  test.serial(`R-95: ${title} does not leave, nor anything of it`, async (t) => {
    const user = app.visitor();
    let to = request(MUNICIPIO);
    if (what === 'session') to = (await user.submit((await user.get(to)).location, MARIA)).location;
    else await signIn(user, MUNICIPIO, MARIA);
    const { length: before } = await visits();
    failing.add(what);
    const { status, headers, text } = await user.get(to);
    failing.clear();
    t.is(status, 503);
    t.is(headers.get('location'), null);
    t.deepEqual(headers.getSetCookie(), []);
    t.false(/code=/.test(text));
    t.is((await visits()).length, before);
    if (what === 'session') {
      t.is((await silently(user, MUNICIPIO)).get('error'), 'login_required');
      await signIn(user, MUNICIPIO, MARIA);
    }
    t.true((await silently(user, MUNICIPIO)).has('code'));
  });

test.serial('R-95: no token leaves that is not written, and its code is spent', async (t) => {
  const user = app.visitor();
  await signIn(user, MUNICIPIO, MARIA);
  const code = await codeFor(user, MUNICIPIO);
  failing.add('AccessToken');
  const { status, json } = await redeem(MUNICIPIO, code);
  failing.clear();
  t.is(status, 503);
  t.deepEqual(Object.keys(json), ['error']);
  t.is((await redeem(MUNICIPIO, code)).status, 400);
});

test.serial(
  'userinfo asks for the token with its session and its grant, and then for their standing; each time anew (R-31)',
  async (t) => {
    const user = app.visitor();
    await signIn(user, MUNICIPIO, MARIA);
    const { access } = await tokensFor(user, MUNICIPIO);
    for (let n = 0; n < 2; n++) {
      read.length = 0;
      t.is((await userinfo(access)).status, 200);
      t.deepEqual(read.toSorted(), ['owned', 'with']);
    }
  },
);

test.serial(
  'R-31: where Postgres does not vouch for a token its session is asked, which may have been renewed since',
  async (t) => {
    const user = app.visitor();
    await signIn(user, MUNICIPIO, MARIA);
    const { access } = await tokensFor(user, MUNICIPIO);
    const code = await codeFor(user, MUNICIPIO);
    read.length = 0;
    revokedUntil = Math.floor(app.parts.clock() / 1000) + 2;
    t.is((await userinfo(access)).status, 401);
    t.true(read.includes('uid'));
    t.is((await redeem(MUNICIPIO, code)).status, 400);
    revokedUntil = 0;
    t.is((await userinfo(access)).status, 200);
  },
);
