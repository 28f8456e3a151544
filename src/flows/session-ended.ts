import type { Parts } from '../parts.ts';
import type { SessionRow } from '../stores/sessions.ts';

/** A session that is no more. */
export type Ended = SessionRow;

/** One more sign-in has ended the oldest sessions: it is recorded, and their owner is told. */
export async function tellTooMany(
  parts: Pick<Parts, 'transaction'>,
  ended: readonly Ended[],
  at: number,
): Promise<void> {
  await parts.transaction(async (tx) => {
    for (const { accountId, ref, device } of ended)
      await tx.audit.add({ kind: 'session-ended', at, accountId, details: { by: 'too-many', session: ref, device } });
  });
}
