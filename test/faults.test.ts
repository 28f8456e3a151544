import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { relay } from './support/relay.ts';
import { authorizeUrl } from './support/requests.ts';
import { serve } from './support/serve.ts';
import { migratedDatabase } from './support/migrated.ts';
import { until } from './support/until.ts';

const maria = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };
const through = (url: string, port: number) => {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
};

/** Longer than anybody waits for a store, and far less than a person would; told by a timer that is late when all is. */
const PATIENT = 20_000;

for (const store of ['postgres', 'redis'] as const) {
  for (const fault of ['cut', 'frozen'] as const) {
    test.serial(
      `R-95, R-96: ${store} ${fault}: 503 with Retry-After, discovery and JWKS answer, and it comes back by itself`,
      async (t) => {
        const database = await migratedDatabase();
        const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
        const wire = await relay(Number(new URL(store === 'postgres' ? database.url : redisUrl).port));
        const app = await serve({
          redis: true,
          database: store === 'postgres' ? through(database.url, wire.port) : database.url,
          env: { STORE_TIMEOUT_MS: '4000', ...(store === 'redis' && { REDIS_URL: through(redisUrl, wire.port) }) },
        });
        try {
          const user = app.visitor();
          const { location } = await user.get(authorizeUrl(app.origin));
          const csrf = /name="csrf" value="([^"]+)"/.exec((await user.get(location)).text)![1]!;
          const token = {
            grant_type: 'authorization_code',
            code: 'x',
            redirect_uri: 'http://localhost:9000/cb',
            code_verifier: 'x'.repeat(43),
          };
          const basic = { authorization: `Basic ${btoa('demo-municipio:demo-municipio-secret')}` };

          wire.set(fault);
          const late = sleep(PATIENT, undefined, { ref: false });
          const html = { accept: 'text/html' };
          const all = Promise.all([
            user.get(authorizeUrl(app.origin), html),
            user.get(location, html),
            user.post(location, { ...maria, csrf }, html),
            user.post('/openid/token', token, basic),
            user.get('/openid/userinfo', { authorization: `Bearer ${'x'.repeat(43)}` }),
            user.get('/readyz'),
          ]);
          const answers = await Promise.race([all, late]);
          if (!answers) return t.fail('somebody waits still');
          const statuses = answers.map(({ status }) => status);
          // Without Postgres what Redis knows still answers for a while; nobody signs in.
          const rest = [0, 1, 3, 4].map((n) => statuses[n]!);
          t.deepEqual([statuses[2], statuses[5]], [503, 503]);
          if (store === 'redis') t.deepEqual(rest, [503, 503, 503, 503]);
          else
            t.true(
              rest.every((status) => status < 500 || status === 503),
              rest.join(),
            );
          for (const { status, headers, text } of answers.slice(0, 5)) {
            t.notRegex(text, /node_modules|ECONN|Knex|ioredis/);
            if (status === 503) t.truthy(headers.get('retry-after'));
          }
          if (store === 'redis') t.true(answers[0].text.includes('Vuelve a probar en un momento'));
          t.true(
            answers[2].text.includes('Hay mucha gente ingresando') ||
              answers[2].text.includes('Vuelve a probar en un momento'),
          );
          t.is((JSON.parse(answers[5].text) as { parts: Record<string, boolean> }).parts[store], false);
          for (const path of ['/openid/.well-known/openid-configuration', '/openid/jwks', '/healthz'])
            t.is((await user.get(path)).status, 200, path);

          wire.set('open');
          t.true(await until(async () => (await user.get('/readyz')).status === 200, 100));
          const again = (await user.get(authorizeUrl(app.origin))).location;
          const { status, location: resume } = await user.submit(again, maria);
          t.is(status, 303);
          t.true(new URL((await user.get(resume)).location).searchParams.has('code'));
        } finally {
          await app.close();
          wire.close();
          await database.drop();
        }
      },
    );
  }
}
