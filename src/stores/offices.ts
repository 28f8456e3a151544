import type { Paging, Placed } from '../domain/list.ts';
import type { Office, OfficeFilter, OfficeSort, Shift } from '../domain/schedule.ts';
import type { Knex } from './connections.ts';
import { countOf, pageOf, type Keyed, type Sorting } from './keyset.ts';

/** Where officers sit, and when each of them works. */
export interface Offices {
  list(): Promise<readonly Office[]>;
  page(filter: OfficeFilter, paging: Paging<OfficeSort>): Promise<readonly Placed<Office>[]>;
  /** How many, but no more than `most` of them. */
  count(filter: OfficeFilter, most: number): Promise<number>;
  /** In which there is one. */
  regions(filter: Pick<OfficeFilter, 'agency'>): Promise<readonly string[]>;
  byId(id: string): Promise<Office | undefined>;
  put(office: Office): Promise<void>;
  /** Of some days (ISO, both included). */
  shifts(days: {
    readonly from: string;
    readonly to: string;
    readonly officer?: string | undefined;
  }): Promise<readonly Shift[]>;
  /** In place of whatever she had on that day. */
  setShifts(officer: string, day: string, shifts: readonly Shift[]): Promise<void>;
}

type Row = {
  officer_id: string;
  day: string;
  from_minute: number;
  to_minute: number;
  channel: Shift['channel'];
  office: string | null;
};

/** Some hundreds of them: no index is wanted. */
const SORTS: Readonly<Record<OfficeSort, Sorting>> = {
  name: { by: 'folded(name)' },
  place: { by: 'folded(region || chr(10) || comuna)' },
};

export function postgresOffices(db: Knex): Offices {
  const those = ({ agency, region }: OfficeFilter) =>
    db('offices').where({ ...(agency !== undefined && { agency }), ...(region !== undefined && { region }) });
  return {
    list: async () => db('offices').orderBy(['region', 'comuna', 'name']).select<Office[]>(),
    async page(filter, paging) {
      const rows = await pageOf<Keyed<Office>, OfficeSort>(those(filter), { sorts: SORTS, id: 'id', paging });
      return rows.map(({ row: { sorted_by: _, ...office }, place }) => ({ row: office, place }));
    },
    count: async (filter, most) => countOf(db, those(filter), most),
    regions: async (filter) => those(filter).distinct('region').orderBy('region').pluck<string[]>('region'),
    byId: async (id) => db<Office>('offices').where({ id }).first(),
    async put({ hours, closed, ...office }) {
      await db('offices')
        .insert({ ...office, hours: JSON.stringify(hours), closed: [...closed] })
        .onConflict('id')
        .merge();
    },
    async shifts({ from, to, officer }) {
      const all = db('rosters').whereBetween('day', [from, to]).orderBy(['day', 'officer_id', 'from_minute']);
      const rows = await (officer === undefined ? all : all.where({ officer_id: officer })).select<Row[]>();
      return rows.map((row) => ({
        ...{ officer: row.officer_id, day: row.day, from: row.from_minute, to: row.to_minute, channel: row.channel },
        ...(row.office !== null && { office: row.office }),
      }));
    },
    async setShifts(officer, day, shifts) {
      await db('rosters').where({ officer_id: officer, day }).delete();
      if (shifts.length === 0) return;
      await db('rosters').insert(
        shifts.map(({ from, to, channel, office }) => ({
          ...{ officer_id: officer, day, from_minute: from, to_minute: to, channel },
          office: office ?? null,
        })),
      );
    },
  };
}
