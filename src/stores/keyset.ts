import type { Paging, Placed } from '../domain/list.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Knex } from './connections.ts';

/** By what a list can be sorted: an expression, and whether it is a number. */
export type Sorting = { readonly by: string; readonly number?: true };

type Wish<Sort extends string> = {
  readonly sorts: Readonly<Record<Sort, Sorting>>;
  readonly id: 'account_id' | 'id';
  readonly uuid?: boolean;
  readonly paging: Paging<Sort>;
};

/** A row, with the key by which it was sorted. */
export type Keyed<Row> = Row & { readonly sorted_by: string };

/** One page: it begins beside a row that the index finds, however far that is. */
export async function pageOf<Row extends Readonly<Record<string, unknown>>, Sort extends string>(
  all: Knex.QueryBuilder,
  { sorts, id, uuid = false, paging: { sort, desc, place, back = false, limit } }: Wish<Sort>,
): Promise<readonly Placed<Row>[]> {
  const { by, number } = sorts[sort];
  const down = desc !== back;
  const key = number ? 'cast(? as bigint)' : 'cast(? as text) collate "C"';
  // A place comes from an address that anybody can write: one that cannot be is the beginning.
  const good = place && (!number || /^\d{1,15}$/.test(place.key)) && (!uuid || isUuid(place.id)) ? place : undefined;
  const page =
    good === undefined ? all : all.andWhereRaw(`(${by}, ${id}) ${down ? '<' : '>'} (${key}, ?)`, [good.key, good.id]);
  const way = down ? 'desc' : 'asc';
  const found: unknown = await page
    .orderByRaw(`${by} ${way}, ${id} ${way}`)
    .limit(limit)
    .select('*')
    .select({ sorted_by: page.client.raw(`(${by})::text`) as Knex.Raw });
  const rows = found as readonly Keyed<Row>[];
  const placed = rows.map((row) => ({ row, place: { key: row.sorted_by, id: String(row[id]) } }));
  return back ? placed.toReversed() : placed;
}

/** How many there are, but no more than so many: the rest is not looked at. */
export async function countOf(db: Knex, all: Knex.QueryBuilder, most: number): Promise<number> {
  const some = all.select(db.raw('1 as one')).limit(most);
  const rows = await db.count<{ count: string }[]>('* as count').from(some.as('some'));
  return Number(rows[0]?.count ?? 0);
}
