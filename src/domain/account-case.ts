/**
 * How a case of an account ends. `owner`: it was she herself · `secured`: somebody else tried, and nothing is open to them
 * any more · `fraud`: somebody else was in it, and it is handed on · `unreachable`: its owner could not be asked ·
 * `mistake`: there was nothing, or another case has it.
 */
export const CASE_OUTCOMES = ['owner', 'secured', 'fraud', 'unreachable', 'mistake'] as const;
export type CaseOutcome = (typeof CASE_OUTCOMES)[number];

/** What a supervisor does with it. */
export type StepKind = 'taken' | 'noted' | 'closed';
