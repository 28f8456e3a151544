import { dayAfter, dayStart, localDay } from '../domain/schedule.ts';
import type { Parts } from '../parts.ts';
import type { Evidence } from '../stores/evidence.ts';
import { THERE } from '../domain/presence.ts';
import type { Actor } from './permit.ts';

export type Today = {
  readonly open: Evidence | undefined;
  readonly waiting: number;
  /** Hours by video that are still to come today. */
  readonly due: number;
  readonly mine: readonly Evidence[];
};

/** An officer's day: her own sessions, and how many wait; never who. */
export async function sessionsOfToday(
  parts: Pick<Parts, 'clock' | 'evidence' | 'figures' | 'queues'>,
  { staff }: Actor,
): Promise<Today> {
  const now = parts.clock();
  const day = localDay(now);
  const [from, to] = [dayStart(day), dayStart(dayAfter(day, 1))];
  const [open, waiting, due, mine] = await Promise.all([
    parts.evidence.inHand(staff.accountId),
    parts.queues.length({ channel: 'video', office: '' }, now - THERE.video),
    parts.figures.due({ channel: 'video', office: '', from: now, to }),
    parts.evidence.ofOfficer(staff.accountId, from),
  ]);
  return { open, waiting, due, mine };
}
