import { createHash, createHmac, createPublicKey } from 'node:crypto';
import test from 'ava';
import { decodeJwt } from 'jose';
import { createAdapter } from '../../src/oidc/adapter.ts';
import { clientAdapter } from '../../src/oidc/client.ts';
import { createClient } from '../../src/flows/create-client.ts';
import { registeredClient } from '../../src/oidc/registered.ts';
import { parseRun } from '../../src/domain/run.ts';
import { call, encoded, MARIA, MUNICIPIO, post } from '../support/rp.ts';
import { memoryArtifacts } from '../support/memory/short-lived.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { fapiSite, keysOf } from '../support/suite/fapi.ts';
import { browse, CALLBACK } from '../support/suite/rp.ts';

// One after the other: so many sessions of one person at once would end the oldest.
const app = await serveMemory();
const [keys, dpop] = [await keysOf('ES256'), await keysOf('ES256')];

const SCOPES = ['openid', 'profile', 'email', 'run'];
/** A site of an institution, which signs in with its key, and has what was agreed on with it (decision 12). */
async function site(...features: readonly ('fapi' | 'jar' | 'jarm' | 'refresh')[]) {
  const wish = {
    name: 'S',
    profile: 'oidc',
    state: 'sandbox',
    scopes: SCOPES,
    redirectUris: [CALLBACK],
    features,
  } as const;
  const made = await createClient(app.parts, { ...wish, jwks: { keys: [keys.jwk] } }, true);
  if (made.kind === 'refused') throw new Error(made.faults.join('; '));
  return fapiSite(app, { id: made.client.id, keys, dpop });
}
type Site = Awaited<ReturnType<typeof site>>;
const [plain, fapi] = [await site(), await site('fapi')];
test.after.always(() => app.close());
const proofOf = (who: Site, token: unknown) => {
  const ath = createHash('sha256').update(String(token)).digest('base64url');
  return who.proof(who.at('/userinfo'), { ath }, { htm: 'GET' });
};
const at = (who: Site, fields: Parameters<typeof encoded>[0]) =>
  browse(app, app.visitor(), `/openid/authorize?${encoded({ client_id: who.id, ...fields })}`);

test.serial('R-35, decision 12: a signed request is for sites that agreed on it, pushed or not', async (t) => {
  const signing = await site('jar');
  for (const [who, good] of [
    [plain, false],
    [signing, true],
  ] as const) {
    const request = await who.requestObject();
    const pushed = await post(who.at('/request'), await who.proven({ request }));
    t.is(pushed.status, good ? 201 : 400, pushed.text);
    if (!good) t.is(pushed.json['error'], 'request_not_supported');
    const { said } = await at(who, { ...who.usual(), request: await who.requestObject() });
    t.is(said.has('code'), good);
    if (!good) t.is(said.get('error'), 'request_not_supported');
  }
});

test.serial('R-35, decision 12: a signed answer is for sites that agreed on it', async (t) => {
  const signed = await site('jarm');
  for (const response_mode of ['jwt', 'query.jwt', 'form_post.jwt']) {
    const { said } = await at(plain, plain.usual({ response_mode }));
    // The answer that says no goes the way that was asked for.
    const { error, code } = decodeJwt(said.get('response') ?? '');
    t.deepEqual([error, code, said.get('code')], ['invalid_request', undefined, null], response_mode);
    const pushed = await plain.push({ response_mode });
    t.deepEqual([pushed.status, pushed.json['error']], [400, 'invalid_request'], response_mode);
    const answer = decodeJwt((await at(signed, signed.usual({ response_mode }))).said.get('response') ?? '');
    t.is(typeof answer['code'], 'string', response_mode);
  }
});

test.serial('R-40, decision 12: a refresh token is for sites that agreed on it', async (t) => {
  const lasting = await site('refresh');
  const asked = { scope: 'openid offline_access', prompt: 'consent' };
  const refused = await plain.redeem(await plain.codeOf(asked));
  t.deepEqual([refused.status, 'refresh_token' in refused.json], [200, false]);
  const { json, text } = await lasting.redeem(await lasting.codeOf(asked));
  t.is(typeof json['refresh_token'], 'string', text);
  const fields = (token: unknown) => ({ grant_type: 'refresh_token', refresh_token: String(token) });
  const none = { code: undefined, code_verifier: undefined, redirect_uri: undefined };
  const again = await lasting.redeem(null, { ...fields(json['refresh_token']), ...none });
  t.is(again.status, 200, again.text);
  const stolen = { ...fields(again.json['refresh_token']), ...none };
  const unagreed = await plain.redeem(null, stolen);
  t.deepEqual([unagreed.status, unagreed.json['error']], [400, 'invalid_request']);
  const foreign = await (await site('refresh')).redeem(null, stolen);
  t.deepEqual([foreign.status, foreign.json['error']], [400, 'invalid_grant']);
});

test.serial(
  'R-31, R-40: a refresh token from before a revocation is none, though it outlives its session',
  async (t) => {
    const lasting = await site('refresh');
    const { json } = await lasting.redeem(await lasting.codeOf({ scope: 'openid offline_access', prompt: 'consent' }));
    const found = await app.parts.accounts.forLogin(parseRun(MARIA.run)!);
    await app.parts.accounts.revokeUntil(found!.account.id, Math.floor(app.parts.clock() / 1000) + 1);
    app.parts.travel(2000);
    const fields = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) };
    const none = { code: undefined, code_verifier: undefined, redirect_uri: undefined };
    const { status, json: said } = await lasting.redeem(null, { ...fields, ...none });
    t.deepEqual([status, said['error']], [400, 'invalid_grant']);
  },
);

