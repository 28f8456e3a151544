import {
  callStageOf,
  codeStays,
  doorOf,
  isThere,
  otherSide,
  type CallStage,
  type Hours,
  type Side,
} from '../domain/room.ts';
import type { Parts, Tx } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { Room } from '../stores/rooms.ts';

/** 128 bits. */
const TOKEN_BYTES = 16;

type NewRoom = Hours & { readonly caseId: string; readonly chance: Parts['chance'] };

/** The room of an appointment; the one before, of the same case, is shut. Its token opens it, for the citizen alone. */
export async function openRoom(tx: Pick<Tx, 'rooms'>, { chance, ...room }: NewRoom): Promise<string> {
  const token = chance(TOKEN_BYTES);
  await tx.rooms.open({ ...room, token });
  return token;
}

export type RoomFound = { readonly room: Room; readonly enrolment: Enrolment; readonly stage: CallStage };
export type Arrival =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'over' }
  | ({ readonly kind: 'early' } & RoomFound)
  /** It is over, but for her code. */
  | ({ readonly kind: 'code' } & RoomFound)
  | ({ readonly kind: 'open' } & RoomFound);

/** What a room's link leads to, now. */
export async function arrive(parts: Pick<Parts, 'rooms' | 'enrolments' | 'clock'>, token: string): Promise<Arrival> {
  const room = await parts.rooms.byToken(token);
  const enrolment = room && (await parts.enrolments.byId(room.caseId));
  if (!room || !enrolment) return { kind: 'unknown' };
  const now = parts.clock();
  const door = doorOf(room, now);
  const found = { room, enrolment, stage: callStageOf(enrolment.stage) };
  if (door === 'over') return codeStays(enrolment, now) ? { kind: 'code', ...found } : { kind: door };
  return door === 'early' ? { kind: door, ...found } : { kind: door, ...found };
}

/** In these stages the officer for whom a case was drawn is in its room. */
const HERS: readonly CallStage[] = ['talking', 'review', 'code', 'rejected'];

/** The room of a case that was drawn for her; for everybody else there is none. */
export async function roomOfOfficer(
  parts: Pick<Parts, 'rooms' | 'enrolments' | 'clock'>,
  { caseId, officer }: { readonly caseId: string; readonly officer: string },
): Promise<RoomFound | undefined> {
  const [room, enrolment] = await Promise.all([parts.rooms.byCase(caseId), parts.enrolments.byId(caseId)]);
  if (!room || enrolment?.officer !== officer || enrolment.channel === 'office') return undefined;
  const stage = callStageOf(enrolment.stage);
  return HERS.includes(stage) && doorOf(room, parts.clock()) === 'open' ? { room, enrolment, stage } : undefined;
}

/** What a window is told of its room. `other`: the window of the other side, while it is there. */
export type RoomState = {
  readonly stage: CallStage;
  readonly other: string | undefined;
};

/** `said`: by all; `mine`: the window that is in; `kept`: how far what that said is. */
type Standing = { readonly said: number; readonly mine: string | undefined; readonly kept: number };

/** Undefined when there is no such room any more. */
export async function roomState(
  parts: Pick<Parts, 'rooms' | 'enrolments' | 'clock'>,
  caseId: string,
  side: Side,
): Promise<(RoomState & Standing) | undefined> {
  const [room, enrolment] = await Promise.all([parts.rooms.byCase(caseId), parts.enrolments.byId(caseId)]);
  if (!room || !enrolment) return undefined;
  const other = room[otherSide(side)];
  return {
    stage: callStageOf(enrolment.stage),
    other: isThere(other, parts.clock()) ? other?.link : undefined,
    said: room.said,
    mine: room[side]?.link,
    kept: room[side]?.kept ?? 0,
  };
}
