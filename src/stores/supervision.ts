import type { Signal } from '../domain/supervision.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { sweepRows } from './sweep.ts';

export type Sample = {
  readonly evidenceId: string;
  readonly caseId: string;
  readonly officer: string;
  readonly drawnAt: number;
};
export type Verdict = 'good' | 'doubtful';
type Review = { readonly by: string; readonly at: number; readonly verdict: Verdict; readonly words: string };

export type Hold = {
  readonly id: string;
  readonly caseId: string;
  /** Who raised it, or in whose session the machine did. */
  readonly officer: string | undefined;
  readonly kind: 'flag' | Signal;
  readonly words: string;
  readonly at: number;
};
export type HoldOutcome = 'released' | 'rejected';
type Ending = { readonly by: string; readonly at: number; readonly outcome: HoldOutcome };

/** What supervisors look at: drawn approvals and stopped cases. */
export interface Supervision {
  draw(evidenceId: string, at: number): Promise<void>;
  /** Those that nobody has looked at, the oldest first. */
  samples(): Promise<readonly Sample[]>;
  /** Once, and never by the officer whose approval it was. */
  review(evidenceId: string, review: Review): Promise<boolean>;
  hold(hold: Hold): Promise<void>;
  /** Those that stand, the oldest first. */
  holds(): Promise<readonly Hold[]>;
  /** For what somebody has let this case go on already. */
  released(caseId: string): Promise<readonly Hold['kind'][]>;
  /** Ends all holds of a case, each by somebody other than who raised it; false when one can't be, or none stands. */
  endHolds(caseId: string, ending: Ending): Promise<boolean>;
  /** Holds that were ended before then. How many. */
  sweep(before: number): Promise<number>;
}

type HoldRow = {
  id: string;
  case_id: string;
  officer_id: string | null;
  kind: Hold['kind'];
  details: Buffer;
  at: string;
};

export function postgresSupervision(db: Knex, vault: Vault): Supervision {
  const place = (table: 'samples.words' | 'holds.details', id: string) => `${table}.${id}`;
  return {
    async draw(evidenceId, at) {
      await db('samples').insert({ evidence_id: evidenceId, drawn_at: at }).onConflict().ignore();
    },
    async samples() {
      const rows = await db('samples')
        .join('evidence', 'evidence.id', 'samples.evidence_id')
        .whereNull('verdict')
        .orderBy(['drawn_at', 'evidence_id'])
        .select<{ evidence_id: string; case_id: string; officer_id: string; drawn_at: string }[]>(
          'evidence_id',
          'case_id',
          'officer_id',
          'drawn_at',
        );
      return rows.map((row) => ({
        ...{ evidenceId: row.evidence_id, caseId: row.case_id, officer: row.officer_id },
        drawnAt: Number(row.drawn_at),
      }));
    },
    async review(evidenceId, { by, at, verdict, words }) {
      if (!isUuid(evidenceId)) return false;
      const changed = await db('samples')
        .where({ evidence_id: evidenceId })
        .whereNull('verdict')
        .whereNotExists(db('evidence').select(db.raw('1')).where({ id: evidenceId, officer_id: by }))
        .update({
          ...{ reviewed_by: by, reviewed_at: at, verdict },
          words: vault.seal(words, place('samples.words', evidenceId)),
        });
      return changed === 1;
    },
    async hold({ id, caseId, officer, kind, words, at }) {
      const details = vault.seal(words, place('holds.details', id));
      await db('holds').insert({ id, case_id: caseId, officer_id: officer ?? null, kind, details, at });
    },
    async holds() {
      const rows = await db('holds').whereNull('outcome').orderBy(['at', 'id']).select<HoldRow[]>();
      return rows.map((row) => ({
        ...{ id: row.id, caseId: row.case_id, officer: row.officer_id ?? undefined, kind: row.kind },
        ...{ words: vault.open(row.details, place('holds.details', row.id)), at: Number(row.at) },
      }));
    },
    async released(caseId) {
      if (!isUuid(caseId)) return [];
      const rows = await db('holds')
        .where({ case_id: caseId, outcome: 'released' })
        .distinct<Pick<HoldRow, 'kind'>[]>('kind')
        .orderBy('kind');
      return rows.map(({ kind }) => kind);
    },
    async endHolds(caseId, { by, at, outcome }) {
      if (!isUuid(caseId)) return false;
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `update holds set ended_by = :by, ended_at = :at, outcome = :outcome
         where case_id = :caseId and outcome is null
           and not exists (select 1 from holds own where own.case_id = :caseId and own.outcome is null and own.officer_id = :by)
         returning 1`,
        { caseId, by, at, outcome },
      );
      return rows.length > 0;
    },
    sweep: (before) => sweepRows(db, { table: 'holds', over: 'ended_at < :before' }, { before }),
  };
}
