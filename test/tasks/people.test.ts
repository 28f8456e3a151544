import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import argon2 from 'argon2';
import test from 'ava';
import { phcFault } from '../../src/domain/phc.ts';
import { logIn } from '../../src/flows/log-in.ts';
import { serve } from '../support/serve.ts';
import { migratedDatabase } from '../support/migrated.ts';
import { until } from '../support/until.ts';
import { clave, claveJson, production, query, type Env } from './run-clave.ts';

type Synth = { added: number; first: string; password: string };
type Import = { rows: number; faulty: number; imported: number; faults: { line: number; faults: string[] }[] };

/** A product that runs, and the environment of a command beside it. */
const running = serve();
const beside = async (): Promise<Env> => ({
  DATABASE_URL: (await running).live.databaseUrl,
  MASTER_KEYS: `test:${'k'.repeat(43)}`,
});
test.after.always(async () => (await running).close());

const people = async () => {
  const [row] = await query<{ accounts: string; passwords: string }>(
    (await running).live.databaseUrl,
    'select (select count(*) from accounts) as accounts, (select count(*) from passwords) as passwords',
  );
  return [Number(row?.accounts), Number(row?.passwords)];
};
async function entered(run: string, password: string) {
  const { parts } = await running;
  const form = { run, password, shared: false, device: `device of ${run}`, deviceName: '', network: '192.0.2.0/24' };
  const about = { source: '192.0.2.1', clientId: 'demo-municipio', site: 'x', uid: 'u', requestId: 'r' };
  return (await logIn(parts, { ...form, ...about })).kind;
}
async function file(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'people-')), name);
  await writeFile(path, text);
  return path;
}

test.serial(
  'people synth: so many people, sealed, with one ClaveÚnica; those who are there are passed over',
  async (t) => {
    const [accounts = 0, passwords = 0] = await people();
    const env = await beside();
    const first = await claveJson<Synth>(['people', 'synth', '--count', '6000', '--from', '50000000'], env);
    t.like(first, { added: 6000, first: '50000000-7', password: 'boldo-quillay-peumo' });
    const again = await claveJson<Synth>(['people', 'synth', '--count', '10', '--from', '50_000_000'], env);
    t.like(again, { added: 10, first: '50006000-K' });
    t.deepEqual(await people(), [accounts + 6010, passwords + 6010]);
    t.is(await entered('50.000.000-7', 'boldo-quillay-peumo'), 'signed-in');
    t.is(await entered('50.006.000-K', 'wrong'), 'refused');
    const [row] = await query<{ hashes: string; plain: string }>(
      (await running).live.databaseUrl,
      `select count(distinct hash) as hashes, (select count(*) from accounts where encode(person, 'escape') like '%50000000%') as plain
     from passwords where account_id in (select id from accounts order by created_at desc limit 6000)`,
    );
    t.is(row?.plain, '0');
    t.true(Number(row?.hashes) <= 3);
  },
);

test.serial('people synth: not in production, and its numbers are checked', async (t) => {
  const wrong = await clave(['people', 'synth', '--count', 'many'], await beside());
  t.is(wrong.code, 2);
  t.regex(wrong.err, /--count is a whole number/);
  const database = await migratedDatabase();
  t.teardown(() => database.drop());
  const env = production(database.url);
  await claveJson(['migrate'], env);
  const refused = await clave(['people', 'synth', '--count', '5'], env);
  t.is(refused.code, 1);
  t.regex(refused.err, /no place in production/);
});

const foreign = (password: string, type: 0 | 1 | 2) =>
  argon2.hash(password, { type, memoryCost: 1024, timeCost: 2, parallelism: 1 });

