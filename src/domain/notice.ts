import type { Person } from './account.ts';

/** What its owner is told of, at every confirmed address. */
export const NOTICES = [
  'new-device',
  'activated',
  'recovery-asked',
  'recovery-sent',
  'recovered',
  'password-changed',
  'contact-changed',
  'factor-added',
  'factor-removed',
  'session-ended',
  'blocked',
  'closed',
  'code-reissued',
  'code-replaced',
] as const;
export type NoticeEvent = (typeof NOTICES)[number];

/**
 * Whoever did one of these was in the account, or had the ClaveÚnica or the mailbox to choose another. When its owner
 * says that it was not her, her ClaveÚnica is known to others, and what was added since proves nothing.
 */
const BY_WHO_WAS_IN: readonly NoticeEvent[] = [
  'new-device',
  'recovered',
  'password-changed',
  'contact-changed',
  'factor-added',
  'factor-removed',
];
export const wasIn = (event: NoticeEvent): boolean => BY_WHO_WAS_IN.includes(event);

/** Who did it, as a person recognises it: `Chrome, Android`; a neighbourhood of addresses; the site entered or «ClaveÚnica». */
export type AskedBy = { readonly deviceName: string; readonly network: string; readonly site: string };

/** «No fui yo» works for so long (R-16: ten days); milliseconds. */
export const NOT_ME = 10 * 86_400_000;

/** Where notices and codes go. */
export const confirmedAddresses = ({
  email,
  emailVerified,
  otherEmail,
}: Pick<Person, 'email' | 'emailVerified' | 'otherEmail'>): readonly string[] => [
  ...(email !== undefined && emailVerified ? [email] : []),
  ...(otherEmail !== undefined ? [otherEmail] : []),
];

/** One address and nothing else: no list, no name, no second header. */
export const isOneAddress = (address: string): boolean =>
  address.length <= 254 && /^[^\s@,;:<>()[\]\\"\p{C}]+@[^\s@,;:<>()[\]\\"\p{C}]+$/u.test(address);
