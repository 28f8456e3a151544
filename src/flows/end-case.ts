import type { Rejection } from '../domain/checklist.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import { caseInHand, type InHand } from './case-in-hand.ts';
import { closeSession } from './close-session.ts';
import { writeTo } from './enrolment-letters.ts';
import { trailOf, type Actor } from './permit.ts';
import { undoable } from './undoable.ts';

export type Ended = { readonly kind: 'ended' } | { readonly kind: 'race' } | { readonly kind: 'gone' };
type Needs = Pick<
  Parts,
  'accounts' | 'audit' | 'chance' | 'clock' | 'enrolments' | 'evidence' | 'transaction' | 'vault'
>;

/** All ways out of a session but the approval. */
export type WayOut =
  | { readonly result: 'rejected'; readonly rejection: Rejection }
  /** Silent: nothing of it shows on the citizen's screen. */
  | { readonly result: 'held'; readonly words: string }
  | { readonly result: 'broken-off' };

const MOVES = { rejected: 'reject', held: 'hold', 'broken-off': 'break-off' } as const;
const EVENTS = { rejected: 'case-rejected', held: 'case-held', 'broken-off': 'case-broken-off' } as const;

/** Ends the session that she has in hand, once: evidence, case and record, or none of them. */
export async function endCase(
  parts: Needs,
  actor: Actor,
  { caseId, way }: { readonly caseId: string; readonly way: WayOut },
): Promise<Ended> {
  const hand = await caseInHand(parts, actor, caseId);
  if (!hand) return { kind: 'gone' };
  const now = parts.clock();
  const done = await undoable<boolean>(parts, async (tx, undo) => {
    const moved = await end(tx, hand, { way, actor, now });
    if (!moved) return undo(false);
    if (way.result === 'rejected')
      await writeTo(tx, parts, { enrolment: moved, event: 'rejected', rejection: way.rejection, at: now });
    if (way.result === 'held') {
      const { words } = way;
      const id = uuid(parts.chance(16));
      await tx.supervision.hold({ id, caseId, officer: actor.staff.accountId, kind: 'flag', words, at: now });
    }
    const details = { case: caseId, ...(way.result === 'rejected' && { why: way.rejection }) };
    await tx.audit.add({ kind: EVENTS[way.result], at: now, details, ...trailOf(actor, hand.accountId) });
    return true;
  });
  return { kind: done ? 'ended' : 'race' };
}

/** What the officer said of the closed list, for its owner to read. */
export async function rejectionOf(
  { evidence }: Pick<Parts, 'evidence'>,
  caseId: string,
): Promise<Rejection | undefined> {
  const [last] = await evidence.ofCase(caseId);
  return last?.result === 'rejected' ? last.work.rejection : undefined;
}

type Ending = { readonly way: WayOut; readonly actor: Actor; readonly now: number };

async function end(tx: Tx, { enrolment, evidence }: InHand, { way, actor, now }: Ending) {
  const { work } = evidence;
  const said = {
    ...(way.result === 'rejected' && { rejection: way.rejection }),
    ...(way.result === 'held' && { words: way.words }),
  };
  if (!(await closeSession(tx, evidence, { work: { ...work, ...said }, result: way.result, at: now })))
    return undefined;
  const by = { kind: 'officer', id: actor.staff.accountId } as const;
  const moved = await tx.enrolments.move(enrolment, { move: MOVES[way.result], by, at: now });
  await tx.queues.leave(enrolment.id);
  return moved;
}
