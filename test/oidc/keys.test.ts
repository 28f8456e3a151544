import test from 'ava';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet, type JWK } from 'jose';
import { SIGNING_ALGS } from '../../src/domain/signing-key.ts';
import { rotateNow, tendKeys } from '../../src/flows/signing-keys.ts';
import { boundedSigner, type Signer } from '../../src/gateways/signer.ts';
import {
  basic,
  call,
  CALLBACK,
  claimsOf,
  encoded,
  MARIA,
  MUNICIPIO,
  post,
  provider,
  register,
  REGISTRO,
  request,
  VERIFIER,
} from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';

let signerIsThere = true;
const app = await serveMemory({
  replace: ({ signer }) => {
    const device: Signer = {
      ...signer,
      sign: async (key, data) => {
        if (!signerIsThere) throw new Error('CKR_DEVICE_REMOVED');
        return signer.sign(key, data);
      },
    };
    return { signer: boundedSigner(device, 20_000) };
  },
});
test.after.always(() => app.close());
const { at, signIn, silently, redeem, tokensFor, fillIn, answerOf } = provider(app.origin);

const jwks = async () => {
  const { keys } = (await call(at('/jwks'))).json;
  return { keys: keys as (JWK & { kid: string; alg: string })[] };
};
const verified = async (idToken: string, keys: JSONWebKeySet) =>
  (await jwtVerify(idToken, createLocalJWKSet(keys), { issuer: at('') })).protectedHeader;

test.serial('R-85: a client’s ID tokens are signed as it is registered, RS256 when nothing was said', async (t) => {
  const user = app.visitor();
  await signIn(user, MUNICIPIO, MARIA);
  for (const idTokenAlg of [undefined, ...SIGNING_ALGS]) {
    const site = await register(app.parts, { profile: 'oidc', idTokenAlg });
    const { id, access } = await tokensFor(user, site);
    t.is((await verified(id, await jwks())).alg, idTokenAlg ?? 'RS256');
    t.is(typeof claimsOf(id)['at_hash'], 'string');
    t.is((await call(at('/userinfo'), { headers: { authorization: `Bearer ${access}` } })).status, 200);
  }
});

test.serial('rotated by hand: the new key signs and comes first, the old one stays, and nobody notices', async (t) => {
  const user = app.visitor();
  await signIn(user, MUNICIPIO, MARIA);
  const before = await jwks();
  const early = await tokensFor(user, MUNICIPIO);
  // Begun with the provider of before: a code, and a page that waits for somebody.
  const code = (await silently(user, MUNICIPIO)).get('code')!;
  const other = app.visitor();
  const { location } = await other.get(request(MUNICIPIO), { accept: 'text/html' });

  const old = app.op.provider();
  const rotated = await call(`${app.origin}/emulador/rotar-claves`, { method: 'POST' });
  t.is(rotated.status, 200);
  t.not(app.op.provider(), old);
  const after = await jwks();
  const kids = new Set(before.keys.map(({ kid }) => kid));
  t.is(after.keys.filter(({ kid }) => kids.has(kid)).length, before.keys.length, 'those of before are there');
  t.is(after.keys.length, 3 * SIGNING_ALGS.length);
  t.true(
    after.keys.slice(0, SIGNING_ALGS.length).every(({ kid }) => !kids.has(kid)),
    'the new ones come first',
  );
  const [rs256] = after.keys.filter(({ alg }) => alg === 'RS256');

  const { status, json } = await redeem(MUNICIPIO, code);
  t.is(status, 200);
  t.is((await verified(String(json['id_token']), after)).kid, rs256?.kid);
  const sent = await other.submit(location, MARIA);
  t.is(sent.status, 303);
  const resumed = await other.get(sent.location);
  t.truthy(new URL(resumed.location).searchParams.get('code'));
  t.is(decodeProtectedHeader((await tokensFor(user, MUNICIPIO)).id).kid, rs256?.kid);
  // A site that has read the keys anew still believes tokens of before.
  t.true(kids.has(String((await verified(early.id, after)).kid)));

  // What an old key has signed comes back as a hint.
  const hint = encoded({ id_token_hint: early.id, client_id: MUNICIPIO.id });
  t.is((await user.get(`/openid/session/end?${hint}`, { accept: 'text/html' })).status, 200);
});

