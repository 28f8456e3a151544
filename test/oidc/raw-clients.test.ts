import { connect } from 'node:net';
import test from 'ava';
import { serve } from '../support/serve.ts';

const app = await serve({ redis: true, crowded: true });
test.after.always(() => app.close());

const CALLBACK = 'http://localhost:9000/cb';
const FORM = 'application/x-www-form-urlencoded';
const basic = (id: string, secret: string) => `Basic ${btoa(`${id}:${secret}`)}`;

/** The bytes as they stand, and the answer's. */
const wire = (lines: readonly string[], body: string) =>
  new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    const socket = connect(app.config.port, '127.0.0.1', () => {
      const bytes = Buffer.from(body, 'latin1');
      const length = lines.some((line) => /^(content-length|transfer-encoding):/i.test(line))
        ? []
        : [`Content-Length: ${bytes.length}`];
      socket.write([...lines, ...length, 'Connection: close', '', ''].join('\r\n'));
      socket.write(bytes);
    });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
      const raw = rest.join('\r\n\r\n');
      const chunked = /transfer-encoding: chunked/i.test(head);
      resolve({
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
        type: /content-type: ([^\r\n]*)/i.exec(head)?.[1] ?? '',
        body: chunked ? raw.replace(/^[0-9a-f]+\r\n|\r\n[0-9a-f]+\r\n/gim, '').replace(/\r\n0?\r\n?$/, '') : raw,
      });
    });
  });

const signIn = async () => {
  const user = app.visitor();
  const query = new URLSearchParams({
    client_id: 'demo-registro',
    response_type: 'code',
    scope: 'openid run name email',
    redirect_uri: CALLBACK,
    state: 'abc',
  });
  const { location } = await user.get(`/openid/authorize/?${query.toString()}`);
  const { location: resume } = await user.submit(location, { run: '44.444.444-4', password: 'testing' });
  return new URL((await user.get(resume)).location).searchParams.get('code') ?? '';
};

type Client = { readonly path?: string; readonly headers: readonly string[]; readonly body: (code: string) => string };
const ID = 'client_id=demo-registro&client_secret=demo-registro-secret';
const URI = encodeURIComponent(CALLBACK);
const all = (code: string) => `${ID}&redirect_uri=${URI}&grant_type=authorization_code&code=${code}&state=abc`;
const AUTH = `Authorization: ${basic('demo-registro', 'demo-registro-secret')}`;

/** How the software of state websites asks for tokens: the header lines and bodies that each library sends. */
const TOKEN: Record<string, Client> = {
  'curl -d': { headers: ['User-Agent: curl/7.88.1', 'Accept: */*', `Content-Type: ${FORM}`], body: all },
  'curl, secret in the header': {
    headers: ['User-Agent: curl/7.88.1', 'Accept: */*', AUTH, `Content-Type: ${FORM}`],
    body: (code) => `grant_type=authorization_code&code=${code}&redirect_uri=${URI}`,
  },
  'PHP curl, http_build_query': {
    path: '/openid/token/',
    headers: ['Accept: */*', `Content-Type: ${FORM}`],
    body: all,
  },
  'PHP file_get_contents': { headers: ['User-Agent: PHP', `Content-type: ${FORM}`], body: (code) => `${all(code)}&=` },
  'Laravel Socialite (Guzzle)': {
    headers: ['User-Agent: GuzzleHttp/7', 'Accept: application/json', `Content-Type: ${FORM}`],
    body: all,
  },
  'WordPress wp_remote_post': {
    headers: [
      'User-Agent: WordPress/6.4',
      'Accept: */*',
      'Accept-Encoding: deflate, gzip',
      `Content-Type: ${FORM}; charset=UTF-8`,
    ],
    body: all,
  },
  'Django requests': {
    path: '/openid/token/',
    headers: [
      'User-Agent: python-requests/2.31',
      'Accept-Encoding: gzip, deflate',
      'Accept: */*',
      `Content-Type: ${FORM}`,
    ],
    body: all,
  },
  'Authlib (httpx)': {
    headers: ['Accept: application/json', 'User-Agent: Authlib/1.3', `Content-Type: ${FORM};charset=UTF-8`],
    body: all,
  },
  axios: {
    headers: [
      'Accept: application/json, text/plain, */*',
      `Content-Type: ${FORM};charset=utf-8`,
      'User-Agent: axios/1.6.2',
    ],
    body: all,
  },
  'node request, form': { headers: ['accept: application/json', `content-type: ${FORM}`], body: all },
  'passport-oauth2': { headers: [`Content-Type: ${FORM}`, 'User-Agent: Node-oauth'], body: all },
  'Spring Security': {
    headers: [
      'Accept: application/json;charset=UTF-8',
      `Content-Type: ${FORM};charset=UTF-8`,
      AUTH,
      'User-Agent: Java/17',
    ],
    body: (code) => `grant_type=authorization_code&code=${code}&redirect_uri=${URI}`,
  },
  'Java HttpURLConnection': {
    headers: [
      'User-Agent: Java/1.8.0_202',
      'Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
      `Content-type: ${FORM}`,
    ],
    body: all,
  },
  'Java 11 HttpClient': { headers: ['User-Agent: Java-http-client/11', `Content-Type: ${FORM}`], body: all },
  'Apache HttpClient, Latin-1': {
    headers: ['User-Agent: Apache-HttpClient/4.5', `Content-Type: ${FORM}; charset=ISO-8859-1`],
    body: (code) => `${all(code)}&tramite=a%F1o`,
  },
  OkHttp: { headers: ['User-Agent: okhttp/4.12', `Content-Type: ${FORM}`], body: all },
  '.NET HttpClient': { headers: [`Content-Type: ${FORM}; charset=utf-8`], body: all },
  '.NET WebClient, redirect encoded twice': {
    headers: [`Content-Type: ${FORM}`],
    body: (code) => all(code).replace(URI, encodeURIComponent(URI)),
  },
  RestSharp: {
    headers: [
      'Accept: application/json, text/json, text/x-json, text/javascript, application/xml, text/xml',
      'User-Agent: RestSharp/110',
      `Content-Type: ${FORM}`,
    ],
    body: all,
  },
  'Ruby Faraday': { headers: ['User-Agent: Faraday v2.7', `Content-Type: ${FORM}`, 'Accept: */*'], body: all },
  'Go oauth2': {
    headers: ['User-Agent: Go-http-client/1.1', `Content-Type: ${FORM}`, AUTH],
    body: (code) => `code=${code}&grant_type=authorization_code&redirect_uri=${URI}`,
  },
};
/** How the same software asks who it was. */
const USERINFO: Record<
  string,
  { readonly method: string; readonly headers: readonly string[]; readonly body: string }
