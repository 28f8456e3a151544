import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** Where a code goes: the citizen's own screen, the slip, or the second slip of who has no address. */
export type HandoverKind = 'room' | 'slip' | 'second';
export type Handover = {
  readonly caseId: string;
  readonly kind: HandoverKind;
  readonly code: string;
  /** How long it is good; milliseconds. */
  readonly until: number;
};

/** Codes on their way into a citizen's hand: each is read once, and gone with that. */
export interface Handovers {
  /** In place of what was there. */
  put(handover: Handover): Promise<void>;
  /** Once; undefined afterwards, and when it has expired. */
  take(
    which: Pick<Handover, 'caseId' | 'kind'> & { readonly now: number },
  ): Promise<Pick<Handover, 'code' | 'until'> | undefined>;
  /** Whether something waits; nothing is read. */
  waits(caseId: string, now: number): Promise<readonly HandoverKind[]>;
  /** Of a case, untaken. */
  forget(caseId: string): Promise<void>;
  sweep(now: number): Promise<void>;
}

export function postgresHandovers(db: Knex, vault: Vault): Handovers {
  const place = (id: string) => `handovers.code.${id}`;
  const idOf = ({ caseId, kind }: Pick<Handover, 'caseId' | 'kind'>) => `${caseId}.${kind}`;
  return {
    async put({ caseId, kind, code, until }) {
      const id = idOf({ caseId, kind });
      const values = { code: vault.seal(code, place(id)), until };
      await db('handovers')
        .insert({ id, case_id: caseId, kind, ...values })
        .onConflict('id')
        .merge(values);
    },
    async take({ caseId, kind, now }) {
      const id = idOf({ caseId, kind });
      const { rows } = await db.raw<{ rows: { code: Buffer; until: string }[] }>(
        'delete from handovers where id = :id returning code, until',
        { id },
      );
      const [row] = rows;
      if (!row || Number(row.until) <= now) return undefined;
      return { code: vault.open(row.code, place(id)), until: Number(row.until) };
    },
    async waits(caseId, now) {
      if (!isUuid(caseId)) return [];
      const rows = await db('handovers')
        .where({ case_id: caseId })
        .andWhere('until', '>', now)
        .orderBy('kind')
        .select<{ kind: HandoverKind }[]>('kind');
      return rows.map(({ kind }) => kind);
    },
    async forget(caseId) {
      await db('handovers').where({ case_id: caseId }).delete();
    },
    async sweep(now) {
      await db('handovers').where('until', '<=', now).delete();
    },
  };
}
