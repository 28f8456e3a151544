import { request } from 'node:http';
import test from 'ava';
import { readConfig } from '#src/config.ts';
import { call, encoded } from '../../support/rp.ts';
import { certify, type Identity } from '../../support/suite/certificates.ts';
import { fapiSite, keysOf } from '../../support/suite/fapi.ts';
import { CALLBACK, withCertificate } from '../../support/suite/rp.ts';
import { CA, serveSuite } from '../../support/suite/serve.ts';
import { clientCert } from '../../support/suite/terminator.ts';

/** Behind a proxy that ends TLS and tells of certificates (RFC 9440). */
const keys = await keysOf('ES256');
const [byCa, stranger] = [certify({ name: 'sitio', by: CA }), certify({ name: 'sitio' })];
/** Issued by nobody that we know, in the name of somebody that we know. */
const forged = certify({ name: 'sitio', by: { name: CA.name, privateKey: stranger.privateKey } });
const usual = {
  ...{ redirect_uris: [CALLBACK], id_token_signed_response_alg: 'PS256', fapi_profile: '2.0' },
  ...{ tls_client_certificate_bound_access_tokens: true, require_pushed_authorization_requests: true },
};
const sites = [
  { client_id: 'atado', ...usual, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [keys.jwk] } },
  {
    ...{ client_id: 'sitio', ...usual, token_endpoint_auth_method: 'tls_client_auth' },
    tls_client_auth_subject_dn: 'CN=sitio',
  },
];
const app = await serveSuite(sites, { byProxy: true });
/** Without one: the process asks for certificates itself. */
const alone = await serveSuite(sites);
const there = app.config.mtls?.origin ?? '';
test.after.always(() => Promise.all([app.close(), alone.close()]));

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const site = fapiSite(app, { id: 'sitio', keys, dpop: keys });
const pushing = () => encoded({ client_id: 'sitio', ...site.usual() });

type Sent = {
  readonly cert?: string | string[];
  readonly chain?: string;
  readonly from?: string;
  readonly port?: number;
};
/** Past the proxy, as one of its neighbours may, or as the proxy itself does. */
const direct = ({ cert, chain, from = '127.0.0.1', port = app.config.mtls?.port ?? 0 }: Sent) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const host = port === app.config.port ? new URL(app.origin).host : new URL(there).host;
    const headers = {
      ...FORM,
      host,
      ...(cert !== undefined && { 'client-cert': cert }),
      ...(chain && { 'client-cert-chain': chain }),
    };
    const place = {
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/openid/request',
      localAddress: from,
      agent: false,
    };
    const asked = request({ ...place, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject).end(pushing());
  });

for (const id of ['sitio', 'atado'])
  test(`RFC 9440: through the proxy «${id}» pushes, redeems, and is the only one to use what it was given`, async (t) => {
    const own = fapiSite(app, { id, keys, dpop: keys });
    const send = async (path: string, fields: Record<string, string | undefined>, shown: Identity | undefined = byCa) =>
      withCertificate(`${there}/openid${path}`, shown, {
        ...{ method: 'POST', headers: FORM },
        body: encoded(id === 'atado' ? await own.proven(fields) : { client_id: id, ...fields }),
      });
    const codeOf = async () =>
      (await own.authorize((await send('/request', own.usual())).json['request_uri'])).said.get('code') ?? '';
    const grant = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code_verifier: own.verifier };
    const { status, json } = await send('/token', { ...grant, code: await codeOf() });
    t.deepEqual([status, json['token_type']], [200, 'Bearer'], JSON.stringify(json));
    const headers = { authorization: `Bearer ${String(json['access_token'])}` };
    for (const path of ['/emulador/recurso', '/openid/userinfo']) {
      t.is((await withCertificate(`${there}${path}`, byCa, { headers })).status, 200, path);
      for (const shown of [stranger, undefined]) {
        // What a caller writes in the header itself does not get past the proxy.
        const lied = { ...headers, 'client-cert': clientCert(byCa.der) };
        t.is((await withCertificate(`${there}${path}`, shown, { headers: lied })).status, 401, path);
      }
      t.is((await call(`${app.origin}${path}`, { headers })).status, 401, path);
    }
  });

test('RFC 8705: a name is worth something when an authority that we know has given it', async (t) => {
  const pushed = (cert: Identity) => direct({ cert: clientCert(cert.der) });
  t.is((await pushed(byCa)).status, 201);
  for (const [what, cert] of Object.entries({ stranger, forged, other: certify({ name: 'otro', by: CA }) })) {
    const { status, text } = await pushed(cert);
    t.deepEqual([status, text.includes('"invalid_client"')], [401, true], what);
  }
  // Nor does a chain make up for it.
  t.is((await direct({ cert: clientCert(forged.der), chain: clientCert(CA.der) })).status, 401);
});

