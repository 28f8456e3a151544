/**
 * `npm run bench -- --growth [FEW MANY]`: what a login costs with few accounts and with many,
 * and with two processes beside one. Prints a table, and writes it into docs/measured.md between its markers.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { checkDigit } from '../src/domain/run.ts';
import { logIn, newVisitor, openSite } from './flows.ts';
import { machineFacts, pinCores, type Cores } from './machine.ts';
import { productEnv, startServer, startServices, type Services } from './servers.ts';

const FROM = 30_000_000;
const PASSWORD = 'boldo-quillay-peumo';
const LOGINS = 300;
const AT_ONCE = 4;
const DOCUMENT = new URL('../docs/measured.md', import.meta.url);
const ROOT = resolve(import.meta.dirname, '..');

type Cost = {
  readonly what: string;
  /** Milliseconds of CPU a login: of the product's processes, and of Postgres'. */
  readonly product: number;
  readonly postgres: number;
};

/** Seconds of CPU that a process and all that it has started have used. */
function cpuOfTree(root: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number);
        return [
          {
            pid: Number(name),
            parent: fields[1] ?? 0,
            ticks: (fields[11] ?? 0) + (fields[12] ?? 0),
            dead: (fields[13] ?? 0) + (fields[14] ?? 0),
          },
        ];
      } catch {
        // It has just ended.
        return [];
      }
    });
  const own = new Set([root]);
  for (let size = 0; size !== own.size;) {
    size = own.size;
    for (const { pid, parent } of stats) if (own.has(parent)) own.add(pid);
  }
  return stats.filter(({ pid }) => own.has(pid)).reduce((sum, { ticks, dead }) => sum + ticks + dead, 0) / 100;
}

type Place = {
  readonly services: Services;
  readonly cores: Cores;
  readonly databaseUrl: string;
  readonly postgresPid: number;
};
type Wish = { readonly what: string; readonly people: number; readonly workers: number };

/** People drawn from all there are sign in; the second half of them is what counts. */
async function measure(
  { services, cores, databaseUrl, postgresPid }: Place,
  { what, people, workers }: Wish,
): Promise<Cost> {
  const stores = { DATABASE_URL: databaseUrl, REDIS_URL: services.redisUrl };
  const env = { ...productEnv(join(services.dir, 'data')), ...stores, WORKERS: String(workers), LOG_LEVEL: 'error' };
  const server = await startServer({
    name: what,
    script: 'src/main.ts',
    env,
    cores: workers > 1 ? undefined : cores?.server,
  });
  try {
    const site = await openSite(server.origin);
    const some = async (count: number) => {
      for (let n = 0; n < count; n += AT_ONCE)
        await Promise.all(
          Array.from({ length: AT_ONCE }, () => {
            const body = FROM + Math.floor(Math.random() * people);
            return logIn(site, newVisitor({ run: `${body}-${checkDigit(body)}`, password: PASSWORD }));
          }),
        );
    };
    await some(LOGINS);
    const before = { product: cpuOfTree(server.pid), postgres: cpuOfTree(postgresPid) };
    await some(LOGINS);
    const cost = (now: number, then: number) => ((now - then) * 1000) / LOGINS;
    site.client.close();
    return {
      what,
      product: cost(cpuOfTree(server.pid), before.product),
      postgres: cost(cpuOfTree(postgresPid), before.postgres),
    };
  } finally {
    await server.stop();
  }
}

const counts = process.argv
  .slice(2)
  .filter((arg) => /^\d+$/.test(arg))
  .map(Number);
const [few = 10_000, many = 1_000_000] = counts;
const cores = pinCores();
const services = await startServices();
try {
  const databaseUrl = await services.database('growth');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ file: string }>(
    `select setting as file from pg_settings where name = 'data_directory'`,
  );
  const postgresPid = Number.parseInt(readFileSync(join(rows[0]?.file ?? '', 'postmaster.pid'), 'utf8'));
  const place = { services, cores, databaseUrl, postgresPid };
  const synth = async (count: number) => {
    const env = { ...process.env, ...productEnv(join(services.dir, 'data')), DATABASE_URL: databaseUrl };
    const args = ['src/tasks/clave.ts', 'people', 'synth', '--json', '--count', String(count)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env, maxBuffer: 1e8 });
    await client.query('vacuum analyze');
    return JSON.parse(stdout) as { seconds: number };
  };
  const costs: Cost[] = [];
  const look = async (wish: Wish) => {
    const cost = await measure(place, wish);
    console.error(`${cost.what}: ${cost.product.toFixed(1)} ms, Postgres ${cost.postgres.toFixed(2)} ms`);
    costs.push(cost);
  };
  await synth(few);
  await look({ what: `${few} accounts`, people: few, workers: 1 });
  const { seconds } = await synth(many - few);
  await look({ what: `${many} accounts`, people: many, workers: 1 });
  await look({ what: `${many} accounts, two processes`, people: many, workers: 2 });
  await client.end();
  write(costs, `${many - few} accounts were made in ${seconds} s.`);
} finally {
  await services.close();
}

/** Between its markers; all else is written by people. */
function write(costs: readonly Cost[], note: string): void {
  const [first] = costs;
  const ratio = (value: number, base = 0) => (value / base).toFixed(2);
  const lines = costs.map(
    ({ what, product, postgres }) =>
      `| ${what} | ${product.toFixed(1)} | ${ratio(product, first?.product)} | ${postgres.toFixed(2)} | ${ratio(postgres, first?.postgres)} |`,
  );
  const { cpu, cores: number, date } = machineFacts();
  const text = [
    ...[
      '| Accounts | CPU ms a login | ratio | of it in Postgres, beside | ratio |',
      '| --- | --- | --- | --- | --- |',
      ...lines,
      '',
    ],
    `${note} ${LOGINS} logins each, of people drawn at random, after as many to warm up. ${date}, ${cpu}, ${number} cores.`,
  ].join('\n');
  console.log(text);
  const [begin, end] = ['<!-- growth -->', '<!-- /growth -->'];
  const before = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const own = `${begin}\n\n${text}\n\n${end}`;
  const head =
    '## Growth\n\nWanted: a login costs the same (± 10 %) with five million accounts as with ten thousand, and with two processes at most 1.1 of what it costs with one.\n\n';
  writeFileSync(
    DOCUMENT,
    from < 0 ? `${before.trimEnd()}\n\n${head}${own}\n` : before.slice(0, from) + own + before.slice(to + end.length),
  );
}
