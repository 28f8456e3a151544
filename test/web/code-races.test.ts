import test from 'ava';
import { openRedis } from '../../src/stores/connections.ts';
import { openLetter, type Letter, type SealedLetter } from '../../src/stores/outbox.ts';
import type { browser } from '../support/browser.ts';
import { askFor, choose, enterCode, NEW_CLAVE, officersCode, PEDRO } from '../support/flow.ts';
import { CLAUDIA, LUIS, MARIA, MUNICIPIO, provider } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

/** On Postgres and Redis as they are; a database of Redis for this file alone, since it is put back to an older day. */
const redisUrl = `${process.env['TEST_REDIS_URL'] ?? ''}/7`;
const app = await serve({ env: { TRUSTED_PROXIES: '127.0.0.1', REDIS_URL: redisUrl } });
const redis = await openRedis(redisUrl, { patience: 20_000, onError: () => undefined });
test.after.always(async () => {
  redis.disconnect();
  await app.close();
});

const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
/** Nobody sends them here: they wait as jobs. */
async function lastCode(kind: Letter['letter']): Promise<string> {
  const { rows } = await app.live.db.raw<{ rows: { payload: SealedLetter }[] }>(
    'select payload from graphile_worker._private_jobs order by id desc',
  );
  const letters = rows.map(({ payload }) => openLetter(payload, app.parts.vault));
  const found = letters.find((letter) => letter.letter === kind);
  return found && 'code' in found ? found.code : '';
}
const elsewhere = (n: number) => ({ 'x-forwarded-for': `10.${n >> 8}.${n & 255}.7` });
let place = 0;

type User = ReturnType<typeof browser>;
/** All at once, each from another address, so that only the codes themselves can hold them back. */
const race = (user: User, path: string, forms: readonly Record<string, string>[]) =>
  Promise.all(forms.map(async (form) => (await user.post(path, form, elsewhere((place += 1)))).status));
const countOf = (statuses: readonly number[], status: number) => statuses.filter((each) => each === status).length;

test.serial('of fifty who type the right recovery code at once one goes on, in each round (R-12)', async (t) => {
  for (const { run } of [MARIA, CLAUDIA, LUIS]) {
    const user = app.visitor();
    await askFor(user, run);
    const form = {
      csrf: csrfOf((await user.get('/recuperar/codigo')).text),
      run,
      codigo: await lastCode('recovery-code'),
    };
    const statuses = await race(
      user,
      '/recuperar/codigo',
      Array.from({ length: 50 }, () => form),
    );
    t.deepEqual([countOf(statuses, 303), countOf(statuses, 422)], [1, 49]);
  }
});

test.serial(
  'with the right one among forty-nine wrong ones five are looked at, and never two go on (R-11, R-12)',
  async (t) => {
    const user = app.visitor();
    await askFor(user, '12.345.678-5');
    const csrf = csrfOf((await user.get('/recuperar/codigo')).text);
    const right = await lastCode('recovery-code');
    const forms = Array.from({ length: 50 }, (_, n) => ({
      ...{ csrf, run: '12.345.678-5', codigo: n === 23 ? right : `WRNGC${String(n).padStart(3, '0')}` },
    }));
    const statuses = await race(user, '/recuperar/codigo', forms);
    t.true(countOf(statuses, 303) <= 1);
    t.is(countOf(statuses, 303) + countOf(statuses, 422), 50);
    const { rows } = await app.live.db.raw<{ rows: { tries: number; used: boolean }[] }>(
      `select tries, used_at is not null as used from codes where purpose = 'recovery' order by id desc limit 1`,
    );
    t.true((rows[0]?.tries ?? 0) <= 5);
    t.is(countOf(statuses, 303), rows[0]?.used ? 1 : 0);
  },
);

test.serial('of fifty browsers with the right activation code one gets it (R-12)', async (t) => {
  const codigo = await officersCode(app.parts);
  const browsers = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const user = app.visitor();
      return { user, csrf: csrfOf((await user.get('/activar', elsewhere((place += 1)))).text) };
    }),
  );
  const answers = await Promise.all(
    browsers.map(async ({ user, csrf }) => {
      const form = { csrf, run: PEDRO, codigo };
      return { user, status: (await user.post('/activar', form, elsewhere((place += 1)))).status };
    }),
  );
  const statuses = answers.map(({ status }) => status);
  t.deepEqual([countOf(statuses, 303), countOf(statuses, 422)], [1, 49]);

  const { user } = answers.find(({ status }) => status === 303)!;
  const csrf = csrfOf((await user.get('/activar/confirmar')).text);
  const confirm = { csrf, confirmacion: await lastCode('confirmation-code') };
  const confirmed = await race(
    user,
    '/activar/confirmar',
    Array.from({ length: 20 }, () => confirm),
  );
  t.is(countOf(confirmed, 303), 1);
  const choice = { csrf: csrfOf((await user.get('/activar/clave')).text), password: NEW_CLAVE, password2: NEW_CLAVE };
  const chosen = await race(
    user,
    '/activar/clave',
    Array.from({ length: 10 }, () => choice),
  );
  t.is(countOf(chosen, 303), 1, 'one activation');
  const letters = await app.live.db.raw<{ rows: { count: string }[] }>(
    `select count(*) from audit where kind = 'activation-used'`,
  );
  t.is(letters.rows[0]?.count, '1');
});

test.serial(
  'after recovery no session or token from before is worth anything, also when Redis is put back to before it (R-31, R-95)',
  async (t) => {
    const { signIn, tokensFor, userinfo, silently } = provider(app.origin);
    const person = { run: '88.888.888-8', password: 'testing' };
    const before = app.visitor();
    await signIn(before, MUNICIPIO, person);
    const { access } = await tokensFor(before, MUNICIPIO);
    t.is((await userinfo(access)).status, 200);
    const keys = await redis.keys('*');
    t.true(keys.length > 0);
    const snapshot = await Promise.all(keys.map(async (key) => [key, await redis.dumpBuffer(key)] as const));

    const user = app.visitor();
    await askFor(user, person.run);
    t.is((await enterCode(user, person.run, await lastCode('recovery-code'))).location, '/recuperar/clave');
    t.is((await choose(user, '/recuperar/clave', NEW_CLAVE)).location, '/recuperar/listo');
    await redis.flushdb();
    for (const [key, value] of snapshot) await redis.restore(key, 0, value);
    t.is((await redis.keys('*')).length, keys.length);
    t.is((await userinfo(access)).status, 401);
    t.is((await silently(before, MUNICIPIO)).get('error'), 'login_required');
    await t.notThrowsAsync(signIn(app.visitor(), MUNICIPIO, { ...person, password: NEW_CLAVE }));
  },
);
