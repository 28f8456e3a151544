import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { readConfig } from '../src/config.ts';
import { gaugeOf, summed, type Figure } from '../src/domain/figure.ts';
import { OTHER_ROUTES, PROTOCOL_ROUTES, specOf } from '../src/domain/metric.ts';
import { tendKeys } from '../src/flows/signing-keys.ts';
import { createMeters } from '../src/gateways/meters.ts';
import { alone, collection } from '../src/metrics/collection.ts';
import { figuresOf } from '../src/metrics/figures.ts';
import { openMetrics } from '../src/metrics/server.ts';
import { consoleRoutes } from '../src/web/console-routes.ts';
import { routes } from '../src/web/routes.ts';
import { authorizeUrl, VERIFIER } from './support/requests.ts';
import { serve, silent } from './support/serve.ts';
import { freePort } from './support/servers.ts';

const app = await serve({ redis: true });
const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/prom-client/'));
const loadedBefore = loaded();
const port = await freePort();
const listening = { log: silent, config: { ...app.config, metrics: { port, host: '127.0.0.1', wanted: true } } };
/** Of what must be there, on a busy machine too; what each figure may take is tried below. */
const patience = 30_000;
const figures = figuresOf({ ...app.live, parts: app.parts, first: true, isLeaving: () => false, patience });
const close = await openMetrics({ ...listening, kept: 0, ask: async () => alone(await figures()) });
const ORIGIN = `http://127.0.0.1:${port}`;
test.after.always(async () => {
  await close();
  await app.close();
});

type Series = ReadonlyMap<string, number>;
/** Each series as it is written, and what it says. */
const seriesOf = (text: string): Series =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const),
  );
async function scrape(): Promise<{ readonly text: string; readonly series: Series }> {
  const text = await (await fetch(`${ORIGIN}/metrics`)).text();
  return { text, series: seriesOf(text) };
}
const labelsOf = (series: string) =>
  [...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const);

async function signIn(password = 'boldo-quillay-peumo') {
  const user = app.visitor();
  const { location } = await user.get(authorizeUrl(app.origin, { state: 'state-canary' }));
  const { location: resume, status } = await user.submit(location, { run: '11.111.111-1', password });
  if (status !== 303) return { location, code: undefined };
  const code = new URL((await user.get(resume)).location).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: 'http://localhost:9000/cb' };
  const basic = { authorization: `Basic ${btoa('demo-municipio:demo-municipio-secret')}` };
  const token = await user.post('/openid/token', { ...form, code_verifier: VERIFIER }, basic);
  const { access_token } = JSON.parse(token.text) as { access_token: string };
  await user.get('/openid/userinfo', { authorization: `Bearer ${access_token}` });
  await user.post('/openid/token', { ...form, grant_type: 'canary-grant' }, basic);
  return { location, code, access_token };
}

/** What nobody has foreseen: paths, methods, hosts, clients. */
async function oddTraffic(mark: string) {
  const odd = [
    ...[`/${mark}`, `/ingresar/${mark}`, `/ingresar/${mark}/${mark}`, `/openid/${mark}`, `/openid/token/${mark}`],
    ...[
      `/openid/authorize?client_id=${mark}`,
      `/openid/authorize/${mark}`,
      `/activos/${mark}/x.js`,
      `/recuperar?${mark}`,
    ],
    ...[`/videollamada/${mark}`, '/metrics', '/healthz', `/openid/register/${mark}`, '/11.111.111-1'],
  ];
  for (const path of odd)
    for (const method of ['GET', 'POST', 'DELETE', 'PROPFIND', 'OPTIONS'])
      await (await fetch(app.origin + path, { method, redirect: 'manual', headers: { 'user-agent': mark } })).text();
  const form = { grant_type: mark, client_id: mark, client_secret: mark };
  await app.visitor().post('/openid/token', form, { authorization: `Basic ${btoa(`${mark}:${mark}`)}` });
  for (const path of odd.slice(0, 3)) await (await fetch(app.console + path, { redirect: 'manual' })).text();
}

test.serial('the library of figures is loaded by who asks for them alone', async (t) => {
  t.false(loadedBefore);
  t.is((await fetch(`${ORIGIN}/metrics`)).status, 200);
  t.true(loaded());
});

