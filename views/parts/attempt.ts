import type { Attempt, AttemptFault } from '#src/domain/site-attempt.ts';
import type { Words } from '../words.ts';

/** An attempt in a line: what is wrong with it, or how it stands. */
export function attemptLine({ doctor: w }: Words, { faults, state }: Attempt): string {
  const [first] = faults;
  if (first !== undefined) return w.faults[first].is;
  return state === 'open' ? w.summaries.open : w.summaries.done;
}

/** How to mend it; where the closed list has no better word, what is said of the error everywhere. */
export function mendOf({ doctor: w, errors }: Words, fault: AttemptFault, error: string | undefined): string {
  const known: Readonly<Record<string, { readonly mend: string }>> = errors.protocol;
  return (fault === 'other' && error !== undefined && known[error]?.mend) || w.faults[fault].mend;
}