> = {
  GET: { method: 'GET', headers: [], body: '' },
  'POST without body or type': { method: 'POST', headers: [], body: '' },
  'PHP curl, empty form': { method: 'POST', headers: [`Content-Type: ${FORM}`], body: '' },
  'Laravel (Guzzle), empty JSON array': {
    method: 'POST',
    headers: ['Content-Type: application/json', 'Accept: application/json'],
    body: '[]',
  },
  'axios, empty JSON object': {
    method: 'POST',
    headers: ['Content-Type: application/json', 'Accept: application/json, text/plain, */*'],
    body: '{}',
  },
  '.NET StringContent': { method: 'POST', headers: ['Content-Type: text/plain; charset=utf-8'], body: '' },
  'a form of its own': {
    method: 'POST',
    headers: [`Content-Type: ${FORM}`],
    body: 'state=abc&client_id=demo-registro',
  },
  'broken JSON': { method: 'POST', headers: ['Content-Type: application/json'], body: '{"a":' },
};
const host = `Host: ${new URL(app.origin).host}`;
const PERSON = {
  sub: '44444444',
  RolUnico: { numero: 44444444, DV: '4', tipo: 'RUN' },
  name: { nombres: ['Claudia'], apellidos: ['Vergara', 'Núñez'] },
  email: 'claudia.vergara@correo.example',
};

for (const [name, { path = '/openid/token', headers, body }] of Object.entries(TOKEN)) {
  test.serial(`${name} gets the four fields, and no other`, async (t) => {
    const answer = await wire([`POST ${path} HTTP/1.1`, host, ...headers], body(await signIn()));
    t.is(answer.status, 200, answer.body);
    t.regex(answer.type, /^application\/json/);
    const token = JSON.parse(answer.body) as Record<string, unknown>;
    t.deepEqual(Object.keys(token), ['access_token', 'token_type', 'expires_in', 'id_token']);
    t.deepEqual([token['token_type'], token['expires_in']], ['bearer', 3600]);
    t.regex(String(token['access_token']), /^[\w-]{32,64}$/);
  });
}

test.serial('whoever asks, however, learns the same', async (t) => {
  const { body } = await wire([`POST /openid/token HTTP/1.1`, host, `Content-Type: ${FORM}`], all(await signIn()));
  const { access_token: token } = JSON.parse(body) as { access_token: string };
  for (const [name, request] of Object.entries(USERINFO))
    for (const path of ['/openid/userinfo', '/openid/userinfo/', '/openid/userinfo?state=abc'])
      for (const scheme of ['Bearer', 'bearer']) {
        const lines = [
          `${request.method} ${path} HTTP/1.1`,
          host,
          `Authorization: ${scheme} ${token}`,
          ...request.headers,
        ];
        const answer = await wire(lines, request.body);
        t.is(answer.status, 200, `${name} ${path} ${scheme}: ${answer.body}`);
        t.deepEqual(JSON.parse(answer.body), PERSON, name);
      }
});
