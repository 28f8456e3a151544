import { request } from 'node:http';
import test from 'ava';
import { charsetOf, parseForm } from '../../src/web/kit/body.ts';
import { sourceAddress } from '../../src/web/kit/address.ts';
import { deviceNameOf } from '../../src/web/kit/device.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ env: { HOST_ALIASES: 'www.op.example', TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' } });
test.after.always(() => app.close());

type Raw = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};
/** As it stands: fetch would mend the Host. */
const raw = ({ method = 'GET', path, headers = {}, body = '' }: Raw) =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: app.config.port, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    call.on('error', reject).end(body);
  });
const DISCOVERY = '/openid/.well-known/openid-configuration';

test('R-18, R-41: no header changes where our addresses point', async (t) => {
  const honest = (await raw({ path: DISCOVERY, headers: { host: new URL(app.origin).host } })).text;
  t.true(honest.includes(`"issuer":"${app.origin}/openid"`));
  for (const headers of [
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example;proto=https' },
    { host: 'www.op.example' },
  ])
    t.is((await raw({ path: DISCOVERY, headers: { host: new URL(app.origin).host, ...headers } })).text, honest);
  for (const host of [
    'evil.example',
    'evil:x@localhost',
    `${new URL(app.origin).host}.evil.example`,
    'www.op.example.evil',
  ]) {
    const { status, text } = await raw({ path: DISCOVERY, headers: { host } });
    t.is(status, 421, host);
    t.false(text.includes('issuer'));
  }
});

test('an alias answers servers in place, and sends people on', async (t) => {
  const host = 'www.op.example';
  t.is((await raw({ path: '/openid/jwks', headers: { host } })).status, 200);
  const page = await raw({ path: '/openid/authorize?a=b&c=%20d', headers: { host } });
  t.is(page.status, 307);
  t.is(page.headers['location'], `${app.origin}/openid/authorize?a=b&c=%20d`);
  const post = await raw({
    method: 'POST',
    path: '/openid/token',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=x',
  });
  t.is(post.status, 401);
});

test('R-24: only a proxy of ours is believed, and only its last word', (t) => {
  const of = sourceAddress(['10.0.0.0/8', '2001:db8::1']);
  t.is(of('203.0.113.9', '198.51.100.1'), '203.0.113.9');
  t.is(of('10.1.1.1', '198.51.100.1, 203.0.113.7'), '203.0.113.7');
  t.is(of('10.1.1.1', '198.51.100.1, 10.2.2.2'), '198.51.100.1');
  t.is(of('::ffff:10.1.1.1', '203.0.113.7'), '203.0.113.7');
  t.is(of('2001:db8::1', '2001:db8:5::1'), '2001:db8:5::1');
  for (const forged of ['a', '', 'unknown', '::ffff:1.2.3.4%eth0', '1.2.3.4:80', 'x'.repeat(8192), ','])
    t.is(of('10.1.1.1', forged), '10.1.1.1', forged.slice(0, 20));
  t.is(of(undefined, '1.2.3.4'), '');
});

test('R-24: forged headers give a plain refusal', async (t) => {
  const host = new URL(app.origin).host;
  for (const forged of ['a', '::ffff:1.2.3.4%eth0', 'unknown', 'x'.repeat(8000)]) {
    const { status, text } = await raw({ path: '/ingresar/nobody', headers: { host, 'x-forwarded-for': forged } });
    t.is(status, 410);
    t.true(text.includes('Ir al inicio'));
  }
});

test('R-87: every answer has its headers; pages are not kept', async (t) => {
  const visitor = app.visitor();
  const { location } = await visitor.get(authorizeUrl(app.origin));
  for (const path of [
    '/',
    '/ayuda',
    location,
    '/nothing',
    '/openid/nothing',
    DISCOVERY,
    '/emulador',
    `${authorizeUrl(app.origin)}&client_id=x`,
  ]) {
    const { headers, status } = await visitor.get(path);
    t.is(headers.get('x-content-type-options'), 'nosniff', path);
    t.is(headers.get('cross-origin-opener-policy'), 'same-origin', path);
    t.is(headers.get('referrer-policy'), 'same-origin', path);
    t.regex(headers.get('permissions-policy') ?? '', /camera=\(\)/, path);
    t.is(headers.get('x-powered-by'), null, path);
    t.truthy(headers.get('x-request-id'), path);
    if (headers.get('content-type')?.startsWith('text/html'))
      t.is(headers.get('cache-control'), 'no-store', `${path} ${status}`);
  }
});

test('R-86: a strict policy with a nonce of its own for each page, on faults too', async (t) => {
  const visitor = app.visitor();
  const nonces = new Set<string>();
  for (const path of ['/', '/', '/nothing', authorizeUrl(app.origin, { client_id: 'nobody' })]) {
    const { headers, text } = await visitor.get(path, { accept: 'text/html' });
    const policy = headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1] ?? '';
    nonces.add(nonce);
    t.true(text.includes(`nonce="${nonce}"`), path);
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      t.true(policy.includes(part));
    t.notRegex(policy, /unsafe|form-action/);
  }
  t.is(nonces.size, 4);
});

