import { PLACE } from '../domain/enrolment.ts';
import type { Parts } from '../parts.ts';

/** Why somebody is in a waiting room. `before`: who is called earlier; `late`: her hour has come, and no officer. Milliseconds. */
export type WaitsFor =
  | { readonly kind: 'line'; readonly before: number }
  | { readonly kind: 'hour'; readonly at: number; readonly late: boolean }
  | { readonly kind: 'nothing' };

/** Where she stands. That she is there is noted with it: whoever is not seen is not called. */
export async function waitingFor(
  parts: Pick<Parts, 'bookings' | 'queues' | 'clock'>,
  caseId: string,
): Promise<WaitsFor> {
  const now = parts.clock();
  const before = await parts.queues.seen(caseId, now);
  const booking = await parts.bookings.of(caseId, now);
  if (booking?.state === 'booked') {
    // Who comes to her hour stands in the line too, before all who have none.
    if (before === undefined) await parts.queues.join({ caseId, channel: 'video', office: '', joinedAt: now });
    const at = booking.place.startsAt;
    return { kind: 'hour', at, late: now > at + PLACE.late };
  }
  return before === undefined ? { kind: 'nothing' } : { kind: 'line', before };
}
