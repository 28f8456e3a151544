import test from 'ava';
import { startJobs } from '../../src/tasks/work.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serve } from '../support/serve.ts';
import { MARIA, MUNICIPIO, provider } from '../support/rp.ts';
import { until } from '../support/until.ts';

const app = await serve();
const stop = await startJobs({ ...app.live, parts: app.parts, config: app.config, provider: app.op.provider });
test.after.always(async () => {
  await stop();
  await app.close();
});
const { signIn, tokensFor, userinfo } = provider(app.origin);

/** The link of the newest letter, once it has come. */
async function link(count: number): Promise<string> {
  const links = () =>
    (app.parts.mailbox?.list() ?? []).flatMap(({ text }) => /https?:\S*\/no-fui-yo\?\S+/.exec(text)?.[0] ?? []);
  await until(() => links().length >= count);
  return links()[0] ?? '';
}

test.serial(
  'R-17, R-18: the link of a letter, opened elsewhere without signing in: clean address, no act by GET, and one press ends everything',
  async (t) => {
    const thief = app.visitor();
    await signIn(thief, MUNICIPIO, MARIA);
    const { access } = await tokensFor(thief, MUNICIPIO);
    t.is((await userinfo(access)).status, 200);
    const url = await link(1);
    t.true(url.startsWith(`${app.origin}/no-fui-yo?t=`));
    const path = url.slice(app.origin.length);

    // Mail scanners and browsers that load ahead.
    for (let n = 0; n < 5; n++) {
      const looked = await app.visitor().get(path, { 'sec-purpose': 'prefetch' });
      t.is(looked.status, 303);
      t.is(looked.headers.get('referrer-policy'), 'no-referrer');
      t.is(looked.headers.get('cache-control'), 'no-store');
    }
    t.is((await userinfo(access)).status, 200);

    const owner = app.visitor();
    const opened = await owner.get(path);
    t.is(opened.location, '/no-fui-yo');
    t.regex(opened.headers.get('set-cookie') ?? '', /httponly/i);
    t.regex(opened.headers.get('set-cookie') ?? '', /samesite=lax/i);
    const page = await owner.get('/no-fui-yo', { accept: 'text/html' });
    t.is(page.status, 200);
    t.true(page.text.includes('dispositivo que no habíamos visto'));
    t.false(page.text.includes(new URL(url).searchParams.get('t') ?? '?'));
    t.is((await userinfo(access)).status, 200, 'still nothing done');

    const forged = await owner.post('/no-fui-yo', { csrf: 'x' });
    t.is(forged.status, 403);
    const stranger = await app.visitor().submit('/no-fui-yo', {});
    t.is(stranger.status, 403);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const done = await owner.post('/no-fui-yo', { csrf }, { accept: 'text/html' });
    t.is(done.status, 200);
    t.true(done.text.includes('Tu cuenta está protegida'));
    // Its own session is its own: nothing of ours ends it, and the page says so.
    t.regex(done.text, /Sitios que pueden seguir abiertos[^]*Municipalidad de Los Robles/);
    t.is((await userinfo(access)).status, 401);
    const again = await thief.get(authorizeUrl(app.origin, { prompt: 'none' }));
    t.is(new URL(again.location).searchParams.get('error'), 'login_required');
  },
);

test.serial('a link that is none, or whose cookie is lost, says what to do', async (t) => {
  const user = app.visitor();
  t.is((await user.get('/no-fui-yo?t=wrong')).status, 303);
  for (const visitor of [user, app.visitor()]) {
    const { status, text } = await visitor.get('/no-fui-yo', { accept: 'text/html' });
    t.is(status, 410);
    t.true(text.includes('Este enlace ya no sirve'));
    t.true(text.includes('href="/recuperar"'));
  }
  t.is((await user.get('/no-fui-yo?t=a&t=b', { accept: 'text/html' })).status, 410);
});
