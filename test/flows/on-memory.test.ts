import test from 'ava';
import { MARIA, MUNICIPIO, REGISTRO, provider } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';

/** The whole application on memory parts, its store as far away as a real one: so that races show. */
const house = await serveMemory({ delay: 3 });
test.after.always(house.close);
const { signIn, codeFor, redeem, silently, tokensFor, userinfo } = provider(house.origin);

test.serial('somebody signs in, and the letter about the new device waits', async (t) => {
  const answer = await signIn(house.user, MUNICIPIO, MARIA);
  t.truthy(answer.get('code'));
  t.is(answer.get('state'), 'un-estado');
  t.is(house.parts.tables.outbox.size, 1);
  t.is(house.parts.tables.sessions.size, 1);
});

test.serial(
  'of twenty parallel redemptions of one code one succeeds, and what it gave is revoked (R-37)',
  async (t) => {
    const code = await codeFor(house.user, MUNICIPIO);
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(MUNICIPIO, code)));
    t.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 19 }, () => 400)]);
    const won = answers.find(({ status }) => status === 200);
    t.is((await redeem(MUNICIPIO, code)).status, 400);
    t.is((await userinfo(String(won?.json['access_token']))).status, 401);
  },
);

test.serial('two silent sign-ins at the same moment lose nothing of each other’s', async (t) => {
  const visitor = house.visitor();
  await signIn(visitor, MUNICIPIO, MARIA);
  const tokens = await Promise.all([MUNICIPIO, MUNICIPIO, MUNICIPIO].map((site) => tokensFor(visitor, site)));
  for (const { access } of tokens) {
    const { status, json } = await userinfo(access);
    t.deepEqual([status, json['name']], [200, 'María Carmen Del Río González']);
  }
});

test.serial(
  'time passes for the store and for the protocol alike: after 31 minutes the session is over (R-29)',
  async (t) => {
    t.truthy((await silently(house.user, MUNICIPIO)).get('code'));
    house.parts.travel(31 * 60_000);
    t.is((await silently(house.user, MUNICIPIO)).get('error'), 'login_required');
    t.is((await silently(house.user, REGISTRO)).get('error'), 'login_required');
  },
);
