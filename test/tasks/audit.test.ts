import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { readConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { freshDatabase } from '../support/servers.ts';
import { clave, claveJson, production, query } from './run-clave.ts';

type Verdict = { whole: boolean; rows: number; anchors: number; breach: { kind: string; block: number } | null };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('R-72: `clave audit verify` says that all is whole, or where it is not', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'anchors-'));
  const database = await freshDatabase();
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
