import type { Channel } from '../domain/checklist.ts';
import { PLACE, REQUEST, VIDEO_SESSIONS, type Move } from '../domain/enrolment.ts';
import { THERE } from '../domain/presence.ts';
import { codeStays } from '../domain/room.ts';
import { localDay, localTime } from '../domain/schedule.ts';
import { uuid } from '../domain/uuid.ts';
import { waitingTime, type Range } from '../domain/waiting.ts';
import type { Parts, Tx } from '../parts.ts';
import type { Booking } from '../stores/bookings.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import { writeTo } from './enrolment-letters.ts';
import { trailOf, type Passer } from './passing.ts';
import { openRoom } from './room.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<Parts, 'chance' | 'clock' | 'transaction' | 'vault'>;
const citizen = { kind: 'citizen' } as const;
/** Of the list, so many hear of one place that frees: not all of them will want it. */
const TOLD = 3;
const HOUR = 3_600_000;
/** So long does the room stay open for who waits in the line. */
const LINE = 4 * HOUR;

export type Booked =
  | { readonly kind: 'booked'; readonly booking: Booking }
  /** Somebody was faster, or it has begun. */
  | { readonly kind: 'full' }
  /** After so many calls the next is at an office. */
  | { readonly kind: 'office-only' }
  | { readonly kind: 'gone' };

/**
 * Takes an hour, in place of the one she had: place, case and letter in one transaction, so never more than there are and
 * never two of one person.
 */
export async function bookHour(
  parts: Needs,
  passer: Passer,
  { caseId, place }: { readonly caseId: string; readonly place: string },
): Promise<Booked> {
  const now = parts.clock();
  return undoable<Booked>(parts, async (tx, undo) => {
    const enrolment = await tx.enrolments.byId(caseId);
    if (enrolment?.stage !== 'contact-confirmed' && enrolment?.stage !== 'booked') return { kind: 'gone' };
    const before = await tx.bookings.of(caseId, now);
    // Pressed twice: it is hers, no letter says that it moved, and the link of the first one stays good.
    if (before?.state === 'booked' && before.place.id === place) return { kind: 'booked', booking: before };
    const held = await tx.bookings.hold({ id: uuid(parts.chance(16)), caseId, place, now });
    if (!held) return { kind: 'full' };
    const { channel, office, startsAt } = held.place;
    if (channel === 'video' && enrolment.sessions >= VIDEO_SESSIONS) return undo({ kind: 'office-only' });
    const again = enrolment.stage === 'booked';
    const booking = await tx.bookings.book(caseId, now);
    const moved = await tx.enrolments.move(enrolment, {
      ...{ move: again ? 'rebook' : 'book', by: citizen, at: now },
      set: { channel, office: office === '' ? null : office, expiresAt: startsAt + REQUEST.kept },
    });
    if (!booking || !moved) return undo({ kind: 'gone' });
    await tx.queues.leave(caseId);
    await tx.queues.forget(caseId);
    await tx.rooms.close(caseId);
    // One appointment, one room: the link of the one before is dead.
    const hours = { opensAt: startsAt - PLACE.opens, closesAt: startsAt + PLACE.closes };
    if (channel === 'video') await openRoom(tx, { ...hours, caseId, chance: parts.chance });
    await writeTo(tx, parts, { enrolment: moved, event: again ? 'moved' : 'booked', at: now, booking });
    if (again && before) await tellOfFree(tx, parts, before);
    const details = { case: caseId, channel };
    await tx.audit.add({ kind: again ? 'case-moved' : 'case-booked', ...trailOf(passer, now), details });
    return { kind: 'booked', booking };
  });
}

type Ended = 'done' | 'gone';

/** Gives the hour back; whoever waits for one is told. */
export const cancelHour = (parts: Needs, passer: Passer, caseId: string): Promise<Ended> =>
  giveUp(parts, passer, { caseId, move: 'cancel' });
/** She does not want it any more: nothing of hers waits or is booked. */
export const withdraw = (parts: Needs, passer: Passer, caseId: string): Promise<Ended> =>
  giveUp(parts, passer, { caseId, move: 'withdraw' });

/** Where it leads: who presses twice is there. */
const GIVEN_UP = { cancel: 'contact-confirmed', withdraw: 'withdrawn' } as const;
type GivingUp = { readonly caseId: string; readonly move: 'cancel' | 'withdraw' };

async function giveUp(parts: Needs, passer: Passer, { caseId, move }: GivingUp): Promise<Ended> {
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    const enrolment = await tx.enrolments.byId(caseId);
    if (enrolment?.stage === GIVEN_UP[move]) return 'done';
    const moved =
      enrolment && (await tx.enrolments.move(enrolment, { move: move satisfies Move, by: citizen, at: now }));
    if (!moved) return 'gone';
    const booking = await tx.bookings.free(caseId, 'cancelled');
    await tx.queues.leave(caseId);
    await tx.queues.forget(caseId);
    await tx.rooms.close(caseId);
    const had = enrolment.stage === 'booked' ? booking : undefined;
    const event = move === 'cancel' ? 'cancelled' : 'withdrawn';
    await writeTo(tx, parts, { enrolment: moved, event, at: now, booking: had });
    if (had) await tellOfFree(tx, parts, had);
    const kind = move === 'cancel' ? 'case-cancelled' : 'case-withdrawn';
    await tx.audit.add({ kind, ...trailOf(passer, now), details: { case: caseId } });
    return 'done';
  });
}