test('files travel packed as the browser likes it, and are kept; pages, which hold secrets, are not packed', async (t) => {
  const home = await fetch(app.origin, { headers: { 'accept-encoding': 'br, gzip' } });
  t.is(home.headers.get('content-encoding'), null);
  const [path = ''] = /\/activos\/[^"]+\.css/.exec(await home.text()) ?? [];
  const ask = async (wish: string) => {
    const { headers, ...answer } = await raw({
      path,
      headers: { host: new URL(app.origin).host, 'accept-encoding': wish },
    });
    t.is(answer.status, 200);
    t.deepEqual(
      [headers['vary'], headers['cache-control']],
      ['accept-encoding', 'public, max-age=31536000, immutable'],
    );
    return { how: headers['content-encoding'], length: Number(headers['content-length']) };
  };
  const plain = await ask('identity');
  t.is(plain.how, undefined);
  for (const [wish, how] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
  ] as const) {
    const packed = await ask(wish);
    t.is(packed.how, how);
    t.true(packed.length < plain.length / 2, `${String(packed.length)} of ${String(plain.length)}`);
    const opened = await fetch(new URL(path, app.origin), { headers: { 'accept-encoding': how } });
    t.is((await opened.arrayBuffer()).byteLength, plain.length);
  }
});

test('R-90: another method is 405, an unknown page 404, each with a way on and nothing of the inside', async (t) => {
  const visitor = app.visitor();
  for (const [path, status] of [
    ['/ingresar/x/autorizar', 405],
    ['/nothing', 404],
    ['/activos/none/app.css', 404],
  ] as const) {
    const answer = await visitor.get(path, { accept: 'text/html' });
    t.is(answer.status, status, path);
    t.regex(answer.text, /class="boton boton-principal"/);
    t.notRegex(answer.text, /node_modules|at .*\.ts|Error:/);
  }
  const { host } = new URL(app.origin);
  for (const [method, path] of [
    ['PUT', '/'],
    ['PUT', '/RECUPERAR/'],
    ['PROPFIND', '/openid/token'],
    ['PROPFIND', '/nothing'],
  ] as const)
    t.is((await raw({ method, path, headers: { host } })).status, 405, `${method} ${path}`);
  const [file = ''] = /\/activos\/[^"]+\.css/.exec((await visitor.get('/')).text) ?? [];
  for (const [method, path, allowed] of [
    ['POST', '/', 'HEAD, GET'],
    ['DELETE', '/recuperar', 'HEAD, GET, POST'],
    ['TRACE', '/ayuda', 'HEAD, GET'],
    ['GET', '/ingresar/x/autorizar', 'POST'],
    ['POST', file, 'GET, HEAD'],
  ] as const) {
    const { status, headers } = await raw({ method, path, headers: { host } });
    t.deepEqual([status, headers['allow']], [405, allowed], `${method} ${path}`);
  }
  for (const path of ['/AYUDA', '/ayuda/', '/Obtener']) t.is((await visitor.get(path)).status, 200, path);
});

test('the emulator’s clock takes JSON and forms, moves forward only, and not from elsewhere', async (t) => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    app.visitor().post('/emulador/reloj', body, { 'content-type': 'application/json', ...headers });
  const before = app.parts.clock();
  t.is((await post('{"advance": 5}')).status, 303);
  t.true(app.parts.clock() >= before + 5000);
  t.is((await post('{"advance": -5}')).status, 400);
  t.is((await post('{"advance": "x"}')).status, 400);
  t.is((await post('not json')).status, 400);
  t.is((await post('{"advance": 5}', { origin: 'https://evil.example' })).status, 403);
});

test('the emulator shows its people and messages, as pages and as JSON', async (t) => {
  const visitor = app.visitor();
  const people = JSON.parse((await visitor.get('/emulador/personas.json')).text) as {
    run: string;
    password?: string;
  }[];
  t.is(people.find(({ run }) => run === '11.111.111-1')?.password, 'boldo-quillay-peumo');
  t.is(people.find(({ run }) => run === '22.222.222-2')?.password, undefined);
  for (const path of [
    '/emulador',
    '/emulador/personas',
    '/emulador/mensajes',
    '/emulador/paginas',
    '/emulador/paginas/log-in',
    '/emulador/reloj',
  ])
    t.is((await visitor.get(path)).status, 200, path);
  t.is((await visitor.get('/emulador/paginas/__proto__')).status, 404);
  t.deepEqual(JSON.parse((await visitor.get('/emulador/mensajes.json')).text), []);
});

test('a form is read strictly', (t) => {
  const of = (text: string, charset?: 'latin1') => ({ ...parseForm(Buffer.from(text, 'latin1'), charset) });
  t.deepEqual(of('a=1&b=+%C3%B1&='), { a: '1', b: ' ñ' });
  t.deepEqual(of('a=%F1', 'latin1'), { a: 'ñ' });
  t.deepEqual(of('a=1&a=2'), { a: ['1', '2'] });
  t.deepEqual(Object.keys(parseForm(Buffer.from('__proto__=1&constructor=2'))), ['__proto__', 'constructor']);
  for (const bad of ['a=%F1', 'a=%', 'a=%0', 'a=%00', 'a=%ED%A0%80', 'a=\xff'])
    t.throws(() => of(bad), { message: /Bad Request/ });
  t.is(charsetOf('application/x-www-form-urlencoded; charset="ISO-8859-1"'), 'latin1');
  t.throws(() => charsetOf('text/plain; charset=utf-7'));
});

test('a device is named in words of ours alone', (t) => {
  t.is(deviceNameOf('Mozilla/5.0 (Linux; Android 14) Chrome/120 Safari/537'), 'Chrome, Android');
  t.is(deviceNameOf('<script>'), '');
});
