import type { Paging, Placed } from '../../../src/domain/list.ts';

type Key = string | number;
type About<Row, Sort extends string> = {
  readonly paging: Paging<Sort>;
  readonly id: (row: Row) => string;
  readonly keys: Readonly<Record<Sort, (row: Row) => Key>>;
};

/** As `stores/keyset.ts` does it. */
export function pageIn<Row, Sort extends string>(all: readonly Row[], about: About<Row, Sort>): readonly Placed<Row>[] {
  const { id, keys } = about;
  const { sort, desc, place, back = false, limit } = about.paging;
  const compare = ([a, x]: readonly [Key, string], [b, y]: readonly [Key, string]) =>
    (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0) * (desc !== back ? -1 : 1);
  const of = (row: Row) => [keys[sort](row), id(row)] as const;
  const found = all
    .toSorted((a, b) => compare(of(a), of(b)))
    .filter((row) => {
      if (place === undefined) return true;
      const [key] = of(row);
      return compare(of(row), [typeof key === 'number' ? Number(place.key) : place.key, place.id]) > 0;
    });
  const placed = found.slice(0, limit).map((row) => ({ row, place: { key: String(of(row)[0]), id: id(row) } }));
  return back ? placed.toReversed() : placed;
}
