import test from 'ava';
import { call, MUNICIPIO, register, REGISTRO } from '../support/rp.ts';
import { serve } from '../support/serve.ts';
import { migratedDatabase } from '../support/migrated.ts';
import { until } from '../support/until.ts';
import { clave, claveJson, production, query, type Env } from './run-clave.ts';

type Key = { kid: string; alg: string; state: string; created_at: string; since: string; until: string | null };
type Master = { id: string; here: boolean; seals: boolean; rows: number; removable: boolean };
type Reader = { client_id: string; used_at: string; read_at: string | null; has_newest: boolean };
type List = { signing_keys: Key[]; clients: Reader[]; master_keys: Master[] };
type Changes = { changes: { change: string; kid: string; alg: string; at: string }[] };

const running = serve();
const KEY = 'k'.repeat(43);
const beside = async (): Promise<Env> => ({
  DATABASE_URL: (await running).live.databaseUrl,
  MASTER_KEYS: `test:${KEY}`,
});
test.after.always(async () => (await running).close());
const state = ({ signing_keys }: List, alg: string, name: string) =>
  signing_keys.find((key) => key.alg === alg && key.state === name);

test.serial(
  'R-83: keys are listed, planned, and rotated at once in a product that runs, without a restart',
  async (t) => {
    const app = await running;
    t.teardown(await app.op.follow());
    const env = await beside();
    const published = async () => ((await call(`${app.origin}/openid/jwks`)).json['keys'] as { kid: string }[])[0]?.kid;
    const before = await claveJson<List>(['keys', 'list'], env);
    t.is(before.signing_keys.length, 4);
    t.like(before.master_keys, [{ id: 'test', seals: true, here: true }]);
    t.is(await published(), state(before, 'RS256', 'current')?.kid);

    const planned = await claveJson<Changes>(['keys', 'rotate', '--alg', 'RS256'], env);
    t.deepEqual(
      planned.changes.map(({ change, alg }) => `${change} ${alg}`),
      ['published RS256', 'planned RS256'],
    );
    const day = Date.parse(planned.changes[1]?.at ?? '') - app.parts.clock();
    t.true(day > 23.9 * 3600_000 && day <= 24 * 3600_000);

    const { code, out } = await clave(['keys', 'rotate', '--now', '--alg', 'RS256'], env);
    t.is(code, 0);
    t.regex(out, /^RS256 +[\w-]{43} +signs$/m);
    t.regex(out, /signs no more, is published until 20/);
    const after = await claveJson<List>(['keys', 'list'], env);
    const signs = state(after, 'RS256', 'current')?.kid;
    t.is(signs, planned.changes[0]?.kid, 'the one that was published already');
    t.is(state(after, 'RS256', 'retiring')?.kid, state(before, 'RS256', 'current')?.kid);
    t.is(state(after, 'ES256', 'current')?.kid, state(before, 'ES256', 'current')?.kid);
    await until(async () => (await published()) === signs);
    t.is(await published(), signs);
    const recorded = await query<{ kind: string; details: Record<string, string> }>(
      env['DATABASE_URL'] ?? '',
      `select kind, details from audit where kind like 'key-%' and details ? 'operator' order by id`,
    );
    t.true(recorded.some(({ kind, details }) => kind === 'key-used' && details['kid'] === signs));
  },
);

test.serial(
  'an old master key is seen until everything is sealed anew, by a command that may be repeated',
  async (t) => {
    const database = await migratedDatabase();
    t.teardown(database.drop);
    const NEW = `new:${'n'.repeat(43)}`;
    const before = production(database.url);
    await claveJson(['migrate'], before);
    await claveJson(['client', 'create', '--name', 'N', '--redirect-uri', 'https://n.example.cl/cb'], before);
    const rotated = production(database.url, { MASTER_KEYS: `${NEW},${before['MASTER_KEYS'] ?? ''}` });
    const [, old] = (await claveJson<List>(['keys', 'list'], rotated)).master_keys;
    t.like(old, { id: 'k1', removable: false });
    t.true((old?.rows ?? 0) > 0);
    const { master_keys } = await claveJson<List & { resealed: number }>(['keys', 'reseal'], rotated);
    t.like(master_keys[1], { id: 'k1', rows: 0 });
    t.regex((await clave(['keys', 'reseal'], rotated)).out, /nothing was left to do/);
    const alone = await claveJson<List>(['keys', 'list'], { ...rotated, MASTER_KEYS: NEW });
    t.like(alone.master_keys, [{ id: 'new', seals: true }]);
    t.is(alone.master_keys.length, 1);
  },
);

test.serial('R-83: which sites have read the keys since the newest appeared is shown, with the dates', async (t) => {
  const { parts } = await running;
  const { id: silentSite } = await register(parts, { profile: 'oidc' });
  const newest = Math.max(...(await parts.signingKeys.list()).map(({ createdAt }) => createdAt));
  const [before, after] = [newest - 1000, newest + 1000];
  await parts.keyReaders.used(MUNICIPIO.id, 'one', { usedAt: after, readAt: before });
  await parts.keyReaders.used(REGISTRO.id, 'two', { usedAt: after, readAt: before });
  await parts.keyReaders.used(silentSite, 'three', { usedAt: after });
  await parts.keyReaders.read('one', after);
  const iso = (at: number) => new Date(at).toISOString();
  const { clients } = await claveJson<List>(['keys', 'list'], await beside());
  const of = (id: string) => clients.find(({ client_id }) => client_id === id);
  t.like(of(MUNICIPIO.id), { used_at: iso(after), read_at: iso(after), has_newest: true });
  t.like(of(REGISTRO.id), { read_at: iso(before), has_newest: false });
  t.like(of(silentSite), { read_at: null, has_newest: false });
  const { out } = await clave(['keys', 'list'], await beside());
  t.regex(out, /published 20\S+Z\. 1 of 3 sites that sign people in seem to have read it:$/m);
  t.regex(out, new RegExp(`^${MUNICIPIO.id} +${iso(after)} +${iso(after)} +has it$`, 'm'));
  t.regex(out, new RegExp(`^${REGISTRO.id} +${iso(after)} +${iso(before)} +not yet$`, 'm'));
  t.regex(out, new RegExp(`^${silentSite} +${iso(after)} +never seen +not yet$`, 'm'));
  t.true(out.indexOf(silentSite) < out.indexOf(MUNICIPIO.id), 'whom to call stands first');
});

test.serial('a wrong line ends with 2, and help says what each is for', async (t) => {
  const wrong = await clave(['keys', 'rotate', '--alg', 'HS256']);
  t.is(wrong.code, 2);
  t.regex(wrong.err, /--alg is one of RS256, PS256, ES256, EdDSA, not HS256/);
  t.is((await clave(['keys', 'rotate', '--compromised'])).code, 2);
  const help = await clave(['keys', '--help']);
  t.is(help.code, 0);
  for (const name of ['keys list', 'keys rotate', 'keys reseal']) t.true(help.out.includes(name));
  t.regex(help.out, /^ {2}keys rotate +Rotates the signing keys\.$/m);
});
