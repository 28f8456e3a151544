import type { Agency, Role, Staff, StaffState } from '../domain/roles.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Knex } from './connections.ts';

/** Those who work with the product; a member of staff is a citizen's account with roles. */
export interface StaffStore {
  byId(accountId: string): Promise<Staff | undefined>;
  list(filter: { readonly agency?: Agency | undefined }): Promise<readonly Staff[]>;
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

export function postgresStaff(db: Knex): StaffStore {
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
