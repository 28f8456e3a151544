import type { Identified } from '../domain/account.ts';
import type { CaseFilter, CaseSort, ListedCase, Stage } from '../domain/enrolment.ts';
import type { Paging, Placed } from '../domain/list.ts';
import type { Knex } from './connections.ts';
import { countOf, pageOf, type Keyed, type Sorting } from './keyset.ts';

/** Requests for a ClaveÚnica as a list: where each stands. Whose it is stays sealed. */
export interface CaseList {
  page(filter: CaseFilter, paging: Paging<CaseSort>): Promise<readonly Placed<ListedCase>[]>;
  /** How many, but no more than `most` of them. */
  count(filter: CaseFilter, most: number): Promise<number>;
}

type Row = {
  id: string;
  stage: Stage;
  channel: ListedCase['channel'] | null;
  office: string | null;
  level: Identified | null;
  created_at: string;
  updated_at: string;
};
const SORTS: Readonly<Record<CaseSort, Sorting>> = {
  created: { by: 'created_at', number: true },
  moved: { by: 'updated_at', number: true },
};

export function postgresCaseList(db: Knex): CaseList {
  const those = ({ stage, channel }: CaseFilter) =>
    db('enrolments').where({ ...(stage !== undefined && { stage }), ...(channel !== undefined && { channel }) });
  return {
    async page(filter, paging) {
      const rows = await pageOf<Keyed<Row>, CaseSort>(those(filter), { sorts: SORTS, id: 'id', uuid: true, paging });
      return rows.map(({ row: { id, stage, channel, office, level, ...row }, place }) => ({
        row: {
          ...{ id, stage, channel: channel ?? undefined, office: office ?? undefined, level: level ?? undefined },
          ...{ createdAt: Number(row.created_at), updatedAt: Number(row.updated_at) },
        },
        place,
      }));
    },
    count: async (filter, most) => countOf(db, those(filter), most),
  };
}
