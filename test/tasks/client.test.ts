import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { serve, theClock } from '../support/serve.ts';
import { migratedDatabase } from '../support/migrated.ts';
import { clave, claveJson, production, query, type Env } from './run-clave.ts';

type Created = {
  client_id: string;
  client_secret: string;
  name: string;
  institution: string;
  profile: string;
  state: string;
  auth: string;
  scopes: string[];
  redirect_uris: string[];
  post_logout_redirect_uris: string[];
};
type Recorded = { kind: string; details: Record<string, string> };

const CALLBACK = 'http://localhost:9000/cb';
const CREATE = ['client', 'create', '--name', 'Municipalidad de Prueba', '--redirect-uri'];
const audit = (database: string, id: string) =>
  query<Recorded>(database, 'select kind, details from audit where client_id = $1 order by id', [id]);

/** A product that runs, and the environment of a command beside it. */
const running = serve();
const beside = async (): Promise<Env> => ({
  DATABASE_URL: (await running).live.databaseUrl,
  MASTER_KEYS: `test:${'k'.repeat(43)}`,
});
test.after.always(async () => (await running).close());

async function migrated(more: Env = {}): Promise<{ env: Env; url: string; drop: () => Promise<void> }> {
  const database = await migratedDatabase();
  const env = production(database.url, more);
  await claveJson(['migrate'], env);
  return { env, ...database };
}

