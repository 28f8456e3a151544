import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { LANGS, words } from '../../views/words.ts';
import { staffBrowser } from '../support/console.ts';
import { basic, CALLBACK, call, MARIA, MUNICIPIO, provider, request } from '../support/rp.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';
import { clave, claveJson } from '../tasks/run-clave.ts';

const CHIEF = parseRun('9.876.543-3')!;
const SECOND = parseRun('12.345.678-5')!;
const CITIZEN = parseRun('11.111.111-1')!;

const app = await serve();
const client = (await app.parts.clients.byId(MUNICIPIO.id))!;
test.after.always(() => app.close());
const site = `/instituciones/${encodeURIComponent(client.institution)}/clientes/${client.id}`;
const here = `${site}/intentos`;
const env = { DATABASE_URL: app.live.databaseUrl, MASTER_KEYS: `test:${'k'.repeat(43)}` };
const linksIn = (text: string) => [...text.matchAll(/href="([^"]+\?intento=\d+)"/g)].map(([, to = '']) => to);
type Told = { readonly id: string; readonly state: string; readonly faults: readonly string[] };

/** A sign-in whose code is exchanged twice, one with another address, one with a wrong secret. */
test.before(async () => {
  const { fillIn, redeem, at, go } = provider(app.origin);
  const { location } = await fillIn(app.user, request(MUNICIPIO, { nonce: 'un-nonce' }), MARIA);
  const code = new URL(location).searchParams.get('code') ?? '';
  await redeem(MUNICIPIO, code);
  await redeem(MUNICIPIO, code);
  await go(app.user, request(MUNICIPIO, { redirect_uri: `${CALLBACK}/?evil="><script>alert(1)</script>` }));
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK });
  await call(at('/token'), { method: 'POST', body, headers: basic({ ...MUNICIPIO, secret: 'otro' }) });
  if (!(await until(async () => (await app.parts.siteSteps.of(client.id, 100)).length >= 6)))
    throw new Error('not noted');
});

test('R-63: administrators see the attempts of their own institution’s sites, operators all, others none', async (t) => {
  const mine = await staffBrowser(app, SECOND, { roles: ['institution'], institution: client.institution });
  const foreign = await staffBrowser(app, CITIZEN, { roles: ['institution'], institution: 'Otra' });
  const officer = await staffBrowser(app, parseRun('7.654.321-6')!);
  const chief = await staffBrowser(app, CHIEF);
  for (const [who, status] of [
    [mine, 200],
    [chief, 200],
    [foreign, 403],
    [officer, 403],
  ] as const)
    t.is((await who.get(here)).status, status);
  t.is((await foreign.get('/instituciones/Otra/clientes/demo-municipio/intentos')).status, 404);
  t.true((await mine.get(site)).text.includes(`href="${here}"`));
  const [one = ''] = linksIn((await mine.get(here)).text);
  t.is((await mine.get(one)).status, 200);
  t.is((await foreign.get(one)).status, 403);
  t.is((await mine.get(`${here}?intento=0`)).status, 404);
  const other = (await app.parts.clients.byId('demo-registro'))!;
  const theirs = `/instituciones/${encodeURIComponent(other.institution)}/clientes/${other.id}/intentos`;
  t.is((await chief.get(theirs + one.slice(one.indexOf('?')))).status, 404, 'an attempt is its own site’s');
});

test('each attempt is a line, the newest first; its page says step by step what happened and how to mend it', async (t) => {
  const chief = await staffBrowser(app, CHIEF);
  for (const lang of LANGS) {
    const w = words(lang).doctor;
    const list = (await chief.get(`${here}?lang=${lang}`)).text;
    const order = (['wrong-secret', 'unknown-redirect-uri', 'code-used'] as const).map((fault) =>
      list.indexOf(w.faults[fault].is),
    );
    t.true(
      order.every((place, at) => place > (order[at - 1] ?? 0)),
      order.join(' '),
    );
    t.true(list.includes(w.caution));
    const [, mismatch = '', twice = ''] = linksIn(list);
    const used = (await chief.get(`${twice}&lang=${lang}`)).text;
    for (const text of [w.steps.authorize, w.steps.return, w.steps.token, w.faults['code-used'].mend])
      t.true(used.includes(text), text);
    t.true(used.includes('invalid_grant'));
    const differs = (await chief.get(`${mismatch}&lang=${lang}`)).text;
    t.true(differs.includes('<mark>/</mark><mark>?evil=…</mark>'), 'what differs is marked, and values stay away');
    t.true(differs.includes(`${w.parts.slash}; ${w.parts.query}`));
    t.notRegex(differs, /alert\(1\)/);
  }
});

test('R-66, R-74: neither in the table nor on the pages stands a secret, a code, a state or a person', async (t) => {
  const { rows } = await app.live.db.raw<{ rows: { row: string }[] }>('select r::text as row from site_steps r');
  t.true(rows.length >= 6);
  const all = rows.map(({ row }) => row).join('\n');
  t.notRegex(all, /demo-municipio-secret|un-estado|un-nonce|11\.?111\.?111|María|127\.0\.0|alert/);
});

test.serial('the command shows the same, for people and for programs; who is not there is told so', async (t) => {
  const { attempts } = await claveJson<{ attempts: readonly Told[] }>(['client', 'attempts', client.id], env);
  t.deepEqual(
    attempts.map(({ state, faults }) => `${state} ${faults.join(' ')}`),
    ['failed wrong-secret', 'failed unknown-redirect-uri', 'failed code-used'],
  );
  const { out, code } = await clave(['client', 'attempts', client.id], env);
  t.is(code, 0);
  const w = words('en').doctor;
  for (const text of [w.faults['code-used'].mend, w.parts.slash, w.steps.token]) t.true(out.includes(text), text);
  t.notRegex(out, /demo-municipio-secret|alert/);
  const nobody = await clave(['client', 'attempts', 'nadie'], env);
  t.is(nobody.code, 1);
  t.regex(nobody.err, /there is no client nadie/);
  t.is((await clave(['client', 'attempts'], env)).code, 2);
  t.regex((await clave(['client', 'attempts', '--help'], env)).out, /no evidence/);
  const quiet = await clave(['client', 'attempts', 'demo-registro'], env);
  t.regex(quiet.out, /nothing was noted/);
});