test.serial(
  'only GET and HEAD of /metrics, at its own port alone; neither citizens’ nor staff’s port has it',
  async (t) => {
    const asked = await fetch(`${ORIGIN}/metrics?x=1`);
    t.is(asked.status, 200);
    t.is(asked.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    const head = await fetch(`${ORIGIN}/metrics`, { method: 'HEAD' });
    t.deepEqual([head.status, await head.text()], [200, '']);
    for (const [path, method] of [
      ['/', 'GET'],
      ['/metrics/', 'GET'],
      ['//', 'GET'],
      ['/healthz', 'GET'],
      ['/metrics', 'POST'],
    ] as const)
      t.is((await fetch(ORIGIN + path, { method })).status, 404, `${method} ${path}`);
    for (const origin of [app.origin, app.console]) {
      const answer = await fetch(`${origin}/metrics`);
      t.is(answer.status, 404);
      t.false((await answer.text()).includes('claveunica_'));
    }
  },
);

test.serial('a sign-in is counted at each of its steps', async (t) => {
  const before = (await scrape()).series;
  await signIn();
  await signIn('wrong');
  const after = (await scrape()).series;
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const answered = (route: string, method: string, status: string) =>
    grown(`claveunica_http_requests_total{listener="public",route="${route}",method="${method}",status="${status}"}`);
  t.is(grown('claveunica_sign_ins_total{way="clave",outcome="signed-in"}'), 1);
  t.is(grown('claveunica_sign_ins_total{way="clave",outcome="wrong-credentials"}'), 1);
  t.is(grown('claveunica_token_requests_total{grant="authorization_code",outcome="issued"}'), 1);
  t.is(grown('claveunica_token_requests_total{grant="other",outcome="refused"}'), 1);
  t.is(grown('claveunica_hash_duration_seconds_count'), 2);
  t.is(grown('claveunica_hash_wait_seconds_bucket{le="+Inf"}'), 2);
  t.is(answered('/ingresar/:uid', 'POST', '3xx'), 1);
  t.is(answered('/ingresar/:uid', 'POST', '4xx'), 1);
  t.deepEqual([answered('openid:token', 'POST', '2xx'), answered('openid:token', 'POST', '4xx')], [1, 1]);
  t.is(answered('openid:userinfo', 'GET', '2xx'), 1);
  const took = 'listener="public",route="openid:userinfo",method="GET"';
  t.is(grown(`claveunica_http_request_duration_seconds_count{${took}}`), 1);
  const seconds = grown(`claveunica_http_request_duration_seconds_sum{${took}}`);
  t.true(seconds > 0 && seconds < 60, String(seconds));
});

test.serial(
  'R-74: labels come from closed lists, whatever is asked for, and nothing of a person or a site is in them',
  async (t) => {
    const { location, code, access_token } = await signIn();
    await oddTraffic('canary-one');
    const before = await scrape();
    await oddTraffic('canary-two');
    await oddTraffic('%F0%9F%A6%99"}\\n canary 1');
    const after = await scrape();
    t.deepEqual(
      [...after.series.keys()].filter((name) => !before.series.has(name) && !name.startsWith('nodejs_')),
      [],
    );
    const unknown = 'claveunica_http_requests_total{listener="public",route="unknown",method="other",status="4xx"}';
    t.true((after.series.get(unknown) ?? 0) > (before.series.get(unknown) ?? 0), 'they were counted all the same');

    const rows = [...routes, ...consoleRoutes].map(({ path }) => path);
    const known = new Set<string>([...rows, ...PROTOCOL_ROUTES.map((name) => `openid:${name}`), ...OTHER_ROUTES]);
    for (const name of after.series.keys()) {
      const metric = name.replace(/\{.*/s, '');
      const spec = specOf(metric) ?? specOf(metric.replace(/_(bucket|sum|count)$/, ''));
      if (!spec) {
        t.regex(name, /^(nodejs|process)_\w+(\{(type|kind|space|le|process|version|major|minor|patch)=.*\})?$/);
        continue;
      }
      for (const [label, value] of labelsOf(name)) {
        const values = spec.labels[label];
        const good =
          (label === 'process' && spec.of === 'process' && value === '1') ||
          (label === 'le' && spec.type === 'histogram') ||
          (typeof values === 'string' ? known.has(value) : values?.includes(value));
        t.true(good, name);
      }
    }
    // A fraction is measured: any digits may stand in it.
    const said = after.text.replace(/ \d*\.\d+(e[+-]?\d+)?$/gm, '');
    t.true(said.length < after.text.length);
    for (const secret of [
      'canary',
      '11111111',
      '11.111',
      'municipio',
      'boldo',
      '127.0.0.1',
      'Muñoz',
      location,
      code!,
      access_token!,
    ])
      t.false(said.includes(secret), secret);
    t.true(after.text.includes('claveunica_http_requests_total{'));
  },
);

test.serial('the stores: who is there, how they are used, jobs, the audit log, keys', async (t) => {
  await tendKeys(app.parts);
  await app.parts.jobs.add({ job: 'backchannel-logout', clientId: 'c', accountId: 'a', sid: 's' });
  await app.parts.audit.add({ kind: 'login-cancelled', at: app.parts.clock() - 60_000 });
  const fresh = figuresOf({ ...app.live, parts: app.parts, first: true, isLeaving: () => true, patience });
  const said = new Map((await fresh()).map((figure) => [figure.name, figure.values]));
  const value = (name: string, labels: object = {}) =>
    said.get(name)?.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels))?.value;
  for (const [part, up] of [
    ['process', 0],
    ['postgres', 1],
    ['redis', 1],
  ] as const)
    t.is(value('claveunica_part_up', { part }), up, part);
  t.is(value('claveunica_redis_connected'), 1);
  t.true(value('claveunica_postgres_connections', { state: 'free' })! > 0);
  t.is(value('claveunica_database_figures_up'), 1);
  t.is(value('claveunica_jobs', { job: 'backchannel-logout', state: 'waiting' }), 1);
  t.true(value('claveunica_jobs', { job: 'letter', state: 'waiting' })! > 0, 'a new device is told of');
  t.true(value('claveunica_jobs_late_seconds', { job: 'letter' })! > 0);
  t.true(value('claveunica_audit_unsealed_seconds')! > 0);
  t.is(value('claveunica_audit_blocks'), 0);
  t.is(value('claveunica_people_in_line'), 0);
  const days = value('claveunica_signing_key_rotation_seconds', { alg: 'RS256' })! / 86_400;
  t.true(days > 80 && days <= 90, String(days));
});

