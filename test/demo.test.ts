import { createServer } from 'node:http';
import test from 'ava';
import { startDemo } from '../src/demo/server.ts';
import { words } from '../views/words.ts';
import { browser } from './support/browser.ts';
import { MARIA, provider } from './support/rp.ts';
import { serve } from './support/serve.ts';
import { freePort } from './support/servers.ts';

const port = await freePort();
const app = await serve({ env: { DEMO_PORT: String(port) } });
const close = await startDemo(app.config, async (handler) => {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return async () => {
    server.closeAllConnections();
    server.close();
  };
});
test.after.always(() => Promise.all([close(), app.close()]));
const { fillIn, go } = provider(app.origin);
const user = app.visitor();
const demo = browser(`http://localhost:${port}`, user.jar);
const es = { 'accept-language': 'es' };

/** Presses the button of a demo site and comes back to it; whoever is signed in already is not asked. */
async function enter(site: string, signedIn: boolean) {
  const { location } = await demo.get(`/${site}/entrar`, es);
  const back = signedIn ? await go(user, location) : await fillIn(user, location, MARIA);
  return demo.get(back.location, es);
}

test.serial(
  'the demo sites explain a code that has expired and an ID token for somebody else, let nobody in, and go on',
  async (t) => {
    const w = words('es').demoSite;
    t.is((await enter('municipio', false)).location, '/municipio/');
    await demo.post('/municipio/salir', {});
    for (const site of ['municipio', 'registro'])
      for (const [fault, says] of [
        ['expired-code', 'invalid_grant'],
        ['wrong-audience', 'unexpected JWT \\&quot;aud\\&quot; (audience) claim value'],
      ] as const) {
        await user.post('/emulador/fallas', { sitios: fault });
        const { status, text } = await enter(site, true);
        t.is(status, 400, fault);
        t.true(text.includes(w.problem.title) && text.includes(w.problem.retry), fault);
        t.true(text.includes(says), text);
        t.true((await demo.get(`/${site}/`, es)).text.includes(w.signIn), 'nobody is signed in');
        await user.post('/emulador/fallas', { sitios: 'none' });
        t.is((await enter(site, true)).location, `/${site}/`);
        t.true((await demo.get(`/${site}/`, es)).text.includes('Hola, '));
        await demo.post(`/${site}/salir`, {});
      }
  },
);

test.serial('the demo sites are two: who signs in at one, or out of it, stays signed in at the other', async (t) => {
  const greets = async (site: string) => (await demo.get(`/${site}/`, es)).text.includes('Hola, ');
  await enter('municipio', true);
  await enter('registro', true);
  t.true((await greets('municipio')) && (await greets('registro')));
  await demo.post('/registro/salir', {});
  t.deepEqual([await greets('municipio'), await greets('registro')], [true, false]);
});

test.serial('who leaves a demo site and stays signed in is not told that all is closed', async (t) => {
  await enter('municipio', true);
  const { location } = await demo.post('/municipio/salir', {});
  const asked = await user.get(location, { accept: 'text/html', ...es });
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)?.[1] ?? '';
  const back = await user.post('/openid/session/end/confirm', { xsrf });
  const { text } = await demo.get(back.location, es);
  t.true(text.includes(words('es').demoSite.loggedOut));
  t.regex(text, /Cerraste tu sesión en este sitio\. La de ClaveÚnica se cierra aparte/);
  t.is((await enter('municipio', true)).location, '/municipio/', 'she still is');
});
