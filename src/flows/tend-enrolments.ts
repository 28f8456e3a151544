import { PLACE, SESSION_LASTS } from '../domain/enrolment.ts';
import type { Parts } from '../parts.ts';
import { tellOfFree } from './booking.ts';
import { breakOff, closeSession } from './close-session.ts';
import { writeTo } from './enrolment-letters.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<Parts, 'audit' | 'bookings' | 'clock' | 'enrolments' | 'evidence' | 'transaction' | 'vault'>;
const [HOUR, DAY] = [3_600_000, 86_400_000];
/** Milliseconds before the hour, from when and until when it is worth a letter. */
const REMINDERS = { day: { from: HOUR * 3, to: DAY }, hour: { from: 0, to: HOUR } } as const;
/** In one round; the rest comes with the next. */
const MOST = 500;
const system = { kind: 'system' } as const;

/** Once a minute: holds that ran out, reminders, people who did not come, sessions that nobody ends, requests that nobody finished. */
export async function tendEnrolments(parts: Needs): Promise<void> {
  await parts.bookings.lapse(parts.clock());
  await remind(parts, 'day');
  await remind(parts, 'hour');
  await missed(parts);
  await forsaken(parts);
  await expire(parts);
}

/** The letter leaves with the note that it did: never twice, and never not at all. */
async function remind(parts: Needs, what: 'day' | 'hour'): Promise<void> {
  const at = parts.clock();
  const { from, to } = REMINDERS[what];
  await parts.transaction(async (tx) => {
    for (const booking of await tx.bookings.remind({ what, from: at + from, to: at + to })) {
      const enrolment = await tx.enrolments.byId(booking.caseId);
      if (enrolment?.stage === 'booked') await writeTo(tx, parts, { enrolment, event: what, at, booking });
    }
  });
}

/** Who did not come has the case still, and may take another hour. Whoever is there waits for us: she did not miss it. */
async function missed(parts: Needs): Promise<void> {
  const at = parts.clock();
  for (const { caseId } of await parts.bookings.missed(at - PLACE.missed, at)) {
    await parts.transaction(async (tx) => {
      const enrolment = await tx.enrolments.byId(caseId);
      if (!enrolment) return;
      const moved = await tx.enrolments.move(enrolment, { move: 'no-show', by: system, at });
      // An officer had it in the same moment.
      if (!moved) return;
      const booking = await tx.bookings.free(caseId, 'no-show');
      await tx.queues.leave(caseId);
      await writeTo(tx, parts, { enrolment: moved, event: 'missed', at, booking });
      await tx.audit.add({ kind: 'case-missed', at, details: { case: caseId } });
    });
  }
}

/** Her officer is gone, or has left it open: the citizen may come again, to another. */
async function forsaken(parts: Needs): Promise<void> {
  const at = parts.clock();
  for (const { id, caseId, officer } of await parts.evidence.forsaken(at - SESSION_LASTS, MOST)) {
    await undoable<void>(parts, async (tx, undo) => {
      const session = await tx.evidence.byId(id);
      if (!session || session.result !== undefined) return;
      const enrolment = await tx.enrolments.byId(caseId);
      const done =
        enrolment?.stage === 'in-session'
          ? await breakOff(tx, enrolment, at)
          : await closeSession(tx, session, { work: session.work, result: 'broken-off', at });
      // The next round looks again.
      if (done === undefined || done === false) return undo();
      const details = { case: caseId, officer, forsaken: true };
      await tx.audit.add({ kind: 'case-broken-off', at, details });
    });
  }
}

/** Thirty days are over: the place frees, the case ends, and the next sweep takes it away. */
async function expire(parts: Needs): Promise<void> {
  const at = parts.clock();
  for (const { id } of await parts.enrolments.overdue(at, MOST)) {
    await parts.transaction(async (tx) => {
      const enrolment = await tx.enrolments.byId(id);
      const moved = enrolment && (await tx.enrolments.move(enrolment, { move: 'expire', by: system, at }));
      if (!moved) return;
      const booking = await tx.bookings.free(id, 'cancelled');
      if (booking) await tellOfFree(tx, parts, booking);
      await tx.audit.add({ kind: 'case-expired', at, details: { case: id } });
    });
  }
}
