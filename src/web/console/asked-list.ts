import { addressOf, type Address, type Found, type Ways } from '#views/parts/table.ts';
import { z } from 'zod';
import { COUNTED, type Paging, type Place, type Placed } from '../../domain/list.ts';

const PAGE = 50;
/** No NUL: Postgres knows none. */
const text = z
  .string()
  .max(300)
  .regex(/^[^\0]*$/);
const placeShape = z.tuple([text, text]);

/** Addresses are typed and shared: what is not understood is as if it were not there. */
function placeOf(written: string | null): Place | undefined {
  if (written === null) return undefined;
  try {
    const [key, id] = placeShape.parse(JSON.parse(Buffer.from(written, 'base64url').toString()));
    return { key, id };
  } catch {
    return undefined;
  }
}
const writtenPlace = ({ key, id }: Place) => Buffer.from(JSON.stringify([key, id])).toString('base64url');

/** `down`: what comes first is the greatest, as long as nobody says otherwise. */
export type Sorted<Sort extends string> = {
  readonly sorts: readonly Sort[];
  readonly first: Sort;
  readonly down?: boolean;
};

/** What of the address says how the list is sorted, and where its page begins. */
export function pagingOf<Sort extends string>(
  query: URLSearchParams,
  { sorts, first, down = false }: Sorted<Sort>,
): Paging<Sort> {
  const said = query.get('orden') ?? '';
  const sort = sorts.find((one) => one === said.replace('-', ''));
  const [after, until] = [placeOf(query.get('tras')), placeOf(query.get('hasta'))];
  return {
    ...{ sort: sort ?? first, desc: sort === undefined ? down : said.startsWith('-') },
    ...{ place: after ?? until, back: after === undefined && until !== undefined, limit: PAGE + 1 },
  };
}

/** The order as it stands in the address, when somebody chose one. */
export const writtenOrder = <Sort extends string>(query: URLSearchParams, { sort, desc }: Paging<Sort>) =>
  query.get('orden') === null ? undefined : `${desc ? '-' : ''}${sort}`;

/** One row more was asked for: it says that there is another page on that side. */
export function pageAsked<Row, Sort extends string>(
  found: readonly Placed<Row>[],
  { place, back = false }: Paging<Sort>,
  address: Address,
): Ways & { readonly rows: readonly Row[] } {
  const more = found.length > PAGE;
  const shown = back ? found.slice(-PAGE) : found.slice(0, PAGE);
  const [before, after] = back ? [more, true] : [place !== undefined, more];
  const [top, end] = [shown[0]?.place, shown.at(-1)?.place];
  return {
    rows: shown.map(({ row }) => row),
    ...(before && top && { before: addressOf(address, { hasta: writtenPlace(top) }) }),
    ...(after && end && { after: addressOf(address, { tras: writtenPlace(end) }) }),
  };
}

/** The link of a column: again the same one turns it round. */
export const sortOf = <Sort extends string>(key: Sort, { sort, desc }: Paging<Sort>, address: Address) => ({
  href: addressOf(address, { orden: sort === key && !desc ? `-${key}` : key }),
  now: sort !== key ? undefined : desc ? ('descending' as const) : ('ascending' as const),
});

export const foundOf = (counted: number): Found => ({ count: Math.min(counted, COUNTED), more: counted > COUNTED });
/** One more says that there are more. */
export const TO_COUNT = COUNTED + 1;

/** A word of the filter; empty is none. */
export const askedWord = (query: URLSearchParams, name: string): string | undefined => {
  const found = text.max(100).safeParse(query.get(name)?.trim() ?? '');
  return found.success && found.data !== '' ? found.data : undefined;
};