test.serial('a part that is away makes its figures absent or 0, within its time, and the rest is there', async (t) => {
  const never = () => new Promise<never>(() => undefined);
  const fails = async () => {
    throw new Error('away');
  };
  const asked: string[] = [];
  const parts = {
    ...app.parts,
    log: silent,
    health: never,
    jobs: { ...app.parts.jobs, standing: fails },
    signingKeys: { ...app.parts.signingKeys, list: never },
  };
  const auditChain = { ...app.live.auditChain, state: async () => (asked.push('audit'), app.live.auditChain.state()) };
  const away = figuresOf({ parts, auditChain, first: true, isLeaving: () => false, patience: 3000 });
  // Begun at once and waited for together: what keeps this process from the one keeps it from the other.
  const late = sleep(4500, [], { ref: false });
  const said = new Map((await Promise.race([away(), late])).map((figure) => [figure.name, figure.values]));
  t.deepEqual(said.get('claveunica_part_up'), [{ labels: { part: 'process' }, value: 1 }]);
  t.deepEqual(said.get('claveunica_database_figures_up'), [{ labels: {}, value: 0 }]);
  t.false(said.has('claveunica_jobs') || said.has('claveunica_signing_key_rotation_seconds'));
  t.true(
    said.has('claveunica_audit_blocks') &&
      said.has('claveunica_sign_ins_total') &&
      said.has('process_cpu_seconds_total'),
  );
  await away();
  t.deepEqual(asked, ['audit'], 'and the database is not asked again at once');
});

test('who scrapes more often than once a second gets the same again; a fault is 500 and no end', async (t) => {
  let [asked, now] = [0, 0];
  const place = { ...listening.config, metrics: { port: await freePort(), host: '127.0.0.1', wanted: true } };
  const stop = await openMetrics({
    ...{ log: silent, config: place, now: () => now },
    ask: async () => {
      asked += 1;
      if (asked === 1) throw new Error('canary');
      return alone([]);
    },
  });
  t.teardown(stop);
  const ask = async () => fetch(`http://127.0.0.1:${place.metrics.port}/metrics`);
  const fault = await ask();
  t.deepEqual([fault.status, await fault.text()], [500, '']);
  const answers = await Promise.all([ask(), ask(), ask()]);
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  t.is(asked, 2);
  for (const [at, times] of [
    [999, 2],
    [1000, 3],
  ] as const) {
    now = at;
    t.is((await ask()).status, 200);
    t.is(asked, times, String(at));
  }
});

test('a taken port, or an address of another machine, ends the start and is named; on a laptop where nobody chose it the start goes on', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const open = (wanted: boolean, log = silent, host = '127.0.0.1') =>
    openMetrics({ log, config: { ...app.config, metrics: { port, host, wanted } }, ask: async () => [] });
  await t.throwsAsync(open(true), { message: `METRICS_PORT: port ${port} is taken` });
  await t.throwsAsync(open(true, silent, '192.0.2.1'), {
    message: 'METRICS_HOST: 192.0.2.1 is no address of this machine',
  });
  const warned: string[] = [];
  await (
    await open(false, { ...silent, warn: (_, message) => void warned.push(message) })
  )();
  t.deepEqual(warned, ['METRICS_PORT is taken: this start shows no metrics']);
});

