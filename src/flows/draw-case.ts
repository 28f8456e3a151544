import { drawActions, EMPTY_SHEET, type Channel } from '../domain/checklist.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts } from '../parts.ts';
import { officeOf } from './office-of.ts';
import { denied, trailOf, type Actor, type Denied } from './permit.ts';
import { undoable } from './undoable.ts';

export type Drawn =
  | { readonly kind: 'drawn'; readonly caseId: string; readonly channel: Channel }
  /** Nobody waits whom she may see. */
  | { readonly kind: 'none' }
  /** Nobody is seen by call while requests are stopped. */
  | { readonly kind: 'stopped' }
  /** She has somebody with her. */
  | { readonly kind: 'busy'; readonly caseId: string; readonly channel: Channel }
  | Denied;

type Needs = Pick<
  Parts,
  'accounts' | 'audit' | 'chance' | 'clock' | 'evidence' | 'offices' | 'switches' | 'transaction'
>;

/**
 * The line gives her who is next; the session is opened and its actions are drawn in the same moment, not before (R-51,
 * Of two officers at once each gets another person.
 */
export async function drawNext(parts: Needs, actor: Actor, channel: Channel): Promise<Drawn> {
  const no = await denied(parts, actor, { act: 'case draw', target: {} });
  if (no) return no;
  if (channel === 'video' && (await parts.switches.flipped()).has('enrolment-stopped')) return { kind: 'stopped' };
  const officer = actor.staff.accountId;
  const own = await parts.accounts.byId(officer);
  if (!own) return { kind: 'none' };
  const open = await parts.evidence.inHand(officer);
  if (open) return { kind: 'busy', caseId: open.caseId, channel: open.channel };
  const office = channel === 'office' ? await officeOf(parts, actor) : '';
  const now = parts.clock();
  const drawn = await undoable<Drawn | undefined>(parts, async (tx, undo) => {
    const caseId = await tx.draws.next({ channel, office, officer, ownRun: own.person.run, now });
    const was = caseId === undefined ? undefined : await tx.enrolments.byId(caseId);
    if (!was) return { kind: 'none' };
    const sessions = was.sessions + (channel === 'video' ? 1 : 0);
    const moved = await tx.enrolments.move(was, {
      ...{ move: channel === 'office' ? 'start-at-desk' : 'start', by: { kind: 'officer', id: officer }, at: now },
      set: { channel, office: channel === 'office' ? office : null, officer, sessions },
    });
    if (!moved) return undo(undefined);
    await tx.bookings.free(was.id, 'attended');
    const before = await tx.evidence.ofCase(was.id);
    const opened = await tx.evidence.open({
      ...{ id: uuid(parts.chance(16)), caseId: was.id, session: (before[0]?.session ?? 0) + 1, channel },
      ...{ office: channel === 'office' ? office : undefined, officer, startedAt: now },
      drawn: channel === 'video' ? drawActions(parts.chance) : [],
      work: { sheet: EMPTY_SHEET, exceptions: [] },
    });
    if (!opened) return undo(undefined);
    const details = { case: was.id, channel, session: (before[0]?.session ?? 0) + 1 };
    await tx.audit.add({ kind: 'case-drawn', at: now, details, ...trailOf(actor) });
    return { kind: 'drawn', caseId: was.id, channel };
  });
  if (drawn) return drawn;
  // She pressed twice: what the other press drew is hers.
  const hers = await parts.evidence.inHand(officer);
  return hers ? { kind: 'busy', caseId: hers.caseId, channel: hers.channel } : { kind: 'none' };
}