test('RFC 9440: nobody but our proxies may come to the port of certificates', async (t) => {
  const cert = clientCert(byCa.der);
  t.is((await direct({ cert, from: '127.0.0.1' })).status, 201);
  for (const from of ['127.0.0.2', '127.0.0.3']) t.is((await direct({ cert, from })).status, 403);
  t.is((await direct({ from: '127.0.0.2' })).status, 403);
});

test('RFC 9440: at every other port the header is nothing, even from a proxy', async (t) => {
  const { status, text } = await direct({ cert: clientCert(byCa.der), port: app.config.port });
  t.deepEqual([status, text.includes('"invalid_client"')], [401, true]);
});

test('RFC 9440: where the process ends TLS itself, the header is nothing at either port', async (t) => {
  const headers = { ...FORM, 'client-cert': clientCert(byCa.der) };
  const port = alone.config.mtls?.origin ?? '';
  const good = await withCertificate(`${port}/openid/request`, byCa, {
    method: 'POST',
    headers: FORM,
    body: pushing(),
  });
  t.is(good.status, 201);
  for (const origin of [port, alone.origin])
    for (const shown of [undefined, stranger]) {
      const sent = { method: 'POST', headers, body: pushing() };
      t.is((await withCertificate(`${origin}/openid/request`, shown, sent)).status, 401);
    }
});

test('RFC 9440: one byte sequence, one certificate in DER, and nothing else', async (t) => {
  const base64 = byCa.der.toString('base64');
  const wrong = {
    'no colons': base64,
    'no second colon': `:${base64}`,
    base64url: `:${byCa.der.toString('base64url').replaceAll('=', '')}:`,
    'a text': `"${base64}"`,
    'a parameter': `:${base64}:;v=1`,
    'white space inside': `:${base64.slice(0, 8)} ${base64.slice(8)}:`,
    'two in one line': `:${base64}:, :${base64}:`,
    'too much padding': `:${base64}==:`,
    empty: '::',
    nothing: '',
    'a byte after the certificate': clientCert(Buffer.concat([byCa.der, Buffer.from([0])])),
    'a byte less': clientCert(byCa.der.subarray(0, -1)),
    PEM: clientCert(Buffer.from(byCa.cert)),
    'percent-encoded PEM': encodeURIComponent(byCa.cert),
    'odd bytes': clientCert(Buffer.from([0, 255, 1, 254])),
    'bits that base64 does not have': ':AB==:',
  };
  for (const [what, cert] of Object.entries(wrong)) t.is((await direct({ cert })).status, 400, what);
  const good = clientCert(byCa.der);
  for (const cert of [
    [good, good],
    [good, clientCert(stranger.der)],
    ['', good],
  ])
    t.is((await direct({ cert })).status, 400);
});

test('RFC 9440: the chain is not read, whatever stands in it', async (t) => {
  for (const chain of ['rubbish', clientCert(stranger.der), ':::'])
    t.is((await direct({ cert: clientCert(byCa.der), chain })).status, 201);
  t.is((await direct({ chain: clientCert(byCa.der) })).status, 401);
});

test('the header is believed when it is asked for, behind proxies that are named, and TLS ends in one place', (t) => {
  const good = {
    PUBLIC_ORIGIN: 'https://a.example',
    MTLS_PORT: '8443',
    TRUSTED_PROXIES: '10.0.0.1',
    CLIENT_CERT_HEADER: '1',
  };
  t.deepEqual(readConfig(good).mtls, { port: 8443, origin: 'https://a.example:8443', byProxy: true });
  t.is(readConfig({ ...good, MTLS_ORIGIN: 'https://mtls.a.example' }).mtls?.origin, 'https://mtls.a.example');
  const refused = (env: object, message: RegExp) => t.throws(() => readConfig({ ...good, ...env }), { message });
  refused({ MTLS_PORT: '' }, /CLIENT_CERT_HEADER: needs MTLS_PORT/);
  refused({ TRUSTED_PROXIES: '' }, /CLIENT_CERT_HEADER: needs TRUSTED_PROXIES/);
  refused({ TLS_CERT: 'c', TLS_KEY: 'k' }, /CLIENT_CERT_HEADER: does not go with TLS_CERT/);
  refused({ PUBLIC_ORIGIN: 'http://a.example' }, /PUBLIC_ORIGIN: must be https with CLIENT_CERT_HEADER=1/);
  refused({ CLIENT_CERT_HEADER: '0' }, /MTLS_PORT: needs TLS_CERT, or CLIENT_CERT_HEADER=1/);
  refused({ CLIENT_CERT_HEADER: 'yes' }, /CLIENT_CERT_HEADER/);
  refused({ MTLS_ORIGIN: 'http://b.example' }, /MTLS_ORIGIN: must be https/);
  refused({ MTLS_ORIGIN: 'https://a.example' }, /MTLS_ORIGIN: must be another address/);
});
