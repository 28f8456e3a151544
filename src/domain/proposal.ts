/** How long what was proposed waits for a second person: an invitation is worth 24 hours (SECURITY §4.2). */
export const PROPOSAL_LIFETIME = 24 * 3_600_000;
