/** What somebody must look at now, and what it says. */
export const ALERTS = {
  guessing: 'many passwords are being guessed; unknown devices need a code',
  'mass-recovery': 'many more people than usual choose a new ClaveÚnica',
  'staff-look-ups': 'a member of staff has looked up as many records as an hour allows',
  'staff-off-hours': 'a member of staff opens records at night or on a Sunday',
  'staff-denied': 'a member of staff tries again and again what she may not',
  'own-record': 'a member of staff tried to work on her own record',
  'chain-broken': 'the audit log is not as it was sealed',
  'chain-late': 'the audit log is not sealed any more',
  'key-changed': 'another key signs from now on',
  'clock-off': 'the clocks of this process and of the database differ',
} as const;
export type AlertKind = keyof typeof ALERTS;
export const ALERT_KINDS = Object.keys(ALERTS) as readonly AlertKind[];

const MIN = 60_000;
export const HOUR_MS = 60 * MIN;

export const WATCH = {
  /** What was recorded in so many milliseconds, or since somebody looked, is looked at each minute. */
  window: 10 * MIN,
  minute: MIN,
  /** Of the same person in the window. */
  denials: 10,
  /** Recoveries in the window: fewer are no attack, and it must be so many times the usual of a day. */
  recoveries: 30,
  times: 5,
  day: 24 * HOUR_MS,
  /** R-71 wants a second; two clocks that are asked one after the other differ by a little. */
  skew: 1500,
  /** Blocks are made every ten seconds. */
  unsealed: 5 * MIN,
} as const;

/** Of how many events in the window, beside those of the day before, somebody must be told. */
export const isUnusual = (now: number, dayBefore: number): boolean =>
  now >= WATCH.recoveries && now > (WATCH.times * dayBefore * WATCH.window) / WATCH.day;

const SANTIAGO = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/Santiago',
  weekday: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
});

/** No office is open then: before seven, after nine in the evening, on Sundays. */
export function isOffHours(at: number): boolean {
  const parts = SANTIAGO.formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value;
  const hour = Number(part('hour'));
  return part('weekday') === 'Sun' || hour < 7 || hour >= 21;
}