/** What the token endpoint says of these credentials: a wrong code comes after a right client. */
async function tokenError(id: string, secret: string) {
  const response = await fetch(`${(await running).origin}/openid/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code: 'no-such-code', redirect_uri: CALLBACK },
      code_verifier: 'v'.repeat(43),
    }),
  });
  const { error } = (await response.json()) as { error?: string };
  return [response.status, error];
}

test.serial('a client made by command is usable at once in the product that runs', async (t) => {
  const env = await beside();
  const client = await claveJson<Created>([...CREATE, CALLBACK], env);
  t.like(client, {
    ...{ name: 'Municipalidad de Prueba', institution: 'Municipalidad de Prueba' },
    ...{ profile: 'oidc', state: 'sandbox', auth: 'client_secret_basic' },
    ...{ redirect_uris: [CALLBACK], post_logout_redirect_uris: [] },
  });
  t.true(client.scopes.includes('openid'));
  t.deepEqual(await tokenError(client.client_id, client.client_secret), [400, 'invalid_grant']);
  t.deepEqual(await tokenError(client.client_id, `${client.client_secret}x`), [401, 'invalid_client']);
  const authorize = new URLSearchParams({
    ...{ client_id: client.client_id, response_type: 'code', scope: 'openid', redirect_uri: CALLBACK },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
  });
  const url = `${(await running).origin}/openid/authorize?${authorize.toString()}`;
  const { status, headers } = await fetch(url, { redirect: 'manual' });
  t.is(status, 303);
  t.regex(headers.get('location') ?? '', /^\/ingresar\//);
});

test.serial('every option of a client arrives', async (t) => {
  const {
    client_id: id,
    client_secret: secret,
    ...rest
  } = await claveJson<Created>(
    [
      ...[...CREATE, 'http://localhost:9/a', '--redirect-uri', 'https://sitio.example/b', '--profile', 'claveunica'],
      ...['--auth', 'client_secret_post', '--scope', 'openid run', '--scope', 'name', '--institution', 'Otra'],
      ...['--post-logout-redirect-uri', 'http://localhost:9/adios'],
    ],
    await beside(),
  );
  t.regex(id, /^cu-[\w-]{16}$/);
  t.regex(secret, /^[\w-]{43}$/);
  t.deepEqual(rest, {
    ...{ name: 'Municipalidad de Prueba', institution: 'Otra', profile: 'claveunica', state: 'sandbox' },
    ...{ auth: 'client_secret_post', scopes: ['openid', 'run', 'name'] },
    redirect_uris: ['http://localhost:9/a', 'https://sitio.example/b'],
    post_logout_redirect_uris: ['http://localhost:9/adios'],
  });
  const { clients } = await claveJson<{ clients: unknown[] }>(['client', 'list'], await beside());
  t.deepEqual(
    clients.find((client) => typeof client === 'object' && client && 'client_id' in client && client.client_id === id),
    { client_id: id, ...rest },
  );
});

test.serial(
  'R-66: people read id and secret once; the list shows no secret, and the database holds none',
  async (t) => {
    const env = await beside();
    const created = await clave([...CREATE, CALLBACK], env);
    t.is(created.code, 0);
    const id = /^client_id: +(\S+)$/m.exec(created.out)?.[1] ?? '';
    const secret = /^client_secret: +(\S+)$/m.exec(created.out)?.[1] ?? '';
    t.deepEqual(await tokenError(id, secret), [400, 'invalid_grant']);
    const list = await clave(['client', 'list'], env);
    t.regex(list.out, new RegExp(`^${id} +sandbox +oidc +Municipalidad de Prueba`, 'm'));
    t.false(list.out.includes(secret));
    const rows = await query(
      env['DATABASE_URL']!,
      'select c::text from clients c union all select a::text from audit a',
    );
    t.true(JSON.stringify(rows).includes(id));
    t.false(JSON.stringify(rows).includes(secret));
  },
);

test.serial(
  'R-68: addresses and scopes that may not be are refused, all at once, and nothing is written',
  async (t) => {
    const env = await beside();
    const name = 'Sitio rechazado';
    const wrong = [
      '--redirect-uri',
      'http://sitio.example/cb',
      '--redirect-uri',
      'https://sitio.example/#x',
      '--scope',
      'openid admin',
    ];
    const { code, out, err } = await clave(['client', 'create', '--name', name, ...wrong], env);
    t.is(code, 1);
    for (const word of ['http://sitio.example/cb', 'https://sitio.example/#x', 'admin'])
      t.true(err.includes(word), word);
    t.is(out, '');
    t.deepEqual(await query(env['DATABASE_URL']!, 'select id from clients where name = $1', [name]), []);
  },
);

test.serial('R-69: a suspended client is shut out of the product that runs; the reason is recorded', async (t) => {
  const env = await beside();
  const { client_id: id, client_secret: secret } = await claveJson<Created>([...CREATE, CALLBACK], env);
  t.deepEqual(await tokenError(id, secret), [400, 'invalid_grant']);
  const suspended = await claveJson(['client', 'suspend', id, '--reason', 'convenio terminado'], env);
  t.deepEqual(suspended, { client_id: id, state: 'suspended', changed: true });
  theClock().set(theClock().ahead() + 5);
  t.deepEqual(await tokenError(id, secret), [401, 'invalid_client']);

  const again = await claveJson(['client', 'suspend', id, '--reason', 'otra vez'], env);
  t.deepEqual(again, { client_id: id, state: 'suspended', changed: false });
  const [created, stopped, ...more] = await audit(env['DATABASE_URL']!, id);
  t.is(created?.kind, 'client-created');
  t.is(stopped?.kind, 'client-suspended');
  t.like(stopped?.details, { reason: 'convenio terminado', was: 'sandbox' });
  t.truthy(stopped?.details['operator']);
  t.deepEqual(more, []);
});

test.serial(
  'R-66, R-67: another secret by command is shown once; the one before is good for thirty days',
  async (t) => {
    const env = await beside();
    const { client_id: id, client_secret: old } = await claveJson<Created>([...CREATE, CALLBACK], env);
    type Rotated = { client_secret: string; before_until: string };
    const { client_secret: secret, before_until: until } = await claveJson<Rotated>(
      ['client', 'rotate-secret', id, '--reason', 'cambio anual'],
      env,
    );
    t.not(secret, old);
    theClock().set(theClock().ahead() + 3);
    for (const one of [secret, old]) t.deepEqual(await tokenError(id, one), [400, 'invalid_grant']);
    t.true(Math.abs(Date.parse(until) - Date.now() - theClock().ahead() * 1000 - 30 * 86_400_000) < 600_000, until);
    const [, event] = await audit(env['DATABASE_URL']!, id);
    t.like(event, { kind: 'client-secret-rotated', details: { reason: 'cambio anual' } });
    t.false(JSON.stringify(event).includes(secret));
  },
);

test.serial('sites are taken over with the id and the secret that they have, all or none', async (t) => {
  const env = await beside();
  const folder = await mkdtemp(join(tmpdir(), 'clave-import-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'sites.json');
  const known = { client_id: '0f1e2d3c4b5a', client_secret: 'a'.repeat(32), client_name: 'Municipalidad de Siempre' };
  const site = { ...known, redirect_uris: ['https://siempre.example/cb'] };
  const take = async (sites: readonly object[], ...more: readonly string[]) => {
    await writeFile(file, JSON.stringify(sites));
    return clave(['client', 'import', file, ...more], env);
  };
  const bad = await take([site, { ...site, client_id: 'otro', redirect_uris: ['http://x.example/#a'] }]);
  t.is(bad.code, 1);
  t.regex(bad.err, /^otro: not acceptable as an address/m);
  const bare = await take([{ ...site, client_secret: undefined }]);
  t.regex(bare.err, /its client_secret is needed/);
  t.is((await take([site], '--dry-run')).code, 0);
  t.deepEqual(await tokenError(known.client_id, known.client_secret), [401, 'invalid_client'], 'none so far');
  t.is((await take([site])).code, 0);
  const form = { grant_type: 'authorization_code', code: 'none', redirect_uri: site.redirect_uris[0]! };
  const response = await fetch(`${(await running).origin}/openid/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, client_id: known.client_id, client_secret: known.client_secret }),
  });
  t.is(((await response.json()) as { error: string }).error, 'invalid_grant');
  t.regex((await take([site])).err, /is taken/);
});

