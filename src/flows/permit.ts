import { permits, type ConsoleAct, type Reason, type Staff, type Target } from '../domain/roles.ts';
import type { Parts, Tx } from '../parts.ts';

/** A member of staff at work: who, since when proved by passkey, in which request. */
export type Actor = {
  readonly staff: Staff;
  /** When the passkey was last shown; milliseconds. */
  readonly provedAt: number;
  readonly requestId: string;
  readonly network: string;
};

export type Denied = { readonly kind: 'denied'; readonly lacks: 'role' | 'reason' | 'fresh' | 'trained' | 'other' };

type Wish = { readonly act: ConsoleAct; readonly target: Target; readonly reason?: Reason | undefined };

/** Asks the table of roles, and records every no. Undefined: go on. */
export async function denied(
  parts: Pick<Parts, 'audit' | 'clock'>,
  actor: Actor,
  { act, target, reason }: Wish,
): Promise<Denied | undefined> {
  const now = parts.clock();
  const permit = permits(actor.staff, act, { target, asking: { now, provedAt: actor.provedAt, reason } });
  if (permit.kind === 'allowed') return undefined;
  const { lacks } = permit;
  await parts.audit.add({
    ...{ kind: 'staff-denied', at: now, details: { act, lacks } },
    ...trailOf(actor, target.accountId),
  });
  const told = lacks === 'role' || lacks === 'reason' || lacks === 'fresh' || lacks === 'trained';
  return { kind: 'denied', lacks: told ? lacks : 'other' };
}

/** What every event of a member of staff says. */
export const trailOf = ({ staff, requestId, network }: Actor, accountId?: string) => ({
  ...{ actorId: staff.accountId, requestId, network },
  ...(accountId !== undefined && { accountId }),
});

/** The reason as it stands in the record. */
export const reasonDetails = ({ kind, text }: Reason): Record<string, string> => ({ reason: kind, words: text.trim() });

export type Audited = Pick<Tx, 'audit'>;
