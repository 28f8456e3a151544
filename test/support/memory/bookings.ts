import { PLACE } from '../../../src/domain/enrolment.ts';
import { RETURNS, THERE } from '../../../src/domain/presence.ts';
import { isThere } from '../../../src/domain/room.ts';
import type { Booking, Bookings, BookingState } from '../../../src/stores/bookings.ts';
import type { Queues } from '../../../src/stores/queues.ts';
import type { BookingRow, Tables, Write } from './tables.ts';

export function memoryBookings({ places, bookings, rooms, walkIns }: Tables, write: Write): Bookings {
  const full = ({ placeId, reminded: _, ...row }: BookingRow): Booking => {
    const { id, channel, office, startsAt, endsAt } = places.get(placeId)!;
    return { ...row, place: { id, channel, office, startsAt, endsAt } };
  };
  const all = () => [...bookings.values()];
  const take = (id: string, by: number) => {
    const place = places.get(id)!;
    write(places, id, { ...place, taken: place.taken + by });
  };
  const end = (which: (row: BookingRow) => boolean, as: BookingState): readonly Booking[] =>
    all()
      .filter(which)
      .map((row) => {
        write(bookings, row.id, { ...row, state: as });
        if (as !== 'attended') take(row.placeId, -1);
        return { ...full(row), state: as };
      });
  const starts = (a: Booking, b: Booking) => a.place.startsAt - b.place.startsAt;
  return {
    async places({ channel, office, from, to }) {
      return [...places.values()]
        .filter(
          (p) =>
            p.channel === channel && p.office === office && p.startsAt >= from && p.startsAt < to && p.capacity > 0,
        )
        .sort((a, b) => a.startsAt - b.startsAt)
        .map(({ taken, rostered: _, ...place }) => ({ ...place, free: place.capacity - taken }));
    },
    async setPlaces({ channel, office, from, to }, wanted) {
      for (const p of places.values())
        if (p.channel === channel && p.office === office && p.startsAt >= from && p.startsAt < to)
          write(places, p.id, { ...p, rostered: 0, capacity: p.taken });
      for (const place of wanted) {
        const taken = places.get(place.id)?.taken ?? 0;
        write(places, place.id, {
          ...place,
          taken,
          rostered: place.capacity,
          capacity: Math.max(place.capacity, taken),
        });
      }
    },
    async hold({ id, caseId, place, now }) {
      end((row) => row.caseId === caseId && row.state === 'held', 'cancelled');
      const found = places.get(place);
      if (!found || found.taken >= found.capacity || found.startsAt <= now) return undefined;
      take(place, 1);
      const row: BookingRow = { id, caseId, state: 'held', holdUntil: now + PLACE.hold, placeId: place, reminded: [] };
      write(bookings, id, row);
      return full(row);
    },
    async book(caseId, now) {
      const held = all().find((row) => row.caseId === caseId && row.state === 'held' && row.holdUntil > now);
      if (!held) return undefined;
      end((row) => row.caseId === caseId && row.state === 'booked', 'moved');
      write(bookings, held.id, { ...held, state: 'booked' });
      return full({ ...held, state: 'booked' });
    },
    async free(caseId, as) {
      const ended = end((row) => row.caseId === caseId && (row.state === 'held' || row.state === 'booked'), as);
      return [...ended].sort(starts).at(-1);
    },
    async of(caseId, now) {
      const [row] = all()
        .filter(
          (one) => one.caseId === caseId && (one.state === 'booked' || (one.state === 'held' && one.holdUntil > now)),
        )
        .sort((a, b) => (a.state < b.state ? -1 : 1));
      return row && full(row);
    },
    lapse: async (now) => end((row) => row.state === 'held' && row.holdUntil <= now, 'lapsed').length,
    async remind({ what, from, to }) {
      const due = all().filter((row) => {
        const { startsAt } = places.get(row.placeId)!;
        return row.state === 'booked' && startsAt >= from && startsAt < to && !row.reminded.includes(what);
      });
      for (const row of due) write(bookings, row.id, { ...row, reminded: [...row.reminded, what] });
      return due.map(full);
    },
    async missed(before, now) {
      const isHere = ({ caseId }: BookingRow) => {
        const spot = walkIns.get(caseId);
        const waits = spot?.calledAt === undefined && (spot?.seenAt ?? 0) > now - THERE[spot?.channel ?? 'video'];
        return waits || isThere(rooms.get(caseId)?.citizen, now);
      };
      return all()
        .filter((row) => row.state === 'booked' && !isHere(row))
        .map(full)
        .filter(({ place }) => place.startsAt < before)
        .sort(starts);
    },
  };
}

export function memoryQueues({ walkIns, waitingList }: Tables, write: Write): Queues {
  const line = ({ channel, office }: { channel: string; office: string }, since: number) =>
    [...walkIns.values()]
      .filter(
        (row) => row.channel === channel && row.office === office && row.calledAt === undefined && row.seenAt > since,
      )
      .sort((a, b) => a.joinedAt - b.joinedAt || (a.caseId < b.caseId ? -1 : 1));
  return {
    async join(waiting) {
      const was = walkIns.get(waiting.caseId);
      const stays =
        was?.channel === waiting.channel &&
        was.office === waiting.office &&
        was.calledAt === undefined &&
        was.seenAt > waiting.joinedAt - RETURNS[waiting.channel];
      const joinedAt = stays ? was.joinedAt : waiting.joinedAt;
      write(walkIns, waiting.caseId, { ...waiting, joinedAt, seenAt: waiting.joinedAt, calledAt: undefined });
    },
    async seen(caseId, now) {
      const row = walkIns.get(caseId);
      if (!row || row.calledAt !== undefined) return undefined;
      write(walkIns, caseId, { ...row, seenAt: now });
      return line(row, now - THERE[row.channel]).findIndex((one) => one.caseId === caseId);
    },
    leave: async (caseId) => write(walkIns, caseId, undefined),
    length: async (spot, since) => line(spot, since).length,
    async want(waiting) {
      const { joinedAt, toldAt } = waitingList.get(waiting.caseId) ?? { joinedAt: waiting.joinedAt, toldAt: undefined };
      write(waitingList, waiting.caseId, { ...waiting, joinedAt, toldAt });
    },
    wants: async (caseId) => waitingList.has(caseId),
    async tell({ channel, office }, { now, since, most }) {
      const rows = [...waitingList.values()]
        .filter((row) => row.channel === channel && row.office === office && (row.toldAt ?? 0) < since)
        .sort((a, b) => a.joinedAt - b.joinedAt)
        .slice(0, most);
      for (const row of rows) write(waitingList, row.caseId, { ...row, toldAt: now });
      return rows.map(({ caseId }) => caseId);
    },
    forget: async (caseId) => write(waitingList, caseId, undefined),
  };
}
