import { createHash } from 'node:crypto';
import test from 'ava';
import { call, encoded } from '../../support/rp.ts';
import { certify, type Identity } from '../../support/suite/certificates.ts';
import { fapiSite, keysOf, now } from '../../support/suite/fapi.ts';
import { CALLBACK, random, withCertificate } from '../../support/suite/rp.ts';
import { CA, serveSuite } from '../../support/suite/serve.ts';

const [keys, dpop, other, weak] = [await keysOf(), await keysOf(), await keysOf(), await keysOf('RS256')];
const client = { redirect_uris: [CALLBACK], fapi_profile: '2.0', id_token_signed_response_alg: 'PS256' };
const byName = {
  ...client,
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_certificate_bound_access_tokens: true,
};
const app = await serveSuite([
  {
    ...{ client_id: 'uno', ...client, token_endpoint_auth_method: 'private_key_jwt' },
    ...{ jwks: { keys: [keys.jwk] }, dpop_bound_access_tokens: true },
  },
  { client_id: 'sitio', ...byName, tls_client_auth_subject_dn: 'CN=sitio' },
  { client_id: 'nombre', ...byName, tls_client_auth_san_dns: 'rp.example' },
]);
test.after.always(() => app.close());
const one = fapiSite(app, { id: 'uno', keys, dpop });

test('R-38, RFC 9449 §7: a resource takes a proof of this call, this token, this key and this moment, and once', async (t) => {
  const url = `${app.origin}/emulador/recurso`;
  const { json } = await one.redeem(await one.codeOf());
  const token = String(json['access_token']);
  const ath = createHash('sha256').update(token).digest('base64url');
  const show = (proof: string, scheme = 'DPoP') =>
    call(url, { headers: { authorization: `${scheme} ${token}`, ...(proof !== '' && { dpop: proof }) } });
  const proof = (claims = {}, more = {}) => one.proof(url, { ath, ...claims }, { htm: 'GET', ...more });
  const good = await proof();
  t.is((await show(good)).status, 200);
  const wrong: Readonly<Record<string, Promise<string>>> = {
    'the same again': Promise.resolve(good),
    none: Promise.resolve(''),
    'another method': proof({}, { htm: 'POST' }),
    'another address': one.proof(`${url}/x`, { ath }, { htm: 'GET' }),
    'another token': proof({ ath: createHash('sha256').update('x').digest('base64url') }),
    'no token': proof({ ath: undefined }),
    'another key': proof({}, { by: other }),
    'a weak key': proof({}, { by: weak }),
    'another kind of JWT': proof({}, { header: { typ: 'JWT' } }),
    'an old one': proof({ iat: now() - 600 }),
    'one of the future': proof({ iat: now() + 600 }),
    'no id': proof({ jti: undefined }),
    'the key of another inside': proof({}, { header: { jwk: other.jwk } }),
  };
  for (const [what, made] of Object.entries(wrong)) t.is((await show(await made)).status, 401, what);
  t.is((await show(await proof(), 'Bearer')).status, 401);
  t.is((await show('', 'Bearer')).status, 401);
  const userinfo = async (claims: object) =>
    call(one.at('/userinfo'), {
      headers: {
        authorization: `DPoP ${token}`,
        dpop: await one.proof(one.at('/userinfo'), { ...claims }, { htm: 'GET' }),
      },
    });
  t.is((await userinfo({ ath })).status, 200);
  for (const other of [undefined, createHash('sha256').update('x').digest('base64url')])
    t.true((await userinfo({ ath: other })).status >= 400);
  const again = await proof();
  const statuses = (await Promise.all(Array.from({ length: 10 }, () => show(again)))).map(({ status }) => status);
  t.is(statuses.filter((status) => status === 200).length, 1, statuses.join());
});

test('R-39, RFC 8705 §2.1: a certificate of the authority is good for the site it names, and for no other', async (t) => {
  const push = async (id: string, shown: Identity | undefined) => {
    const body = encoded({ client_id: id, ...fapiSite(app, { id, keys, dpop }).usual({ state: random() }) });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return withCertificate(`${app.config.mtls?.origin}/openid/request`, shown, { method: 'POST', body, headers });
  };
  const by = (name: string, hosts: readonly string[] = []) => certify({ name, hosts, by: CA });
  t.is((await push('sitio', by('sitio'))).status, 201);
  t.is((await push('nombre', by('x', ['rp.example']))).status, 201);
  for (const [id, shown] of [
    ...([
      ['sitio', by('otro')],
      ['sitio', by('sitio.evil')],
      ['sitio', by('x', ['sitio'])],
    ] as const),
    ...([
      ['nombre', by('rp.example')],
      ['nombre', by('x', ['otro.example'])],
      ['nombre', by('x', ['x.rp.example'])],
    ] as const),
    ...([
      ['sitio', certify({ name: 'sitio' })],
      ['nombre', certify({ name: 'x', hosts: ['rp.example'] })],
    ] as const),
    ...([
      ['sitio', undefined],
      ['nombre', undefined],
    ] as const),
  ]) {
    const { status, json } = await push(id, shown);
    t.deepEqual([status, json['error']], [401, 'invalid_client'], id);
  }
});
