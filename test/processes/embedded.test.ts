import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { attachPostgres, startPostgres } from '#src/stores/embedded-postgres.ts';
import { run, startProduct } from '../support/product.ts';
import { freePort } from '../support/servers.ts';
import { begin, clave, claveJson } from '../tasks/run-clave.ts';

const CREATE = ['client', 'create', '--name', 'Prueba', '--redirect-uri', 'http://localhost:9000/cb'];
type Created = { client_id: string; client_secret: string };

/** A folder for an installation of its own, which leaves nothing running behind. */
async function place(t: ExecutionContext) {
  const dir = await mkdtemp(join(tmpdir(), 'claveunica-clave-'));
  const runs = () => attachPostgres(join(dir, 'postgres'));
  t.teardown(async () => {
    if (await runs()) await (await startPostgres({ dir: join(dir, 'postgres') })).close();
    await rm(dir, { recursive: true, force: true });
  });
  return { dir, runs };
}

/** A right client with a wrong code: the product knows the client, and its store answers. */
async function isKnown(origin: string, { client_id, client_secret }: Created): Promise<boolean> {
  const fields = { grant_type: 'authorization_code', code: 'no-such-code', redirect_uri: 'http://localhost:9000/cb' };
  const response = await fetch(`${origin}/openid/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` },
    body: new URLSearchParams({ ...fields, code_verifier: 'v'.repeat(43) }),
  });
  return response.status === 400 && ((await response.json()) as { error?: string }).error === 'invalid_grant';
}

test.serial(
  'without a product the command starts Postgres and stops it; beside one it leaves it running',
  async (t) => {
    const { dir, runs } = await place(t);
    const before = await claveJson<Created>(CREATE, { DATA_DIR: dir });
    t.is(await runs(), undefined);

    const product = await startProduct({ DATA_DIR: dir });
    t.teardown(() => product.stop());
    const url = await runs();
    t.truthy(url);
    const beside = await Promise.all([1, 2].map(() => claveJson<Created>(CREATE, { DATA_DIR: dir })));
    t.is((await clave(['doctor'], { DATA_DIR: dir })).code, 0);
    t.is((await clave(['migrate'], { DATA_DIR: dir })).code, 0);
    t.is(await runs(), url);
    for (const client of [before, ...beside]) t.true(await isKnown(product.origin, client));
    t.is((await fetch(`${product.origin}/readyz`)).status, 200);
    t.is(await product.stop(), 0);
    t.is(await runs(), undefined);
  },
);

test.serial(
  'after kill -9 the command finds what was left, and does not take it from a product that came back',
  async (t) => {
    const { dir, runs } = await place(t);
    const killed = await startProduct({ DATA_DIR: dir });
    const url = await runs();
    await killed.stop('SIGKILL');
    t.is(await runs(), url);

    const back = await startProduct({ DATA_DIR: dir });
    t.teardown(() => back.stop());
    const client = await claveJson<Created>(CREATE, { DATA_DIR: dir });
    t.is(await runs(), url);
    t.true(await isKnown(back.origin, client));

    await back.stop('SIGKILL');
    const { clients } = await claveJson<{ clients: Created[] }>(['client', 'list'], { DATA_DIR: dir });
    t.true(clients.some(({ client_id }) => client_id === client.client_id));
    // Nobody else was left to use it.
    t.is(await runs(), undefined);
  },
);

test.serial('whoever is interrupted, twice as npm in a terminal does it, leaves no Postgres behind', async (t) => {
  const { dir, runs } = await place(t);
  const interrupt = async (child: ChildProcess, signal: NodeJS.Signals) => {
    while (child.exitCode === null && !(await runs())) await sleep(20);
    child.kill(signal);
    await sleep(50);
    child.kill(signal);
  };
  const { child, result } = begin(['migrate'], { DATA_DIR: dir });
  await interrupt(child, 'SIGTERM');
  const { code, err } = await result;
  // On a quick machine it had finished.
  t.true(code === 143 || code === 0, err);
  t.is(err, '');
  t.is(await runs(), undefined);

  const ports = { PORT: String(await freePort()), CONSOLE_PORT: '0', DEMO_PORT: '0' };
  const starting = run([], { DATA_DIR: dir, LOG_LEVEL: 'warn', ...ports });
  await interrupt(starting.child, 'SIGINT');
  t.is(await starting.ended, 0, starting.said.err);
  t.is(await runs(), undefined);

  const product = await startProduct({ DATA_DIR: dir });
  await interrupt(product.child, 'SIGTERM');
  t.is(await product.ended, 0, product.said.err);
  t.is(await runs(), undefined);
});
