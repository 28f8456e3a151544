import { doorOf, isThere, OTHER_BROWSER, SAYING } from '../../../src/domain/room.ts';
import type { Comer, Room, Rooms } from '../../../src/stores/rooms.ts';
import { mustBeUuid, type Tables, type Write } from './tables.ts';

/** Who listens, of all that share these tables. */
const hearers = new WeakMap<Tables['rooms'], Set<(caseId: string | undefined) => void>>();

export function memoryRooms({ enrolments, rooms, roomWords }: Tables, write: Write): Rooms {
  const listening = hearers.get(rooms) ?? new Set();
  hearers.set(rooms, listening);
  const tell = (caseId: string) => {
    for (const heard of listening) heard(caseId);
  };
  const isOpen = (room: Room | undefined, now: number): room is Room =>
    room !== undefined && doorOf(room, now) === 'open';
  const mayEnter = (room: Room, { caseId, side, device, now }: Comer) => {
    const place = room[side];
    if (place?.device === device) return true;
    const { stage } = enrolments.get(caseId)!.enrolment;
    return !isThere(place, now) && (side === 'officer' || OTHER_BROWSER.includes(stage));
  };
  const inside = ({ caseId, side, link, now }: Comer) => {
    const room = rooms.get(caseId);
    return isOpen(room, now) && room[side]?.link === link ? room : undefined;
  };
  const mayEnter = (room: Room, { side, device, now }: Comer) =>
    !isThere(room[side], now) || room[side]?.device === device;
  const forget = (caseId: string) => {
    for (const [key, word] of roomWords) if (word.caseId === caseId) write(roomWords, key, undefined);
    write(rooms, caseId, undefined);
  };
  return {
    async open(room) {
      mustBeUuid(room.caseId);
      forget(room.caseId);
      const { caseId, token, opensAt, closesAt } = room;
      write(rooms, caseId, { caseId, token, opensAt, closesAt, said: 0, citizen: undefined, officer: undefined });
      tell(caseId);
    },
    async close(caseId) {
      forget(caseId);
      tell(caseId);
    },
    byToken: async (token) => [...rooms.values()].find((room) => room.token === token),
    byCase: async (caseId) => rooms.get(caseId),
    async enter(comer) {
      const room = rooms.get(comer.caseId);
      if (!isOpen(room, comer.now) || !mayEnter(room, comer)) return false;
      const { link, device, now: seenAt } = comer;
      write(rooms, comer.caseId, { ...room, [comer.side]: { link, device, seenAt } });
      tell(comer.caseId);
      return true;
    },
    async seen(comer) {
      const room = inside(comer);
      if (!room) return false;
      const { link, device, now: seenAt } = comer;
      write(rooms, comer.caseId, {
        ...room,
        [comer.side]: { link, device: room[comer.side]?.device ?? device, seenAt },
      });
      return true;
    },
    async leave({ caseId, side, link }) {
      const room = rooms.get(caseId);
      if (room?.[side]?.link !== link) return;
      write(rooms, caseId, { ...room, [side]: { ...room[side], link: undefined, seenAt: 0 } });
      tell(caseId);
    },
    async say(comer, { kind, words }) {
      const room = inside(comer);
      if (!room || room.said >= SAYING.all) return undefined;
      const n = room.said + 1;
      write(rooms, comer.caseId, { ...room, said: n });
      const { caseId, side, now: at } = comer;
      write(roomWords, `${caseId} ${String(n)}`, { caseId, word: { n, side, kind, words, at } });
      tell(caseId);
      return n;
    },
    said: async (caseId, after, kind) =>
      [...roomWords.values()]
        .filter((row) => row.caseId === caseId && row.word.n > after && (kind === undefined || row.word.kind === kind))
        .map(({ word }) => word)
        .sort((a, b) => a.n - b.n),
    async hear(heard) {
      listening.add(heard);
      heard(undefined);
      return async () => void listening.delete(heard);
    },
    async sweep(now) {
      const over = [...rooms.values()].filter(({ closesAt }) => closesAt <= now);
      for (const { caseId } of over) forget(caseId);
      return over.length;
    },
  };
}
