import { request as httpRequest } from 'node:http';
import test from 'ava';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JWK } from 'jose';
import * as oidc from 'openid-client';
import { faultsOf } from '../../src/connect/faults.ts';
import { SITE_FAULTS, type SiteFault } from '../../src/domain/emulator-fault.ts';
import { AUTHORIZATION_CODE } from '../../src/domain/lifetimes.ts';
import { parseRun } from '../../src/domain/run.ts';
import type { SigningAlg } from '../../src/domain/signing-key.ts';
import { createClient } from '../../src/flows/create-client.ts';
import { house } from '../support/account.ts';
import {
  call,
  CALLBACK,
  CHALLENGE,
  claimsOf,
  encoded,
  MARIA,
  MUNICIPIO,
  provider,
  register,
  REGISTRO,
  VERIFIER,
  type Answer,
  type Site,
} from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ crowded: true });
const { at, codeFor, library, redeem, signIn, silently, tokensFor, userinfo } = provider(app.origin);
const maria = app.visitor();
await signIn(maria, MUNICIPIO, MARIA);
const SITES: { readonly site: Site; readonly alg: SigningAlg }[] = [
  { site: MUNICIPIO, alg: 'RS256' },
  { site: REGISTRO, alg: 'RS256' },
];
for (const alg of ['ES256', 'EdDSA', 'PS256'] as const)
  SITES.push({ site: await register(app.parts, { profile: 'oidc', idTokenAlg: alg }), alg });

const json = { 'content-type': 'application/json' };
const be = (sitios: SiteFault) => app.visitor().post('/emulador/fallas', JSON.stringify({ sitios }), json);
test.beforeEach(() => be('none'));

const published = async () => createLocalJWKSet({ keys: (await call(at('/jwks'))).json['keys'] as JWK[] });

/** As it is kept in a part of a test's own. */
const always = (fault: SiteFault) => ({
  siteFault: { now: async () => ({ fault, since: 0 }), set: async () => undefined },
});

/** All that a site could tell two answers apart by. */
const wholeOf = ({ status, text, headers }: Answer) => ({
  ...{ status, text },
  headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'),
});

for (const site of [MUNICIPIO, REGISTRO])
  test.serial(`a code on demand has expired for ${site.id}, byte for byte as one that really has (R-37)`, async (t) => {
    const late = await codeFor(maria, site);
    await app.parts.advance?.(AUTHORIZATION_CODE);
    const refused = await redeem(site, late);
    t.like(refused, { status: 400, json: { error: 'invalid_grant' } });

    t.is((await be('expired-code')).status, 303);
    const code = await codeFor(maria, site);
    t.deepEqual(wholeOf(await redeem(site, code)), wholeOf(refused));
    t.deepEqual(wholeOf(await redeem(site, code)), wholeOf(refused), 'again');

    await be('none');
    t.deepEqual(wholeOf(await redeem(site, code)), wholeOf(refused), 'what has expired stays so');
    t.is((await redeem(site, await codeFor(maria, site))).status, 200);
  });

test.serial(
  'whoever redeems a code twice loses its tokens all the same while codes expire on demand (R-37)',
  async (t) => {
    const code = await codeFor(maria, MUNICIPIO);
    const { json: given } = await redeem(MUNICIPIO, code);
    await be('expired-code');
    t.is((await redeem(MUNICIPIO, code)).status, 400);
    t.is((await userinfo(String(given['access_token']))).status, 401);
  },
);

