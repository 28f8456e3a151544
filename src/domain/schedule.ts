import type { Channel } from './checklist.ts';

/** Minutes from midnight, local time. */
export type Span = readonly [from: number, to: number];
/** `510` is `08:30`. */
export const writtenMinute = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
/** Monday is 1. */
export type Hours = Readonly<Record<string, readonly Span[]>>;
export type Office = {
  readonly id: string;
  readonly agency: 'registro-civil' | 'ips';
  readonly name: string;
  readonly address: string;
  readonly comuna: string;
  readonly region: string;
  readonly hours: Hours;
  /** ISO days, beside holidays. */
  readonly closed: readonly string[];
};
/** Which of them, and in which order. */
export type OfficeFilter = {
  readonly agency?: Office['agency'] | undefined;
  readonly region?: string | undefined;
};
export type OfficeSort = 'name' | 'place';
/** When one officer works; `day` is ISO in Chile. What lies between two of a day is a break. */
export type Shift = {
  readonly officer: string;
  readonly day: string;
  readonly from: number;
  readonly to: number;
  readonly channel: Channel;
  readonly office?: string | undefined;
};
/** Instants in milliseconds. `office` is empty by video. */
export type Place = {
  readonly id: string;
  readonly channel: Channel;
  readonly office: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly capacity: number;
};

/** Minutes of one place. */
export const LENGTH: Readonly<Record<Channel, number>> = { video: 20, office: 15 };
/** Days ahead that can be booked. */
export const AHEAD_DAYS = 28;

const FORMAT = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/Santiago',
  dateStyle: 'short',
  timeStyle: 'short',
});
/** `2026-11-29 09:30` of an instant, in Chile. */
export const localTime = (at: number): string => FORMAT.format(at);
export const localDay = (at: number): string => localTime(at).slice(0, 10);
export const weekday = (day: string): number => new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * The instant of a local time in Chile; undefined for one that the change to summer time leaves out. One that comes
 * twice is the first.
 */
export function instantOf(day: string, minute: number): number | undefined {
  const wall = Date.parse(`${day}T00:00:00Z`) + minute * 60_000;
  const text = new Date(wall).toISOString().slice(0, 16).replace('T', ' ');
  // Continental Chile is three or four hours behind; the islands go by the mainland's calls.
  return [3, 4].map((hours) => wall + hours * 3_600_000).find((at) => localTime(at) === text);
}

/** When a day begins in Chile: at one o'clock on that on which summer time leaves midnight out. */
export const dayStart = (day: string): number =>
  instantOf(day, 0) ?? instantOf(day, 60) ?? Date.parse(`${day}T04:00:00Z`);

/** When it is open on a day; never on a holiday. */
export const openOn = ({ hours, closed }: Pick<Office, 'hours' | 'closed'>, day: string, holiday: boolean) =>
  holiday || closed.includes(day) ? [] : (hours[String(weekday(day))] ?? []);

type Day = {
  readonly day: string;
  readonly channel: Channel;
  /** Of the office; undefined by video, which has hours by its officers alone. */
  readonly office?: Office | undefined;
  readonly holiday: boolean;
  readonly shifts: readonly Shift[];
};

export const slotId = (channel: Channel, office: string, startsAt: number): string =>
  `${channel}.${office}.${String(startsAt / 60_000)}`;

/** The places of one day: as many at a time as officers work all of it, within the hours, not on holidays. */
export function placesOf({ day, channel, office, holiday, shifts }: Day): readonly Place[] {
  const length = LENGTH[channel];
  const open = office === undefined ? [[0, 1440] as const] : openOn(office, day, holiday);
  const working = shifts.filter(
    (shift) => shift.day === day && shift.channel === channel && (shift.office ?? '') === (office?.id ?? ''),
  );
  const places: Place[] = [];
  for (const [from, to] of open) {
    for (let at = from; at + length <= to; at += length) {
      const capacity = new Set(
        working.filter((shift) => shift.from <= at && at + length <= shift.to).map(({ officer }) => officer),
      ).size;
      const startsAt = instantOf(day, at);
      if (capacity === 0 || startsAt === undefined) continue;
      const id = slotId(channel, office?.id ?? '', startsAt);
      places.push({ id, channel, office: office?.id ?? '', startsAt, endsAt: startsAt + length * 60_000, capacity });
    }
  }
  return places;
}
