/**
 * How a case of an account ends. `owner`: it was she herself · `secured`: somebody else tried, and nothing is open to them
 * any more · `fraud`: somebody else was in it, and it is handed on · `unreachable`: its owner could not be asked ·
 * `mistake`: there was nothing, or another case has it.
 */
export const CASE_OUTCOMES = ['owner', 'secured', 'fraud', 'unreachable', 'mistake'] as const;
export type CaseOutcome = (typeof CASE_OUTCOMES)[number];

/** Who opened it: its owner, who said «No fui yo», or an office. */
export const CASE_KINDS = ['not-me', 'staff'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** What a supervisor does with it. */
export type StepKind = 'taken' | 'noted' | 'closed';

/** Open ones or closed ones: of those in nobody's hand, or in somebody's; of these how they ended. */
export type AccountCaseFilter = {
  readonly closed: boolean;
  readonly free?: true | undefined;
  readonly takenBy?: string | undefined;
  readonly outcome?: CaseOutcome | undefined;
  readonly kind?: CaseKind | undefined;
  /** Whose own are left out. */
  readonly except: string;
};
/** Open ones by their age, closed ones by when they were closed. */
export type AccountCaseSort = 'opened' | 'closed';
