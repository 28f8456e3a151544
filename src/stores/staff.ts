import { folded, type Paging, type Placed } from '../domain/list.ts';
import type { Agency, Role, Staff, StaffFilter, StaffSort, StaffState } from '../domain/roles.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Knex } from './connections.ts';
import { countOf, pageOf, type Keyed, type Sorting } from './keyset.ts';

/** Those who work with the product; a member of staff is a citizen's account with roles. */
export interface StaffStore {
  byId(accountId: string): Promise<Staff | undefined>;
  list(filter: { readonly agency?: Agency | undefined }): Promise<readonly Staff[]>;
  page(filter: StaffFilter, paging: Paging<StaffSort>): Promise<readonly Placed<Staff>[]>;
  /** How many, but no more than `most` of them. */
  count(filter: StaffFilter, most: number): Promise<number>;
  /** New, or in place of what was: roles and place are given anew, never added to. */
  put(staff: Staff, now: number): Promise<void>;
  setState(accountId: string, state: StaffState, now: number): Promise<boolean>;
  setTrained(accountId: string, at: number): Promise<boolean>;
  /** At a sign-in. */
  seen(accountId: string, at: number): Promise<void>;
  /** Disables those who have not come since, invited or not; tells whom. */
  disableDormant(since: number, now: number): Promise<readonly string[]>;
}

type Row = {
  account_id: string;
  roles: Role[];
  agency: Agency | null;
  office: string | null;
  institution: string | null;
  state: StaffState;
  trained_at: string | null;
  seen_at: string | null;
  created_at: string;
};

const read = (row: Row): Staff => ({
  accountId: row.account_id,
  roles: row.roles,
  agency: row.agency ?? undefined,
  office: row.office ?? undefined,
  institution: row.institution ?? undefined,
  state: row.state,
  trainedAt: row.trained_at === null ? undefined : Number(row.trained_at),
  seenAt: row.seen_at === null ? undefined : Number(row.seen_at),
  createdAt: Number(row.created_at),
});

const SORTS: Readonly<Record<StaffSort, Sorting>> = {
  since: { by: 'created_at', number: true },
  seen: { by: 'coalesce(seen_at, 0)', number: true },
  trained: { by: 'coalesce(trained_at, 0)', number: true },
  place: { by: 'place' },
};

export function postgresStaff(db: Knex): StaffStore {
  const those = ({ agency, role, state, place }: StaffFilter) => {
    const all = db('staff').where({ ...(agency !== undefined && { agency }), ...(state !== undefined && { state }) });
    const ofRole = role === undefined ? all : all.andWhereRaw('roles @> ?', [[role]]);
    return place === undefined ? ofRole : ofRole.andWhereRaw('position(? in place) > 0', [folded(place)]);
  };
  return {
    async byId(accountId) {
      if (!isUuid(accountId)) return undefined;
      const row = await db<Row>('staff').where({ account_id: accountId }).first();
      return row && read(row);
    },
    async list({ agency }) {
      const all = db('staff').orderBy(['created_at', 'account_id']);
      const rows = await (agency === undefined ? all : all.where({ agency })).select<Row[]>();
      return rows.map(read);
    },
    async page(filter, paging) {
      const rows = await pageOf<Keyed<Row>, StaffSort>(those(filter), {
        sorts: SORTS,
        id: 'account_id',
        uuid: true,
        paging,
      });
      return rows.map(({ row, place }) => ({ row: read(row), place }));
    },
    count: async (filter, most) => countOf(db, those(filter), most),
    async put({ accountId, roles, agency, office, institution, state, trainedAt, createdAt }, now) {
      const values = {
        ...{ roles: [...roles], agency: agency ?? null, office: office ?? null, institution: institution ?? null },
        ...{ state, trained_at: trainedAt ?? null, updated_at: now },
      };
      await db('staff')
        .insert({ account_id: accountId, ...values, created_at: createdAt })
        .onConflict('account_id')
        .merge(values);
    },
    async setState(accountId, state, now) {
      return (await db('staff').where({ account_id: accountId }).update({ state, updated_at: now })) === 1;
    },
    async setTrained(accountId, at) {
      return (await db('staff').where({ account_id: accountId }).update({ trained_at: at })) === 1;
    },
    async seen(accountId, at) {
      await db('staff').where({ account_id: accountId }).update({ seen_at: at });
    },
    async disableDormant(since, now) {
      const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
        `update staff set state = 'disabled', updated_at = :now
         where state <> 'disabled' and greatest(seen_at, updated_at) < :since returning account_id`,
        { since, now },
      );
      return rows.map(({ account_id }) => account_id);
    },
  };
}
