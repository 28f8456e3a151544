import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { postgresAudit } from '../../src/stores/audit.ts';
import { postgresAuditChain } from '../../src/stores/audit-chain.ts';
import type { Knex } from '../../src/stores/connections.ts';
import { postgresSettings } from '../../src/stores/settings.ts';
import { anchorsIn } from '../support/anchors.ts';
import { oldVault, realPostgres } from '../support/memory/versions.ts';

const YEAR = 365 * 86_400_000;
const KEPT = 7 * YEAR;
const ROWS = 2500;

const toolsOf = (db: Knex) => ({ settings: postgresSettings(db, oldVault()), pause: () => sleep(1) });

async function house(t: ExecutionContext) {
  const { db, close } = await realPostgres();
  t.teardown(close);
  const chain = ({ ownTime = false } = {}) => postgresAuditChain(db, { ...toolsOf(db), ownTime });
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
  const found = await chain().verify({ anchors: anchorsIn(anchors), kept: KEPT, clock: Date.now });
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
  t.like(await keeper.verify({ anchors: anchorsIn([]), kept: KEPT, clock: Date.now }), {
    rows: 6,
    unsealed: 0,
    breach: undefined,
  });
});

test('R-72: of several processes that seal at once none seals twice', async (t) => {
  const { db, chain } = await house(t);
  await record(db, 1500, 0);
  const keepers = [chain(), chain(), chain()];
  while (await unsealed(db)) await Promise.all(keepers.map((keeper) => keeper.seal(7)));
  t.like(await chain().verify({ anchors: anchorsIn([]), kept: KEPT, clock: Date.now }), {
    blocks: 2,
    rows: 1500,
    breach: undefined,
  });
});

test('R-72: what is recorded can only be added to', async (t) => {
  const { db, chain } = await house(t);
  await record(db, 3, 0);
  await sealed(db, chain(), 5);
  for (const table of ['audit', 'audit_first', 'audit_other', 'audit_blocks'])
    for (const change of [
      `truncate ${table} cascade`,
      // In an empty table there is no row to refuse it for.
      ...(table === 'audit_other'
        ? []
        : [`update ${table} set ${table === 'audit_blocks' ? 'hash = hash' : 'at = at'}`, `delete from ${table}`]),
    ])
      await t.throwsAsync(db.raw(change), { message: /permission denied/, code: '42501' } as object, change);
  t.like(await chain().verify({ anchors: anchorsIn([]), kept: KEPT, clock: Date.now }), { rows: 3, breach: undefined });
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
  const anchors = await sealed(db, chain(), 5000);
  for (const { name, statement, expected } of DEEDS) {
    const trx = await db.transaction();
    await trx.raw('alter table audit alter column id drop identity; set local session_replication_role = replica');
    await trx.raw(`create sequence again start 900000; alter table audit alter column id set default nextval('again')`);
    await trx.raw(statement);
    const { breach } = await postgresAuditChain(trx, toolsOf(trx)).verify({
      anchors: anchorsIn(anchors),
      kept: KEPT,
      clock: Date.now,
    });
    t.like(breach, expected, name);
    await trx.rollback();
  }
  t.is((await chain().verify({ anchors: anchorsIn(anchors), kept: KEPT, clock: Date.now })).breach, undefined);
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
  t.is(
    (await chain().verify({ anchors: anchorsIn([]), kept: KEPT, clock: Date.now })).breach,
    undefined,
    'in itself it is whole',
  );
  const { breach } = await chain().verify({ anchors: anchorsIn(anchors), kept: KEPT, clock: Date.now });
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
  const found = await chain().verify({ anchors: anchorsIn(anchors), kept: KEPT, clock: Date.now });
  t.like(found, { rows: 500, blocks: 2, expired: 1, anchors: 2, breach: undefined });
});

test('R-75: of many blocks that are past their retention few go at once, so that no statement takes long', async (t) => {
  const { db, chain } = await house(t);
  for (let n = 0; n < 7; n++) {
    await record(db, 1, n);
    await sealed(db, chain(), 1000);
  }
  t.is(await chain().expire(8 * YEAR, KEPT), 5);
  t.is(await chain().expire(8 * YEAR, KEPT), 2);
  t.like(await chain().verify({ anchors: anchorsIn([]), kept: KEPT, clock: Date.now }), {
    expired: 7,
    breach: undefined,
  });
});

