import { mayTry, permits, type Reason } from '../domain/roles.ts';
import type { Parts } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { Moved } from '../stores/enrolments/moves.ts';
import type { Evidence } from '../stores/evidence.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

export type CaseSeen = {
  readonly enrolment: Enrolment;
  readonly moves: readonly Moved[];
  /** For auditors alone. */
  readonly sessions: readonly Evidence[] | undefined;
};
export type Opened = { readonly kind: 'opened'; readonly seen: CaseSeen } | { readonly kind: 'gone' } | Denied;
type Needs = Pick<Parts, 'accounts' | 'audit' | 'clock' | 'enrolments' | 'evidence'>;

/** A case from its beginning: with a reason, recorded. */
export async function openHistory(
  parts: Needs,
  actor: Actor,
  { caseId, reason }: { readonly caseId: string; readonly reason: Reason },
): Promise<Opened> {
  const enrolment = await parts.enrolments.byId(caseId);
  const account = enrolment && (await parts.accounts.forLogin(enrolment.request.run))?.account;
  const target = { accountId: account?.id };
  const no = await denied(parts, actor, { act: 'case see', target, reason });
  if (no) return no;
  if (!enrolment) return { kind: 'gone' };
  const now = parts.clock();
  const asking = { now, provedAt: actor.provedAt, reason };
  const all = permits(actor.staff, 'evidence see', { target, asking }).kind === 'allowed';
  const details = { case: caseId, evidence: all, ...reasonDetails(reason) };
  await parts.audit.add({ kind: 'case-opened', at: now, details, ...trailOf(actor, account?.id) });
  const [moves, sessions] = await Promise.all([
    parts.enrolments.history(caseId),
    all ? parts.evidence.ofCase(caseId) : undefined,
  ]);
  return { kind: 'opened', seen: { enrolment, moves, sessions } };
}

export const mayReissue = ({ staff }: Actor, { stage }: Pick<Enrolment, 'stage'>): boolean =>
  stage === 'code-issued' && mayTry(staff, 'reissue propose');
