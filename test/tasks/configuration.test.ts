import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readDemo } from '#src/gateways/demo-files.ts';
import { readConfig, variables } from '#src/config.ts';
import { inForce } from '#src/tasks/commands/in-force.ts';
import { exampleEnv, filled } from './run-clave.ts';

const names = variables().map(({ name }) => name);

test('the example of production names every variable, and nothing else', async (t) => {
  t.deepEqual(Object.keys(await exampleEnv({ all: true })).sort(), [...names].sort());
});

test('R-82: the example of production holds no usable secret: as it is, it does not start', async (t) => {
  const example = await exampleEnv({ all: false });
  const error = t.throws(() => readConfig(example));
  for (const name of ['PUBLIC_ORIGIN', 'MASTER_KEYS']) t.true(error.message.includes(`${name}: `), name);
  for (const [name, value = ''] of Object.entries(example))
    if (/:\/\/\S*@/.test(value)) t.regex(value, /:CHANGE_ME@/, name);
});

test('R-82: whatever of the example was not filled in is told in production, each with its name, and alone', async (t) => {
  const example = await exampleEnv({ all: true });
  const open = Object.keys(example).filter((name) => example[name]?.includes('CHANGE_ME'));
  for (const name of [
    'DATABASE_URL',
    'REDIS_URL',
    'SMTP_URL',
    'MAIL_FROM',
    'TURN_SECRET',
    'MASTER_KEYS',
    'PUBLIC_ORIGIN',
  ])
    t.true(open.includes(name), name);
  const { message } = t.throws(() => readConfig(example));
  t.deepEqual(message.split('\n').slice(1).sort(), open.map((name) => `  ${name}: still says CHANGE_ME`).sort());
  const filledIn = filled(example);
  for (const name of open)
    t.throws(
      () => readConfig({ ...filledIn, [name]: example[name] }),
      { message: new RegExp(`has a fault:\n {2}${name}: still says CHANGE_ME$`) },
      name,
    );
  t.notThrows(() => readConfig({ MAIL_FROM: 'CHANGE_ME' }), 'the emulator sends nothing');
});

test('the example of production, once filled in, is accepted, with the target of argon2', async (t) => {
  const config = readConfig(filled(await exampleEnv({ all: false })));
  t.like(config, { mode: 'production', emulator: false, secure: true, argon2: { memoryKib: 65536, time: 2 } });
  t.true(config.trustedProxies.length > 0);
  const all = filled(await exampleEnv({ all: true }));
  t.notThrows(() => readConfig(all));
});

test('R-82: what is for the emulator alone is refused in production, with what to do instead', async (t) => {
  const example = filled(await exampleEnv({ all: false }));
  const told = {
    CLIENTS_FILE: /^ {2}CLIENTS_FILE: is for the emulator only; `clave client import`/m,
    PEOPLE_FILE: /^ {2}PEOPLE_FILE: is for the emulator only; `clave people import`/m,
    CONFORMANCE: /^ {2}CONFORMANCE: is for the emulator only/m,
  };
  for (const [name, words] of Object.entries(told))
    t.throws(() => readConfig({ ...example, [name]: '1' }), { message: words }, name);
  t.like(readConfig({ PEOPLE_FILE: 'people.json' }), { peopleFile: 'people.json' });
});

test('what is in force shows every variable; R-74: of secrets only that they are there', async (t) => {
  const env = {
    ...filled(await exampleEnv({ all: true })),
    DATABASE_URL: 'postgres://u:s3cr%40et@db.example:5432/clave?sslmode=require&password=s3cret',
    REDIS_URL: 'rediss://:s3cret@redis.example:6380/1',
    SMTP_URL: 'smtps://user@example.cl:s3cret@mail.example:465',
    MASTER_KEYS: `new:${'s3cret'.repeat(10)},old:${'A'.repeat(43)}`,
  };
  const shown = inForce(readConfig(env));
  t.deepEqual(
    shown.map(({ name }) => name),
    names,
  );
  for (const { name, value } of shown) {
    // The emulator's own files are refused in production.
    if (name !== 'CLIENTS_FILE' && name !== 'PEOPLE_FILE') t.not(value, '', name);
    t.false(/s3cr|AAAA/.test(value), name);
  }
  const values = Object.fromEntries(shown.map(({ name, value }) => [name, value]));
  t.like(values, {
    MODE: 'production',
    DATABASE_URL: 'postgres://***@db.example:5432/clave?***',
    REDIS_URL: 'rediss://***@redis.example:6380/1',
    SMTP_URL: 'smtps://***@mail.example:465',
    MASTER_KEYS: 'new:***,old:***',
    ARGON2_MEMORY_KIB: '65536',
    PASSWORD_MIN: '12',
    PUBLIC_ORIGIN: 'https://example.cl',
  });
});

