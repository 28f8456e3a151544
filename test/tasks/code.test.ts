import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ACTIVATION_CODE, parseActivationCode } from '../../src/domain/code.ts';
import { parseRun } from '../../src/domain/run.ts';
import { serve } from '../support/serve.ts';
import { clave, claveJson, query, type Env } from './run-clave.ts';

type Issued = { run: string; code: string; until: string; activate: string };
type Recorded = { kind: string; details: Record<string, string> };

const app = await serve();
test.after.always(() => app.close());
const env: Env = { DATABASE_URL: app.live.databaseUrl, MASTER_KEYS: `test:${'k'.repeat(43)}` };
const WAITING = '17.171.717-5';

const claim = (run: string, written: string) =>
  app.parts.codes.claim({
    ...{ purpose: 'activation', binding: parseRun(run)!, code: parseActivationCode(written) ?? '', claimant: 'b' },
    ...{ now: app.parts.clock(), tries: ACTIVATION_CODE.tries, again: ACTIVATION_CODE.again },
  });

test.serial(
  'clave code issue prints a code that works for its RUN, kills the one before, and is recorded (R-09, R-53, R-71)',
  async (t) => {
    const first = await claveJson<Issued>(['code', 'issue', '--run', '171717175'], env);
    const second = await claveJson<Issued>(['code', 'issue', '--run', WAITING, '--print'], env);
    t.regex(second.code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{2}$/);
    t.is(second.run, WAITING);
    const hours = (Date.parse(second.until) - app.parts.clock()) / 3_600_000;
    t.true(hours > 71 && hours < 73);
    const accountId = (await app.parts.accounts.forLogin(parseRun(WAITING)!))!.account.id;
    t.is(await claim(WAITING, first.code), undefined);
    t.is(await claim('11.111.111-1', second.code), undefined);
    t.is(await claim(WAITING, second.code), accountId);
    const rows = await query<Recorded>(
      app.live.databaseUrl,
      `select kind, details from audit where kind = $1 order by id`,
      ['code-issued'],
    );
    t.is(rows.length, 2);
    t.is(rows[1]?.details['by'], 'print');
    t.regex(rows[1]?.details['operator'] ?? '', /\S/);
  },
);

test.serial('--mail tells the operator nothing', async (t) => {
  const { code, out } = await clave(['code', 'issue', '--run', WAITING, '--mail'], env);
  t.is(code, 0);
  t.notRegex(out, /[0-9A-Z]{4}-[0-9A-Z]{4}-/);
});

test.serial('who is active, unknown or mistyped gets none, and it says why', async (t) => {
  for (const [run, why, exit] of [
    ['11.111.111-1', /does not wait/, 1],
    ['9.999.999-3', /nobody with this RUN/, 1],
    ['12.345.678-9', /check digit/, 2],
  ] as const) {
    const { code, err } = await clave(['code', 'issue', '--run', run], env);
    t.is(code, exit, run);
    t.regex(err, why, run);
  }
  t.is((await clave(['code', 'issue'], env)).code, 2);
  t.is((await clave(['code', 'issue', '--run', WAITING, '--print', '--mail'], env)).code, 2);
});

test.serial(
  'whoever was identified again gets a code for an account that exists, to be handed over (R-10, R-71)',
  async (t) => {
    const again = ['code', 'issue', '--run', '11.111.111-1', '--identified', 'presencial'];
    const issued = await claveJson<Issued>([...again, '--email', 'maria.nueva@correo.example'], env);
    t.truthy(await claim('11.111.111-1', issued.code));
    const [row] = await query<Recorded>(
      app.live.databaseUrl,
      `select kind, details from audit where kind = $1 order by id desc limit 1`,
      ['code-issued'],
    );
    t.like(row?.details, { by: 'print', again: 'presencial' });
    for (const [extra, why, exit] of [
      [[], /--email or --phone/, 1],
      [['--email', 'a@correo.example', '--mail'], /handed over/, 2],
    ] as const) {
      const { code, err } = await clave([...again, ...extra], env);
      t.is(code, exit, extra.join(' '));
      t.regex(err, why);
    }
  },
);

