import test from 'ava';
import { MARIA, MUNICIPIO, provider } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const app = await serve();
test.after.always(() => app.close());
const { codeFor, redeem, signIn, userinfo } = provider(app.origin);

test('R-31, R-100: who signs in in the very second of «end all sessions» gets a code that is good, and stays in', async (t) => {
  const [before, after] = [app.visitor(), app.visitor()];
  const old = (await signIn(before, MUNICIPIO, MARIA)).get('code');
  // As though it were still going on: that second ends in two.
  await app.parts.switches.set('end-all-sessions', true, app.parts.clock() + 1000);
  t.is((await redeem(MUNICIPIO, String(old))).status, 400);
  for (const code of [(await signIn(after, MUNICIPIO, MARIA)).get('code'), await codeFor(after, MUNICIPIO)]) {
    const { status, json } = await redeem(MUNICIPIO, String(code));
    t.is(status, 200);
    t.is((await userinfo(String(json['access_token']))).status, 200);
  }
});
