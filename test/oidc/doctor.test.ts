import { request as httpRequest } from 'node:http';
import test from 'ava';
import { exportJWK, generateKeyPair } from 'jose';
import { type AttemptFault, type Attempt } from '../../src/domain/site-attempt.ts';
import { siteAttempts } from '../../src/flows/site-attempts.ts';
import { ROOM } from '../../src/oidc/gatherer.ts';
import {
  basic,
  CALLBACK,
  call,
  CLAUDIA,
  encoded,
  MARIA,
  post,
  provider,
  register,
  request,
  VERIFIER,
  type Fields,
  type Site,
} from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { until } from '../support/until.ts';

const app = await serveMemory();
const { parts } = app;
const { at, codeFor, redeem, signIn, silently, tokensFor, userinfo, go } = provider(app.origin);
test.after.always(app.close);

/** Attempts come late: they are gathered for a second. */
async function attemptsOf({ id }: Site, is: (all: readonly Attempt[]) => boolean): Promise<readonly Attempt[]> {
  let all: readonly Attempt[] = [];
  const isNoted = await until(async () => is((all = await siteAttempts(parts, id))));
  if (!isNoted) throw new Error(`not noted: ${JSON.stringify(all)}`);
  return all;
}
const faultIn = async (site: Site, fault: AttemptFault) => {
  const all = await attemptsOf(site, (attempts) => attempts.some(({ faults }) => faults.includes(fault)));
  return all.find(({ faults }) => faults.includes(fault))!;
};
const site = (profile: 'oidc' | 'claveunica' = 'oidc', more: object = {}) => register(parts, { profile, ...more });
const token = (fields: Fields, headers: Readonly<Record<string, string>> = {}) => post(at('/token'), fields, headers);
const grant = {
  grant_type: 'authorization_code',
  redirect_uri: CALLBACK,
  code: 'c'.repeat(43),
  code_verifier: VERIFIER,
};

/** Somebody with a session, so that a code costs no page. */
const user = app.visitor();
test.before(async () => {
  await signIn(user, await site(), MARIA);
});

test.serial(
  'a whole sign-in is one attempt of five steps, and nothing of the person or of a secret is kept',
  async (t) => {
    const own = await site('claveunica');
    const claudia = app.visitor();
    const state = 'estado-canario-9876543210';
    const page = await provider(app.origin).fillIn(claudia, request(own, { state }), CLAUDIA);
    const code = new URL(page.location).searchParams.get('code') ?? '';
    const { json } = await redeem(own, code, { state });
    t.is((await userinfo(String(json['access_token']))).status, 200);
    const [attempt, ...more] = await attemptsOf(own, ([first]) => first?.steps.at(-1)?.kind === 'userinfo');
    t.deepEqual(more, []);
    t.is(attempt?.state, 'done');
    t.deepEqual(
      attempt?.steps.map(({ kind, outcome }) => `${kind} ${outcome}`),
      ['authorize page', 'return code', 'token done', 'userinfo done'],
    );
    t.like(attempt?.steps[0], { method: 'GET', pkce: 'none', scope: own.scope, redirectUri: { sent: CALLBACK } });
    t.like(attempt?.steps[2], { method: 'POST', contentType: 'application/x-www-form-urlencoded' });
    t.like(attempt?.steps[2]?.auth, { registered: 'client_secret_post' });
    const kept = JSON.stringify(await parts.siteSteps.of(own.id, 100));
    for (const secret of [code, own.secret, state, String(json['access_token']), String(json['id_token'])])
      t.false(kept.includes(secret));
    for (const personal of ['44444444', '44.444.444', 'Claudia', '127.0.0', '@'])
      t.false(kept.includes(personal), personal);
  },
);

type Act = (own: Site) => Promise<unknown>;
const authorize =
  (fields: Fields): Act =>
  (own) =>
    go(user, request(own, fields));

