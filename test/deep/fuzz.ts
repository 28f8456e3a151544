import { request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { authorizeUrl } from '../support/requests.ts';
import { serve } from '../support/serve.ts';

const REQUESTS = 20_000;
const AT_ONCE = 20;
const TEXTS = [
  ...[
    '',
    '0',
    '-1',
    'null',
    'undefined',
    '[]',
    '{}',
    '%',
    '%00',
    '%zz',
    '%ED%A0%80',
    '\u0000',
    '\r\nX-Injected: 1',
    '<script>',
    "' or 1=1--",
  ],
  ...[
    '__proto__',
    'constructor',
    '../../etc/passwd',
    'http://169.254.169.254/',
    'javascript:alert(1)',
    '🙂'.repeat(50),
    'A'.repeat(5000),
    '١٢٣',
    '1e309',
  ],
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'];
const TYPES = [
  'application/x-www-form-urlencoded',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded; charset=utf-7',
  '',
];

/** A stream of choices that is the same for the same seed. */
function chooser(seed: number) {
  let state = seed >>> 0;
  const number = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { number, of: <T>(list: readonly T[]): T => list[number(list.length)]! };
}

export type Fuzzed = {
  readonly requests: number;
  readonly statuses: Record<string, number>;
  readonly faults: readonly string[];
  readonly stallMs: number;
};

/** Requests as they come, bent in one to four places: none may be answered by a 5xx, none may hold the process up. */
export async function fuzz(seed: number, progress: (text: string) => void): Promise<Fuzzed> {
  const app = await serve({ redis: true, env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const { number, of } = chooser(seed);
  const { searchParams } = new URL(authorizeUrl(app.origin));
  const host = new URL(app.origin).host;
  const bases = [
    { path: '/openid/authorize', params: Object.fromEntries(searchParams) },
    {
      path: '/openid/token',
      params: {
        grant_type: 'authorization_code',
        code: 'x',
        redirect_uri: 'http://localhost:9000/cb',
        client_id: 'demo-municipio',
        client_secret: 'demo-municipio-secret',
        code_verifier: 'x'.repeat(43),
      },
    },
    { path: '/openid/userinfo', params: {} },
    {
      path: '/openid/request',
      params: { ...Object.fromEntries(searchParams), client_secret: 'demo-municipio-secret' },
    },
    {
      path: '/openid/token/introspection',
      params: { token: 'x', client_id: 'demo-municipio', client_secret: 'demo-municipio-secret' },
    },
    {
      path: '/openid/session/end',
      params: { id_token_hint: 'x.y.z', post_logout_redirect_uri: 'http://localhost:9000/' },
    },
    { path: '/openid/session/end/confirm', params: { xsrf: 'x', logout: 'yes' } },
    { path: '/api/v1/accounts/app/logout', params: { redirect: 'http://localhost:9000/' } },
    { path: '/ingresar/x', params: { run: '11.111.111-1', password: 'x', csrf: 'x' } },
    { path: '/ingresar/x/paso', params: { codigo: 'AAAA-AAAA', csrf: 'x' } },
    { path: '/', params: { lang: 'en' } },
    { path: '/emulador/paginas/log-in', params: {} },
  ];
  const bent = () => {
    const base = of(bases);
    const pairs: [string, string][] = Object.entries(base.params);
    const headers: Record<string, string> = {
      host,
      accept: of(['text/html', 'application/json', '*/*']),
      'x-forwarded-for': `198.18.${number(250)}.${number(250)}`,
    };
    let path = base.path;
    for (let n = number(4) + 1; n > 0; n--) {
      const at = number(Math.max(1, pairs.length));
      const pair = pairs[at];
      const how = number(7);
      if (how === 0 && pair) pairs[at] = [pair[0], of(TEXTS)];
      else if (how === 1 && pair) pairs.push([pair[0], of(TEXTS)]);
      else if (how === 2 && pair) pairs.splice(at, 1);
      else if (how === 3) pairs.push([of(TEXTS), of(TEXTS)]);
      else if (how === 4)
        headers[of(['authorization', 'cookie', 'origin', 'user-agent', 'accept-language', 'forwarded'])] = of([
          'Bearer x',
          'Basic !!',
          'op-session=x; op-session.sig=y',
          'null',
          'a'.repeat(2000),
          'es;q=x',
        ]);
      else if (how === 5) path += of(['/', '//', '/..%2f', '%00', '/x', ';a', '?']);
      else headers['content-type'] = of(TYPES);
    }
    const method = of(METHODS);
    const text = pairs
      .map(([name, value]) =>
        number(2)
          ? `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
          : `${name}=${value}`.replace(/[^\x21-\x7e]/g, '?'),
      )
      .join('&');
    const inBody = method !== 'GET' && method !== 'HEAD';
    if (inBody && headers['content-type'] === undefined) headers['content-type'] = of(TYPES);
    return { method, path: inBody ? path : `${path}?${text}`.slice(0, 12_000), headers, body: inBody ? text : '' };
  };
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  const send = () =>
    new Promise<void>((resolve) => {
      const { body, ...wanted } = bent();
      const call = request({ host: '127.0.0.1', port: app.config.port, ...wanted }, (answer) => {
        const status = answer.statusCode ?? 0;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status >= 500) faults.push(`${status} ${JSON.stringify(wanted).slice(0, 600)} ${body.slice(0, 300)}`);
        answer.resume().on('end', resolve);
      });
      call.on('error', (error) => {
        statuses[error.message] = (statuses[error.message] ?? 0) + 1;
        resolve();
      });
      call.end(body);
    });
  try {
    delay.enable();
    for (let n = 0; n < REQUESTS; n += AT_ONCE) {
      if (n % 2000 === 0) progress(`fuzz: ${n} of ${REQUESTS}`);
      await Promise.all(Array.from({ length: AT_ONCE }, send));
    }
    delay.disable();
    const alive = await fetch(`${app.origin}/healthz`);
    if (alive.status !== 200) faults.push('the process does not answer any more');
    return { requests: REQUESTS, statuses, faults, stallMs: delay.max / 1e6 };
  } finally {
    await app.close();
  }
}
