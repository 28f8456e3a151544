import test, { type ExecutionContext } from 'ava';
import { createClient } from '../../src/flows/create-client.ts';
import { guardedFetch } from '../../src/oidc/fetching.ts';
import { MARIA, MUNICIPIO, request } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { serve } from '../support/serve.ts';
import { fapiSite, keysOf } from '../support/suite/fapi.ts';
import { browse, CALLBACK } from '../support/suite/rp.ts';
import { site } from '../support/suite/serve.ts';

const [keys, dpop] = [await keysOf('ES256'), await keysOf('ES256')];
const [redis, postgres] = [await serve({ redis: true, crowded: true }), await serve({ crowded: true })];
const served = new Map<string, (send: (status: number, headers: object, body: string) => void) => void>();
const hits: string[] = [];
const there = await site((req, res) => {
  const path = req.url ?? '';
  hits.push(path);
  const act = served.get(path);
  if (path === '/drip') {
    const drip = setInterval(() => res.write(' '), 100);
    res.once('close', () => clearInterval(drip));
    res.writeHead(200, { 'content-type': 'application/json' });
  } else if (act) act((status, headers, body) => res.writeHead(status, { ...headers }).end(body));
  else res.writeHead(404).end('a banner of the inside');
});
test.after.always(async () => {
  await there.close();
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

const text = (body: string) => (send: (status: number, headers: object, body: string) => void) =>
  send(200, { 'content-type': 'application/json' }, body);
served.set('/good', text(JSON.stringify({ keys: [keys.jwk] })));
served.set('/huge', text(`{"keys":[],"x":"${'x'.repeat(10_000_000)}"}`));
served.set('/moved', (send) => send(302, { location: `${there.origin}/good` }, ''));
served.set('/rubbish', text('<html>a banner of the inside</html>'));
served.set('/symmetric', text(JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA', alg: 'HS256' }] })));

test.serial(
  'R-42: keys of a site that are huge, moved, slow or rubbish are no keys, and nothing of them is shown',
  async (t) => {
    const good = await made(redis, { jwksUri: `${there.origin}/good` });
    t.is((await good.push()).status, 201);
    for (const path of ['/huge', '/moved', '/rubbish', '/symmetric', '/missing', '/drip']) {
      const before = hits.length;
      const { status, json, text: said } = await (await made(redis, { jwksUri: `${there.origin}${path}` })).push();
      t.deepEqual([status, json['error']], [401, 'invalid_client'], path);
      t.false(said.includes('banner'));
      t.deepEqual(hits.slice(before), [path]);
    }
  },
);

test.serial('R-42: in production a name that leads inside is not called, whatever was registered', async (t) => {
  const real = await serveMemory({
    env: {
      ...{ MODE: 'production', DATABASE_URL: 'postgres://localhost/none', SMTP_URL: 'smtp://localhost:25' },
      ...{ PUBLIC_ORIGIN: 'https://localhost', MASTER_KEYS: `k:${'k'.repeat(43)}`, MAIL_FROM: 'no@example.cl' },
    },
  });
  t.is(real.config.mode, 'production');
  const outcome = await createClient(
    real.parts,
    { name: 'S', profile: 'oidc', state: 'certified', redirectUris: [CALLBACK], jwksUri: 'https://rp.example/jwks' },
    false,
  );
  if (outcome.kind === 'refused') throw new Error(outcome.faults.join('; '));
  // As after a change in the DNS.
  await real.parts.clients.put({ ...outcome.client, jwksUri: `${there.origin}/good` }, 0);
  const before = hits.length;
  const client = await real.op.provider().Client.find(outcome.client.id);
  const store = client?.['asymmetricKeyStore'] as { refresh(): Promise<void> };
  await t.throwsAsync(store.refresh(), { message: 'invalid_client_metadata' });
  t.is(hits.length, before);
  await real.close();
});

test('R-42: the guard against addresses inside goes along in production, and nothing follows a redirect', async (t) => {
  const seen: unknown[] = [];
  const dispatcher = {
    dispatch: (options: unknown) => {
      seen.push(options);
      throw new Error('guarded');
    },
  };
  await t.throwsAsync(async () =>
    guardedFetch({ emulator: false })('https://rp.example/', { dispatcher } as RequestInit),
  );
  t.is(seen.length, 1);
  t.is((await guardedFetch({ emulator: true })(`${there.origin}/moved`, { dispatcher } as RequestInit)).status, 302);
  t.is(seen.length, 1);
});