/** What a site does wrong, and what its developer is told. */
const FAULTS: Partial<Record<AttemptFault, Act>> = {
  'unknown-redirect-uri': authorize({ redirect_uri: `${CALLBACK}/` }),
  'missing-parameter': authorize({ response_type: undefined }),
  'repeated-parameter': (own) => go(user, `${request(own)}&scope=openid`),
  'unsound-text': authorize({ state: 'x'.repeat(3000) }),
  'pkce-missing': authorize({ code_challenge: undefined, code_challenge_method: undefined }),
  'pkce-method': authorize({ code_challenge_method: 'plain' }),
  'missing-nonce': authorize({}),
  'unknown-scope': authorize({ scope: 'openid salud' }),
  'request-object': authorize({ request: 'no.es.nada' }),
  'request-uri-over': authorize({ request_uri: 'urn:ietf:params:oauth:request_uri:no-existe-para-nada' }),
  'no-session': (own) => silently(app.visitor(), own),
  'acr-not-reached': authorize({
    prompt: 'none',
    claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['no-such-acr'] } } }),
  }),
  'content-type': (own) =>
    call(at('/token'), {
      ...{ method: 'POST', body: JSON.stringify({ ...grant, client_id: own.id, client_secret: own.secret }) },
      headers: { 'content-type': 'application/json' },
    }),
  'http-method': (own) => call(at(`/token?${encoded({ ...grant, client_id: own.id })}`)),
  'no-credentials': (own) => token({ ...grant, client_id: own.id }),
  'two-credentials': (own) => token({ ...grant, client_id: own.id, client_secret: own.secret }, basic(own)),
  'unreadable-credentials': (own) => token({ ...grant, client_id: own.id }, { authorization: 'Basic !' }),
  'wrong-secret': (own) => token(grant, basic({ ...own, secret: `${own.secret}x` })),
  'wrong-auth-method': (own) =>
    token({
      ...{ ...grant, client_id: own.id, client_assertion: assertionOf(own.id) },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    }),
  'code-unknown': (own) => redeem(own, 'c'.repeat(43)),
  'code-used': async (own) => {
    const code = await codeFor(user, own);
    await redeem(own, code);
    await redeem(own, code);
  },
  'code-expired': async (own) => {
    const code = await codeFor(user, own);
    parts.travel(61_000);
    await redeem(own, code);
  },
  'bad-assertion': async (own) => {
    const { publicKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] };
    await parts.clients.change(own.id, (client) => ({ ...client, auth: 'private_key_jwt', jwks }), parts.clock());
    await token({
      ...{ ...grant, client_id: own.id, client_assertion: assertionOf(own.id) },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
  },
  'code-of-another': async (own) => redeem(own, await codeFor(user, await site())),
  'redirect-uri-differs': async (own) => redeem(own, await codeFor(user, own), { redirect_uri: `${CALLBACK}/` }),
  'verifier-missing': async (own) => redeem(own, await codeFor(user, own), { code_verifier: undefined }),
  'verifier-wrong': async (own) => redeem(own, await codeFor(user, own), { code_verifier: 'v'.repeat(43) }),
  'token-in-query': async (own) => call(at(`/userinfo?access_token=${(await tokensFor(user, own)).access}`)),
  'token-header': async (own) =>
    call(at('/userinfo'), { headers: { authorization: `Token ${(await tokensFor(user, own)).access}` } }),
  'token-over': async (own) => {
    const { access } = await tokensFor(user, own);
    parts.travel(301_000);
    await userinfo(access);
  },
  'unknown-logout-uri': (own) =>
    go(user, `/openid/session/end?${encoded({ client_id: own.id, post_logout_redirect_uri: 'https://x.example/' })}`),
  'bad-id-token-hint': (own) =>
    go(user, `/openid/session/end?${encoded({ client_id: own.id, id_token_hint: 'no.es.nada' })}`),
  cancelled: async (own) => {
    const guest = app.visitor();
    const { location } = await guest.get(request(own));
    const { location: back } = await guest.submit(location, { cancelar: 'si' });
    await go(guest, back);
  },
  other: authorize({ response_type: 'token' }),
};
const assertionOf = (id: string) =>
  [{ alg: 'ES256' }, { iss: id, sub: id }, 'x']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

for (const [fault, act] of Object.entries(FAULTS) as [AttemptFault, Act][])
  test.serial(`R-74: a site’s developer is told of ${fault}, and the site’s secret is not kept`, async (t) => {
    const own = await site();
    await act(own);
    const attempt = await faultIn(own, fault);
    t.true(attempt.steps.some(({ faults }) => faults.includes(fault)));
    const kept = JSON.stringify(await parts.siteSteps.of(own.id, 100));
    t.false(kept.includes(own.secret));
    t.notRegex(kept, /11\.?111\.?111|un-estado|127\.0\.0/);
  });

