import type { Parts } from '../parts.ts';
import type { SessionRow } from '../stores/sessions.ts';
import { tell } from './notice.ts';

/** A session that is no more. */
export type Ended = SessionRow;
type Newcomer = { readonly at: number; readonly device: string; readonly network: string };

/** One more sign-in has ended the oldest sessions: it is recorded, and their owner is told. */
export async function tellTooMany(
  parts: Pick<Parts, 'chance' | 'transaction'>,
  ended: readonly Ended[],
  { at, device, network }: Newcomer,
): Promise<void> {
  const [first] = ended;
  if (!first) return;
  const { accountId } = first;
  await parts.transaction(async (tx) => {
    for (const { ref, device: of } of ended)
      await tx.audit.add({
        kind: 'session-ended',
        at,
        accountId,
        details: { by: 'too-many', session: ref, device: of },
      });
    const asker = { deviceName: device, network, site: 'ClaveÚnica' };
    await tell(tx, parts, { event: 'session-ended', accountId, at, asker });
  });
}
