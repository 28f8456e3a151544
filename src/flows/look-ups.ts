import type { ConsoleAct } from '../domain/roles.ts';
import type { Parts } from '../parts.ts';
import { trailOf, type Actor } from './permit.ts';

/**
 * What tells whether somebody is known by her RUN costs one of the sixty look-ups of an hour, wherever it is asked; a no
 * is recorded.
 */
export async function mayLookUp(
  parts: Pick<Parts, 'audit' | 'clock' | 'limits'>,
  actor: Actor,
  { act, accountId }: { readonly act: ConsoleAct; readonly accountId: string | undefined },
): Promise<boolean> {
  const now = parts.clock();
  const limit = '60 per hour per member of staff';
  if (await parts.limits.take({ row: 'look-up', network: actor.staff.accountId, limit, now })) return true;
  await parts.audit.add({
    kind: 'staff-denied',
    at: now,
    details: { act, lacks: 'limit' },
    ...trailOf(actor, accountId),
  });
  return false;
}
