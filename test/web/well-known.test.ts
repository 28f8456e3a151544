import test from 'ava';
import { PRIVATE, robotsText } from '../../src/web/well-known.ts';
import { routes } from '../../src/web/routes.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ env: { SECURITY_CONTACT: 'mailto:seguridad@claveunica.example' } });
test.after.always(() => app.close());

test('password managers and passkey managers are shown to the account', async (t) => {
  const change = await fetch(`${app.origin}/.well-known/change-password`, { redirect: 'manual' });
  t.is(change.status, 303);
  t.is(change.headers.get('location'), '/cuenta/clave');
  const passkeys = await fetch(`${app.origin}/.well-known/passkey-endpoints`);
  t.is(passkeys.status, 200);
  const at = `${app.origin}/cuenta/factores`;
  t.deepEqual(await passkeys.json(), { enroll: at, manage: at });
});

test('security.txt names a contact and has not expired', async (t) => {
  const answer = await fetch(`${app.origin}/.well-known/security.txt`);
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  const said = new Map(
    (await answer.text())
      .trim()
      .split('\n')
      .map((line) => line.split(': ') as [string, string]),
  );
  t.is(said.get('Contact'), 'mailto:seguridad@claveunica.example');
  t.is(said.get('Canonical'), `${app.origin}/.well-known/security.txt`);
  t.true(Date.parse(said.get('Expires') ?? '') > Date.now());
});

test('the front page has four doors, each with a name of its own', async (t) => {
  const page = await (await fetch(`${app.origin}/`)).text();
  for (const door of ['/obtener', '/activar', '/recuperar', '/cuenta']) t.regex(page, new RegExp(`<a href="${door}">`));
});

test('search engines are led away from every step of somebody’s own way, and from all of an emulator', async (t) => {
  const answer = await fetch(`${app.origin}/robots.txt`);
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(answer.headers.get('cache-control'), 'public, max-age=86400');
  t.is(await answer.text(), 'User-agent: *\nDisallow: /\n');
  t.regex(robotsText(PRIVATE), /^User-agent: \*\n(Disallow: \/[a-z-]+\/?\n)+$/);
  const led = (path: string) => PRIVATE.some((one) => path.startsWith(one));
  for (const { who, path } of routes)
    if (who !== 'emulator' && who !== 'conformance')
      t.is(led(path), who !== 'anyone' || path.startsWith('/ingresar/'), path);
});

test('R-87: a browser that asks for a mark by itself gets ours, with the headers of all answers, from either listener', async (t) => {
  for (const origin of [app.origin, app.console]) {
    const answer = await fetch(`${origin}/favicon.ico`);
    t.is(answer.status, 200);
    t.regex(answer.headers.get('content-type') ?? '', /^image\/(x-icon|vnd\.microsoft\.icon)$/);
    t.is(answer.headers.get('cache-control'), 'public, max-age=86400');
    t.is(answer.headers.get('x-content-type-options'), 'nosniff');
    t.is(answer.headers.get('set-cookie'), null);
    const [zero, icons] = new Uint16Array((await answer.arrayBuffer()).slice(0, 4));
    t.deepEqual([zero, icons], [0, 1], 'an icon file');
    t.is((await fetch(`${origin}/favicon.ico`, { method: 'POST' })).status, 405);
  }
});