test.serial(
  'clave people compromise calls in those of a list, by line, and says whom it could not read (R-02)',
  async (t) => {
    const file = join(await mkdtemp(join(tmpdir(), 'claveunica-list-')), 'found.csv');
    await writeFile(file, '11.111.111-1,somebody\r\n123456785;x\n\n9.999.999-3\nnobody\n');
    const listed = await clave(['people', 'compromise', '--file', file, '--reason', 'lista hallada', '--json'], env);
    t.is(listed.code, 1, 'a line that cannot be read is bad news');
    t.deepEqual(JSON.parse(listed.out), { read: 4, must_change: 2, wrong_lines: 1, lines: [5] });
    t.true((await app.parts.accounts.forLogin(parseRun('12.345.678-5')!))!.clave.compromised);
    const one = ['people', 'compromise', '--run', '55.555.555-5', '--reason', 'lo dice ella'];
    t.like(await claveJson(one, env), { must_change: 1, wrong_lines: 0 });
    const rows = await query<Recorded>(app.live.databaseUrl, `select kind, details from audit where kind = $1`, [
      'password-compromised',
    ]);
    t.is(rows.length, 3);
    t.is(rows[0]?.details['reason'], 'lista hallada');
    for (const wrong of [
      ['--reason', 'x'],
      ['--file', `${file}.none`, '--reason', 'x'],
    ])
      t.is((await clave(['people', 'compromise', ...wrong], env)).code, 2, wrong.join(' '));
  },
);

test.serial(
  'in the emulator the registry’s people get a code by a press, a program by JSON; an account waits then',
  async (t) => {
    const user = app.visitor();
    const listed = async (run: string) => {
      const people = JSON.parse((await user.get('/emulador/personas.json')).text) as Record<string, string>[];
      return people.find((person) => person['run'] === run);
    };
    t.is((await listed('22.222.222-2'))?.['status'], 'none');
    const page = await user.post('/emulador/personas/codigo', { run: '22.222.222-2' }, { accept: 'text/html' });
    t.is(page.status, 200);
    const shown = /([0-9A-Z]{4}-){3}[0-9A-Z]{2}/.exec(page.text)?.[0] ?? '';
    t.is((await listed('22.222.222-2'))?.['status'], 'not-activated');
    t.truthy(await claim('22.222.222-2', shown));
    const json = await user.post('/emulador/personas/codigo', JSON.stringify({ run: '222222222' }), {
      'content-type': 'application/json',
    });
    t.is(json.status, 200);
    t.like(JSON.parse(json.text), { run: '22.222.222-2' });
    for (const run of ['11.111.111-1', '9.999.999-3', 'x'])
      t.is((await user.post('/emulador/personas/codigo', { run })).status, 404, run);
  },
);

test.serial('the code of who waits from the start stands in the list, and works', async (t) => {
  const fresh = await serve();
  const people = JSON.parse((await fresh.visitor().get('/emulador/personas.json')).text) as Record<string, string>[];
  const { activation = '' } = people.find(({ run }) => run === WAITING) ?? {};
  t.is(activation, '5KG5-J1E4-FHQH-Q6');
  t.truthy(
    await fresh.parts.codes.claim({
      ...{ purpose: 'activation', binding: parseRun(WAITING)!, code: parseActivationCode(activation)!, claimant: 'b' },
      ...{ now: fresh.parts.clock(), tries: 5, again: 60_000 },
    }),
  );
  await fresh.close();
});

test.serial('clave letters lists what is stuck, without what is in it, and tries it again', async (t) => {
  t.deepEqual(await claveJson(['letters', 'list'], env), { letters: [] });
  await app.live.db.raw(`update graphile_worker._private_jobs set last_error = 'mail: 550', attempts = max_attempts`);
  const { letters } = await claveJson<{ letters: Record<string, unknown>[] }>(['letters', 'list'], env);
  t.is(letters.length, 1);
  t.like(letters[0], { letter: 'activation-code', dead: true, error: 'mail: 550' });
  t.notRegex(JSON.stringify(letters), /sealed|code":|@/);
  t.deepEqual(await claveJson(['letters', 'retry', '--id', '999999'], env), { retried: 0 });
  t.deepEqual(await claveJson(['letters', 'retry', '--id', String(letters[0]?.['id'])], env), { retried: 1 });
  t.deepEqual(await claveJson(['letters', 'retry', '--all'], env), { retried: 1 });
  for (const wrong of [[], ['--all', '--id', '1'], ['--id', 'x']])
    t.is((await clave(['letters', 'retry', ...wrong], env)).code, 2);
});