for (const { site, alg } of SITES)
  test.serial(
    `an ID token for somebody else is well signed (${alg}), and a library refuses it: ${site.id}`,
    async (t) => {
      const user = app.visitor();
      const before = await signIn(user, site, MARIA);
      const right = await redeem(site, String(before.get('code')));
      await be('wrong-audience');
      const wrong = await tokensFor(user, site);

      const read = await jwtVerify(wrong.id, await published(), { issuer: at(''), audience: 'otro-cliente' });
      t.is(read.protectedHeader.alg, alg);
      const steady = ({ iat: _iat, exp: _exp, at_hash: _hash, ...rest }: Readonly<Record<string, unknown>>) => rest;
      t.deepEqual(steady({ ...read.payload, aud: site.id }), steady(claimsOf(right.json['id_token'])));
      t.deepEqual(Object.keys(wrong.answer), Object.keys(right.json));
      t.is((await userinfo(wrong.access)).status, 200);

      const rp = await library(site);
      const answer = await silently(user, site);
      const checks = { expectedState: 'un-estado', idTokenExpected: true };
      const asked = oidc.authorizationCodeGrant(rp, new URL(`${CALLBACK}?${answer.toString()}`), {
        ...checks,
        ...(site.pkce && { pkceCodeVerifier: VERIFIER }),
      });
      const error = await t.throwsAsync(asked, { code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' });
      t.like((error.cause as Error).cause, { claim: 'aud', expected: site.id });

      await be('none');
      t.is(claimsOf((await tokensFor(user, site)).id)['aud'], site.id);
    },
  );

test.serial('with a new key it is signed by that key, as all others', async (t) => {
  await be('wrong-audience');
  const old = decodeProtectedHeader((await tokensFor(maria, MUNICIPIO)).id).kid;
  t.is((await app.visitor().post('/emulador/rotar-claves', {})).status, 200);
  const { id } = await tokensFor(maria, MUNICIPIO);
  const read = await jwtVerify(id, await published(), { issuer: at('') });
  t.is(read.payload.aud, 'otro-cliente');
  t.not(read.protectedHeader.kid, old);
});

test('our own pages are spared, so that one can go on working there', async (t) => {
  for (const fault of SITE_FAULTS) {
    const { app: home, enter } = await house({ replace: () => always(fault) });
    t.is((await enter(home.visitor(), MARIA)).status, 200, fault);
    await home.close();
  }
});

/** Redeems a code that was made without a browser: production has its name and its https from a proxy. */
async function redeemedAt(house: Awaited<ReturnType<typeof serveMemory>>): Promise<Answer['json']> {
  const { op, parts, config } = house;
  const made = await createClient(
    parts,
    { name: 'S', profile: 'oidc', state: 'certified', redirectUris: ['https://rp.example/cb'] },
    false,
  );
  if (made.kind === 'refused') throw new Error(made.faults.join('; '));
  const { client, secret } = made;
  const library = op.provider();
  const accountId = (await parts.accounts.forLogin(parseRun(MARIA.run)!))!.account.id;
  const grant = new library.Grant({ accountId, clientId: client.id });
  grant.addOIDCScope('openid');
  const code = new library.AuthorizationCode({
    ...{
      accountId,
      gty: 'authorization_code',
      grantId: await grant.save(),
      scope: 'openid',
      redirectUri: 'https://rp.example/cb',
    },
    ...{ codeChallenge: CHALLENGE, codeChallengeMethod: 'S256' },
    client: (await library.Client.find(client.id))!,
  });
  const form = { grant_type: 'authorization_code', code: await code.save(), redirect_uri: code.redirectUri };
  const basic = Buffer.from(`${client.id}:${secret}`).toString('base64');
  const headers = {
    host: new URL(config.origin).host,
    authorization: `Basic ${basic}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const url = `http://127.0.0.1:${config.port}/openid/token`;
  const text = await new Promise<string>((resolve, reject) => {
    const asking = httpRequest(url, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve(text));
    });
    asking.on('error', reject).end(encoded({ ...form, code_verifier: VERIFIER }));
  });
  return { ...(JSON.parse(text) as Answer['json']), client: client.id };
}
const PRODUCTION = {
  ...{ MODE: 'production', DATABASE_URL: 'postgres://localhost/none', SMTP_URL: 'smtp://localhost:25' },
  ...{ PUBLIC_ORIGIN: 'https://claveunica.example', MASTER_KEYS: `k:${'k'.repeat(43)}`, MAIL_FROM: 'no@example.cl' },
};

test('production has neither the page nor what it switches, even where a part says so (R-82)', async (t) => {
  for (const fault of ['expired-code', 'wrong-audience'] as const) {
    const replace = () => always(fault);
    const houses = [await serveMemory({ replace }), await serveMemory({ replace, env: PRODUCTION })] as const;
    const [emulator, real] = await Promise.all(houses.map(redeemedAt));
    // What is asked is the same, and in the emulator it has its effect.
    if (fault === 'expired-code') t.is(emulator!['error'], 'invalid_grant');
    else t.is(claimsOf(emulator!['id_token'])['aud'], 'otro-cliente');
    t.is(claimsOf(real!['id_token'])['aud'], real!['client']);

    const { config } = houses[1];
    const asked = (method: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const url = `http://127.0.0.1:${config.port}/emulador/fallas`;
        const asking = httpRequest(url, { method, headers: { host: 'claveunica.example' } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asking.on('error', reject).end();
      });
    t.is(await asked('GET'), 404);
    t.is(await asked('POST'), 404);
    const unread = { ...app.parts.settings, read: () => Promise.reject(new Error('read')) };
    t.deepEqual(faultsOf(config, unread), { registryFault: undefined, siteFault: undefined, mailFault: undefined });
    await Promise.all(houses.map((each) => each.close()));
  }
});

test.after.always(() => app.close());
