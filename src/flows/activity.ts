import type { Parts } from '../parts.ts';

/** Visits of state websites are shown for a year (SECURITY §4.4); milliseconds. */
export const HISTORY = 365 * 86_400_000;

type Session = { readonly accountId: string; readonly uid: string };

/** The last time that somebody came in before the session that looks; milliseconds. */
export async function lastAccess(
  { audit, clock, sessions }: Pick<Parts, 'audit' | 'clock' | 'sessions'>,
  { accountId, uid }: Session,
): Promise<{ readonly at: number; readonly device: string } | undefined> {
  const now = clock();
  const query = { accountId, kinds: ['access-granted'], from: now - HISTORY, until: now + 1, limit: 50 } as const;
  const here = sessions.refOf(uid);
  const last = (await audit.search(query)).find(({ details }) => details?.['session'] !== here);
  return last && { at: last.at, device: String(last.details?.['device'] ?? '') };
}
