import { verify, type KeyObject } from 'node:crypto';
import { hashOfBlock, START, type Anchored, type Block } from './blocks.ts';
import { hashOfRow, rowsBetween, type AuditRow } from './rows.ts';
import type { Knex } from '../connections.ts';

/** What was found first, where. `row` is the id of the audit row at which it shows. */
export type Breach = {
  readonly kind:
    | 'row-changed'
    | 'row-missing'
    | 'row-added'
    | 'block-changed'
    | 'block-missing'
    | 'block-not-signed'
    | 'chain-cut'
    | 'chain-replaced'
    | 'expired-early';
  readonly block: number;
  readonly row?: string | undefined;
};

export type Verified = {
  readonly rows: number;
  readonly blocks: number;
  /** Blocks whose rows are past their retention. */
  readonly expired: number;
  /** Rows that no block holds yet. */
  readonly unsealed: number;
  readonly anchors: number;
  readonly breach: Breach | undefined;
};

type Against = {
  readonly publicKey: KeyObject;
  readonly anchors: Anchored;
  /** How long rows must be kept, in milliseconds. */
  readonly kept: number;
  /** No row can have been deleted later than now. */
  readonly clock: () => number;
  readonly progress?: (rows: number) => void;
  /** Only so many blocks from there on: what comes before is taken as it stands, what comes after is not looked at. */
  readonly part?: { readonly first: number; readonly blocks: number } | undefined;
};

/** Blocks that are read at once; a thousand rows each at most. */
const AT_ONCE = 10;
/** The clocks of two machines differ by a little. */
const SKEW = 60_000;
/** Blocks are numbered by an integer of Postgres. */
const LAST = 2_147_483_647;

/** Reads everything once, in order, and stops at the first place that is not as it was sealed. */
export async function verifyAudit(
  db: Knex,
  { publicKey, anchors, kept, clock, progress, part }: Against,
): Promise<Verified> {
  const before = (part?.first ?? 1) - 1;
  const end = Math.min(before + (part?.blocks ?? LAST), LAST);
  const seen = { rows: 0, blocks: before, expired: 0, unsealed: 0, anchors: 0 };
  const joint = before === 0 ? undefined : await db<Block>('audit_blocks').where({ id: before }).first();
  let previous: Uint8Array = joint?.hash ?? START;
  let to = joint?.to_id ?? '0';
  const broken = (kind: Breach['kind'], block: number, row?: string): Verified => ({
    ...seen,
    breach: { kind, block, row },
  });
  if (before > 0 && !joint) return broken('block-missing', before);
  for (;;) {
    const wanted = db<Block>('audit_blocks').where('id', '>', seen.blocks).andWhere('id', '<=', end);
    const blocks = await wanted.orderBy('id').limit(AT_ONCE);
    if (blocks.length === 0) break;
    const expiredAt = await expiredBlocks(db, seen.blocks);
    const near = await anchors.of(seen.blocks + 1, seen.blocks + AT_ONCE);
    const anchored = new Map(near.map((anchor) => [anchor.block, anchor]));
    const present = clock() + SKEW;
    const rows = grouped(await rowsBetween(db, blocks[0]?.from_id ?? '0', blocks.at(-1)?.to_id ?? '0'), blocks);
    for (const [at, block] of blocks.entries()) {
      if (block.id !== seen.blocks + 1) return broken('block-missing', seen.blocks + 1);
      const anchor = anchored.get(block.id);
      if (anchor && anchor.hash !== block.hash.toString('base64url')) return broken('chain-replaced', block.id);
      const joins = block.previous.equals(previous) && block.from_id === to;
      if (!joins || !hashOfBlock(block).equals(block.hash)) return broken('block-changed', block.id);
      if (!verify(null, block.hash, publicKey, block.signature)) return broken('block-not-signed', block.id);
      const expired = expiredAt.get(block.id);
      if (expired === undefined) {
        const wrong = firstWrong(rows[at] ?? [], block.rows);
        if (wrong) return broken(wrong.kind, block.id, wrong.row);
        seen.rows += block.rows.length / 32;
      } else {
        if (expired > present || Number(block.last_at) > expired - kept) return broken('expired-early', block.id);
        const [left] = rows[at] ?? [];
        if (left) return broken('row-added', block.id, left.id);
        seen.expired++;
      }
      if (anchor) seen.anchors++;
      seen.blocks++;
      previous = block.hash;
      to = block.to_id;
    }
    progress?.(seen.rows);
  }
  if (seen.blocks < end && (await anchors.newest()) > seen.blocks) return broken('chain-cut', seen.blocks + 1);
  if (part) return { ...seen, breach: undefined };
  seen.unsealed = await countAfter(db, to);
  return { ...seen, breach: undefined };
}

async function expiredBlocks(db: Knex, after: number): Promise<ReadonlyMap<number, number>> {
  const rows = await db('audit_expired')
    .where('block', '>', after)
    .andWhere('block', '<=', after + AT_ONCE)
    .select<{ block: number; at: string }[]>('block', 'at');
  return new Map(rows.map(({ block, at }) => [block, Number(at)]));
}

async function countAfter(db: Knex, id: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: string }[] }>(
    'select count(*) as count from audit where id > cast(:id as bigint)',
    { id },
  );
  return Number(rows[0]?.count ?? 0);
}

function grouped(rows: readonly AuditRow[], blocks: readonly Block[]): readonly (readonly AuditRow[])[] {
  let next = 0;
  return blocks.map(({ to_id }) => {
    const begin = next;
    while (next < rows.length && BigInt(rows[next]?.id ?? 0) <= BigInt(to_id)) next++;
    return rows.slice(begin, next);
  });
}

/** Compares rows with the hashes that were sealed; a swap shows as a change of the first of both. */
function firstWrong(rows: readonly AuditRow[], sealed: Buffer): Pick<Breach, 'kind' | 'row'> | undefined {
  const count = sealed.length / 32;
  const at = (place: number) => sealed.subarray(place * 32, place * 32 + 32);
  for (let place = 0; place < count; place++) {
    const row = rows[place];
    if (row === undefined) return { kind: 'row-missing', row: rows.at(-1)?.id };
    const hash = hashOfRow(row);
    if (hash.equals(at(place))) continue;
    // What comes later as it was has lost something before it; what is followed by what belongs here was put in.
    if (place + 1 < count && hash.equals(at(place + 1))) return { kind: 'row-missing', row: row.id };
    const after = rows[place + 1];
    if (rows.length > count && after && hashOfRow(after).equals(at(place))) return { kind: 'row-added', row: row.id };
    return { kind: 'row-changed', row: row.id };
  }
  const extra = rows[count];
  return extra && { kind: 'row-added', row: extra.id };
}