test.serial('nobody else is suspended by a wrong id', async (t) => {
  const env = await beside();
  const { code, err } = await clave(['client', 'suspend', 'demo', '--reason', 'prueba'], env);
  t.is(code, 1);
  t.is(err, 'there is no client demo\n');
  const { clients } = await claveJson<{ clients: Created[] }>(['client', 'list'], env);
  t.is(clients.find(({ client_id }) => client_id === 'demo-municipio')?.state, 'sandbox');
  for (const own of ['consola', 'cuenta']) {
    for (const act of ['suspend', 'certify', 'rotate-secret']) {
      const refused = await clave(['client', act, own, '--reason', 'prueba'], env);
      t.is(refused.code, 1);
      t.regex(refused.err, /a part of the product/);
    }
  }
});

test.serial('an id that begins with a hyphen is given after two of them', async (t) => {
  const env = await beside();
  await query(
    env['DATABASE_URL']!,
    `insert into clients select '-j', name, institution, profile, state, sector, auth, secrets,
    scopes, redirect_uris, post_logout_redirect_uris, details, created_at, updated_at from clients where id = 'demo-registro'`,
  );
  const { code, out } = await clave(['client', 'suspend', '--reason', 'prueba', '--', '-j'], env);
  t.is(code, 0);
  t.is(out, '-j is suspended (it was sandbox)\n');
});

