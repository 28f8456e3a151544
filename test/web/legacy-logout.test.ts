import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { createClient } from '../../src/flows/create-client.ts';
import { startJobs } from '../../src/tasks/work.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

const app = await serve({ crowded: true });
test.after.always(() => app.close());

const maria = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };
const LOGOUT = '/api/v1/accounts/app/logout';
const signIn = async (more: Record<string, string> = {}) => {
  const user = app.visitor();
  const { location } = await user.get(authorizeUrl(app.origin, more));
  const { location: resume } = await user.submit(location, maria);
  await user.get(resume);
  return user;
};
const isIn = async (user: Awaited<ReturnType<typeof signIn>>) => {
  const { location } = await user.get(authorizeUrl(app.origin, { prompt: 'none' }));
  return new URL(location).searchParams.has('code');
};
const logOut = (user: Awaited<ReturnType<typeof signIn>>, redirect: string, slash = '') =>
  user.get(`${LOGOUT}${slash}?redirect=${encodeURIComponent(redirect)}`);

test('today’s logout ends the session without asking and leads to any path of a registered site', async (t) => {
  for (const [redirect, slash] of [
    ['http://localhost:9000/adios?de=aqui', ''],
    ['http://localhost:9000', '/'],
  ] as const) {
    const user = await signIn();
    t.true(await isIn(user));
    const { status, location, headers } = await logOut(user, redirect, slash);
    t.is(status, 302);
    t.is(location, new URL(redirect).href);
    t.is(headers.get('cache-control'), 'no-store');
    t.false(await isIn(user));
  }
});

test('without a session it leads to the same place and ends nothing', async (t) => {
  const user = await signIn();
  t.is((await logOut(app.visitor(), 'http://localhost:9000/')).location, 'http://localhost:9000/');
  t.true(await isIn(user));
});

test('R-30, R-46: it leads nowhere else', async (t) => {
  for (const redirect of [
    'https://evil.example',
    '//evil.example',
    'https://localhost:9000@evil.example',
    'http://localhost:9000.evil.example/',
    'http://user@localhost:9000/',
    'javascript:alert(1)',
    'data:text/html,x',
    '',
    '/',
    'http://localhost:9001/',
    'https://localhost:9000/',
    'http:\\\\localhost:9000',
    'http:/localhost:9000/',
    'http://localhost:9000\\@evil.example/',
    'HTTP://LOCALHOST:9000@evil/',
    ' http://evil.example',
  ]) {
    const { status, location, text } = await logOut(app.visitor(), redirect);
    // What a browser reads as the registered site is the registered site.
    if (status === 302) t.is(new URL(location).origin, 'http://localhost:9000', redirect);
    else {
      t.is(status, 200, redirect);
      t.is(location, '');
      t.true(text.includes('Cerraste tu sesión'), redirect);
    }
  }
  const twice = await app.visitor().get(`${LOGOUT}?redirect=http://localhost:9000/&redirect=https://evil.example/`);
  t.is(twice.status, 200);
  t.is((await app.visitor().post(LOGOUT, {})).status, 405);
});

test('a suspended site is no target', async (t) => {
  const wish = {
    name: 'Otro',
    profile: 'claveunica',
    state: 'sandbox',
    redirectUris: ['https://otro.example/cb'],
  } as const;
  const made = await createClient(app.parts, wish, true);
  if (made.kind === 'refused') return t.fail(made.faults.join());
  t.is((await logOut(app.visitor(), 'https://otro.example/x')).status, 302);
  await app.parts.clients.change(made.client.id, (one) => ({ ...one, state: 'suspended' }), app.parts.clock());
  t.is((await logOut(app.visitor(), 'https://otro.example/x')).status, 200);
});

test('the other sites are told by back channel, again when they fail at first', async (t) => {
  const told: string[] = [];
  const site = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      told.push(body);
      response.writeHead(told.length === 1 ? 500 : 200).end();
    });
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void site.close());
  const { port } = site.address() as AddressInfo;
  const wish = {
    name: 'Avisado',
    profile: 'oidc',
    state: 'sandbox',
    redirectUris: ['http://localhost:9000/cb'],
    backchannelLogoutUri: `http://127.0.0.1:${port}/fin`,
  } as const;
  const made = await createClient(app.parts, wish, true);
  if (made.kind === 'refused') return t.fail(made.faults.join());
  const stop = await startJobs({ ...app.live, parts: app.parts, config: app.config, provider: app.op.provider });
  t.teardown(stop);

  const user = await signIn({ client_id: made.client.id });
  await logOut(user, 'http://localhost:9000/');
  await until(() => told.length >= 2);
  t.is(told.length, 2);
  const token = new URLSearchParams(told[1]).get('logout_token') ?? '';
  const [, payload = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  t.is(claims['aud'], made.client.id);
  t.deepEqual(claims['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} });
  t.is(typeof claims['sid'], 'string');
  t.is(typeof claims['sub'], 'string');
  t.false('nonce' in claims);
});
