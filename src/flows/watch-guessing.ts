import { ALARM, areBad, usualRate } from '../domain/alarm.ts';
import type { Parts } from '../parts.ts';

export type Watched = { readonly kind: 'calm' } | { readonly kind: 'guessing'; readonly begun: boolean };

type Needs = Pick<Parts, 'attempts' | 'audit' | 'clock' | 'log'>;

/** Once a minute: are the passwords of many being guessed? Then unknown devices need a code for a while (SECURITY §4.3). */
export async function watchGuessing({ attempts, audit, clock, log }: Needs): Promise<Watched> {
  const now = clock();
  const minutes = await attempts.tallies(now - ALARM.window, now);
  // The past costs more, and is asked for when it could matter.
  if (!areBad(minutes, ALARM.usual)) return { kind: 'calm' };
  const end = now - ALARM.gap;
  const usual = usualRate(await attempts.tallies(end - ALARM.remembered, end));
  if (!areBad(minutes, usual)) return { kind: 'calm' };
  const begun = await attempts.raiseAlarm(now + ALARM.lasts, now);
  if (begun) {
    const failures = minutes.reduce((sum, tally) => sum + tally.failures, 0);
    const successes = minutes.reduce((sum, tally) => sum + tally.successes, 0);
    const details = { failures, successes, usual: Math.round(usual * 100) / 100 };
    await audit.add({ kind: 'guessing-alarm', at: now, details });
    log.error(details, 'ALERT: many passwords are being guessed; unknown devices need a code');
  }
  return { kind: 'guessing', begun };
}
