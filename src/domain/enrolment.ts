import type { Identified } from './account.ts';
import type { Channel } from './checklist.ts';
import type { Run } from './run.ts';

export type Mover = 'citizen' | 'officer' | 'system';

type Rule = {
  readonly to: string;
  readonly by: readonly Mover[];
  /** not who moved it last. */ readonly second?: true;
};
const citizen = ['citizen'] as const;
const officer = ['officer'] as const;
const system = ['system'] as const;
const hers = ['citizen', 'system'] as const;

/**
 * THE table: where a person stands on her way to a ClaveÚnica, what may happen next, and who may do it.
 * What is not in it does not happen.
 */
export const CASE = {
  requested: {
    'confirm-contact': { to: 'contact-confirmed', by: citizen },
    /** Somebody who stands at the desk, perhaps without any mail. */
    'start-at-desk': { to: 'in-session', by: officer },
    withdraw: { to: 'withdrawn', by: citizen },
    expire: { to: 'expired', by: system },
  },
  'contact-confirmed': {
    book: { to: 'booked', by: citizen },
    /** Out of the line, without a booked hour. */
    start: { to: 'in-session', by: officer },
    'start-at-desk': { to: 'in-session', by: officer },
    withdraw: { to: 'withdrawn', by: citizen },
    expire: { to: 'expired', by: system },
  },
  booked: {
    /** Another hour. */
    rebook: { to: 'booked', by: citizen },
    start: { to: 'in-session', by: officer },
    'start-at-desk': { to: 'in-session', by: officer },
    cancel: { to: 'contact-confirmed', by: citizen },
    'no-show': { to: 'contact-confirmed', by: system },
    withdraw: { to: 'withdrawn', by: citizen },
    expire: { to: 'expired', by: system },
  },
  'in-session': {
    identify: { to: 'identified', by: officer },
    reject: { to: 'rejected', by: officer },
    hold: { to: 'held', by: ['officer', 'system'] },
    'break-off': { to: 'contact-confirmed', by: ['officer', 'system'] },
  },
  held: {
    release: { to: 'in-session', by: officer, second: true },
    reject: { to: 'rejected', by: officer },
  },
  identified: {
    'issue-code': { to: 'code-issued', by: ['officer', 'system'] },
    hold: { to: 'held', by: ['officer', 'system'] },
  },
  'code-issued': {
    activate: { to: 'activated', by: hers },
    'reissue-code': { to: 'code-issued', by: officer, second: true },
    /** In the browser of her call, where the page with the first was lost. */
    'replace-code': { to: 'code-issued', by: citizen },
    expire: { to: 'expired', by: system },
  },
  activated: {},
  rejected: {},
  withdrawn: {},
  expired: {},
} as const satisfies Record<string, Record<string, Rule>>;

export type Stage = keyof typeof CASE;
export type Move = { [S in Stage]: keyof (typeof CASE)[S] }[Stage];
export const STAGES = Object.keys(CASE) as readonly Stage[];
export const movesFrom = (stage: Stage) => Object.keys(CASE[stage]) as readonly Move[];
export const MOVES: readonly Move[] = [...new Set(STAGES.flatMap(movesFrom))];

/** `id`: of an officer. */
export type By = { readonly kind: Mover; readonly id?: string | undefined };

/** The stage a move leads to; undefined when it is not open from here, to such a person, or to the one who moved last. */
export function after(
  stage: Stage,
  move: Move,
  who: { readonly by: By; readonly lastBy?: string | undefined },
): Stage | undefined {
  const rule = ruleOf(stage, move);
  if (!rule?.by.includes(who.by.kind)) return undefined;
  if (rule.second && (who.by.id === undefined || who.by.id === who.lastBy)) return undefined;
  return rule.to as Stage;
}
export const ruleOf = (stage: Stage, move: Move): Rule | undefined =>
  (CASE[stage] as Partial<Record<Move, Rule>>)[move];

/** Stages in which a case takes the one place of its RUN and address. */
export const LIVE: readonly Stage[] = [
  'contact-confirmed',
  'booked',
  'in-session',
  'held',
  'identified',
  'code-issued',
];
/** Where a case ends by itself when its time is over; a session has to be ended first, and what is held waits. */
export const EXPIRING: readonly Stage[] = STAGES.filter(
  (stage) => after(stage, 'expire', { by: { kind: 'system' } }) !== undefined,
);
/** Nothing follows. */
export const isOver = (stage: Stage): boolean => movesFrom(stage).length === 0;

/** What she wrote; nothing of it gives a right before an officer has seen her. */
export type Request = {
  readonly run: Run;
  /** As it stands on the card. */
  readonly document: string;
  readonly email?: string | undefined;
  /** E.164. */
  readonly phone?: string | undefined;
  readonly lang: 'es' | 'en';
};

/** Providers that half the country uses: their name is no sign of anything. */
const COMMON = new Set([
  'gmail.com',
  'hotmail.com',
  'hotmail.cl',
  'outlook.com',
  'outlook.cl',
  'live.cl',
  'live.com',
  'yahoo.com',
  'yahoo.es',
  'icloud.com',
]);
/** Of an address, unless half the country has one there. */
export function tellingDomain(email: string): string | undefined {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return COMMON.has(domain) ? undefined : domain;
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** Milliseconds. */
export const REQUEST = {
  /** Unfinished requests are gone after thirty days. */
  kept: 30 * DAY,
  /** A code to confirm a contact (SECURITY §4.2). */
  confirm: DAY,
} as const;
/** Letters to one address that nobody has confirmed, a day: more are written to nobody. */
export const LETTERS_A_DAY = 5;
/** so many sessions by video, then the office. */
export const VIDEO_SESSIONS = 3;
/** Milliseconds: a session that nobody has ended until then is ended. */
export const SESSION_LASTS = 4 * HOUR;
/** who was identified so lately needs a second person. */
export const AGAIN_LATELY = 7 * DAY;
/** Milliseconds: a place while one chooses; the room before its hour and after it; a no-show; an officer who is late. */
export const PLACE = {
  hold: 10 * MINUTE,
  opens: 10 * MINUTE,
  closes: HOUR,
  missed: 15 * MINUTE,
  late: 5 * MINUTE,
} as const;

/** A case in a list: where it stands, and nothing of whom. */
export type ListedCase = {
  readonly id: string;
  readonly stage: Stage;
  readonly channel: Channel | undefined;
  readonly office: string | undefined;
  readonly level: Identified | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
};
export type CaseFilter = { readonly stage?: Stage | undefined; readonly channel?: Channel | undefined };
export type CaseSort = 'created' | 'moved';
