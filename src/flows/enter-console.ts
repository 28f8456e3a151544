import { mayLogIn, type Account } from '../domain/account.ts';
import { DORMANT_MS, type Staff } from '../domain/roles.ts';
import type { Parts } from '../parts.ts';

type Needs = Pick<Parts, 'accounts' | 'audit' | 'clock' | 'journeys' | 'staff' | 'transaction'>;

export type EnteredConsole =
  | { readonly kind: 'entered'; readonly staff: Staff; readonly account: Account }
  /** No member of staff, or none any more. */
  | { readonly kind: 'not-staff' }
  /** She came without a passkey whose holder was verified. */
  | { readonly kind: 'weak' };

type Arrival = {
  readonly accountId: string;
  readonly acr: string;
  readonly requestId: string;
  readonly network: string;
};

/** The door of the console: a passkey, and a post that is not disabled; one session at a time. */
export async function enterConsole(
  parts: Needs,
  { accountId, acr, requestId, network }: Arrival,
): Promise<EnteredConsole> {
  const now = parts.clock();
  const trail = { at: now, actorId: accountId, requestId, network };
  const [staff, account] = [await parts.staff.byId(accountId), await parts.accounts.byId(accountId)];
  const refuse = async (kind: 'not-staff' | 'weak') => {
    await parts.audit.add({ kind: 'staff-denied', ...trail, details: { act: 'enter', lacks: kind } });
    return { kind };
  };
  if (!acr.endsWith(':2fr')) return refuse('weak');
  if (!staff || !account || !mayLogIn(account) || staff.state === 'disabled') return refuse('not-staff');
  if (staff.state === 'active' && now - (staff.seenAt ?? staff.createdAt) > DORMANT_MS) {
    // Before the round that would have done it: the same is written.
    await parts.transaction(async (tx) => {
      await tx.staff.setState(accountId, 'disabled', now);
      await tx.journeys.endOf(accountId, { kinds: ['console'] });
      await tx.audit.add({ kind: 'staff-disabled', at: now, accountId, details: { why: 'dormant' } });
    });
    return refuse('not-staff');
  }
  await parts.transaction(async (tx) => {
    if (staff.state === 'invited') await tx.staff.setState(accountId, 'active', now);
    await tx.staff.seen(accountId, now);
    await tx.journeys.endOf(accountId, { kinds: ['console'] });
    await tx.audit.add({ kind: 'staff-entered', ...trail });
  });
  return { kind: 'entered', staff: { ...staff, state: 'active', seenAt: now }, account };
}
