import test from 'ava';
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
