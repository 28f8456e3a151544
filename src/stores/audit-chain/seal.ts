import { sign, type KeyObject } from 'node:crypto';
import type { Knex } from '../connections.ts';
import { BLOCK_ROWS, hashOfBlock, START, type Anchor, type Block } from './blocks.ts';
import { hashOfRow, rowsBetween } from './rows.ts';

/** Any number that nobody else locks. */
const LOCK = 733_520_011;

type Mark = { readonly id: string; readonly transactions: string };

export type Sealer = {
  readonly db: Knex;
  readonly key: () => Promise<KeyObject>;
  /** So long that a transaction which has taken an id has a number too. */
  readonly pause: () => Promise<unknown>;
};

/**
 * Seals what is certain to be complete, a block at most. Ids are given before a commit: so the highest id is marked
 * first, and sealed once all transactions that were under way a moment later are over.
 */
export function createSealer({ db, key, pause }: Sealer): (now: number) => Promise<Anchor | undefined> {
  let mark: Mark | undefined;

  async function markHighest(): Promise<Mark> {
    const { rows: highest } = await db.raw<{ rows: { id: string }[] }>('select coalesce(max(id), 0) as id from audit');
    // An id may be given out a moment before its transaction has a number.
    await pause();
    const { rows } = await db.raw<{ rows: { transactions: string }[] }>(
      'select pg_snapshot_xmax(pg_current_snapshot())::text as transactions',
    );
    return { id: highest[0]?.id ?? '0', transactions: rows[0]?.transactions ?? '0' };
  }

  async function isComplete({ transactions }: Mark): Promise<boolean> {
    const { rows } = await db.raw<{ rows: { complete: boolean }[] }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= cast(:transactions as xid8) as complete',
      { transactions },
    );
    return rows[0]?.complete === true;
  }

  const append = (upTo: string, now: number) =>
    db.transaction(async (trx) => {
      const locked = await trx.raw<{ rows: { ours: boolean }[] }>('select pg_try_advisory_xact_lock(?) as ours', [
        LOCK,
      ]);
      if (locked.rows[0]?.ours !== true) return undefined;
      const last = await trx<Block>('audit_blocks').orderBy('id', 'desc').first();
      const from = last?.to_id ?? '0';
      const { rows: ends } = await trx.raw<{ rows: { id: string }[] }>(
        `select id from audit where id > cast(:from as bigint) and id <= cast(:upTo as bigint) order by id limit :limit`,
        { from, upTo, limit: BLOCK_ROWS },
      );
      const to = ends.at(-1)?.id;
      if (to === undefined) return undefined;
      const content = await rowsBetween(trx, from, to);
      const unsigned = {
        ...{ id: (last?.id ?? 0) + 1, from_id: from, to_id: to, previous: last?.hash ?? START, sealed_at: String(now) },
        last_at: String(Math.max(...content.map(({ at }) => Number(at)))),
        rows: Buffer.concat(content.map(hashOfRow)),
      };
      const hash = hashOfBlock(unsigned);
      const signature = sign(null, hash, await key());
      await trx('audit_blocks').insert({ ...unsigned, hash, signature });
      return {
        ...{ block: unsigned.id, to, at: now },
        ...{ hash: hash.toString('base64url'), signature: signature.toString('base64url') },
      };
    });

  return async (now) => {
    mark ??= await markHighest();
    if (!(await isComplete(mark))) return undefined;
    const anchor = await append(mark.id, now);
    // All that was marked is sealed: the next turn marks again.
    if (anchor === undefined || anchor.to === mark.id) mark = undefined;
    return anchor;
  };
}