test.serial(
  'people import: a CSV file; a hash of another system is good for the first login and is then our own (R-05)',
  async (t) => {
    const [id, i, d] = await Promise.all([foreign('uno-dos-tres', 2), foreign('cuatro-cinco', 1), foreign('seis', 0)]);
    const path = await file(
      'people.csv',
      [
        'RUN,names,surnames,birthdate,email,email_verified,phone,identified,hash',
        `60.000.000-4,María Carmen,"Del Río|O""Higgins",1980-05-17,maria@correo.example,sí,+56911111111,presencial,"${id}"`,
        `60000001-2,Juan,Soto,,,,,video,"${i}"\r`,
        `60000002-0,"Ana",Rojas,,ana@correo.example,no,,biometrico,"${d}"`,
        '60000003-9,"Con',
        'salto",Rojas,,,,,video,',
        '',
      ].join('\n'),
    );
    const before = await people();
    const env = await beside();
    const looked = await claveJson<Import>(['people', 'import', path, '--dry-run'], env);
    t.like(looked, { rows: 4, faulty: 0, imported: 0, with_hash: 3, dry_run: true });
    t.deepEqual(await people(), before);
    t.like(await claveJson<Import>(['people', 'import', path], env), { rows: 4, imported: 4 });
    t.deepEqual(await people(), [(before[0] ?? 0) + 4, (before[1] ?? 0) + 3]);

    const { parts } = await running;
    const maria = await parts.accounts.forLogin('60000000-4' as Parameters<typeof parts.accounts.forLogin>[0]);
    t.like(maria?.account, { status: 'active', identified: 'presencial' });
    t.like(maria?.account.person, {
      ...{ names: ['María', 'Carmen'], surnames: ['Del Río', 'O"Higgins'], birthdate: '1980-05-17' },
      ...{ email: 'maria@correo.example', emailVerified: true, phone: '+56911111111' },
    });
    t.is(await entered('60000000-4', 'wrong'), 'refused');
    t.is(await entered('60000000-4', 'uno-dos-tres'), 'signed-in');
    t.is(await entered('60000001-2', 'cuatro-cinco'), 'signed-in');
    t.is(await entered('60000002-0', 'seis'), 'signed-in');
    t.is(await entered('60000003-9', 'seis'), 'refused');
    const own = async () => (await parts.accounts.forLogin(maria!.account.person.run))?.secret;
    await until(async () => (await own())?.pepper !== undefined);
    t.regex((await own())?.hash ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    t.is((await own())?.pepper, 'test');
    t.is(await entered('60000000-4', 'uno-dos-tres'), 'signed-in');
    const [event] = await query<{ details: object }>(
      (await running).live.databaseUrl,
      `select details from audit where kind = 'people-added'`,
    );
    t.like(event?.details, { people: 4, withHash: 3 });
  },
);

test.serial('people import: every faulty row is told with its line, and nothing is half done', async (t) => {
  const hash = await foreign('x', 2);
  const good = { names: ['A'], surnames: 'B', identified: 'video' };
  const lines = [
    { ...good, run: '61000000-2' },
    { ...good, run: '61000001-1' },
    { ...good, run: '61000005-3', names: '' },
    { ...good, run: '61000002-9', hash: '$2b$10$abcdefghijklmnopqrstuv' },
    { ...good, run: '61000003-7', hash: '1234' },
    { ...good, run: '61000004-5', hash: hash.replace('m=1024', 'm=9999999'), email: 'no', birthdate: '1980-02-30' },
    { ...good, run: '11.111.111-1', sex: 'F' },
    { ...good, run: '11.111.111-1' },
    { ...good, run: '61.000.000-2' },
  ].map((row) => JSON.stringify(row));
  const path = await file('people.ndjson', [...lines, '{', ''].join('\n'));
  const before = await people();
  const { code, out } = await clave(['people', 'import', path], await beside());
  t.is(code, 1);
  const told = out.split('\n');
  for (const [line, words] of Object.entries({
    2: /run has a wrong check digit/,
    3: /names is needed/,
    4: /hash is not argon2.*leave it empty/,
    5: /hash is no PHC string/,
    6: /birthdate is not a date.*email is no address.*hash costs too much/,
    7: /there is no column sex/,
    8: /has an account already/,
    9: /was in the file before/,
    10: /is no JSON/,
  }))
    t.regex(told.find((each) => each.startsWith(`line ${line}: `)) ?? '', words, out);
  t.regex(out, /9 of 10 rows are faulty: nothing was imported$/m);
  t.deepEqual(await people(), before);
});

test.serial('people import: a file that is not there, has no head, or another encoding', async (t) => {
  const env = await beside();
  const before = await people();
  t.regex((await clave(['people', 'import', '/no/such/file'], env)).err, /ENOENT/);
  const headless = await file('a.csv', '60000000-4,María,Soto\n');
  t.regex((await clave(['people', 'import', headless], env)).err, /the first line must name columns/);
  const short = await file('b.csv', 'run,names,surnames,identified\n60000009-K,María\n');
  t.regex((await clave(['people', 'import', short], env)).out, /line 2: has 2 cells, and the head 4/);
  t.deepEqual(await people(), before);
});

test('a hash of another system: argon2 within bounds, in whatever order its parameters come', (t) => {
  const phc = (about: string, name = 'argon2id') => `$${name}$v=19$${about}$c29tZXNhbHQxMjM$${'A'.repeat(43)}`;
  for (const about of ['m=65536,t=3,p=4', 'm=65536,p=4,t=3', 't=1,p=1,m=8'])
    t.is(phcFault(phc(about)), undefined, about);
  for (const name of ['argon2i', 'argon2d']) t.is(phcFault(phc('m=64,t=1,p=1', name)), undefined);
  for (const about of ['m=2097152,t=1,p=1', 'm=64,t=25,p=1', 'm=1024,t=1,p=17'])
    t.is(phcFault(phc(about)), 'too-costly');
  for (const text of ['', 'x', phc('m=64,t=1'), phc('m=64,m=64,t=1'), phc('m=64,t=0,p=1'), phc('m=7,t=1,p=1')])
    t.is(phcFault(text), 'no-phc', text);
  for (const text of ['$2b$10$abcdefghijklmnopqrstuv', '$pbkdf2-sha256$i=1000$x$y', '$scrypt$ln=16,r=8,p=1$x$y'])
    t.is(phcFault(text), 'other-function', text);
});