test.serial(
  'in production a client starts as a draft, or certified when the operator says so, which is recorded',
  async (t) => {
    const { env, url, drop } = await migrated();
    t.teardown(drop);
    const draft = await clave([...CREATE, 'https://sitio.example/cb'], env);
    t.is(draft.code, 0);
    t.regex(draft.out, /^state: +draft$/m);
    t.regex(draft.out, /no citizen can sign in/);
    const id = /^client_id: +(\S+)$/m.exec(draft.out)?.[1] ?? '';
    const agreed = await claveJson(['client', 'certify', id, '--reason', 'convenio firmado'], env);
    t.deepEqual(agreed, { client_id: id, state: 'certified', changed: true });
    t.like((await audit(url, id))[1], {
      kind: 'client-certified',
      details: { was: 'draft', reason: 'convenio firmado' },
    });
    await claveJson(['client', 'suspend', id, '--reason', 'prueba'], env);
    const refused = await clave(['client', 'certify', id, '--reason', 'otra vez'], env);
    t.is(refused.code, 1);
    t.regex(refused.err, /two administrators/);
    const certified = await claveJson<Created>([...CREATE, 'https://sitio.example/cb', '--certified'], env);
    t.is(certified.state, 'certified');
    t.like((await audit(url, certified.client_id))[0], {
      kind: 'client-created',
      details: { state: 'certified', profile: 'oidc' },
    });

    const { code, err } = await clave([...CREATE, 'http://localhost:9/cb'], env);
    t.is(code, 1);
    t.regex(err, /http:\/\/localhost:9\/cb/);
  },
);

test.serial('R-73: without a record nothing is done', async (t) => {
  const { env, url, drop } = await migrated();
  t.teardown(drop);
  const { client_id: id } = await claveJson<Created>([...CREATE, 'https://sitio.example/cb', '--certified'], env);
  await query(url, 'alter table audit rename to away');
  for (const args of [
    ['client', 'suspend', id, '--reason', 'prueba'],
    [...CREATE, 'https://sitio.example/cb'],
  ]) {
    const { code, err } = await clave(args, env);
    t.is(code, 1);
    t.regex(err, /audit/);
  }
  const { clients } = await claveJson<{ clients: Created[] }>(['client', 'list'], env);
  t.deepEqual(
    clients.map(({ client_id, state }) => [client_id, state]),
    [[id, 'certified']],
  );
});

test.serial('commands work while Redis is away; what others have typed does not reach the terminal', async (t) => {
  const { env, url, drop } = await migrated({ REDIS_URL: 'redis://127.0.0.1:1' });
  t.teardown(drop);
  const { client_id: id } = await claveJson<Created>([...CREATE, 'https://sitio.example/cb'], env);
  await query(url, 'update clients set name = $1', ['\u001b[2Jnada']);
  const { code, out } = await clave(['client', 'list'], env);
  t.is(code, 0);
  t.true(out.includes(id));
  t.true(out.includes('?[2Jnada'));
});

test.serial(
  'decision 12: features hold at once on a laptop; in production they wait for a second administrator',
  async (t) => {
    const env = await beside();
    const { client_id: id } = await claveJson<Created>(
      [...CREATE, CALLBACK, '--jwks-uri', 'https://s.example/jwks'],
      env,
    );
    await claveJson(['client', 'feature', id, '--feature', 'jar jarm'], env);
    const { clients } = await claveJson<{ clients: (Created & { features?: string[] })[] }>(['client', 'list'], env);
    t.deepEqual(clients.find(({ client_id }) => client_id === id)?.features, ['jar', 'jarm']);
    const wrong = await clave(['client', 'feature', id, '--feature', 'mtls', '--feature', 'nothing'], env);
    t.is(wrong.code, 2);

    const { env: real, url, drop } = await migrated();
    t.teardown(drop);
    const site = [...CREATE, 'https://sitio.example/cb', '--jwks-uri', 'https://s.example/jwks'];
    const refused = await clave([...site, '--feature', 'jar'], real);
    t.is(refused.code, 1);
    t.regex(refused.err, /two administrators/);
    const { client_id: other } = await claveJson<Created>(site, real);
    const propose = ['client', 'feature', other, '--feature', 'jar'];
    t.is((await clave(propose, real)).code, 2, 'whose proposal is it, and why?');
    const nobody = await clave([...propose, '--run', '11.111.111-1', '--reason', 'convenio con el banco'], real);
    t.is(nobody.code, 1);
    t.regex(nobody.err, /no active administrator/);
    t.deepEqual(await query(url, 'select id from proposals'), []);
  },
);