test.serial('R-43: whatever is posted to token instead of a form gets its answer', async (t) => {
  const headers = { 'content-type': 'application/json' };
  const endless = () => new Blob(['{"client_id":"', 'x'.repeat(60_000)]).stream();
  for (const body of ['{', '[]', '{"client_id":7}', 'x'.repeat(60_000), endless()])
    t.is(
      (await call(at('/token'), { ...{ method: 'POST', body, headers }, duplex: 'half' } as RequestInit)).status,
      400,
    );
  t.is((await call(at('/token'), { method: 'PUT', body: '{}', headers })).status, 405);
});

test.serial('of a client of today’s ClaveÚnica the state is looked at, as it has no PKCE', async (t) => {
  const own = await site('claveunica');
  await authorize({ state: undefined })(own);
  t.is((await faultIn(own, 'missing-state')).state, 'advice');
  await authorize({ state: '1' })(own);
  await faultIn(own, 'short-state');
  await redeem({ ...own, pkce: true }, await codeFor(user, own));
  await faultIn(own, 'verifier-unasked');
});

test.serial(
  'today’s logout, called by a server, ends nothing, and its site is told to lead the browser there',
  async (t) => {
    const own = await site('claveunica', { redirectUris: ['http://localhost:9911/cb'] });
    const path = '/api/v1/accounts/app/logout?redirect=';
    const redirect = encodeURIComponent('http://localhost:9911/adios?run=11.111.111-1');
    t.is((await call(`${app.origin}${path}${redirect}`, { headers: { 'sec-fetch-dest': 'document' } })).status, 302);
    t.is((await call(`${app.origin}${path}${redirect}`)).status, 302);
    t.is((await faultIn(own, 'logout-not-opened')).state, 'advice');
    t.is((await parts.siteSteps.of(own.id, 9)).length, 1);
  },
);

test.serial(
  'the address that differs is shown beside the registered one; a code used twice is in its own attempt',
  async (t) => {
    const own = await site();
    await authorize({ redirect_uri: 'http://localhost:9000/CB?run=11.111.111-1' })(own);
    const { steps } = await faultIn(own, 'unknown-redirect-uri');
    t.like(steps[0], { outcome: 'error', error: 'invalid_redirect_uri' });
    t.like(steps[0]?.redirectUri, { sent: 'http://localhost:9000/CB?run=…', registered: CALLBACK });
    t.deepEqual(steps[0]?.redirectUri?.differs, ['case', 'query']);
    const code = await codeFor(user, own);
    await redeem(own, code);
    await redeem(own, code);
    const twice = await faultIn(own, 'code-used');
    t.deepEqual(
      twice.steps.map(({ kind, outcome }) => `${kind} ${outcome}`),
      ['authorize code', 'token done', 'token error'],
    );
  },
);

test.serial('R-67, R-69: an old secret, and a site that is suspended, are told from a wrong one', async (t) => {
  const own = await site();
  const { secrets } = (await parts.clients.byId(own.id))!;
  const change = (more: object) => parts.clients.change(own.id, (client) => ({ ...client, ...more }), parts.clock());
  await change({ secrets: secrets.map((secret) => ({ ...secret, until: parts.clock() - 1 })) });
  t.is((await redeem(own, 'c'.repeat(43))).status, 401);
  await faultIn(own, 'old-secret');
  await change({ state: 'suspended' });
  await authorize({})(own);
  await redeem(own, 'c'.repeat(43));
  await faultIn(own, 'client-suspended');
  await change({ state: 'draft' });
  await authorize({})(own);
  await faultIn(own, 'client-not-certified');
});

