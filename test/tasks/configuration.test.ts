import test from 'ava';
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

test('the example of production, once filled in, is accepted, with the target of argon2', async (t) => {
  const config = readConfig(filled(await exampleEnv({ all: false })));
  t.like(config, { mode: 'production', emulator: false, secure: true, argon2: { memoryKib: 65536, time: 2 } });
  t.true(config.trustedProxies.length > 0);
  const all = filled(await exampleEnv({ all: true }));
  t.notThrows(() => readConfig(all));
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
    t.not(value, '', name);
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

test('what nobody has set is shown by its default', (t) => {
  const shown = inForce(readConfig({ PORT: '4000' }));
  t.like(Object.fromEntries(shown.map(({ name, ...rest }) => [name, rest])), {
    PORT: { value: '4000', fallback: false },
    LOG_LEVEL: { value: 'info', fallback: true },
    PUBLIC_ORIGIN: { value: 'http://localhost:4000', fallback: false },
    REDIS_URL: { value: '', fallback: true },
  });
});
