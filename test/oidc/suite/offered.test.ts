import test from 'ava';
import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { call, post } from '../../support/rp.ts';
import { ASSERTION, fapiSite, keysOf } from '../../support/suite/fapi.ts';
import { asked, browse, CALLBACK, pathOf, random, relyingParty, type Client } from '../../support/suite/rp.ts';
import { serveSuite } from '../../support/suite/serve.ts';

const app = await serveSuite();
const rp = relyingParty(app);
const { json: told } = await call(rp.at('/.well-known/openid-configuration'));
const named = (member: string): readonly string[] => told[`${member}_supported`] as string[];
const dpop = await keysOf('ES256');
test.after.always(() => app.close());
const landing = (client: Client, more = {}) => browse(app, app.visitor(), pathOf(asked(client, more)));

/** A code's ID token, what userinfo says with it, and a signed or encrypted answer of `authorize`. */
async function answersTo(client: Client) {
  const { json } = await rp.redeem(client, (await landing(client)).said.get('code'));
  const { text } = await rp.userinfo(json['access_token']);
  const { said } = await landing(client, { response_mode: 'jwt' });
  return [String(json['id_token']), text, said.get('response') ?? ''] as const;
}
const ANSWERS = ['id_token', 'userinfo', 'authorization'] as const;
const forAll = (what: string, value: string) =>
  Object.fromEntries(ANSWERS.map((answer) => [`${answer}_${what}`, value]));

test('R-35: each answer is signed by each algorithm that discovery names', async (t) => {
  for (const answer of ANSWERS)
    t.deepEqual(named(`${answer}_signing_alg_values`), named('id_token_signing_alg_values'));
  for (const alg of named('id_token_signing_alg_values')) {
    const answers = await answersTo(await rp.register(forAll('signed_response_alg', alg)));
    for (const answer of answers) t.is(decodeProtectedHeader(answer).alg, alg);
  }
});

test('R-35: each answer is encrypted in each way that discovery names', async (t) => {
  for (const alg of named('id_token_encryption_alg_values')) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const key: JWK = { ...(await exportJWK(publicKey)), use: 'enc', alg, kid: alg };
    for (const enc of named('id_token_encryption_enc_values')) {
      const client = await rp.register({
        ...{ ...forAll('encrypted_response_alg', alg), ...forAll('encrypted_response_enc', enc) },
        ...{ ...forAll('signed_response_alg', 'ES256'), jwks: { keys: [key] } },
      });
      for (const answer of await answersTo(client)) {
        const { plaintext, protectedHeader } = await compactDecrypt(answer, privateKey);
        t.deepEqual([protectedHeader.alg, protectedHeader.enc], [alg, enc]);
        t.is(decodeProtectedHeader(new TextDecoder().decode(plaintext)).alg, 'ES256');
      }
    }
  }
  for (const answer of ANSWERS)
    for (const what of ['alg', 'enc'])
      t.deepEqual(named(`${answer}_encryption_${what}_values`), named(`id_token_encryption_${what}_values`));
});