test.serial('a pushed request, its authorization and its exchange are one attempt', async (t) => {
  const own = await site();
  const { id: client_id, scope } = own;
  const { code_challenge, code_challenge_method } = Object.fromEntries(new URL(request(own), app.origin).searchParams);
  const fields = {
    client_id,
    scope,
    response_type: 'code',
    redirect_uri: CALLBACK,
    code_challenge,
    code_challenge_method,
  };
  const pushed = await post(at('/request'), fields, basic(own));
  const { location } = await go(
    user,
    `/openid/authorize?${encoded({ client_id, request_uri: String(pushed.json['request_uri']) })}`,
  );
  await redeem(own, new URL(location).searchParams.get('code') ?? '');
  const [attempt] = await attemptsOf(own, ([first]) => first?.steps.at(-1)?.kind === 'token');
  t.deepEqual(
    attempt?.steps.map(({ kind }) => kind),
    ['request', 'authorize', 'token'],
  );
});

const PRODUCTION = {
  ...{ MODE: 'production', DATABASE_URL: 'postgres://localhost/none', SMTP_URL: 'smtp://localhost:25' },
  ...{ PUBLIC_ORIGIN: 'https://claveunica.example', MASTER_KEYS: `k:${'k'.repeat(43)}`, MAIL_FROM: 'no@example.cl' },
};

test.serial(
  'in production what goes well leaves nothing; what is refused does, in the name of a site alone',
  async (t) => {
    const real = await serveMemory({ env: PRODUCTION });
    t.teardown(real.close);
    const ask = (path: string, method = 'GET', headers = {}) =>
      new Promise<number | undefined>((resolve, reject) => {
        const asking = httpRequest(`http://127.0.0.1:${real.config.port}${path}`, {
          ...{ method, headers: { host: 'claveunica.example', 'content-length': 0, ...headers } },
        });
        asking
          .on('response', (answer) => resolve(answer.resume().statusCode))
          .on('error', reject)
          .end();
      });
    const [own, draft] = [
      await register(real.parts, { profile: 'oidc', state: 'certified', redirectUris: ['https://muni.example/cb'] }),
      await register(real.parts, { profile: 'oidc', state: 'draft', redirectUris: ['https://muni.example/cb'] }),
    ];
    const right = { redirect_uri: 'https://muni.example/cb', scope: 'openid salud', state: undefined };
    t.is(await ask(request(own, right)), 303);
    t.is(await ask('/openid/userinfo', 'GET', { authorization: `Bearer ${'x'.repeat(43)}` }), 401);
    t.is(await ask(request(own, { ...right, redirect_uri: 'https://muni.example/cb/' })), 400);
    t.is(await ask(request(draft, right)), 400);
    const noted = async (id: string) => (await siteAttempts(real.parts, id)).map(({ faults }) => faults.join(' '));
    await until(async () => (await noted(draft.id)).length > 0);
    t.deepEqual(await noted(own.id), ['unknown-redirect-uri']);
    t.deepEqual(await noted(draft.id), ['client-not-certified']);
  },
);

test.serial('R-95: nobody’s sign-in fails by it; a flood costs a bounded number of notes', async (t) => {
  let [written, lost] = [0, 0];
  const broken = await serveMemory({
    replace: ({ siteSteps }) => ({
      siteSteps: {
        ...siteSteps,
        add: async (steps) => {
          written += steps.length;
          lost += 1;
          throw new Error('the store is away');
        },
      },
    }),
  });
  t.teardown(broken.close);
  const there = provider(broken.origin);
  const own = await register(broken.parts, { profile: 'oidc' });
  const somebody = broken.visitor();
  await there.signIn(somebody, own, MARIA);
  const { access } = await there.tokensFor(somebody, own);
  t.is((await there.userinfo(access)).status, 200);
  const begun = Date.now();
  const answers = [];
  for (let at = 0; at < 300; at++) answers.push((await there.redeem(own, 'c'.repeat(43))).status);
  t.true(answers.every((status) => status === 400));
  const seconds = Math.ceil((Date.now() - begun) / 1000) + 2;
  t.true(lost > 0);
  t.true(written <= seconds * ROOM.site, `${written} in ${seconds} s`);
});

test.serial('who claims to be nobody we know, or one of our own sites, leaves nothing', async (t) => {
  const own = await site();
  await go(user, request({ ...own, id: 'nadie' }));
  await go(user, request({ ...own, id: 'cuenta' }));
  await go(user, request(own, { redirect_uri: `${CALLBACK}/` }));
  await faultIn(own, 'unknown-redirect-uri');
  for (const id of ['nadie', 'cuenta']) t.deepEqual(await parts.siteSteps.of(id, 10), []);
});
