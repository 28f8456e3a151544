import type { Channel } from './checklist.ts';

/** How long ago somebody was last seen who is still there: a page says so every few seconds, an arrival is noted once. */
export const THERE: Readonly<Record<Channel, number>> = { video: 90_000, office: 4 * 3_600_000 };
/** Who comes back to her line within that finds her place in it; later she is last. */
export const RETURNS: Readonly<Record<Channel, number>> = { video: 15 * 60_000, office: THERE.office };
/** A booked hour is served so long before it; milliseconds. */
export const EARLY = 10 * 60_000;
