import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { postgresAudit } from '../../src/stores/audit.ts';
import { postgresAuditChain } from '../../src/stores/audit-chain.ts';
import type { Knex } from '../../src/stores/connections.ts';
import { postgresSettings } from '../../src/stores/settings.ts';
import { oldVault, realPostgres } from '../support/memory/versions.ts';

const YEAR = 365 * 86_400_000;
const KEPT = 7 * YEAR;
const ROWS = 2500;

type Anchors = Parameters<ReturnType<typeof postgresAuditChain>['verify']>[0]['anchors'];

async function house(t: ExecutionContext) {
  const { db, close } = await realPostgres();
  t.teardown(close);
  const chain = () => postgresAuditChain(db, { settings: postgresSettings(db, oldVault()), pause: () => sleep(1) });
  return { db, audit: postgresAudit(db), chain };
}

const record = (db: Knex, count: number, at: number) =>
  db.raw(
    `insert into audit (at, kind, account_id, request_id, details)
     select cast(:at as bigint) + n, 'login-succeeded', gen_random_uuid(), 'r' || n, jsonb_build_object('amr', 'pwd', 'tries', n)
     from generate_series(1, :count) n`,
    { at, count },
  );

const unsealed = async (db: Knex) => {
  const { rows } = await db.raw<{ rows: { more: boolean }[] }>(
    'select coalesce((select max(id) from audit), 0) > coalesce((select max(to_id) from audit_blocks), 0) as more',
  );
  return rows[0]?.more === true;
};

/** Seals all there is; the anchors, as somebody else keeps them. Other tests' transactions are waited for. */
async function sealed(db: Knex, chain: ReturnType<typeof postgresAuditChain>, now: number) {
  const anchors = [];
  while (await unsealed(db)) {
    const anchor = await chain.seal(now);
    if (anchor) anchors.push(anchor);
    else await sleep(10);
  }
  return anchors;
}

test('R-72: what was recorded is sealed in blocks of a thousand, each after the one before it', async (t) => {
  const { db, audit, chain } = await house(t);
  t.is(await chain().seal(1), undefined, 'there is nothing yet');
  await record(db, ROWS, 1000);
  const anchors = await sealed(db, chain(), 5000);
  t.deepEqual(
    anchors.map(({ block }) => block),
    [1, 2, 3],
  );
  await audit.add({ kind: 'login-refused', at: 9000, accountId: randomUUID() });
  const found = await chain().verify({ anchors, kept: KEPT });
  t.deepEqual(found, { rows: ROWS, blocks: 3, expired: 0, unsealed: 1, anchors: 3, breach: undefined });
  t.is((await sealed(db, chain(), 9500)).length, 1, 'later rows come into a later block');
});

test('R-72: a row that is committed late is sealed in its place, never passed over', async (t) => {
  const { db, chain } = await house(t);
  const keeper = chain();
  const slow = await db.transaction();
  await slow.raw(`insert into audit (at, kind, details) values (1, 'login-refused', '{}')`);
  await record(db, 5, 10);
  t.is(await keeper.seal(100), undefined, 'an older transaction is still under way');
  await slow.commit();
  t.is((await sealed(db, keeper, 200)).length, 1);
  t.like(await keeper.verify({ anchors: [], kept: KEPT }), { rows: 6, unsealed: 0, breach: undefined });
});

test('R-72: of several processes that seal at once none seals twice', async (t) => {
  const { db, chain } = await house(t);
  await record(db, 1500, 0);
  const keepers = [chain(), chain(), chain()];
  while (await unsealed(db)) await Promise.all(keepers.map((keeper) => keeper.seal(7)));
  t.like(await chain().verify({ anchors: [], kept: KEPT }), { blocks: 2, rows: 1500, breach: undefined });
});

test('R-72: what is recorded can only be added to', async (t) => {
  const { db, chain } = await house(t);
  await record(db, 3, 0);
  await sealed(db, chain(), 5);
  for (const table of ['audit', 'audit_blocks'])
    for (const change of [
      `update ${table} set ${table === 'audit' ? 'at = at' : 'hash = hash'}`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ])
      await t.throwsAsync(db.raw(change), { message: /permission denied/, code: '42501' } as object, change);
  t.like(await chain().verify({ anchors: [], kept: KEPT }), { rows: 3, breach: undefined });
});

