import type { Reason } from '../domain/roles.ts';
import type { Run } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import type { Logged } from '../stores/audit.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<Parts, 'accounts' | 'audit' | 'clock'>;

export type AuditSearch = {
  /** Whose; undefined: everybody's. */
  readonly run?: Run | undefined;
  readonly actorId?: string | undefined;
  readonly kind?: string | undefined;
  /** Milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly before?: string | undefined;
  readonly limit: number;
  readonly reason: Reason;
};
export type { Logged };
export type AuditFound = { readonly kind: 'found'; readonly events: readonly Logged[] } | Denied;

/** An auditor looks, with a reason, and is recorded herself. Somebody without an account has no events. */
export async function searchAudit(parts: Needs, actor: Actor, search: AuditSearch): Promise<AuditFound> {
  const { run, reason, ...query } = search;
  const account = run && (await parts.accounts.forLogin(run))?.account;
  const no = await denied(parts, actor, { act: 'audit search', target: { accountId: account?.id }, reason });
  if (no) return no;
  const now = parts.clock();
  const events = run && !account ? [] : await parts.audit.find({ ...query, accountId: account?.id });
  // Another page of the same search is the same look.
  if (query.before === undefined)
    await parts.audit.add({
      ...{ kind: 'audit-searched', at: now, details: { ...reasonDetails(reason), found: events.length } },
      ...trailOf(actor, account?.id),
    });
  return { kind: 'found', events };
}
