import type { Knex } from './connections.ts';

/** Rows of a statement: it is over long before anybody's patience with Postgres is. */
const AT_ONCE = 5000;
/** Statements of a sweep; what is left then goes with the next one. */
const TURNS = 100;

type Over = { readonly table: string; readonly over: string };

/**
 * Deletes the rows that are over, some at a time: however many have gathered while nobody swept, no statement is refused
 * for taking too long, and nobody waits for all of them. How many.
 */
export async function sweepRows(
  db: Knex,
  { table, over }: Over,
  values: Readonly<Record<string, unknown>>,
): Promise<number> {
  let gone = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const { rowCount } = await db.raw<{ rowCount: number }>(
      `delete from ${table} where ctid = any(array(select ctid from ${table} where ${over} limit ${AT_ONCE}))`,
      values,
    );
    gone += rowCount;
    if (rowCount < AT_ONCE) break;
  }
  return gone;
}
