import { ALARM, areBad, usualRate } from '../domain/alarm.ts';
import type { Parts } from '../parts.ts';
import { raiseAlert } from './alerts.ts';

export type Watched = { readonly kind: 'calm' } | { readonly kind: 'guessing'; readonly begun: boolean };

type Needs = Pick<Parts, 'attempts' | 'audit' | 'clock' | 'log' | 'transaction'>;

/** Once a minute: are the passwords of many being guessed? Then unknown devices need a code for a while (SECURITY §4.3). */
export async function watchGuessing(parts: Needs): Promise<Watched> {
  const { attempts, audit, clock } = parts;
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
    await raiseAlert(parts, { kind: 'guessing', key: '', at: now, details });
  }
  return { kind: 'guessing', begun };
}
