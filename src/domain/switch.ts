/** What can be stopped at once, everywhere, without a deployment. */
export const SWITCHES = ['recovery-stopped', 'enrolment-stopped', 'end-all-sessions', 'secrets-staged'] as const;
export type Switch = (typeof SWITCHES)[number];

/** What happens in one moment: it is not undone, and may be done again. */
export const happensOnce = (name: Switch): boolean => name === 'end-all-sessions';

/** Every session that began before the second after the flip is over, as long as one may live. */
export const endedBefore = (flippedAt: number | undefined): number =>
  flippedAt === undefined ? 0 : Math.floor(flippedAt / 1000) + 1;
