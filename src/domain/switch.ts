/** What can be stopped at once, everywhere, without a deployment. */
export const SWITCHES = ['recovery-stopped', 'enrolment-stopped', 'secrets-staged'] as const;
export type Switch = (typeof SWITCHES)[number];
