import type { AccountCaseFilter, AccountCaseSort, CaseKind, CaseOutcome, StepKind } from '../domain/account-case.ts';
import type { Paging, Placed } from '../domain/list.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { countOf, pageOf, type Keyed, type Sorting } from './keyset.ts';

/** Something that a supervisor must look at. */
export type NewCase = {
  readonly id: string;
  readonly kind: CaseKind;
  readonly accountId: string;
  readonly at: number;
  /** The member of staff who opened it; absent: its owner did. */
  readonly openedBy?: string;
  readonly details: Readonly<Record<string, string | number>>;
};
export type AccountCase = NewCase & {
  readonly takenBy?: string;
  readonly takenAt?: number;
  readonly closedAt?: number;
  readonly outcome?: CaseOutcome;
};

/** Who did what with it. */
export type NewStep = {
  /** Of the step itself. */
  readonly id: string;
  readonly by: string;
  readonly at: number;
  readonly words: string;
};
export type CaseStep = Omit<NewStep, 'id'> & { readonly what: StepKind };

/** As it stands in a list: what was written of it stays sealed. */
export type ListedAccountCase = Omit<AccountCase, 'details'>;

export interface Cases {
  open(opened: NewCase): Promise<void>;
  /** Of an account, newest first. */
  ofAccount(accountId: string): Promise<readonly AccountCase[]>;
  byId(id: string): Promise<AccountCase | undefined>;
  page(filter: AccountCaseFilter, paging: Paging<AccountCaseSort>): Promise<readonly Placed<ListedAccountCase>[]>;
  /** How many, but no more than `most` of them. */
  count(filter: AccountCaseFilter, most: number): Promise<number>;
  /** `was`: who had it when she looked. Of two at once one gets it. */
  take(id: string, step: NewStep & { readonly was: string | undefined }): Promise<boolean>;
  /** Only whoever has it in hand. */
  note(id: string, step: NewStep): Promise<boolean>;
  close(id: string, step: NewStep & { readonly outcome: CaseOutcome }): Promise<boolean>;
  /** In order. */
  steps(id: string): Promise<readonly CaseStep[]>;
  /** Those that were closed before then, with their steps. How many. */
  sweep(before: number): Promise<number>;
}

type Row = {
  id: string;
  kind: NewCase['kind'];
  account_id: string;
  opened_at: string;
  opened_by: string | null;
  taken_by: string | null;
  taken_at: string | null;
  closed_at: string | null;
  outcome: CaseOutcome | null;
  details: Buffer;
};
const SORTS: Readonly<Record<AccountCaseSort, Sorting>> = {
  opened: { by: 'opened_at', number: true },
  closed: { by: 'closed_at', number: true },
};
const listed = ({ id, kind, account_id, opened_at, ...row }: Omit<Row, 'details'>): ListedAccountCase => ({
  ...{ id, kind, accountId: account_id, at: Number(opened_at) },
  ...(row.opened_by !== null && { openedBy: row.opened_by }),
  ...(row.taken_by !== null && { takenBy: row.taken_by, takenAt: Number(row.taken_at) }),
  ...(row.closed_at !== null && { closedAt: Number(row.closed_at) }),
  ...(row.outcome !== null && { outcome: row.outcome }),
});
type StepRow = { id: string; what: StepKind; at: string; staff_id: string; words: Buffer };

const STEP = `insert into case_steps (id, case_id, what, at, staff_id, words)`;
/** What each does to the case, and under which condition; the row stays locked until the step is written too. */
const CHANGES: Readonly<Record<StepKind, string>> = {
  taken: `update cases set taken_by = :by, taken_at = :at
    where id = :case and closed_at is null and taken_by is not distinct from cast(:was as uuid) and taken_by is distinct from :by`,
  noted: `update cases set taken_at = taken_at where id = :case and closed_at is null and taken_by = :by`,
  closed: `update cases set closed_at = :at, outcome = :outcome where id = :case and closed_at is null and taken_by = :by`,
};

export function postgresCases(db: Knex, vault: Vault): Cases {
  const place = (id: string) => `cases.details.${id}`;
  const wordsPlace = (id: string) => `case_steps.words.${id}`;
  const read = ({ details, ...row }: Row): AccountCase => ({
    ...listed(row),
    details: JSON.parse(vault.open(details, place(row.id))) as NewCase['details'],
  });
  const those = ({ closed, free, takenBy, outcome, kind, except }: AccountCaseFilter) => {
    const all = db('cases').where({
      ...(takenBy !== undefined && { taken_by: takenBy }),
      ...(outcome !== undefined && { outcome }),
      ...(kind !== undefined && { kind }),
    });
    const some = closed ? all.whereNotNull('closed_at') : all.whereNull('closed_at');
    return (free ? some.whereNull('taken_by') : some).whereNot({ account_id: except });
  };
  type Step = NewStep & { readonly what: StepKind; readonly was?: string | undefined; readonly outcome?: CaseOutcome };
  async function step(caseId: string, { what, id, by, at, words, was, outcome }: Step): Promise<boolean> {
    if (!isUuid(caseId)) return false;
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `with done as (${CHANGES[what]} returning id) ${STEP} select cast(:id as uuid), id, :what, cast(:at as bigint), cast(:by as uuid), :words from done returning id`,
      {
        ...{ case: caseId, id, by, at, what, was: was ?? null, outcome: outcome ?? null },
        words: vault.seal(words, wordsPlace(id)),
      },
    );
    return rows.length === 1;
  }
  return {
    async open({ id, kind, accountId, at, openedBy, details }) {
      const sealed = vault.seal(JSON.stringify(details), place(id));
      const row = { id, kind, account_id: accountId, opened_at: at, opened_by: openedBy ?? null, details: sealed };
      await db('cases').insert(row);
    },
    async ofAccount(accountId) {
      const rows = await db('cases')
        .where({ account_id: accountId })
        .orderBy([{ column: 'opened_at', order: 'desc' }, 'id'])
        .select<Row[]>();
      return rows.map(read);
    },
    async byId(id) {
      const [row] = isUuid(id) ? await db('cases').where({ id }).select<Row[]>() : [];
      return row && read(row);
    },
    async page(filter, paging) {
      const about = { sorts: SORTS, id: 'id', uuid: true, paging } as const;
      const rows = await pageOf<Keyed<Row>, AccountCaseSort>(those(filter), about);
      return rows.map(({ row, place: at }) => ({ row: listed(row), place: at }));
    },
    count: async (filter, most) => countOf(db, those(filter), most),
    take: (id, taken) => step(id, { ...taken, what: 'taken' }),
    note: (id, noted) => step(id, { ...noted, what: 'noted' }),
    close: (id, closed) => step(id, { ...closed, what: 'closed' }),
    sweep: async (before) => db('cases').where('closed_at', '<', before).delete(),
    async steps(id) {
      if (!isUuid(id)) return [];
      const rows = await db('case_steps').where({ case_id: id }).orderBy('step').select<StepRow[]>();
      return rows.map((row) => ({
        ...{ what: row.what, at: Number(row.at), by: row.staff_id },
        words: vault.open(row.words, wordsPlace(row.id)),
      }));
    },
  };
}