type Deed = {
  readonly name: string;
  readonly statement: string;
  readonly expected: object;
};
/** As somebody does who may do everything in the database. */
const DEEDS: readonly Deed[] = [
  {
    name: 'a byte of a row',
    statement: `update audit set request_id = 'R7' where id = 1207`,
    expected: { kind: 'row-changed', block: 2, row: '1207' },
  },
  {
    name: 'a detail of a row',
    statement: `update audit set details = details || '{"tries": 0}' where id = 3`,
    expected: { kind: 'row-changed', block: 1, row: '3' },
  },
  {
    name: 'a row that is deleted',
    statement: 'delete from audit where id = 1500',
    expected: { kind: 'row-missing', block: 2, row: '1501' },
  },
  {
    name: 'the last row of a block',
    statement: 'delete from audit where id = 2000',
    expected: { kind: 'row-missing', block: 2, row: '1999' },
  },
  {
    name: 'two rows that are swapped',
    statement: `update audit set id = case id when 10 then 20 else 10 end + 100000 where id in (10, 20); update audit set id = id - 100000 where id > 100000`,
    expected: { kind: 'row-changed', block: 1, row: '10' },
  },
  {
    name: 'a row that is put in',
    statement: `update audit set id = -5 where id = 2400; insert into audit (at, kind, details) select at, kind, details from audit where id = 2; update audit set id = 2400 where id = (select max(id) from audit)`,
    expected: { kind: 'row-changed', block: 3, row: '2400' },
  },
  {
    name: 'a block',
    statement: `update audit_blocks set sealed_at = 1 where id = 2`,
    expected: { kind: 'block-changed', block: 2 },
  },
  {
    name: 'a block in the middle that is deleted',
    statement: 'delete from audit_blocks where id = 2',
    expected: { kind: 'block-missing', block: 2 },
  },
  {
    name: 'the tail, rows and block',
    statement: 'delete from audit_blocks where id = 3; delete from audit where id > 2000',
    expected: { kind: 'chain-cut', block: 3 },
  },
  {
    name: 'rows that are called too old',
    statement: 'insert into audit_expired values (1, 10000); delete from audit where id <= 1000',
    expected: { kind: 'expired-early', block: 1 },
  },
];

test('R-72: changed by a superuser, the first wrong place is named', async (t) => {
  const { db, chain } = await house(t);
  await record(db, ROWS, 1000);
  const anchors: Anchors = await sealed(db, chain(), 5000);
  for (const { name, statement, expected } of DEEDS) {
    const trx = await db.transaction();
    await trx.raw('alter table audit alter column id drop identity; set local session_replication_role = replica');
    await trx.raw(`create sequence again start 900000; alter table audit alter column id set default nextval('again')`);
    await trx.raw(statement);
    const tools = { settings: postgresSettings(trx, oldVault()), pause: () => sleep(1) };
    const { breach } = await postgresAuditChain(trx, tools).verify({ anchors, kept: KEPT });
    t.like(breach, expected, name);
    await trx.rollback();
  }
  t.is((await chain().verify({ anchors, kept: KEPT })).breach, undefined);
});

test('R-72: a chain that was made anew, with its key, does not agree with the anchors', async (t) => {
  const { db, chain } = await house(t);
  await record(db, ROWS, 1000);
  const anchors = await sealed(db, chain(), 5000);
  await db.transaction(async (trx) => {
    await trx.raw('set local session_replication_role = replica');
    await trx.raw(`update audit set kind = 'login-refused' where id = 1100; delete from audit_blocks`);
  });
  await sealed(db, chain(), 5000);
  t.is((await chain().verify({ anchors: [], kept: KEPT })).breach, undefined, 'in itself it is whole');
  const { breach } = await chain().verify({ anchors, kept: KEPT });
  t.like(breach, { kind: 'chain-replaced', block: 2 });
});

test('R-75: rows past their retention go block by block, and the rest still verifies', async (t) => {
  const { db, chain } = await house(t);
  await record(db, 1000, 0);
  await record(db, 500, 2 * YEAR);
  const anchors = await sealed(db, chain(), 3 * YEAR);
  t.is(await chain().expire(6 * YEAR, KEPT), 0, 'nothing is old enough');
  t.is(await chain().expire(8 * YEAR, KEPT), 1000);
  t.is(await chain().expire(8 * YEAR, KEPT), 0);
  const found = await chain().verify({ anchors, kept: KEPT });
  t.like(found, { rows: 500, blocks: 2, expired: 1, anchors: 2, breach: undefined });
});
