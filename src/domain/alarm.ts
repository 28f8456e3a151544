/** What happened in a minute to all who tried from contexts that nobody knew. */
export type Tally = { readonly failures: number; readonly successes: number };

const MIN = 60_000;
const HOUR = 60 * MIN;

/** Milliseconds and counts of SECURITY §4.3's last row. */
export const ALARM = {
  times: 5,
  window: 10 * MIN,
  /** So many of the window's minutes must be bad: who pauses once in a while does not get away with it. */
  bad: 8,
  /** Fewer in a minute are no attack worth asking everybody for more. */
  least: 30,
  /** The usual is what it was over so long, and that ended so long ago. */
  remembered: 7 * 24 * HOUR,
  gap: HOUR,
  /** Without a past, and at least: one mistyped in five. */
  usual: 0.2,
  lasts: 10 * MIN,
} as const;

export const minuteOf = (at: number): number => Math.floor(at / MIN);

/** Failures for each success: at noon there is more of both than at night, and an attack brings failures only. */
export const failureRate = ({ failures, successes }: Tally): number => failures / Math.max(1, successes);

/** The rate of the middle minute: attacks of the past do not make the next one usual. */
export function usualRate(past: readonly Tally[]): number {
  const rates = past.map(failureRate).sort((a, b) => a - b);
  return Math.max(rates[Math.floor(rates.length / 2)] ?? 0, ALARM.usual);
}

/**
 * Whether in so many of the window's minutes so many more passwords than usual have been wrong that every unknown
 * device must show the mailbox too. A minute's flood does not do it: it is met where it comes from.
 */
export const areBad = (minutes: readonly Tally[], usual: number): boolean =>
  minutes.filter((tally) => tally.failures >= ALARM.least && failureRate(tally) > ALARM.times * usual).length >=
  ALARM.bad;
