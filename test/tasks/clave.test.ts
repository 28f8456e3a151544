import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../support/product.ts';
import { freePort, freshDatabase } from '../support/servers.ts';
import { clave, claveJson, production, query } from './run-clave.ts';

const COMMANDS = [
  'migrate',
  'client create',
  'client list',
  'client suspend',
  'people import',
  'people synth',
  'doctor',
];

test.serial('the overview names every command, and each command explains its options', async (t) => {
  const overview = await clave(['--help']);
  t.is(overview.code, 0);
  for (const name of COMMANDS) {
    t.true(overview.out.includes(`  ${name} `), name);
    const help = await clave([...name.split(' '), '--help']);
    t.is(help.code, 0, name);
    t.true(help.out.startsWith(`clave ${name}`), help.out);
    t.regex(help.out, /--json +answer as JSON/);
  }
  const create = await clave(['client', 'create', '-h']);
  for (const option of [
    'name',
    'redirect-uri',
    'profile',
    'auth',
    'scope',
    'post-logout-redirect-uri',
    'institution',
    'certified',
  ])
    t.regex(create.out, new RegExp(`^  --${option}\\b`, 'm'));
  const family = await clave(['client', '--help']);
  t.regex(family.out, /client suspend/);
  t.notRegex(family.out, /migrate/);
});

test.serial('wrong usage ends with 2, says all that is wrong and how it goes', async (t) => {
  const wrong: [string[], RegExp][] = [
    [[], /which command\?/],
    [['dance'], /no command dance/],
    [['migrate', 'now'], /not understood: now/],
    [['migrate', '--force'], /Unknown option '--force'/],
    [['client', 'create'], /--name is needed\n--redirect-uri is needed/],
    [['client', 'create', '--name'], /'--name <value>' argument missing/],
    [
      ['client', 'create', '--name', 'A', '--name', 'B', '--redirect-uri', 'https://a.cl/'],
      /--name may be given once only/,
    ],
    [
      ['client', 'create', '--name', 'A', '--redirect-uri', 'https://a.cl/', '--profile', 'saml'],
      /--profile is one of oidc, claveunica, not saml/,
    ],
    [['client', 'create', '--name', 'A', '--redirect-uri', 'https://a.cl/', '--auth', 'none'], /--auth is one of/],
    [['client', 'suspend'], /ID is needed\n--reason is needed/],
    [['client', 'suspend', 'x', '--reason', ' '], /--reason is needed/],
  ];
  for (const [args, words] of wrong) {
    const { code, out, err } = await clave(args);
    t.is(code, 2, args.join(' '));
    t.regex(err, words);
    t.regex(err, /usage: clave |clave COMMAND/);
    t.is(out, '');
  }
  t.regex((await claveJson<{ error: string }>(['client', 'suspend'], {}, 2)).error, /ID is needed/);
});

test.serial('a faulty configuration ends with 1 and lists every fault, without a stack', async (t) => {
  const { code, out, err } = await clave(['client', 'list'], {
    MODE: 'production',
    MASTER_KEYS: 'k1:short',
    PORT: 'x',
  });
  t.is(code, 1);
  for (const name of ['PORT', 'MASTER_KEYS', 'DATABASE_URL', 'SMTP_URL']) t.regex(err, new RegExp(`^  ${name}: `, 'm'));
  t.notRegex(err, /\.ts:/);
  t.is(out, '');
});

test.serial('a database that is away is told in plain words, without its password', async (t) => {
  const url = `postgres://clave:s3cret@127.0.0.1:${await freePort()}/x`;
  const { code, out, err } = await clave(['client', 'list', '--json'], { DATABASE_URL: url });
  t.is(code, 1);
  t.regex(err, /^Postgres does not answer: .*ECONNREFUSED/);
  t.notRegex(err, /\.ts:|s3cret/);
  t.deepEqual(JSON.parse(out), { error: err.trim() });
});

test.serial('migrate brings an empty database to this version; the others do not begin before', async (t) => {
  const database = await freshDatabase();
  t.teardown(() => database.drop());
  const env = production(database.url);
  const early = await clave(['client', 'list'], env);
  t.is(early.code, 1);
  t.regex(early.err, /npm run clave -- migrate/);

  const first = await claveJson<{ applied: string[] }>(['migrate'], env);
  t.is(first.applied[0], '0001-sign-in');
  const names = await query<{ name: string }>(database.url, 'select name from knex_migrations order by id');
  t.deepEqual(
    names.map(({ name }) => name),
    first.applied,
  );
  t.is((await query(database.url, 'select from graphile_worker.migrations limit 1')).length, 1);
  const again = await clave(['migrate'], env);
  t.is(again.code, 0);
  t.regex(again.out, /up to date/);
  t.deepEqual(await claveJson(['client', 'list'], env), { clients: [] });
});

test.serial('several who migrate at once do it once', async (t) => {
  const database = await freshDatabase();
  t.teardown(() => database.drop());
  const env = production(database.url);
  const applied = await Promise.all([1, 2].map(() => claveJson<{ applied: string[] }>(['migrate'], env)));
  const names = await query<{ name: string }>(database.url, 'select name from knex_migrations order by id');
  t.deepEqual(
    applied.flatMap((one) => one.applied),
    names.map(({ name }) => name),
  );
});

test.serial('a database keeps its mode and its keys: commands of others leave it alone, and --reset too', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'claveunica-clave-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const database = await freshDatabase();
  t.teardown(() => database.drop());
  const env = production(database.url);
  await claveJson(['migrate'], env);
  const { MASTER_KEYS } = env;
  for (const args of [['migrate'], ['client', 'list']]) {
    const emulator = await clave(args, { DATABASE_URL: database.url, MASTER_KEYS });
    t.is(emulator.code, 1);
    t.is(emulator.err, 'this database belongs to MODE=production, and this is MODE=emulator\n');
    const stranger = await clave(args, { ...env, MASTER_KEYS: `k2:${'z'.repeat(43)}` });
    t.is(stranger.code, 1);
    t.is(stranger.err, 'MASTER_KEYS: this database was sealed with other keys\n');
  }
  // Nor does an emulator migrate or empty it, whatever keys it has.
  const migrations = () => query(database.url, 'select name from knex_migrations order by id');
  await query(database.url, 'delete from knex_migrations where id = (select max(id) from knex_migrations)');
  const before = await migrations();
  const mode = 'this database belongs to MODE=production, and this is MODE=emulator\n';
  for (const [args, more, words] of [
    [[], { MASTER_KEYS }, mode],
    [['--reset'], { MASTER_KEYS }, mode],
    [['--reset'], { DATA_DIR: dir }, 'MASTER_KEYS: this database was sealed with other keys\n'],
  ] as const) {
    const ports = { PORT: String(await freePort()), CONSOLE_PORT: '0', DEMO_PORT: '0' };
    const { said, ended } = run(args, { DATABASE_URL: database.url, ...ports, ...more });
    t.is(await ended, 1);
    t.is(said.err, words);
  }
  t.is((await clave(['client', 'list'], { DATABASE_URL: database.url, MASTER_KEYS })).err, mode);
  t.deepEqual(await migrations(), before);
});
