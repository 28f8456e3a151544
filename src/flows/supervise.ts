import { REASON_LEAST, type Reason } from '../domain/roles.ts';
import type { Parts } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { Evidence } from '../stores/evidence.ts';
import type { Hold, HoldOutcome, Sample, Verdict } from '../stores/supervision.ts';
import { writeTo } from './enrolment-letters.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<
  Parts,
  'accounts' | 'audit' | 'clock' | 'enrolments' | 'evidence' | 'supervision' | 'transaction' | 'vault'
>;

export type Held = { readonly enrolment: Enrolment; readonly holds: readonly Hold[] };
export type DrawnSample = { readonly sample: Sample; readonly evidence: Evidence };
export type ToSupervise = { readonly held: readonly Held[]; readonly samples: readonly DrawnSample[] };

/** What waits for a supervisor. Samples of her own approvals she does not see. */
export async function toSupervise(parts: Needs, actor: Actor): Promise<ToSupervise> {
  const byCase = Map.groupBy(await parts.supervision.holds(), ({ caseId }) => caseId);
  const held = await Promise.all(
    [...byCase].map(async ([caseId, holds]) => {
      const enrolment = await parts.enrolments.byId(caseId);
      return enrolment?.stage === 'held' ? { enrolment, holds } : undefined;
    }),
  );
  const others = (await parts.supervision.samples()).filter(({ officer }) => officer !== actor.staff.accountId);
  const samples = await Promise.all(
    others.slice(0, 50).map(async (sample) => {
      const evidence = await parts.evidence.byId(sample.evidenceId);
      return evidence && { sample, evidence };
    }),
  );
  return {
    held: held.filter((one) => one !== undefined),
    samples: samples.filter((one) => one !== undefined),
  };
}

export type Done = { readonly kind: 'done' } | { readonly kind: 'gone' } | Denied;

/**
 * A stopped case goes on or ends. Nobody who raised the alarm ends it, and nobody alone: what she lets go on an officer
 * identifies from the beginning.
 */
export async function endHold(
  parts: Needs,
  actor: Actor,
  wish: { readonly caseId: string; readonly outcome: HoldOutcome; readonly reason: Reason },
): Promise<Done> {
  const enrolment = await parts.enrolments.byId(wish.caseId);
  const account = enrolment && (await parts.accounts.forLogin(enrolment.request.run))?.account;
  const officer = (await parts.evidence.ofCase(wish.caseId))[0]?.officer;
  const target = { accountId: account?.id, proposedBy: officer };
  const no = await denied(parts, actor, { act: 'hold release', target, reason: wish.reason });
  if (no) return no;
  if (enrolment?.stage !== 'held') return { kind: 'gone' };
  const now = parts.clock();
  const by = { kind: 'officer', id: actor.staff.accountId } as const;
  const { caseId, outcome } = wish;
  return undoable<Done>(parts, async (tx, undo) => {
    if (!(await tx.supervision.endHolds(caseId, { by: by.id, at: now, outcome }))) return undo({ kind: 'gone' });
    if (outcome === 'rejected') {
      const moved = await tx.enrolments.move(enrolment, { move: 'reject', by, at: now });
      if (!moved) return undo({ kind: 'gone' });
      await writeTo(tx, parts, { enrolment: moved, event: 'rejected', at: now });
    } else {
      // Back to where she can come again: whatever was checked before, another officer checks anew.
      const back = await tx.enrolments.move(enrolment, { move: 'release', by, at: now });
      const free = back && (await tx.enrolments.move(back, { move: 'break-off', by, at: now }));
      if (!free) return undo({ kind: 'gone' });
      await writeTo(tx, parts, { enrolment: free, event: 'released', at: now });
    }
    const details = { case: caseId, outcome, ...reasonDetails(wish.reason) };
    await tx.audit.add({ kind: 'hold-ended', at: now, details, ...trailOf(actor, account?.id) });
    return { kind: 'done' };
  });
}

/** A second look at an approval, by another than who approved. */
export async function reviewSample(
  parts: Needs,
  actor: Actor,
  wish: { readonly id: string; readonly verdict: Verdict; readonly words: string },
): Promise<Done> {
  const evidence = await parts.evidence.byId(wish.id);
  const enrolment = evidence && (await parts.enrolments.byId(evidence.caseId));
  const target = { accountId: enrolment?.accountId, proposedBy: evidence?.officer };
  const no = await denied(parts, actor, { act: 'sample review', target });
  if (no) return no;
  if (!evidence) return { kind: 'gone' };
  if (wish.words.trim().length < REASON_LEAST) return { kind: 'denied', lacks: 'reason' };
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    const review = { by: actor.staff.accountId, at: now, verdict: wish.verdict, words: wish.words.trim() };
    if (!(await tx.supervision.review(wish.id, review))) return { kind: 'gone' };
    const details = { case: evidence.caseId, verdict: wish.verdict, officer: evidence.officer };
    await tx.audit.add({ kind: 'sample-reviewed', at: now, details, ...trailOf(actor, target.accountId) });
    return { kind: 'done' };
  });
}