test.serial(
  'R-83: a site that keeps the keys as long as it may knows every key that signs, for half a year',
  async (t) => {
    const site = await register(app.parts, { profile: 'oidc', idTokenAlg: 'ES256' });
    const hour = 3600_000;
    const firsts = new Set<unknown>();
    const renew = async () => {
      await tendKeys(app.parts);
      await app.op.refresh();
    };
    await renew();
    for (let day = 0; day <= 180; day += 10) {
      await renew();
      const { headers, json } = await call(at('/jwks'));
      const maxAge = Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1]);
      t.true(maxAge > 0 && maxAge <= 900, String(maxAge));
      // The last moment of its copy.
      app.parts.travel(maxAge * 1000);
      await renew();
      const user = app.visitor();
      await fillIn(user, request(site), MARIA).then(answerOf);
      const { id } = await tokensFor(user, site);
      firsts.add((await verified(id, { keys: json['keys'] as JWK[] })).kid);
      app.parts.travel(240 * hour);
    }
    t.is(firsts.size, 3, 'it was another key every 90 days');
    const states = (await app.parts.signingKeys.list()).map(({ state }) => state);
    t.true(states.includes('retired'));
  },
);

test.serial('R-84: without the signer there is no token but a 503; it signs again when it is back', async (t) => {
  const user = app.visitor();
  await signIn(user, REGISTRO, MARIA);
  const ask = async () => redeem(REGISTRO, (await silently(user, REGISTRO)).get('code')!);
  signerIsThere = false;
  const refused = await ask();
  signerIsThere = true;
  t.is(refused.status, 503);
  t.truthy(refused.headers.get('retry-after'));
  t.false(refused.text.includes('id_token'));
  const { status, json } = await ask();
  t.is(status, 200);
  t.is(decodeProtectedHeader(String(json['id_token'])).alg, 'RS256');
});

test.serial('a change that others make is taken over when it is looked for, and only then', async (t) => {
  const before = app.op.provider();
  await app.op.refresh();
  t.is(app.op.provider(), before);
  await rotateNow(app.parts, ['EdDSA']);
  t.is(app.op.provider(), before);
  await app.op.refresh();
  t.not(app.op.provider(), before);
  t.is((await post(at('/token'), { grant_type: 'authorization_code' })).status, 401);
});

test.serial(
  'who has read the keys is known by where the same software asks for tokens, and not of strangers',
  async (t) => {
    const software = { 'user-agent': 'Ktor client', 'x-forwarded-for': '203.0.113.9' };
    const user = app.visitor();
    await signIn(user, MUNICIPIO, MARIA);
    const site = await register(app.parts, { profile: 'oidc' });
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const code = (await silently(user, site)).get('code') ?? '';
      const fields = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
      t.is((await post(at('/token'), fields, { ...basic(site), ...headers })).status, 200);
      await app.settled();
      return (await app.parts.keyReaders.list()).find(({ clientId }) => clientId === site.id);
    };
    const first = await ask(software);
    t.truthy(first);
    t.is(first?.readAt, undefined);
    await call(at('/jwks'), { headers: { 'user-agent': 'curl/8' } });
    app.parts.travel(11 * 60_000);
    t.is((await ask(software))?.readAt, undefined, 'somebody else has read them');
    await call(at('/jwks'), { headers: software });
    await app.settled();
    const [known] = (await app.parts.keyReaders.list()).filter(({ clientId }) => clientId === site.id);
    t.true((known?.readAt ?? 0) >= (known?.usedAt ?? Infinity));
  },
);