test('METRICS_PORT: loopback unless production says otherwise; 0 is off', (t) => {
  t.deepEqual(readConfig({}).metrics, { port: 9464, host: '127.0.0.1', wanted: false });
  const laptop = readConfig({ METRICS_PORT: '9999', METRICS_HOST: '0.0.0.0' });
  t.deepEqual(laptop.metrics, { port: 9999, host: '127.0.0.1', wanted: true });
  const production = {
    ...{ MODE: 'production', PUBLIC_ORIGIN: 'https://a.example', DATABASE_URL: 'postgres://u:p@db.example/x' },
    ...{ MASTER_KEYS: `k:${'k'.repeat(43)}`, SMTP_URL: 'smtps://mail.example', MAIL_FROM: 'a@a.example' },
  };
  t.deepEqual(readConfig(production).metrics, { port: 9464, host: '127.0.0.1', wanted: true });
  t.is(readConfig({ ...production, METRICS_HOST: '10.0.0.7' }).metrics.host, '10.0.0.7');
  t.throws(() => readConfig({ ...production, METRICS_HOST: 'inner.example' }), { message: /METRICS_HOST: / });
});

const counted = (times: number, inside: number): readonly Figure[] => {
  const meters = createMeters();
  const signIns = meters.count('claveunica_sign_ins_total', { way: 'clave', outcome: 'signed-in' });
  const waits = meters.spread('claveunica_hash_wait_seconds', {});
  for (let n = 0; n < times; n++) {
    signIns.add();
    waits.observe(0.02);
  }
  meters.watch('claveunica_connections', {}, () => inside);
  return [...meters.figures(), gaugeOf('claveunica_audit_blocks', [[{}, inside]])];
};

test('what several processes counted is added up, and never falls when one dies or is late; gauges are those of now', async (t) => {
  const known = collection();
  const read = async () => {
    const all = new Map(
      summed(await known.all(2)).flatMap(({ name, values }) =>
        values.map(
          (each) => [`${each.name ?? name}${JSON.stringify(Object.values(each.labels))}`, each.value] as const,
        ),
      ),
    );
    return (name: string) => all.get(name);
  };
  const round = async (said: Readonly<Record<string, readonly Figure[]>>) => {
    known.ask();
    for (const [process, figures] of Object.entries(said)) known.heard(process, figures);
    return read();
  };
  const signIns = 'claveunica_sign_ins_total["clave","signed-in"]';
  const both = await round({ 1: counted(3, 5), 2: counted(4, 6) });
  t.deepEqual([both(signIns), both('claveunica_hash_wait_seconds_bucket["0.025"]')], [7, 7]);
  t.deepEqual([both('claveunica_connections["1"]'), both('claveunica_connections["2"]')], [5, 6]);
  t.deepEqual([both('claveunica_processes["wanted"]'), both('claveunica_processes["answering"]')], [2, 2]);
  const late = await round({ 1: counted(5, 9) });
  t.deepEqual(
    [late(signIns), late('claveunica_connections["2"]'), late('claveunica_processes["answering"]')],
    [9, undefined, 1],
  );
  t.is(late('claveunica_audit_blocks[]'), 9);
  known.gone('2');
  t.is((await round({ 1: counted(5, 9) }))(signIns), 9);
  t.is((await round({ 1: counted(5, 9), 2: counted(1, 0) }))(signIns), 10, 'its successor begins at nothing');
  known.gone('2');
  t.is((await round({ 1: counted(6, 9) }))(signIns), 11);
});

test('times fall into their buckets, each of which holds all below it', (t) => {
  const meters = createMeters();
  const spread = meters.spread('claveunica_hash_duration_seconds', {});
  for (const seconds of [0, 0.005, 0.0051, 0.3, 10, 11]) spread.observe(seconds);
  const figure = meters.figures().find(({ name }) => name === 'claveunica_hash_duration_seconds');
  const values: Readonly<Record<string, number>> = Object.fromEntries(
    figure!.values.map(({ name = '', labels, value }): [string, number] => [labels['le'] ?? name, value]),
  );
  t.like(values, { 0.005: 2, 0.01: 3, 0.25: 3, 0.5: 4, 5: 4, 10: 5, '+Inf': 6 });
  t.is(values['claveunica_hash_duration_seconds_count'], 6);
  t.true(Math.abs(values['claveunica_hash_duration_seconds_sum']! - 21.3101) < 1e-9);
});

test('every route that the library may have is known by its name', async (t) => {
  const path = new URL('../node_modules/oidc-provider/lib/helpers/initialize_app.js', import.meta.url);
  const source = await readFile(path, 'utf8');
  const names = [...source.matchAll(/^ +(?:get|post|put|del)\('(\w+)'/gm)].map(([, name = '']) => name);
  t.true(names.length > 20);
  // Of credentials, and of the library's own pages, which we never offer.
  const never = ['openid_credential_issuer', 'credential', 'challenge', 'interaction', 'submit', 'abort'];
  t.deepEqual(
    [...new Set(names)].filter((name) => !PROTOCOL_ROUTES.some((known) => known === name)),
    never,
  );
});
