import type { ClientChange } from '../domain/client-change.ts';
import type { FeatureWish } from '../domain/client-features.ts';
import type { Exception } from '../domain/checklist.ts';
import type { Agency, Role } from '../domain/roles.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** What will be done once a second person agrees. */
export type Plan =
  | {
      readonly kind: 'staff';
      readonly roles: readonly Role[];
      readonly agency?: Agency | undefined;
      readonly office?: string | undefined;
      readonly institution?: string | undefined;
    }
  | { readonly kind: 'switch'; readonly flipped: boolean }
  | ({ readonly kind: 'client' } & ClientChange)
  /** Of a session, which `session` names: what shall pass; the contact that it brings. */
  | {
      readonly kind: 'exception';
      readonly session: string;
      readonly exception: Exception;
      readonly email?: string | undefined;
      readonly phone?: string | undefined;
    }
  /** Another code for a case. */
  | { readonly kind: 'reissue' }
  | ({ readonly kind: 'client-features' } & FeatureWish);

export type Proposal = {
  readonly id: string;
  /** The object's id: an account, a switch, a client. */
  readonly subject: string;
  readonly plan: Plan;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: number;
  readonly expiresAt: number;
};
export type Decision = 'approved' | 'rejected' | 'withdrawn';

/** Two people for one act: what one proposed another decides, once. */
export interface Proposals {
  /** False while another one about the same object is open. */
  add(proposal: Proposal): Promise<boolean>;
  open(now: number): Promise<readonly Proposal[]>;
  byId(id: string, now: number): Promise<Proposal | undefined>;
  /** True for the one who decides: never for who proposed it, but to withdraw it. */
  decide(id: string, by: string, decided: { readonly decision: Decision; readonly at: number }): Promise<boolean>;
  /** What they were proposed for is over: nobody decides them any more. */
  withdraw(kind: Plan['kind'], subject: string, at: number): Promise<void>;
  /** Those whose time was over before then. How many. */
  sweep(before: number): Promise<number>;
}

type Row = {
  id: string;
  subject: string;
  plan: Buffer;
  reason: Buffer;
  proposed_by: string;
  proposed_at: string;
  expires_at: string;
};

export function postgresProposals(db: Knex, vault: Vault): Proposals {
  const place = (column: string, id: string) => `proposals.${column}.${id}`;
  const read = (row: Row): Proposal => ({
    ...{ id: row.id, subject: row.subject, proposedBy: row.proposed_by },
    plan: JSON.parse(vault.open(row.plan, place('plan', row.id))) as Plan,
    reason: vault.open(row.reason, place('reason', row.id)),
    ...{ proposedAt: Number(row.proposed_at), expiresAt: Number(row.expires_at) },
  });
  const undecided = (now: number) => db('proposals').whereNull('decision').andWhere('expires_at', '>', now);
  return {
    async add({ id, subject, plan, reason, proposedBy, proposedAt, expiresAt }) {
      // One that nobody decided in time makes room.
      await db('proposals')
        .where({ kind: plan.kind, subject })
        .whereNull('decision')
        .andWhere('expires_at', '<=', proposedAt)
        .update({ decision: 'withdrawn', decided_at: proposedAt });
      const added = await db('proposals')
        .insert({
          ...{ id, kind: plan.kind, subject, proposed_by: proposedBy, proposed_at: proposedAt, expires_at: expiresAt },
          plan: vault.seal(JSON.stringify(plan), place('plan', id)),
          reason: vault.seal(reason, place('reason', id)),
        })
        .onConflict(db.raw('(kind, subject) where decision is null'))
        .ignore()
        .returning('id');
      return added.length === 1;
    },
    async open(now) {
      return (await undecided(now).orderBy('proposed_at').select<Row[]>()).map(read);
    },
    async byId(id, now) {
      if (!isUuid(id)) return undefined;
      const row = await undecided(now).andWhere({ id }).first<Row | undefined>();
      return row && read(row);
    },
    async decide(id, by, { decision, at }) {
      const changed = await undecided(at)
        .andWhere({ id })
        .andWhere('proposed_by', decision === 'withdrawn' ? '=' : '<>', by)
        .update({ decision, decided_by: by, decided_at: at });
      return changed === 1;
    },
    sweep: async (before) => db('proposals').where('expires_at', '<', before).delete(),
    async withdraw(kind, subject, at) {
      await undecided(at).andWhere({ kind, subject }).update({ decision: 'withdrawn', decided_at: at });
    },
  };
}
