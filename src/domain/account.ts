import type { Run } from './run.ts';

/** How somebody was identified, rising (ETSI TS 119 461; INTERFACE, assurance names). */
export const IDENTIFIED = ['video', 'presencial', 'biometrico'] as const;
export type Identified = (typeof IDENTIFIED)[number];

/** How somebody proved herself at login, rising. */
export const STRENGTHS = ['1f', '2f', '2fr'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** `paused`: blocked by its owner, who opens it by recovery; `blocked`: by an officer, who alone opens it. */
export const STATUSES = ['not-activated', 'active', 'paused', 'blocked', 'deceased', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

/** What is sealed at rest. Dates are ISO (`1980-05-17`), phones E.164. */
export type Person = {
  readonly run: Run;
  readonly names: readonly string[];
  readonly surnames: readonly string[];
  readonly birthdate?: string | undefined;
  readonly email?: string | undefined;
  readonly emailVerified?: boolean | undefined;
  /** A second address, confirmed: notices and codes go there too. */
  readonly otherEmail?: string | undefined;
  readonly phone?: string | undefined;
  readonly phoneVerified?: boolean | undefined;
  /** Of letters (`es`, `en`); Spanish unless she chose. */
  readonly lang?: string | undefined;
};

/** What the pages and the rules may know. The hash is never in it. Times are milliseconds. */
export type Account = {
  readonly id: string;
  readonly status: Status;
  readonly identified: Identified;
  readonly person: Person;
  readonly updatedAt: number;
  /** Sessions begun before this second are over. */
  readonly revokedUntil: number;
  /** When its ClaveÚnica was last recovered by e-mail. */
  readonly recoveredAt?: number | undefined;
};

/** A stored secret: a PHC string and the name of the pepper that went into it. */
export type Secret = { readonly hash: string; readonly pepper: string | undefined };

/** Decision 2: an account is «recently recovered» for so long; milliseconds. */
export const RECENTLY = 72 * 3_600_000;

/** Whoever recovered it by e-mail has shown a mailbox, and no more: what she adds meanwhile lifts no assurance. */
export const isRecentlyRecovered = ({ recoveredAt }: Pick<Account, 'recoveredAt'>, now: number): boolean =>
  recoveredAt !== undefined && now < recoveredAt + RECENTLY;

/**
 * Whether a second factor may be added: not while she has none and has just recovered her account by e-mail, or whoever
 * reads her mail would have lifted the assurance. With one, she proved it in the recovery too.
 */
export const mayAddFactor = (
  account: Pick<Account, 'recoveredAt'>,
  { has, now }: { readonly has: boolean; readonly now: number },
): boolean => has || !isRecentlyRecovered(account, now);

export const mayLogIn = (account: Pick<Account, 'status'>): boolean => account.status === 'active';
export const mayRecover = ({ status }: Pick<Account, 'status'>): boolean => status === 'active' || status === 'paused';

export const acr = (identified: Identified, strength: Strength): string => `urn:claveunica:${identified}:${strength}`;
export const ACRS: readonly string[] = IDENTIFIED.flatMap((identified) =>
  STRENGTHS.map((strength) => acr(identified, strength)),
);

export const fullName = ({ names, surnames }: Pick<Person, 'names' | 'surnames'>): string =>
  [...names, ...surnames].join(' ');
