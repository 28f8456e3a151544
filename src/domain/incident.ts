import type { EventKind } from './event.ts';

/** What a report of an incident counts, each as events and as accounts. */
export const INCIDENT_FIGURES = {
  affected: ['not-me', 'password-compromised', 'account-blocked', 'person-blocked', 'contact-undone'],
  signedIn: ['login-succeeded'],
  blocked: ['login-refused', 'login-throttled', 'step-refused', 'factor-refused', 'factor-throttled'],
  sessionsEnded: ['session-ended', 'person-sessions-ended'],
  notMe: ['not-me'],
  compromised: ['password-compromised'],
  accountsBlocked: ['account-blocked', 'person-blocked'],
  recovered: ['recovery-used'],
  lookedUp: ['person-looked-up'],
  staffDenied: ['staff-denied'],
  staffDisabled: ['staff-disabled'],
  casesOpened: ['person-case-opened', 'not-me'],
  casesClosed: ['person-case-closed'],
} as const satisfies Record<string, readonly EventKind[]>;
export type IncidentFigure = keyof typeof INCIDENT_FIGURES;

/** What stands in its timeline, one by one: of the service, never of a person. */
export const INCIDENT_MOMENTS = [
  ...(['guessing-alarm', 'alert-raised', 'alert-acknowledged', 'switch-proposed', 'switch-flipped'] as const),
  ...(['client-suspended', 'client-change-decided', 'client-secret-rotated', 'staff-disabled'] as const),
  ...(['key-created', 'key-used', 'key-retiring', 'key-retired'] as const),
] as const satisfies readonly EventKind[];
export type IncidentMoment = (typeof INCIDENT_MOMENTS)[number];

/** What of their details is told: names of alerts, of switches, of decisions. */
export const TOLD = ['alert', 'name', 'flipped', 'decision', 'what', 'was', 'why'] as const;

const HOUR = 3_600_000;
/** Ley 21.663, art. 9: an early warning, a report, a final one; milliseconds after it was known. */
export const INCIDENT_DUE = { early: 3 * HOUR, report: 72 * HOUR, final: 15 * 24 * HOUR } as const;
