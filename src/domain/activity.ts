import { AGENCIES, REASONS, ROLES, type Agency, type Reason, type Role } from './roles.ts';

/** What its owner is shown of an account beside its visits of sites: things that she should have done herself. */
export const ACCOUNT_EVENTS = [
  'login-refused',
  'new-device',
  'session-ended',
  'device-forgotten',
  'access-revoked',
  'password-changed',
  'contact-changed',
  'contact-undone',
  'factor-added',
  'factor-removed',
  'saved-codes-made',
  'data-exported',
  'account-blocked',
  'activation-used',
  'recovery-used',
  'password-compromised',

  'person-looked-up',
  'person-blocked',
  'person-unblocked',
  'person-sessions-ended',
  'person-recovery-sent',
  'person-case-opened',
  'person-case-seen',
  'person-case-taken',
  'person-case-closed',
] as const;
export type AccountEvent = (typeof ACCOUNT_EVENTS)[number];

/** From which desk somebody looked, and why: the office and its reason, not whose RUN or name (docs/decisions.md). */
export type Desk = {
  readonly role: Role;
  readonly agency: Agency | undefined;
  readonly office: string;
  readonly reason: Reason['kind'];
};

/** As it was recorded; undefined where no member of staff acted. */
export function deskOf(details: Readonly<Record<string, string | number | boolean>> = {}): Desk | undefined {
  const reason = REASONS.find((one) => one === details['reason']);
  if (reason === undefined) return undefined;
  return {
    role: ROLES.find((one) => one === details['role']) ?? 'officer',
    agency: AGENCIES.find((one) => one === details['agency']),
    office: String(details['office'] ?? ''),
    reason,
  };
}

/** How a site was entered: by what was proved then, or out of a session that was open already. */
export type Way = 'session' | 'password' | 'password-and-code' | 'passkey';

/** `amr` as the session has it (RFC 8176), separated by spaces. */
export function wayOf(asked: boolean, amr: string): Way {
  if (!asked) return 'session';
  const methods = amr.split(' ');
  if (methods.includes('hwk') || methods.includes('swk')) return 'passkey';
  return methods.includes('otp') ? 'password-and-code' : 'password';
}

/** Visits of state websites are shown for a year (SECURITY §4.4); days. */
export const PERIODS = [7, 30, 365] as const;
export type Period = (typeof PERIODS)[number];
