import test, { type ExecutionContext } from 'ava';
import { createClient } from '../../src/flows/create-client.ts';
import { MARIA, MUNICIPIO, request } from '../support/rp.ts';
import { serve } from '../support/serve.ts';
import { fapiSite, keysOf } from '../support/suite/fapi.ts';
import { browse, CALLBACK } from '../support/suite/rp.ts';

const [keys, dpop] = [await keysOf('ES256'), await keysOf('ES256')];
const [redis, postgres] = [await serve({ redis: true, crowded: true }), await serve({ crowded: true })];
test.after.always(async () => {
  await Promise.all([redis.close(), postgres.close()]);
});

/** A site of FAPI 2.0 as the operator's command makes one. */
async function made(
  app: Pick<typeof redis, 'parts' | 'origin' | 'visitor'>,
  more: object = { jwks: { keys: [keys.jwk] } },
) {
  const wish = {
    name: 'Sitio',
    profile: 'oidc',
    state: 'sandbox',
    features: ['fapi'],
    redirectUris: [CALLBACK],
  } as const;
  const outcome = await createClient(app.parts, { ...wish, ...more }, true);
  if (outcome.kind === 'refused') throw new Error(outcome.faults.join('; '));
  return fapiSite(app, { id: outcome.client.id, keys, dpop });
}
/** One after the other, out of one session: each its own. */
async function tenCodes(who: Awaited<ReturnType<typeof made>>, user: ReturnType<typeof redis.visitor>) {
  const codes: string[] = [];
  while (codes.length < 10) codes.push(await who.codeOf({}, user));
  return codes;
}
const TEN = Array.from({ length: 10 });
const one = (t: ExecutionContext, statuses: readonly number[], good: number) => {
  t.is(statuses.filter((status) => status === good).length, 1, statuses.join());
  t.true(
    statuses.every((status) => status === good || (status >= 400 && status < 500)),
    statuses.join(),
  );
};

for (const [name, app] of Object.entries({ Redis: redis, Postgres: postgres })) {
  const user = app.visitor();
  test.serial(`R-38: of ten calls with one assertion one is accepted, on ${name}`, async (t) => {
    const who = await made(app);
    const client_assertion = await who.assertion();
    one(
      t,
      (await Promise.all(TEN.map(() => who.push({ client_assertion })))).map(({ status }) => status),
      201,
    );
    const again = await who.assertion();
    const codes = await tenCodes(who, user);
    const answers = await Promise.all(codes.map((code) => who.redeem(code, { client_assertion: again })));
    one(
      t,
      answers.map(({ status }) => status),
      200,
    );
  });
  test.serial(`R-38: of ten calls with one proof one is accepted, on ${name}`, async (t) => {
    const who = await made(app);
    const proof = await who.proof(who.at('/token'));
    const codes = await tenCodes(who, user);
    const answers = await Promise.all(codes.map((code) => who.redeem(code, {}, { dpop: proof })));
    one(
      t,
      answers.map(({ status }) => status),
      200,
    );
  });
  test.serial(`R-38: of ten that come with one pushed request one is answered, on ${name}`, async (t) => {
    const who = await made(app);
    await browse(app, user, request(MUNICIPIO), MARIA);
    const { json } = await who.push();
    const landed = await Promise.all(TEN.map(() => who.authorize(json['request_uri'], {}, user)));
    t.is(landed.filter(({ said }) => said.has('code')).length, 1);
    for (const { said, status } of landed)
      if (!said.has('code'))
        t.is(said.get('error') ?? String(status), said.has('error') ? 'invalid_request_uri' : '400');
  });
}