test.serial(
  'R-39: without FAPI too an assertion is for us, of its own site and key, fresh, and signed as it was registered',
  async (t) => {
    t.is((await plain.push()).status, 201);
    const pem = createPublicKey({ key: { ...keys.jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const half = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [, claims = ''] = (await plain.assertion()).split('.');
    const body = `${half({ alg: 'HS256', kid: keys.jwk.kid })}.${claims}`;
    const { kid: _kid, ...embedded } = dpop.jwk;
    for (const client_assertion of [
      await plain.assertion({ aud: 'https://otro.example/' }),
      await plain.assertion({ aud: ['https://otro.example/'] }),
      await plain.assertion({ aud: undefined }),
      await plain.assertion({ iss: fapi.id }),
      await plain.assertion({ exp: Math.floor(Date.now() / 1000) - 60 }),
      await plain.assertion({ exp: undefined }),
      await plain.assertion({}, { keys: dpop }),
      await plain.assertion({}, { keys: dpop, header: { jwk: embedded, kid: keys.jwk.kid } }),
      `${body}.${createHmac('sha256', pem).update(body).digest('base64url')}`,
      `${half({ alg: 'none' })}.${claims}.`,
    ])
      t.is((await plain.push({ client_assertion })).status, 401, client_assertion);
  },
);

test.serial('R-76: an ID token says nothing of the person, also to who asks for it by `claims`', async (t) => {
  const who = await site();
  const names = { name: null, given_name: null, email: null, birthdate: { essential: true }, RolUnico: null };
  const wish = { scope: 'openid profile email run', claims: JSON.stringify({ id_token: names, userinfo: names }) };
  const { json } = await who.redeem(await who.codeOf(wish));
  const claims = decodeJwt(String(json['id_token']));
  t.deepEqual(
    Object.keys(names).filter((name) => name in claims),
    [],
  );
  const { json: told } = await call(who.at('/userinfo'), {
    headers: { authorization: `DPoP ${String(json['access_token'])}`, dpop: await proofOf(who, json['access_token']) },
  });
  t.is(typeof told['name'], 'string');
});

test.serial(
  'R-39, FAPI 2.0: who agreed on it pushes its requests, with PKCE, and shows a key for its tokens',
  async (t) => {
    const { said, by } = await at(fapi, fapi.usual());
    t.true(by === 'page' || said.get('error') === 'invalid_request');
    t.is(said.get('code'), null);
    const bare = await fapi.push({ code_challenge: undefined, code_challenge_method: undefined });
    t.deepEqual([bare.status, bare.json['error']], [400, 'invalid_request']);
    const unbound = await fapi.redeem(await fapi.codeOf(), {}, {});
    t.deepEqual([unbound.status, unbound.json['error']], [400, 'invalid_grant']);
    t.is((await fapi.redeem(await fapi.codeOf())).json['token_type'], 'DPoP');
  },
);

test.serial('R-36: a site of an institution without PKCE gets nothing, by address or pushed', async (t) => {
  const none = { code_challenge: undefined, code_challenge_method: undefined };
  const { said } = await at(plain, plain.usual(none));
  t.deepEqual([said.get('error'), said.get('code')], ['invalid_request', null]);
  t.is((await plain.push(none)).json['error'], 'invalid_request');
});

test.serial('R-36: nor does a client that registered itself in the sandbox', async (t) => {
  const metadata = {
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [keys.jwk] },
  };
  await app.parts.clients.put(
    registeredClient({ id: 'cu-reg-x', metadata: { client_id: 'cu-reg-x', ...metadata } }, app.parts.vault),
    0,
  );
  const who = fapiSite(app, { id: 'cu-reg-x', keys, dpop });
  const { said } = await at(who, who.usual({ code_challenge: undefined, code_challenge_method: undefined }));
  t.deepEqual([said.get('error'), said.get('code')], ['invalid_request', null]);
  t.true((await at(who, who.usual())).said.has('code'));
});

test.serial('R-63: whoever registers clients writes none of an institution', async (t) => {
  const adapter = clientAdapter(app.parts.clients, { ...app.parts, emulator: true });
  const before = await app.parts.clients.byId(MUNICIPIO.id);
  const told = { message: 'a client of an institution is not written here' };
  await t.throwsAsync(async () => adapter.upsert(MUNICIPIO.id, { redirect_uris: ['https://evil.example/'] }, 0), told);
  await t.throwsAsync(async () => adapter.destroy(MUNICIPIO.id), told);
  t.deepEqual(await app.parts.clients.byId(MUNICIPIO.id), before);
});

test.serial('what lets a client register and manage itself is kept where nothing is evicted', async (t) => {
  const [artifacts, registrations] = [memoryArtifacts({ delay: 0 }), memoryArtifacts({ delay: 0 })];
  const adapter = createAdapter({ ...app.parts, artifacts, registrations, emulator: true });
  const emptied = createAdapter({
    ...app.parts,
    artifacts: memoryArtifacts({ delay: 0 }),
    registrations,
    emulator: true,
  });
  for (const model of ['InitialAccessToken', 'RegistrationAccessToken', 'AccessToken']) {
    await adapter(model).upsert('id', { clientId: 'x', kind: model }, 60);
    t.is((await adapter(model).find('id')) !== undefined, true, model);
    t.is((await emptied(model).find('id')) !== undefined, model !== 'AccessToken', model);
  }
});
