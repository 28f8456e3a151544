import type { Identified } from './account.ts';
import { STAGES, type Move, type Stage } from './enrolment.ts';

/** A room of a video call: when it is open, who may be in it, and what its pages show. */

export const SIDES = ['citizen', 'officer'] as const;
export type Side = (typeof SIDES)[number];
export const otherSide = (side: Side): Side => (side === 'citizen' ? 'officer' : 'citizen');

/** Milliseconds. */
export const ROOM = {
  /** Who has not been heard of for so long has left. */
  gone: 25_000,
  /** Each page lets us hear of it that often. */
  beat: 10_000,
  /**
   * We let each page hear of us that often: one that hears nothing for longer looks for another way, as it may be a
   * process that was killed. As often we ask whether an officer may still be here: who is disabled is out within five
   * seconds.
   */
  tick: 4_000,
} as const;

/** What one page may say: more is no call any more. */
export const SAYING = {
  /** Characters of one message of the chat. */
  chat: 1000,
  /** Bytes of anything: descriptions of two cameras have some 10,000. */
  message: 32 * 1024,
  /** Of one window, within ten seconds; a negotiation has some thirty, and some 20,000 bytes. */
  burst: { words: 120, bytes: 256 * 1024 },
  /** Of both, while the room is open. */
  all: 5000,
  /** Bytes, sealed, of all that a room holds at a time. */
  held: 1024 * 1024,
  /** So much is read at a time. */
  page: 100,
} as const;

export type Hours = { readonly opensAt: number; readonly closesAt: number };
export type Door = 'early' | 'open' | 'over';
/** ten minutes before the hour until an hour after it. */
export const doorOf = ({ opensAt, closesAt }: Hours, now: number): Door =>
  now < opensAt ? 'early' : now < closesAt ? 'open' : 'over';

/** The browser that is in, or was the last one; its window; when that was heard of; how far its words are kept. */
export type Place = {
  readonly device: string;
  readonly link: string | undefined;
  readonly seenAt: number;
  readonly kept: number;
};
export const isThere = (place: Place | undefined, now: number): boolean =>
  place?.link !== undefined && place.seenAt > now - ROOM.gone;

/** What the pages of a call make of a case's stage. `review`: something is looked at; what, she is not told. */
export const CALL_STAGES = ['waiting', 'talking', 'review', 'code', 'rejected', 'over'] as const;
export type CallStage = (typeof CALL_STAGES)[number];
const SHOWN = {
  requested: 'waiting',
  'contact-confirmed': 'waiting',
  booked: 'waiting',
  'in-session': 'talking',
  identified: 'review',
  held: 'review',
  'code-issued': 'code',
  rejected: 'rejected',
  activated: 'over',
  withdrawn: 'over',
  expired: 'over',
} as const satisfies Record<Stage, CallStage>;
export const callStageOf = (stage: Stage): CallStage => SHOWN[stage];
/**
 * In which a citizen may come with another browser when hers has gone. Once she was identified, the one that was in the
 * call then stays hers: the code is shown in it.
 */
export const OTHER_BROWSER: readonly Stage[] = STAGES.filter(
  (stage) => SHOWN[stage] === 'waiting' || SHOWN[stage] === 'talking',
);

/**
 * A page that was lost on its way takes the code with it: nobody sees that one again. In the browser of the call she
 * gets another, which kills it, so often and so long (milliseconds) after she was identified; after that it takes two people.
 */
export const ANOTHER_CODE = { most: 2, within: 3_600_000 } as const;

type Issued = {
  readonly stage: Stage;
  readonly level: Identified | undefined;
  readonly identifiedAt: number | undefined;
  readonly moves: readonly { readonly move: Move }[];
};
/**
 * In so far her code's page outlives the room: who was identified in its last minutes has the whole hour too. Nothing else
 * of a room does, and the page is as ever for the browser of the call alone.
 */
export const codeStays = ({ stage, level, identifiedAt }: Omit<Issued, 'moves'>, now: number): boolean =>
  stage === 'code-issued' && level === 'video' && now < (identifiedAt ?? 0) + ANOTHER_CODE.within;

/** How often she still may. Never where a desk identified her, or two people have issued another: that one is on paper. */
export function codesLeft({ moves, ...about }: Issued, now: number): number {
  if (!codeStays(about, now)) return 0;
  if (moves.some(({ move }) => move === 'reissue-code')) return 0;
  return Math.max(0, ANOTHER_CODE.most - moves.filter(({ move }) => move === 'replace-code').length);
}