test('R-73: what is extracted is recorded before it is signed; what is not recorded is no extract', async (t) => {
  const { db, chain } = await house(t);
  await record(db, 3, 1000);
  const made = async (note: () => Promise<void>) => {
    const lines: string[] = [];
    const write = async (line: string) => void lines.push(line);
    const seen: unknown[] = [];
    const keep = async (it: object) => {
      seen.push(it, lines.length);
      await note();
    };
    const how = { now: 5000, write, record: keep };
    const done = await chain()
      .extract({ from: 0, until: 5000 }, how)
      .catch(() => undefined);
    const verdict = await chain().readExtract(Readable.from(lines) as AsyncIterable<string>);
    return { done, seen, verdict: verdict.kind, lines: lines.length };
  };
  const { done, seen, ...whole } = await made(async () => undefined);
  t.deepEqual(whole, { verdict: 'whole', lines: 5 });
  t.deepEqual(seen, [{ rows: 3, sha256: done?.sha256 }, 4]);
  t.like(await made(() => Promise.reject(new Error('no room'))), { verdict: 'no-extract', lines: 4, done: undefined });
});

const MONTH = 31 * 86_400_000;
const monthsOf = async (db: Knex) => {
  const { rows } = await db.raw<{ rows: { name: string; rows: string }[] }>(
    `select inhrelid::regclass::text as name, (xpath('/row/c/text()', query_to_xml('select count(*) as c from ' || inhrelid::regclass, false, true, '')))[1]::text as rows
     from pg_inherits where inhparent = 'audit'::regclass order by 1`,
  );
  return new Map(rows.map(({ name, rows: count }) => [name, Number(count)]));
};

test('R-72: each month has its table, made ahead; what a clock that jumped wrote finds its own, and nothing breaks', async (t) => {
  const { db, audit, chain: chainOf } = await house(t);
  const chain = () => chainOf({ ownTime: true });
  const now = Date.UTC(2060, 4, 17);
  await record(db, 10, now);
  const before = await monthsOf(db);
  t.is(before.get('audit_other'), 10, 'no table of that month was there');
  const anchors = await sealed(db, chain(), now);
  await chain().prepare(now);
  const after = await monthsOf(db);
  t.is(after.get('audit_other'), 0);
  t.is(after.get('audit_2060_05'), 10);
  for (const name of ['audit_2060_06', 'audit_2060_07']) t.is(after.get(name), 0, 'made ahead');
  t.false(after.has('audit_2060_08'));
  await chain().prepare(now);
  await audit.add({ kind: 'login-refused', at: now + 2 * MONTH });
  t.is((await monthsOf(db)).get('audit_2060_07'), 1);
  for (const change of ['truncate audit_2060_07', 'delete from audit_2060_07', 'update audit_2060_07 set kind = kind'])
    await t.throwsAsync(db.raw(change), { message: /permission denied/, code: '42501' } as object, change);
  t.like(await chain().verify({ anchors: anchorsIn(anchors), kept: KEPT, clock: Date.now }), {
    rows: 10,
    unsealed: 1,
    breach: undefined,
  });
});

test('R-75: the table of a month is gone when all of it is past its retention', async (t) => {
  const { db, chain: chainOf } = await house(t);
  const chain = () => chainOf({ ownTime: true });
  const then = Date.UTC(2060, 4, 17);
  await chain().prepare(then);
  await record(db, 1200, then);
  const anchors = await sealed(db, chain(), then);
  t.is(await chain().expire(then + KEPT, KEPT), 0, 'a row is younger than its block’s last');
  t.is(await chain().expire(then + KEPT + 2 * MONTH, KEPT), 1200);
  t.false((await monthsOf(db)).has('audit_2060_05'));
  const clock = () => then + KEPT + 2 * MONTH;
  t.like(await chain().verify({ anchors: anchorsIn(anchors), kept: KEPT, clock }), {
    rows: 0,
    expired: 2,
    breach: undefined,
  });
  const { breach } = await chain().verify({
    anchors: anchorsIn(anchors),
    kept: KEPT,
    clock: () => clock() - 3_600_000,
  });
  t.like(breach, { kind: 'expired-early', block: 1 }, 'nothing can have been deleted later than now');
});

test('R-72: several processes prepare the months at once, while others write', async (t) => {
  const { db, audit, chain: chainOf } = await house(t);
  const chain = () => chainOf({ ownTime: true });
  // On the same connections: what they remember of the year before must not deceive them.
  for (let year = 2061; year < 2066; year++) {
    const now = Date.UTC(year, 0, 31, 23);
    const writing = Array.from({ length: 30 }, (_, n) => audit.add({ kind: 'login-refused', at: now + n * 120_000 }));
    await Promise.all([...writing, chain().prepare(now), chain().prepare(now), chain().prepare(now)]);
    await chain().prepare(now);
    const months = await monthsOf(db);
    t.is((months.get(`audit_${year}_01`) ?? 0) + (months.get(`audit_${year}_02`) ?? 0), 30);
  }
});

