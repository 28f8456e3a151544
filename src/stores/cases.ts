import type { CaseOutcome, StepKind } from '../domain/account-case.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** Something that a supervisor must look at. */
export type NewCase = {
  readonly id: string;
  readonly kind: 'not-me' | 'staff';
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

/** Open ones by their age, the oldest first; closed ones the last closed first. */
export type CasePage = {
  readonly closed: boolean;
  /** Whose own are left out. */
  readonly except: string;
  /** Those after this one: its `at`, or when it was closed. */
  readonly after?: { readonly at: number; readonly id: string } | undefined;
  readonly limit: number;
};

export interface Cases {
  open(opened: NewCase): Promise<void>;
  /** Of an account, newest first. */
  ofAccount(accountId: string): Promise<readonly AccountCase[]>;
  byId(id: string): Promise<AccountCase | undefined>;
  page(query: CasePage): Promise<readonly AccountCase[]>;
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
  const read = ({ id, kind, account_id, opened_at, details, ...row }: Row): AccountCase => ({
    ...{ id, kind, accountId: account_id, at: Number(opened_at) },
    ...(row.opened_by !== null && { openedBy: row.opened_by }),
    details: JSON.parse(vault.open(details, place(id))) as NewCase['details'],
    ...(row.taken_by !== null && { takenBy: row.taken_by, takenAt: Number(row.taken_at) }),
    ...(row.closed_at !== null && { closedAt: Number(row.closed_at) }),
    ...(row.outcome !== null && { outcome: row.outcome }),
  });
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
    async page({ closed, except, after, limit }) {
      const [column, order, beyond] = closed
        ? (['closed_at', 'desc', '<'] as const)
        : (['opened_at', 'asc', '>'] as const);
      const all = db('cases').whereNot({ account_id: except });
      const some = closed ? all.whereNotNull('closed_at') : all.whereNull('closed_at');
      const rest = after ? some.whereRaw(`(${column}, id) ${beyond} (?, ?)`, [after.at, after.id]) : some;
      const rows = await rest
        .orderBy([
          { column, order },
          { column: 'id', order },
        ])
        .limit(limit)
        .select<Row[]>();
      return rows.map(read);
    },
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
