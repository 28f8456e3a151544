import { DORMANT_MS } from '../domain/roles.ts';
import type { Parts } from '../parts.ts';

/** Who has not come for thirty days, or never after an invitation, has no post any more; each is recorded. */
export async function disableDormant({ clock, transaction }: Pick<Parts, 'clock' | 'transaction'>): Promise<number> {
  const now = clock();
  return transaction(async (tx) => {
    const gone = await tx.staff.disableDormant(now - DORMANT_MS, now);
    for (const accountId of gone) {
      await tx.journeys.endOf(accountId, { kinds: ['console'] });
      await tx.audit.add({ kind: 'staff-disabled', at: now, accountId, details: { why: 'dormant' } });
    }
    return gone.length;
  });
}
