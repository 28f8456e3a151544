import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { crockford } from '../src/domain/crockford.ts';
import { checkDigit, parseRun } from '../src/domain/run.ts';
import { activity } from '../src/flows/activity.ts';
import { staffBrowser } from '../test/support/console.ts';
import { serve } from '../test/support/serve.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MONTHS = 13;
const DAY = 86_400_000;
const FROM_RUN = 30_000_000;
/** People whose record can be opened; the others are rows of the same size that no event names. */
const REAL = 300_000;
const TIMES = 100;

export type Place = { readonly url: string; readonly client: pg.Client };
type Size = { readonly rows: number; readonly accounts: number };

/** Accounts by the operator's command, the rest of them and all events by Postgres itself. */
async function fill({ url, client }: Place, { rows, accounts }: Size): Promise<void> {
  const real = Math.min(REAL, accounts);
  const env = { ...process.env, DATABASE_URL: url, MASTER_KEYS: `test:${'k'.repeat(43)}` };
  const args = ['src/tasks/clave.ts', 'people', 'synth', '--json', '--count', String(real)];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env, maxBuffer: 1e8 });
  console.error(`${String(real)} people`);
  await client.query(`create unlogged table bench_people as
    select row_number() over (order by random()) - 1 as n, id from accounts`);
  await client.query('create unique index on bench_people (n) include (id)');
  await client.query(
    `insert into accounts (id, run_index, status, identified, person, created_at, updated_at)
     select gen_random_uuid(), sha256(n::text::bytea), 'active', 'presencial', (select person from accounts limit 1), 0, 0
     from generate_series(1, $1::integer) n`,
    [Math.max(0, accounts - real)],
  );
  console.error(`${String(accounts)} accounts`);
  await client.query(`insert into clients
    select 'site-' || n, 'Municipalidad de Valdivia ' || n, 'Institución ' || n % 500, profile, state, sector, auth, secrets,
      scopes, redirect_uris, post_logout_redirect_uris, details, created_at, updated_at
    from clients, generate_series(1, 10000) n where id = 'demo-municipio'`);
  await client.query(`insert into staff (account_id, roles, agency, office, state, seen_at, created_at, updated_at)
    select id, '{officer}', 'ips', 'Oficina ' || n % 300, 'active', n, n, n from bench_people where n < 5000 on conflict do nothing`);
  const [requests, cases] = [Math.ceil(accounts / 5), Math.ceil(accounts / 25)];
  await client.query(
    `insert into enrolments (id, run_index, stage, channel, office, data, token, network, created_at, updated_at, expires_at)
     select gen_random_uuid(), sha256(n::text::bytea), (array['completed', 'expired', 'rejected', 'booked'])[1 + n % 4],
       case n % 3 when 0 then 'office' else 'video' end, case n % 3 when 0 then 'rc-' || n % 300 end, '\\x00', sha256(('t' || n)::bytea),
       '10.0.0.0/24', $2::bigint - n * 1000::bigint, $2::bigint - n * 500::bigint, $2::bigint
     from generate_series(1, $1::integer) n`,
    [requests, Date.now()],
  );
  // What they hold opens for nobody, so that they belong to three whom nobody looks up.
  await client.query(
    `insert into cases (id, kind, account_id, opened_at, closed_at, details, taken_by, taken_at, outcome)
     select gen_random_uuid(), case at % 2 when 0 then 'not-me' else 'staff' end, p.id, $2::bigint - at * 60000::bigint,
       case when at > 5000 then $2::bigint - at * 30000::bigint end, '\\x00', case when at % 3 > 0 then t.id end,
       case when at % 3 > 0 then $2::bigint - at * 50000::bigint end, case when at > 5000 then (array['owner', 'secured', 'fraud'])[1 + at % 3] end
     from generate_series(1, $1::integer) as numbers(at) join bench_people p on p.n = at % 3 join bench_people t on t.n = at % 20`,
    [cases, Date.now()],
  );
  console.error(`${String(requests)} requests, ${String(cases)} cases`);
  await client.query('alter table audit detach partition audit_first; drop table audit_first');
  const now = Date.now();
  for (let month = MONTHS; month >= 0; month--)
    await client.query('select prepare_audit_at(month_of($1::bigint, $2::integer))', [now, -month]);
  const { rows: indexes } = await client.query<{ indexdef: string; name: string }>(
    `select indexdef, indexname as name from pg_indexes where tablename = 'audit' and indexname <> 'audit_pkey'`,
  );
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await client.query('alter table audit drop constraint audit_pkey');
  const step = Math.ceil(rows / 20);
  const begin = now - 390 * DAY;
  for (let done = 0; done < rows; done += step) {
    await client.query(
      `insert into audit (at, kind, account_id, actor_id, client_id, request_id, network, details)
       select $1::bigint + (numbers.n::numeric * $2::bigint / $3::bigint)::bigint, kind, p.id,
         case when kind like 'person-%' or kind like 'staff-%' then a.id end, 'demo-municipio',
         translate(encode(decode(md5(numbers.n::text), 'hex'), 'base64'), '+/=', '-_')::varchar(16), '10.' || numbers.n % 200 || '.0.0/24',
         case kind when 'access-granted' then '{"asked": true, "amr": "pwd", "device": "Chrome, Android", "session": "s"}'::jsonb
           when 'person-looked-up' then '{"reason": "citizen-asks", "words": "no puede entrar", "found": true}'::jsonb
           else '{"amr": "pwd"}'::jsonb end
       from (select n, (array['login-succeeded', 'access-granted', 'access-granted', 'login-succeeded', 'access-granted', 'login-refused', 'new-device', 'session-ended'])[1 + n % 8] as usual,
           case when n % 500 = 7 then 'person-looked-up' when n % 100000 = 8 then 'staff-disabled' end as rare
         from generate_series($4::bigint, $5::bigint) n) numbers
       cross join lateral (select coalesce(rare, usual) as kind) k
       join bench_people p on p.n = (numbers.n * 7919) % $6
       left join bench_people a on a.n = numbers.n % 40 and rare is not null`,
      [begin, 390 * DAY, rows, done + 1, Math.min(done + step, rows), Math.min(REAL, accounts)],
    );
    console.error(`${String(Math.min(done + step, rows))} events`);
  }
  await client.query('alter table audit add primary key (id, at)');
  for (const { indexdef } of indexes) await client.query(indexdef.replace(' ON ONLY ', ' ON '));
  await client.query('vacuum analyze');
  console.error('indexes');
}