/** In a transaction as a role that owns nothing. */
async function asRole(db: Knex, work: (trx: Knex, role: string) => Promise<void>): Promise<void> {
  const role = `web_${randomUUID().slice(0, 8)}`;
  await db.raw(`create role ${role}; grant usage on schema public to ${role};
    grant select, insert on audit, audit_blocks, audit_expired to ${role}; grant select, insert, update on settings to ${role};
    grant execute on function prepare_audit, expire_audit, drop_audit_months to ${role}`);
  try {
    await db.transaction(async (trx) => {
      await trx.raw(`set local role ${role}`);
      await work(trx, role);
    });
  } finally {
    await db.raw(`drop owned by ${role}; drop role ${role}`);
  }
}

test('R-72: who may only add makes no row older by a date of her own, and drops no month that is in use', async (t) => {
  const { db, audit, chain } = await house(t);
  await record(db, 1000, 1000);
  const now = Date.now();
  await record(db, 1000, now - 2000);
  const anchors = await sealed(db, chain(), now);
  // A month may have begun since the migrations.
  await chain().prepare(now);
  const before = await monthsOf(db);
  const far = now + 100 * YEAR;
  await asRole(db, async (trx) => {
    const { rows } = await trx.raw<{ rows: { gone: string }[] }>(
      'select expire_audit(2, :far, 0) + drop_audit_months(:far) as gone',
      { far },
    );
    t.is(rows[0]?.gone, '0');
    t.is(await postgresAuditChain(trx, toolsOf(trx)).expire(far, 0), 1000, 'of the first block, which is old enough');
    for (const act of ['expire_audit_at(2, :far, 0)', 'prepare_audit_at(:far)', 'drop_audit_months_at(:far)']) {
      await trx.raw('savepoint before');
      await t.throwsAsync(trx.raw(`select ${act}`, { far }), { code: '42501' } as object, act);
      await trx.raw('rollback to before');
    }
    await trx.raw('select prepare_audit()');
  });
  t.deepEqual([...(await monthsOf(db)).keys()], [...before.keys()]);
  await audit.add({ kind: 'login-refused', at: now });
  const found = await chain().verify({ anchors: anchorsIn(anchors), kept: KEPT, clock: Date.now });
  t.like(found, { rows: 1000, expired: 1, unsealed: 1, breach: undefined });
});

test('R-72: rows of a part are not deleted by whoever was granted it and says that they have expired', async (t) => {
  const { db } = await house(t);
  await record(db, 3, 1000);
  await asRole(db, async (trx, role) => {
    await trx.raw('reset role');
    await trx.raw(`grant delete on audit, audit_first to ${role}`);
    await trx.raw(`set local role ${role}`);
    // A table of hers by that name must not stand in for the catalogue.
    await trx.raw(
      'create temp table pg_class on commit drop as select oid, current_user::regrole::oid as relowner from pg_class',
    );
    await trx.raw(`select set_config('claveunica.expiring', 'on', true)`);
    for (const change of ['delete from audit_first', 'delete from audit']) {
      await trx.raw('savepoint before');
      await t.throwsAsync(trx.raw(change), { message: /only added to/, code: '42501' } as object, change);
      await trx.raw('rollback to before');
    }
  });
});

test('R-72: a role that may only add can do all that the product does with the log, and nothing else', async (t) => {
  const { db, chain } = await house(t);
  await record(db, 3, 0);
  await asRole(db, async (trx) => {
    await postgresAudit(trx).add({ kind: 'login-succeeded', at: Date.UTC(2062, 0, 1) });
    const keeper = postgresAuditChain(trx, toolsOf(trx));
    await keeper.prepare(Date.UTC(2062, 0, 1));
    t.is(await keeper.expire(1, KEPT), 0);
    for (const change of [
      'update audit set at = at',
      'delete from audit',
      'truncate audit',
      'drop table audit_other',
    ]) {
      await trx.raw('savepoint before');
      await trx.raw(`select set_config('claveunica.expiring', 'on', true)`);
      await t.throwsAsync(trx.raw(change), { code: '42501' } as object, change);
      await trx.raw('rollback to before');
    }
  });
  t.like(await chain().verify({ anchors: anchorsIn([]), kept: KEPT, clock: Date.now }), { breach: undefined });
});
