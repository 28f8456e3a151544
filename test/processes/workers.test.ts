import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { pauseBefore } from '../../src/processes.ts';
import { attempt } from '../support/attempt.ts';
import { browser } from '../support/browser.ts';
import { startProduct } from '../support/product.ts';
import { freePort } from '../support/servers.ts';

/** The children of a process: its workers, and the embedded Postgres. */
async function childrenOf(pid: number | undefined) {
  const all = (await readdir('/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(async (name) => {
      const [stat, line] = await Promise.all(
        ['stat', 'cmdline'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
      );
      const parent = Number(/\) \S (\d+)/.exec(stat ?? '')?.[1]);
      return { pid: Number(name), parent, isWorker: line?.includes('main.ts') ?? false };
    });
  return (await Promise.all(all)).filter(({ parent }) => parent === pid);
}
const workersOf = async (pid: number | undefined) => (await childrenOf(pid)).filter(({ isWorker }) => isWorker);
const lives = (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) Z /.test(stat),
    () => false,
  );

/** A keep-alive connection of its own, as a balancer has one: the status and the body of each answer. */
function probe(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string) =>
    new Promise<{ status: number | undefined; body: string; closes: boolean }>((resolve, reject) => {
      get(`${origin}${path}`, { agent }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => (body += text));
        answer.on('end', () =>
          resolve({ status: answer.statusCode, body, closes: answer.headers.connection === 'close' }),
        );
      }).on('error', reject);
    });
  return { ask, close: () => agent.destroy() };
}

test.serial(
  'WORKERS=2: both serve, one that is killed is replaced, R-98: SIGTERM lets them finish, and nothing is left',
  async (t) => {
    const metricsPort = await freePort();
    const product = await startProduct({
      METRICS_PORT: String(metricsPort),
      WORKERS: '2',
      HASH_QUEUE_MS: '30000',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    t.teardown(() => product.stop('SIGKILL'));
    const { origin, child } = product;
    t.is(product.said.out.match(/^ready /gm)?.length, 1);
    t.is(product.said.out.trim().split('\n').at(-1), `ready ${origin}`);
    const before = await workersOf(child.pid);
    t.is(before.length, 2);

    for (const result of await Promise.all([attempt(origin), attempt(origin), attempt(origin), attempt(origin)]))
      t.true(result.in, `${result.step} ${result.status} ${result.text}`);
    // From devices never seen: letters are on their way, and each worker shows them all.
    const shown = async () => {
      const { text } = await browser(origin).get('/emulador/mensajes.json', { connection: 'close' });
      return (JSON.parse(text) as { id: string; subject: string }[]).map(({ id, subject }) => `${id} ${subject}`);
    };
    const seen: string[][] = [];
    for (let tries = 0; tries < 100 && (await shown()).length < 3; tries++) await sleep(50);
    for (let n = 0; n < 6; n++) seen.push(await shown());
    t.true(seen[0]!.length >= 3);
    for (const each of seen) t.deepEqual(each, seen[0]);

    const asked = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const valueOf = (text: string, series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length + 1),
      );
    const signIns = (text: string) =>
      ['signed-in', 'step'].reduce(
        (sum, outcome) => sum + valueOf(text, `claveunica_sign_ins_total{way="clave",outcome="${outcome}"}`),
        0,
      );
    const figures = await asked();
    t.is(signIns(figures), 4, 'both together');
    t.is(valueOf(figures, 'claveunica_processes{state="answering"}'), 2);
    for (const process of ['1', '2'])
      t.is(valueOf(figures, `claveunica_part_up{part="postgres",process="${process}"}`), 1);
    t.is(figures.match(/^claveunica_database_figures_up 1$/gm)?.length, 1, 'one of them asks the database');

    const [victim] = before;
    process.kill(victim!.pid, 'SIGKILL');
    // Until the primary knows, it hands connections to the dead one; those that were kept to it end.
    for (let tries = 0; tries < 500 && !product.said.err.includes('a worker is gone'); tries++) await sleep(20);
    await sleep(100);
    for (let n = 0; n < 5; n++) {
      const { in: isIn, ...how } = await attempt(origin);
      t.true(isIn, JSON.stringify(how));
    }
    for (let tries = 0; tries < 200 && (await workersOf(child.pid)).length < 2; tries++) await sleep(50);
    const after = await workersOf(child.pid);
    t.is(after.length, 2);
    t.false(after.some(({ pid }) => pid === victim!.pid));
    t.true(await lives(before[1]!.pid));
    t.regex(product.said.err, /a worker is gone/);
    // Within a second the same is said again.
    await sleep(1100);
    t.is(signIns(await asked()), 9, 'what the dead one had counted is not lost');

    const balancer = probe(origin);
    t.is((await balancer.ask('/readyz')).status, 200);
    const { hostname, port } = new URL(origin);
    const slow = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
    await once(slow, 'connect');
    // It is told to go on, so a worker has it.
    slow.write(
      `POST /openid/token HTTP/1.1\r\nhost: localhost:${port}\r\nexpect: 100-continue\r\ncontent-length: 20\r\ncontent-type: application/x-www-form-urlencoded\r\n\r\n`,
    );
    const [goOn] = (await once(slow, 'data')) as [Buffer];
    t.regex(goOn.toString(), /^HTTP\/1.1 100 /);
    slow.write('grant_type=');
    const all = await childrenOf(child.pid);
    t.is(all.length, 3);
    const ended = product.stop('SIGTERM');
    let probed = await balancer.ask('/readyz');
    for (let tries = 0; tries < 200 && probed.status === 200; tries++) {
      await sleep(20);
      probed = await balancer.ask('/readyz');
    }
    t.deepEqual([probed.status, probed.closes], [503, true]);
    t.deepEqual(JSON.parse(probed.body), { status: 'not-ready', parts: { process: false } });
    t.true((await attempt(origin)).in, 'who comes before the balancer has noticed is served');
    await sleep(2500);
    t.is(child.exitCode, null, 'the slow one is waited for');
    slow.write('authoriza');
    const [answer] = (await once(slow, 'data')) as [Buffer];
    t.regex(answer.toString(), /^HTTP\/1.1 400 [^]*connection: close/i);
    t.is(await ended, 0, product.said.err);
    for (const { pid } of all) t.false(await lives(pid));
    balancer.close();
    await product.remove();
  },
);

test.serial('a taken port ends all workers with 1, says so once, and leaves nothing running', async (t) => {
  const port = await freePort();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  t.teardown(() => void taken.close());
  const error = await t.throwsAsync(startProduct({ PORT: String(port), WORKERS: '2' }));
  t.regex(error.message, new RegExp(`^ended with 1: PORT: port ${port} is taken\\s*$`));
});

test('who dies at once is started again later and later, and not for ever when nobody serves', (t) => {
  const pauses = [0, 1, 2, 3, 4, 5, 6, 7, 8, 50].map((quick) => pauseBefore(quick, true));
  t.deepEqual(pauses, [0, 250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  t.is(pauseBefore(4, false), 2000);
  t.is(pauseBefore(5, false), undefined);
});