/** Those who wait longest for such a place hear that one is free; it is for who is first. */
export async function tellOfFree(
  tx: Pick<Tx, 'enrolments' | 'offices' | 'outbox' | 'queues'>,
  parts: Pick<Parts, 'clock' | 'vault'>,
  booking: Pick<Booking, 'place'>,
): Promise<void> {
  const at = parts.clock();
  if (booking.place.startsAt <= at) return;
  const { channel, office } = booking.place;
  for (const id of await tx.queues.tell({ channel, office }, { now: at, since: at - HOUR, most: TOLD })) {
    const enrolment = await tx.enrolments.byId(id);
    if (enrolment?.stage === 'contact-confirmed') await writeTo(tx, parts, { enrolment, event: 'free', at, booking });
  }
}

export type Waited = 'waiting' | 'office-only' | 'gone';

/** Stands in the line for the next officer who is free, by video. */
export async function joinLine(
  parts: Pick<Parts, 'audit' | 'chance' | 'clock' | 'enrolments' | 'queues' | 'transaction'>,
  passer: Passer,
  caseId: string,
): Promise<Waited> {
  const enrolment = await parts.enrolments.byId(caseId);
  if (enrolment?.stage !== 'contact-confirmed') return 'gone';
  if (enrolment.sessions >= VIDEO_SESSIONS) return 'office-only';
  const now = parts.clock();
  await parts.transaction(async (tx) => {
    await tx.queues.join({ caseId, channel: 'video', office: '', joinedAt: now });
    await openRoom(tx, { caseId, opensAt: now, closesAt: now + LINE, chance: parts.chance });
    await tx.audit.add({ kind: 'case-waiting', ...trailOf(passer, now), details: { case: caseId, for: 'officer' } });
  });
  return 'waiting';
}

/** Wants to be told when an hour frees. */
export async function wantHour(
  parts: Pick<Parts, 'audit' | 'clock' | 'enrolments' | 'queues'>,
  passer: Passer,
  { caseId, channel, office }: { readonly caseId: string; readonly channel: Channel; readonly office: string },
): Promise<Waited> {
  const enrolment = await parts.enrolments.byId(caseId);
  if (enrolment?.stage !== 'contact-confirmed' && enrolment?.stage !== 'booked') return 'gone';
  const now = parts.clock();
  await parts.queues.want({ caseId, channel, office, joinedAt: now });
  await parts.audit.add({ kind: 'case-waiting', ...trailOf(passer, now), details: { case: caseId, for: 'place' } });
  return 'waiting';
}

/** How many officers attend by video at this moment, by the roster. */
export async function attending(parts: Pick<Parts, 'clock' | 'offices'>): Promise<number> {
  const now = parts.clock();
  const day = localDay(now);
  const [hour = 0, minute = 0] = localTime(now).slice(11).split(':').map(Number);
  const at = hour * 60 + minute;
  const shifts = await parts.offices.shifts({ from: day, to: day });
  return new Set(
    shifts
      .filter(({ channel, from, to }) => channel === 'video' && from <= at && at < to)
      .map((shift) => shift.officer),
  ).size;
}

/** How long the line takes for who joins it now; undefined while nobody attends. */
export async function lineNow(parts: Pick<Parts, 'clock' | 'offices' | 'queues'>): Promise<Range | undefined> {
  const [officers, before] = await Promise.all([
    attending(parts),
    parts.queues.length({ channel: 'video', office: '' }, parts.clock() - THERE.video),
  ]);
  return waitingTime('video', before, officers);
}

export type Standing = {
  readonly enrolment: Enrolment;
  readonly booking: Booking | undefined;
  /** In the line for the next officer. */
  readonly line: { readonly before: number; readonly wait: Range | undefined } | undefined;
  /** Will be told when an hour frees. */
  readonly wanting: boolean;
  /** The token of her video room, from when it is made until it closes. */
  readonly room: string | undefined;
};

/** Where her case stands; to ask says that she is still there. */
export async function standing(
  parts: Pick<Parts, 'bookings' | 'clock' | 'enrolments' | 'offices' | 'queues' | 'rooms'>,
  caseId: string,
): Promise<Standing | undefined> {
  const now = parts.clock();
  const enrolment = await parts.enrolments.byId(caseId);
  if (!enrolment) return undefined;
  const [booking, before, wanting, room] = await Promise.all([
    parts.bookings.of(caseId, now),
    parts.queues.seen(caseId, now),
    parts.queues.wants(caseId),
    parts.rooms.byCase(caseId),
  ]);
  const waits = enrolment.stage === 'contact-confirmed' && before !== undefined;
  const line = waits ? { before, wait: waitingTime('video', before, await attending(parts)) } : undefined;
  return {
    enrolment,
    booking: booking?.state === 'booked' ? booking : undefined,
    line,
    wanting,
    room: room && (room.closesAt > now || codeStays(enrolment, now)) ? room.token : undefined,
  };
}