test('R-100: alerts go to an address of their own, else to the published one if that is a mailbox', (t) => {
  const to = (env: Record<string, string>) => readConfig(env).alertMailto;
  const published = { SECURITY_CONTACT: 'mailto:seguridad%2Bweb@claveunica.example?subject=x' };
  t.is(to({ ...published, ALERT_MAILTO: 'turno@claveunica.example' }), 'turno@claveunica.example');
  t.is(to(published), 'seguridad+web@claveunica.example');
  t.is(to({ SECURITY_CONTACT: 'https://claveunica.example/seguridad' }), undefined);
  t.is(to({}), undefined);
});

test('other host names are compared as browsers write them, and are no addresses', (t) => {
  const { hostAliases } = readConfig({ HOST_ALIASES: 'WWW.example.cl, api.example.cl:8443' });
  t.deepEqual(hostAliases, ['www.example.cl', 'api.example.cl:8443']);
  for (const wrong of ['https://www.example.cl', 'www.example.cl/openid', 'a b', 'www.example.cl:'])
    t.throws(() => readConfig({ HOST_ALIASES: wrong }), { message: /HOST_ALIASES: / }, wrong);
});

test('what nobody has set is shown by its default', (t) => {
  const shown = inForce(readConfig({ PORT: '4000' }));
  t.like(Object.fromEntries(shown.map(({ name, ...rest }) => [name, rest])), {
    PORT: { value: '4000', fallback: false },
    LOG_LEVEL: { value: 'info', fallback: true },
    PUBLIC_ORIGIN: { value: 'http://localhost:4000', fallback: false },
    REDIS_URL: { value: '', fallback: true },
  });
});

test('PEOPLE_FILE: each fault is told with its place, and the right check digits; what is right is read in any spelling', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'claveunica-people-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'people.json');
  const read = async (text: unknown) => {
    await writeFile(path, typeof text === 'string' ? text : JSON.stringify(text));
    return readDemo({ demoPort: 0, peopleFile: path });
  };
  const faultsOf = async (text: unknown) => {
    const { message } = await t.throwsAsync(read(text));
    const [head, ...faults] = message.split('\n  ');
    t.true(head?.startsWith(`PEOPLE_FILE: ${path} `), head);
    return faults.length > 0 ? faults : head;
  };
  const ana = { run: '20.000.003-K', names: ['Ana'], surnames: ['Soto'] };

  const { people } = await read(`\uFEFF${JSON.stringify([{ ...ana, run: '20000003k', documento: '100.200.300' }])}`);
  t.like(people, [{ run: '20.000.003-K', documento: '100200300', account: true, status: 'active' }]);
  t.deepEqual((await read([])).people, []);

  t.deepEqual(
    await faultsOf([
      ana,
      { ...ana, run: '20.000.003-5' },
      { ...ana, run: 'Ana' },
      { ...ana, run: '200000035' },
      { ...ana, run: '20000002-1', pasword: 'x', names: 'Ana' },
      { ...ana, run: '20000003-K', phone: '12', totp: 'jbsw', password: '', surnames: [' '] },
      { ...ana, run: '20000004-8', activation: '5KG5-J1E4-FHQH-Q7', documento: '1', staff: { roles: ['officer'] } },
      'Ana',
    ]),
    [
      '[1].run: 20.000.003-5 is no RUN: its check digit would be K',
      '[2].run: Ana is no RUN: 12.345.678-5, say',
      '[3].run: 200000035 is no RUN: 12.345.678-5, say',
      '[4].names: Invalid input: expected array, received string',
      '[4]: Unrecognized key: "pasword"',
      '[5].surnames[0]: Too small: expected string to have >=1 characters',
      '[5].phone: Invalid E.164 number',
      '[5].password: no password can be so: 1 to 128 characters',
      '[5].totp: must be base 32: capital letters and 2 to 7, sixteen at least',
      '[6].activation: 5KG5-J1E4-FHQH-Q7 is no activation code: 5KG5-J1E4-FHQH-Q6 would be one',
      '[6].documento: 1 is no document number: 100200300, say',
      '[6].staff: officers and supervisors need an agency: registro-civil or ips',
      '[7]: Invalid input: expected object, received string',
      '[5].run: is that of [0] as well',
    ],
  );
  t.deepEqual(await faultsOf({ people: [] }), ['all: Invalid input: expected array, received object']);
  t.regex(String(await faultsOf('[{]')), /cannot be read: .*JSON/);
  await rm(path);
  await t.throwsAsync(readDemo({ demoPort: 0, peopleFile: path }), { message: /cannot be read: ENOENT/ });
  await writeFile(path, '[{ "client_id": "" }]');
  await t.throwsAsync(readDemo({ demoPort: 0, clientsFile: path }), {
    message: `CLIENTS_FILE: ${path} has a fault:\n  [0].client_id: Too small: expected string to have >=1 characters`,
  });
});
