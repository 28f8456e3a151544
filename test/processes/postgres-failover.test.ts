import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { attempt, untilIn, type Attempt } from '../support/attempt.ts';
import { relay } from '../support/relay.ts';
import { MARIA, MUNICIPIO, provider } from '../support/rp.ts';
import { serve } from '../support/serve.ts';
import { startWithStandby } from '../support/standby.ts';

test('R-96: Postgres fails over to its standby behind the same address: none but 503s, back by itself, nothing acknowledged is lost', async (t) => {
  const postgres = await startWithStandby();
  const wire = await relay(Number(new URL(postgres.url).port));
  const address = new URL(postgres.url);
  address.port = String(wire.port);
  // Without Redis, so that codes and sessions are in Postgres too.
  const app = await serve({
    database: address.href,
    env: { STORE_TIMEOUT_MS: '900', HASH_QUEUE_MS: '30000', TRUSTED_PROXIES: '127.0.0.1' },
  });
  t.teardown(async () => {
    await app.close();
    wire.close();
    await postgres.close();
  });
  const op = provider(app.origin);
  const used = (await op.signIn(app.user, MUNICIPIO, MARIA)).get('code') ?? '';
  t.is((await op.redeem(MUNICIPIO, used)).status, 200);
  const unused = await op.codeFor(app.user, MUNICIPIO);
  const logins = async () => {
    const { rows } = await app.live.db.raw<{ rows: { count: string }[] }>(
      `select count(*) from audit where kind = 'login-succeeded'`,
    );
    return Number(rows[0]?.count);
  };
  t.is(await logins(), 1);

  const flows: Promise<Attempt>[] = [];
  const people = setInterval(() => flows.push(attempt(app.origin)), 200);
  await sleep(1000);
  process.kill(postgres.primary.pid, 'SIGQUIT');
  const begun = performance.now();
  await sleep(300);
  // The address moves before the standby is the primary: it answers, but out of the past, and takes no change.
  wire.leadTo(postgres.standbyPort);
  for (let tries = 0; tries < 50 && (await app.user.get('/readyz')).status === 200; tries++) await sleep(50);
  t.deepEqual(JSON.parse((await app.user.get('/readyz')).text), { status: 'not-ready', parts: { postgres: false } });
  t.is((await attempt(app.origin)).status, 503);
  await postgres.promote();
  const { took } = await untilIn(app.origin, 10_000);
  const back = performance.now();
  await sleep(1000);
  clearInterval(people);

  const results = await Promise.all(flows);
  t.deepEqual(
    results.filter((result) => !result.in && result.status !== 503),
    [],
  );
  t.log(
    `${results.filter((result) => result.in).length} signed in, ${results.filter(({ status }) => status === 503).length} got a 503;`,
    `back ${(took / 1000).toFixed(1)} s after the promotion, ${((back - begun) / 1000).toFixed(1)} s after the crash`,
  );
  t.true((await logins()) >= 2 + results.filter((result) => result.in).length);
  t.is((await op.redeem(MUNICIPIO, unused)).status, 200, 'a code that was given before is good after');
  t.truthy(await op.codeFor(app.user, MUNICIPIO), 'and so is the session');
  const again = await op.redeem(MUNICIPIO, used);
  t.deepEqual([again.status, again.json['error']], [400, 'invalid_grant']);
  t.is((await app.user.get('/readyz')).status, 200);
});
