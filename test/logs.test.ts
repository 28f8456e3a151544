import type { AddressInfo } from 'node:net';
import test from 'ava';
import Koa from 'koa';
import { readConfig } from '../src/config.ts';
import { createMeters } from '../src/gateways/meters.ts';
import type { Fields } from '../src/parts.ts';
import { healthProbes } from '../src/web/health.ts';
import { requestLine } from '../src/web/kit/request.ts';
import { browser } from './support/browser.ts';
import { startProduct } from './support/product.ts';
import { freePort } from './support/servers.ts';
import { authorizeUrl, VERIFIER } from './support/requests.ts';

test('R-74: a whole sign-in leaves one JSON line a request, and no RUN, secret, code, token, cookie or address of a person, in the log and in the figures', async (t) => {
  const metricsPort = await freePort();
  const product = await startProduct({ LOG_LEVEL: 'trace', METRICS_PORT: String(metricsPort) });
  try {
    const user = browser(product.origin);
    const canary = 'canary\r\n\u001b[31mred';
    const { location } = await user.get(
      authorizeUrl(product.origin, { state: 'state-canary', login_hint: '12.345.678-5' }),
      {
        'user-agent': 'agent-canary',
      },
    );
    await user.submit(location, { run: canary, password: 'typo-canary' });
    await user.submit(location, { run: '11.111.111-1', password: 'wrong-canary' });
    const { location: resume } = await user.submit(location, { run: '11.111.111-1', password: 'boldo-quillay-peumo' });
    const code = new URL((await user.get(resume)).location).searchParams.get('code')!;
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'http://localhost:9000/cb',
      code_verifier: VERIFIER,
    };
    const basic = { authorization: `Basic ${btoa('demo-municipio:demo-municipio-secret')}` };
    const token = await user.post('/openid/token', form, basic);
    t.is(token.status, 200, token.text);
    const { access_token } = JSON.parse(token.text) as { access_token: string };
    await user.get('/openid/userinfo', { authorization: `Bearer ${access_token}` });
    await user.get(`/openid/userinfo?access_token=${access_token}`);
    const failed = await user.get('/nothing-here', { accept: 'text/html' });
    const help = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(failed.text)?.[0] ?? '';

    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    t.true(metrics.includes('claveunica_sign_ins_total{way="clave",outcome="signed-in"} 1\n'));

    t.is(await product.stop(), 0);
    const lines = product.said.err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ msg }) => msg === 'request');
    t.true(requests.length >= 8);
    for (const line of requests) t.regex(String(line['requestId']), /^[\w-]{16}$/);
    t.is(requests.filter((line) => line['help'] === help).length, 1, 'the help code of a page is in its line');
    const secrets = [
      'canary',
      'boldo',
      '11111111',
      '11.111.111',
      '12.345.678',
      code,
      access_token,
      'demo-municipio-secret',
      'maria',
      'Río',
      VERIFIER,
      '\u001b',
    ];
    for (const secret of secrets) t.false((product.said.err + metrics).includes(secret), secret);
  } finally {
    await product.stop('SIGKILL');
    await product.remove();
  }
});

test('that all is well fills no log, however often a balancer asks; that something is away does', async (t) => {
  const lines: string[] = [];
  const write =
    (level: string) =>
    ({ path, status }: Fields) =>
      void lines.push(`${level} ${String(path)} ${String(status)}`);
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const chance = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64url');
  const parts = { chance, clock: Date.now, log, meters: createMeters() };
  let postgres = true;
  const app = new Koa();
  app.use(requestLine(readConfig({}), parts, 'public')).use(healthProbes({ health: async () => ({ postgres }) }));
  const server = app.listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const ask = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  for (const path of ['/readyz', '/healthz', '/other']) await ask(path);
  postgres = false;
  await ask('/readyz');
  t.deepEqual(lines, ['debug /readyz 200', 'debug /healthz 200', 'info /other 404', 'info /readyz 503']);
});
