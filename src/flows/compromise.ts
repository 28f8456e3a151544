import type { Run } from '../domain/run.ts';
import type { Parts } from '../parts.ts';

/**
 * There is evidence that others know the ClaveÚnica of these: marked, recorded, and all that it has opened is over,
 * together or not at all. Tells how many have one.
 */
export async function compromise(
  parts: Pick<Parts, 'clock' | 'transaction'>,
  runs: readonly Run[],
  details: Readonly<Record<string, string>>,
): Promise<number> {
  const at = parts.clock();
  return parts.transaction(async (tx) => {
    const ids = await tx.accounts.compromise(runs, at);
    for (const accountId of ids) {
      await tx.sessions.endAll(accountId, at);
      await tx.codes.endOf(accountId, ['sign-in'], at);
      await tx.journeys.endOf(accountId, { kinds: ['account', 'console'] });
      await tx.audit.add({ kind: 'password-compromised', at, accountId, details });
    }
    return ids.length;
  });
}
