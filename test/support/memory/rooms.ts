import { ANOTHER_CODE, doorOf, isThere, OTHER_BROWSER, otherSide, SAYING } from '../../../src/domain/room.ts';
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
  const ofCase = (caseId: string) => [...roomWords.values()].filter((row) => row.caseId === caseId);
  const hush = (caseId: string) => {
    for (const [key, word] of roomWords) if (word.caseId === caseId) write(roomWords, key, undefined);
  };
  const forget = (caseId: string) => {
    hush(caseId);
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
      const place = room[comer.side];
      const kept = place?.link === link ? place.kept : 0;
      write(rooms, comer.caseId, { ...room, [comer.side]: { link, device, seenAt, kept } });
      for (const [key, { caseId, word, from, to }] of roomWords)
        if (caseId === comer.caseId && word.kind === 'signal' && (word.side === comer.side ? from : to) !== link)
          write(roomWords, key, undefined);
      tell(comer.caseId);
      return true;
    },
    async seen(comer) {
      const room = inside(comer);
      if (!room) return false;
      write(rooms, comer.caseId, { ...room, [comer.side]: { ...room[comer.side], seenAt: comer.now } });
      return true;
    },
    async leave({ caseId, side, link }) {
      const room = rooms.get(caseId);
      if (room?.[side]?.link !== link) return;
      write(rooms, caseId, { ...room, [side]: { ...room[side], link: undefined, seenAt: 0 } });
      tell(caseId);
    },
    async say(comer, { words, nth, ...said }) {
      const { caseId, side, link: from, now: at } = comer;
      const room = inside(comer);
      const to = said.kind === 'signal' ? said.to : undefined;
      if (!room || room.said >= SAYING.all || (to !== undefined && room[otherSide(side)]?.link !== to))
        return undefined;
      const place = room[side];
      if (nth !== undefined && nth <= (place?.kept ?? 0)) return undefined;
      const n = room.said + 1;
      write(rooms, caseId, { ...room, said: n, [side]: { ...place, kept: nth ?? place?.kept } });
      const all = [words, ...ofCase(caseId).map(({ word }) => word.words)];
      if (all.reduce((sum, each) => sum + Buffer.byteLength(each), 0) > SAYING.held) return undefined;
      write(roomWords, `${caseId} ${String(n)}`, { caseId, word: { n, side, kind: said.kind, words, at }, from, to });
      tell(caseId);
      return n;
    },
    said: async (caseId, after, ear) =>
      ofCase(caseId)
        .filter(
          ({ word, to }) =>
            word.n > after && (!ear || word.kind === 'chat' || (word.side === otherSide(ear.side) && to === ear.link)),
        )
        .map(({ word }) => word)
        .sort((a, b) => a.n - b.n)
        .slice(0, SAYING.page),
    async hear(heard) {
      listening.add(heard);
      heard(undefined);
      return async () => void listening.delete(heard);
    },
    async sweep(now) {
      const over = [...rooms.values()].filter(({ closesAt }) => closesAt <= now);
      for (const { caseId } of over) hush(caseId);
      const gone = over.filter(({ closesAt }) => closesAt <= now - ANOTHER_CODE.within);
      for (const { caseId } of gone) forget(caseId);
      return gone.length;
    },
  };
}