/** Each table page over HTTP, a hundred times; the answer is lines of Markdown. */
export async function measurePages(place: Place, size: Size): Promise<readonly string[]> {
  const { rows, accounts } = size;
  const begun = performance.now();
  await fill(place, size);
  const minutes = (performance.now() - begun) / 60_000;
  const { rows: sizes } = await place.client.query<{ size: string; months: string }>(
    `select pg_size_pretty(sum(pg_total_relation_size(inhrelid))) as size, count(*) as months from pg_inherits where inhparent = 'audit'::regclass`,
  );
  const app = await serve({ database: place.url, env: { TRUSTED_PROXIES: '127.0.0.1' } });
  const chief = parseRun('9.876.543-3')!;
  const reason = { motivo: 'operations', palabras: 'medir las tablas de la consola' };
  let asked = 0;
  const elsewhere = () => ({ 'x-forwarded-for': `10.${String(++asked % 250)}.${String(asked % 199)}.1` });
  const some = () => {
    const body = FROM_RUN + Math.floor(Math.random() * Math.min(REAL, accounts));
    return `${String(body)}-${checkDigit(body)}`;
  };
  const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
  const measured: string[] = [];
  const measure = async (what: string, act: (n: number) => Promise<number>) => {
    const times: number[] = [];
    for (let n = 0; n < TIMES + 5; n++) {
      const from = performance.now();
      const status = await act(n);
      if (status !== 200) throw new Error(`${what}: ${String(status)}`);
      if (n >= 5) times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
    const line = `| ${what} | ${at(0.5)} | ${at(0.95)} |`;
    console.error(line);
    measured.push(line);
  };
  try {
    const roles = ['auditor', 'operator', 'supervisor'] as const;
    const auditor = await staffBrowser(app, chief, { roles: [...roles], agency: 'ips' });
    const csrf = /name="csrf" value="([^"]+)"/.exec((await auditor.get('/auditoria')).text)?.[1] ?? '';
    const search = async (form: Record<string, string>) => {
      const full = { csrf, run: '', tipo: '', desde: '', hasta: '', ...reason, ...form };
      return auditor.post('/auditoria', full, elsewhere());
    };
    await measure('audit, everything', async () => (await search({})).status);
    await measure('audit, of one person', async () => (await search({ run: some() })).status);
    await measure('audit, a common kind', async () => (await search({ tipo: 'login-refused' })).status);
    await measure('audit, a rare kind', async () => (await search({ tipo: 'staff-disabled' })).status);
    await measure('audit, a day, any', async (n) => {
      const date = day(5 + n * 3);
      return (await search({ desde: date, hasta: date })).status;
    });
    await measure('audit, a rare kind in an old quarter', async (n) => {
      const form = { tipo: 'person-looked-up', desde: day(300 + (n % 50)), hasta: day(210 + (n % 50)) };
      return (await search(form)).status;
    });
    let antes: string | undefined;
    await measure('audit, page after page', async () => {
      const page = await search(antes === undefined ? { hasta: day(100) } : { hasta: day(100), antes });
      antes = /name="antes" value="(\d+)"/.exec(page.text)?.[1];
      return page.status;
    });
    const deep = { antes: String(Math.floor(rows / 2)) };
    await measure('audit, a page in the middle of all', async () => (await search(deep)).status);
    const request = async () => {
      const n = 1 + Math.floor(Math.random() * rows);
      const id = createHash('md5').update(String(n)).digest('base64url').slice(0, 16);
      const solicitud = n % 2 ? id : crockford(Buffer.from(id, 'base64url').subarray(0, 5));
      return (await search({ solicitud })).status;
    };
    await measure('audit, of one request, by its id or its help code', request);
    const { rows: officers } = await place.client.query<{ id: string }>('select id from bench_people where n < 40');
    const runs = await Promise.all(officers.map(async ({ id }) => (await app.parts.accounts.byId(id))?.person.run));
    await measure('audit, of an officer, the oldest first', async (n) => {
      const funcionario = runs[n % runs.length] ?? '';
      return (await search({ funcionario, orden: 'antiguos' })).status;
    });
    const list = (what: string, path: string) =>
      measure(what, async () => (await auditor.get(path, elsewhere())).status);
    await list('sites, by institution', '/instituciones?orden=institution');
    await list('sites, by a word', '/instituciones?palabras=valdivia+99');
    await list('staff, of one role and office', '/funcionarios?funcion=officer&donde=oficina+17&orden=-seen');
    await list('requests, the newest', '/casos');
    await list(
      'requests, of one stage and channel, those that moved last',
      '/casos?etapa=booked&canal=office&orden=-moved',
    );
    await list('cases of accounts, in nobody’s hand', '/cuentas');
    await list('cases of accounts, closed as fraud', '/cuentas?estado=fraud');
    await list('offices', '/oficinas');
    await list('quick search, a word', '/buscar?q=valdivia');
    await measure('staff', async () => (await auditor.get('/funcionarios', elsewhere())).status);
    const person = async () => {
      // Sixty an hour are allowed to each; here they are forgotten.
      await app.live.db('limits').delete();
      return (await auditor.post('/personas', { csrf, run: some(), ...reason }, elsewhere())).status;
    };
    await measure('look-up of a person', person);
    await measure('the citizen’s own activity (the flow alone)', async () => {
      const found = await app.parts.accounts.forLogin(parseRun(some())!);
      const wish = { site: undefined, period: 365, page: 1 } as const;
      await activity(app.parts, { accountId: found?.account.id ?? '', ...wish });
      return 200;
    });
  } finally {
    await app.close();
  }
  const what = `${rows.toLocaleString('en')} events of 390 days in ${sizes[0]?.months ?? ''} parts (${sizes[0]?.size ?? ''}), 10,000 sites, 5,000 members of staff, ${Math.ceil(accounts / 5).toLocaleString('en')} requests, ${Math.ceil(accounts / 25).toLocaleString('en')} cases of accounts, ${accounts.toLocaleString('en')} accounts, of which ${Math.min(REAL, accounts).toLocaleString('en')} have events; made in ${minutes.toFixed(1)} minutes`;
  return [
    `${what}. ${String(TIMES)} requests each, one after another, the console's process, its client and Postgres on the same cores.`,
    ...['', '| Page | median, ms | p95, ms |', '| --- | ---: | ---: |'],
    ...measured,
  ];
}
