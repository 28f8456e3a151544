import { VIDEO_SESSIONS } from '../../../src/domain/enrolment.ts';
import { EARLY, THERE } from '../../../src/domain/presence.ts';
import type { Draws } from '../../../src/stores/draws.ts';
import type { Between, Figures, Places } from '../../../src/stores/figures.ts';
import type { Tables, WalkInRow, Write } from './tables.ts';

export function memoryDraws(tables: Tables, write: Write): Draws {
  const { walkIns, enrolments, bookings, places, deskRequests, deskArrivals } = tables;
  /** Where she stands; an hour elsewhere says nothing here. */
  const hourOf = ({ caseId, channel, office }: WalkInRow) => {
    const booked = [...bookings.values()].find((one) => one.caseId === caseId && one.state === 'booked');
    const place = booked && places.get(booked.placeId);
    return place?.channel === channel && place.office === office ? place.startsAt : undefined;
  };
  return {
    async next({ channel, office, officer, ownRun, now }) {
      const able = [...walkIns.values()].filter((row) => {
        const found = enrolments.get(row.caseId);
        if (!found || row.channel !== channel || row.office !== office || row.calledAt !== undefined) return false;
        const { enrolment, moves } = found;
        const stages =
          channel === 'office' ? ['requested', 'contact-confirmed', 'booked'] : ['contact-confirmed', 'booked'];
        return (
          row.seenAt > now - THERE[channel] &&
          stages.includes(enrolment.stage) &&
          (hourOf(row) ?? 0) <= now + EARLY &&
          (channel === 'office' || enrolment.sessions < VIDEO_SESSIONS) &&
          enrolment.request.run !== ownRun &&
          !moves.some(({ by }) => by.id === officer) &&
          deskRequests.get(row.caseId) !== officer &&
          (hourOf(row) !== undefined || !deskArrivals.has(`${row.caseId} ${officer}`))
        );
      });
      const order = (row: WalkInRow) => hourOf(row) ?? Number.MAX_SAFE_INTEGER;
      const [first] = able.sort(
        (a, b) => order(a) - order(b) || a.joinedAt - b.joinedAt || (a.caseId < b.caseId ? -1 : 1),
      );
      if (first) write(walkIns, first.caseId, { ...first, calledAt: now });
      return first?.caseId;
    },
    noted: async (caseId, officer) => write(deskRequests, caseId, officer),
    async byVideo(caseId, now) {
      const row = walkIns.get(caseId);
      return row?.channel === 'video' && row.calledAt === undefined && row.seenAt > now - THERE.video;
    },
    arrived: async (caseId, officer) => write(deskArrivals, `${caseId} ${officer}`, true),
  };
}

export function memoryFigures({ walkIns, bookings, places, offices, rosters }: Tables): Figures {
  const within = (at: number | undefined, { from, to }: Between) => at !== undefined && at >= from && at < to;
  const placeOf = (placeId: string) => places.get(placeId);
  return {
    async places(between) {
      const sums = new Map<string, Places>();
      for (const { office: id, taken, capacity, startsAt } of places.values()) {
        if (!within(startsAt, between)) continue;
        const office = offices.get(id)?.name ?? id;
        const before = sums.get(office) ?? { office, taken: 0, capacity: 0 };
        sums.set(office, { office, taken: before.taken + taken, capacity: before.capacity + capacity });
      }
      return [...sums.values()].filter(({ capacity }) => capacity > 0).sort((a, b) => (a.office < b.office ? -1 : 1));
    },
    noShows: async (between) =>
      [...bookings.values()].filter((one) => one.state === 'no-show' && within(placeOf(one.placeId)?.startsAt, between))
        .length,
    waiting: async (since) =>
      [...walkIns.values()].filter((one) => one.calledAt === undefined && one.seenAt > since[one.channel]).length,
    async offices(ids, { day, since }) {
      const shifts = [...rosters.values()].flat().filter((one) => one.day === day && one.channel === 'office');
      const line = [...walkIns.values()].filter((one) => one.channel === 'office' && one.calledAt === undefined);
      return new Map(
        ids.map((id) => {
          const officers = new Set(shifts.filter(({ office }) => office === id).map(({ officer }) => officer));
          const waiting = line.filter((one) => one.office === id && one.seenAt > since).length;
          return [id, { rostered: officers.size, waiting }];
        }),
      );
    },
    async due({ channel, office, ...between }) {
      const booked = [...bookings.values()]
        .filter(({ state }) => state === 'booked')
        .map((one) => placeOf(one.placeId));
      return booked.filter(
        (place) => place?.channel === channel && place.office === office && within(place.startsAt, between),
      ).length;
    },
  };
}
