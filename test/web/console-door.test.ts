import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { enterConsole } from '../../src/flows/enter-console.ts';
import { browser } from '../support/browser.ts';
import { codeAt } from '../support/codes-of-apps.ts';
import { ANA, MARIA, provider } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const app = await serve();
test.after.always(() => app.close());
const { go } = provider(app.origin);
/** Ana's application, as the demo people have it. */
const SECRET = 'JBSWY3DPEHPK3PXP';
const HTML = { accept: 'text/html' };

async function operator({ run }: typeof MARIA): Promise<string> {
  const { id } = (await app.parts.accounts.forLogin(parseRun(run)!))!.account;
  const now = app.parts.clock();
  await app.parts.staff.put({ accountId: id, roles: ['operator'], state: 'active', createdAt: now }, now);
  return id;
}
const noes = async (actorId: string) =>
  (
    await app.parts.audit.find({ actorId, kind: 'staff-denied', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 9 })
  ).map(({ details }) => details);

for (const [name, person] of Object.entries({ 'a password alone': MARIA, 'a password and an application': ANA }))
  test.serial(`R-60: ${name} opens no session of the console`, async (t) => {
    await operator(person);
    const user = browser(app.origin);
    const asked = await user.get(`${app.console}/`, HTML);
    t.is(asked.status, 303);
    const door = await user.get(asked.location, HTML);
    t.regex(door.location, /\/ingresar\//);
    let sent = await user.submit(door.location, person);
    if (sent.location.includes('segundo-factor'))
      sent = await user.submit(sent.location, { codigo: codeAt(SECRET, app.parts.clock()) });
    t.is(sent.status, 303, 'what she knows is right');
    const end = await go(user, sent.location);
    // A page of ours that wants a passkey, or a no to the console: never a code.
    t.false(/[?&]code=/.test(end.location), end.location);
    if (end.location.startsWith(app.console)) {
      t.regex(end.location, /error=/);
      t.is((await user.get(end.location, HTML)).status, 410);
    } else t.regex(end.text, /passkey|llave de acceso/i);
    const again = await user.get(`${app.console}/`, HTML);
    t.is(again.status, 303, 'she is asked to sign in');
    t.false((await user.jar.getCookieString(app.console)).includes('cu_console'));
  });

test.serial(
  'R-60, R-64: less than a passkey whose holder was verified, or a post that is gone, is turned away and recorded',
  async (t) => {
    const accountId = await operator(MARIA);
    const arrival = { accountId, requestId: 'r', network: '10.0.0.0/24' };
    const before = (await noes(accountId)).length;
    for (const acr of ['urn:claveunica:video:1f', 'urn:claveunica:biometrico:2f', 'urn:claveunica:video:2fr2', ''])
      t.is((await enterConsole(app.parts, { ...arrival, acr })).kind, 'weak', acr);
    t.is((await enterConsole(app.parts, { ...arrival, acr: 'urn:claveunica:video:2fr' })).kind, 'entered');
    await app.parts.staff.setState(accountId, 'disabled', app.parts.clock());
    t.is((await enterConsole(app.parts, { ...arrival, acr: 'urn:claveunica:video:2fr' })).kind, 'not-staff');
    const told = await noes(accountId);
    t.is(told.length - before, 5);
    t.deepEqual(told[0], { act: 'enter', lacks: 'not-staff' });
  },
);

test('R-44, R-60: an answer that nobody asked for opens nothing', async (t) => {
  for (const query of ['code=x&state=y', '', 'error=access_denied&state=y', `code=x&state=${'a'.repeat(3000)}`]) {
    const { status, headers } = await browser(app.origin).get(`${app.console}/volver?${query}`, HTML);
    t.is(status, 410, query);
    t.is(headers.get('set-cookie')?.includes('cu_console') ?? false, false, query);
  }
});
