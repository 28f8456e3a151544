import { FRESH } from './account-session.ts';

/** Milliseconds; R-61. */
export const CONSOLE_IDLE_MS = 15 * 60_000;
export const CONSOLE_ABSOLUTE_MS = 8 * 3_600_000;

/** What the console remembers of a browser in which a member of staff is signed in. */
export type ConsoleSession = {
  /** The provider's session behind it. */
  readonly uid: string;
  /** Seconds: when she showed her passkey. */
  readonly signedInAt: number;
  /** Milliseconds: the last page. */
  readonly seenAt: number;
  /** For logging out. */
  readonly idToken: string;
};

/** Milliseconds: until when it lasts if nothing more comes. */
export const consoleUntil = ({ seenAt, signedInAt }: Pick<ConsoleSession, 'seenAt' | 'signedInAt'>): number =>
  Math.min(seenAt + CONSOLE_IDLE_MS, signedInAt * 1000 + CONSOLE_ABSOLUTE_MS);

/** Whether the passkey was shown within five minutes. */
export const isFresh = ({ signedInAt }: Pick<ConsoleSession, 'signedInAt'>, now: number): boolean =>
  now <= (signedInAt + FRESH) * 1000;
