import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { readConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { parseRun } from '../../src/domain/run.ts';
import { serve } from '../support/serve.ts';
import { migratedDatabase } from '../support/migrated.ts';
import { clave, claveJson, production, query } from './run-clave.ts';

type Verdict = { whole: boolean; rows: number; anchors: number; breach: { kind: string; block: number } | null };
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

test('R-72: `clave audit verify` says that all is whole, or where it is not', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'anchors-'));
  const database = await migratedDatabase();
  const env = production(database.url, { AUDIT_ANCHORS: join(dir, 'anchors.jsonl') });
  await claveJson(['migrate'], env);
  await claveJson(['client', 'create', '--name', 'Muni', '--redirect-uri', 'https://muni.example.cl/cb'], env);
  const live = await connect(readConfig(env), { log: quiet });
  const { parts, auditChain, anchors } = live;
  let anchor = await auditChain.seal(parts.clock());
  for (; !anchor; anchor = await auditChain.seal(parts.clock())) await sleep(50);
  await anchors.add(anchor);
  await live.close();
  t.regex(await readFile(join(dir, 'anchors.jsonl'), 'utf8'), /^\{"block":1,/);

  t.like(await claveJson<Verdict>(['audit', 'verify'], env), { whole: true, anchors: 1, breach: null });
  await query(
    database.url,
    `do $$ begin set local session_replication_role = replica; update audit set client_id = 'x'; end $$`,
  );
  t.like(await claveJson<Verdict>(['audit', 'verify'], env, 1), {
    whole: false,
    breach: { kind: 'row-changed', block: 1 },
  });
  const told = await clave(['audit', 'verify'], env);
  t.is(told.code, 1);
  t.regex(told.out, /^BROKEN at block 1, row \d+: a row is not as it was sealed/);
  await database.drop();
  await rm(dir, { recursive: true });
});

const running = serve();
test.after.always(async () => (await running).close());

test.serial('R-73: an export that cannot be recorded leaves nothing behind', async (t) => {
  const app = await running;
  const env = { DATABASE_URL: app.live.databaseUrl, MASTER_KEYS: `test:${'k'.repeat(43)}` };
  const dir = await mkdtemp(join(tmpdir(), 'extract-'));
  t.teardown(() => rm(dir, { recursive: true }));
  await app.parts.audit.add({ kind: 'login-refused', at: 1000 });
  const want = ['audit', 'export', '--reason', 'orden judicial', '--out', join(dir, 'out.jsonl')];
  await app.live.db.raw(`create trigger no_exports before insert on audit for each row
    when (new.kind = 'audit-exported') execute function refuse_change()`);
  const refused = await clave(want, env);
  await app.live.db.raw('drop trigger no_exports on audit');
  t.is(refused.code, 1);
  t.deepEqual(await readdir(dir), []);
  t.true((await claveJson<{ rows: number }>(want, env)).rows > 0);
});

test('R-75: `clave audit export` writes a person’s events, signed, and records it; `audit verify --export` sees every change', async (t) => {
  const app = await running;
  const env = { DATABASE_URL: app.live.databaseUrl, MASTER_KEYS: `test:${'k'.repeat(43)}` };
  const dir = await mkdtemp(join(tmpdir(), 'extract-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const account = (await app.parts.accounts.forLogin(parseRun('11.111.111-1')!))!.account;
  const other = (await app.parts.accounts.forLogin(parseRun('12.345.678-5')!))!.account;
  for (const at of [1000, 2000, Date.UTC(2026, 0, 5, 23), Date.UTC(2026, 0, 7)])
    await app.parts.audit.add({ kind: 'login-succeeded', at, accountId: account.id, details: { amr: 'pwd' } });
  await app.parts.audit.add({ kind: 'login-refused', at: 1500, accountId: other.id });
  await app.parts.audit.add({ kind: 'person-blocked', at: 1600, actorId: account.id, accountId: other.id });
  const file = join(dir, 'out.jsonl');
  const want = ['audit', 'export', '--reason', 'orden judicial', '--out', file];
  const done = await claveJson<{ rows: number }>([...want, '--run', '11.111.111-1', '--until', '2026-01-05'], env);
  t.is(done.rows, 3);
  const text = await readFile(file, 'utf8');
  t.is((await stat(file)).mode & 0o777, 0o600);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  t.is(lines.length, 5);
  t.like(lines[1], { kind: 'login-succeeded', at: '1000', account_id: account.id });
  t.false(text.includes(other.id));
  t.like(await claveJson(['audit', 'verify', '--export', file], env), { whole: true, rows: 3 });

  const edits: Record<string, (all: string[]) => string[]> = {
    'a byte': ([head = '', first = '', ...rest]) => [head, first.replace('1000', '1001'), ...rest],
    'a line less': ([head = '', , ...rest]) => [head, ...rest],
    'two swapped': ([head = '', one = '', two = '', ...rest]) => [head, two, one, ...rest],
    'another query': ([head = '', ...rest]) => [head.replace('"from":0', '"from":1'), ...rest],
    'a new seal': ([...all]) => [
      ...all.slice(0, -1),
      (all.at(-1) ?? '').replace(/"signature":"...../, '"signature":"AAAAA'),
    ],
    'nothing of it': () => ['{}', '{}'],
  };
  for (const [name, edit] of Object.entries(edits)) {
    const broken = join(dir, 'broken.jsonl');
    await writeFile(broken, `${edit(text.trimEnd().split('\n')).join('\n')}\n`);
    t.like(await claveJson(['audit', 'verify', '--export', broken], env, 1), { whole: false }, name);
  }
  const again = await clave([...want, '--run', '11.111.111-1'], env);
  t.is(again.code, 1, 'a file that is there is not written over');
  t.regex(again.err, /EEXIST/);
  const byActor = join(dir, 'actor.jsonl');
  const acts = ['audit', 'export', '--reason', 'auditoría interna', '--out', byActor, '--actor', '11111111-1'];
  t.is((await claveJson<{ rows: number }>(acts, env)).rows, 1);
  const [, event] = await app.parts.audit.find({ kind: 'audit-exported', from: 0, until: Date.now() * 2, limit: 9 });
  t.like(event, { accountId: account.id, details: { rows: 3, words: 'orden judicial' } });
  t.is((await clave(['audit', 'export', '--out', 'x', '--reason', 'y', '--from', 'ayer'], env)).code, 2);
  t.is((await clave(['audit', 'export', '--out', join(dir, 'y')], env)).code, 2, 'no reason, no export');
});