test('R-35, R-39: assertions, requests and proofs are taken with each algorithm that discovery names', async (t) => {
  for (const alg of named('token_endpoint_auth_signing_alg_values').filter((name) => name !== 'HS256')) {
    const keys = await keysOf(alg);
    const own = { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg };
    const { client_id: id } = await rp.register({ ...own, jwks: { keys: [keys.jwk] } });
    const who = fapiSite(app, { id, keys, dpop });
    t.is((await who.push()).status, 201, alg);
    if (!named('request_object_signing_alg_values').includes(alg)) t.fail(`no requests with ${alg}`);
    const request = await who.requestObject();
    t.is((await post(who.at('/request'), await who.proven({ request }))).status, 201, alg);
  }
  const shared = await rp.register({
    ...{ token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'HS256' },
  });
  const client_assertion = await new SignJWT({ jti: random() })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(shared.client_id)
    .setSubject(shared.client_id)
    .setAudience(rp.at(''))
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(String(shared['client_secret'])));
  const fields = { client_assertion, client_assertion_type: ASSERTION };
  t.is((await post(rp.at('/request'), { ...fields, ...asked(shared) })).status, 201);
  const client = await rp.register();
  for (const alg of [...named('dpop_signing_alg_values'), 'RS256']) {
    const proving = fapiSite(app, { id: client.client_id, keys: dpop, dpop: await keysOf(alg) });
    const proof = await proving.proof(rp.at('/token'));
    const { said } = await landing(client);
    const grant = { grant_type: 'authorization_code', code: said.get('code') ?? '', redirect_uri: CALLBACK };
    const { status, json } = await post(rp.at('/token'), grant, { ...rp.proof(client).headers, dpop: proof });
    if (alg === 'RS256') t.deepEqual([status, json['error']], [400, 'invalid_dpop_proof']);
    else t.deepEqual([status, json['token_type']], [200, 'DPoP'], alg);
  }
});

test('R-35: each mode, scope, grant and kind of subject that discovery names is there', async (t) => {
  const grant_types = named('grant_types');
  const client = await rp.register({
    grant_types,
    response_types: named('response_types'),
    backchannel_token_delivery_mode: 'poll',
    jwks: { keys: [dpop.jwk] },
  });
  for (const response_mode of named('response_modes')) {
    const { said } = await landing(client, { response_mode });
    t.true(said.has(response_mode.includes('jwt') ? 'response' : 'code'), response_mode);
    t.false(said.has('error'), response_mode);
  }
  // `implicit` needs no token endpoint.
  for (const grant_type of grant_types.filter((name) => name !== 'implicit')) {
    const { json } = await post(rp.at('/token'), { grant_type }, rp.proof(client).headers);
    t.notRegex(String(json['error']), /unsupported_grant_type|unauthorized_client/, grant_type);
  }
  const { said } = await landing(client, { scope: named('scopes').join(' '), prompt: 'consent' });
  const { json } = await rp.redeem(client, said.get('code'));
  t.deepEqual(String(json['scope']).split(' ').sort(), [...named('scopes')].sort());
  for (const subject_type of named('subject_types'))
    t.is((await rp.register({ subject_type }))['subject_type'], subject_type);
});

const NOT_OFFERED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      ...ANSWERS.map((answer) => `${answer}_signed_response_alg`),
      ...['request_object_signing_alg', 'token_endpoint_auth_signing_alg'],
    ].map((member) => [member, ['none', 'RS384', 'PS512', 'ES384', 'HS512']]),
  ),
  ...Object.fromEntries(
    ANSWERS.map((answer) => [
      `${answer}_encrypted_response_alg`,
      ['RSA-OAEP', 'RSA1_5', 'A128KW', 'dir', 'ECDH-ES+A256KW'],
    ]),
  ),
  token_endpoint_auth_method: ['attest_jwt_client_auth', 'password'],
  grant_types: ['password', 'client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
  response_types: ['token', 'device'],
  subject_type: ['ephemeral'],
  backchannel_token_delivery_mode: ['push'],
};

test('R-35, R-85: what discovery does not name nobody registers', async (t) => {
  t.deepEqual(
    [told['backchannel_user_code_parameter_supported'], told['request_object_encryption_alg_values_supported']],
    [false, undefined],
  );
  for (const [member, values] of Object.entries(NOT_OFFERED))
    for (const value of values) {
      const list = member.endsWith('types') ? [value] : value;
      const wish = { redirect_uris: [CALLBACK], jwks: { keys: [dpop.jwk] }, [member]: list };
      const { status, json } = await rp.sendJson('POST', rp.at('/register'), wish);
      t.deepEqual([status, json['error']], [400, 'invalid_client_metadata'], `${member} ${value}`);
    }
});
