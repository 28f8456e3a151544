import type { Purpose } from '../domain/code.ts';
import { wasIn } from '../domain/notice.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import type { Notice } from '../stores/notices.ts';
import { undoContact } from './contact.ts';

/** What a «No fui yo» link leads to. */
export type NotMe =
  | { readonly kind: 'told' | 'denied'; readonly notice: Notice }
  /** Ten days are over, or it is no link of ours. */
  | { readonly kind: 'unknown' };

/** What the letter told of; nothing happens by looking. */
export async function lookAtNotice(parts: Pick<Parts, 'notices' | 'clock'>, token: string | undefined): Promise<NotMe> {
  const notice = token === undefined ? undefined : await parts.notices.find(token, parts.clock());
  if (!notice) return { kind: 'unknown' };
  return { kind: notice.deniedAt === undefined ? 'told' : 'denied', notice };
}

type Denial = { readonly token: string | undefined; readonly network: string; readonly requestId: string };
type Needs = Pick<Parts, 'chance' | 'clock' | 'notices' | 'transaction'>;

/** Whoever it was, she cannot go on: those that wait for a code, but not the activation, which is the officer's. */
const OPEN: readonly Purpose[] = ['sign-in', 'recovery', 'activation-contact', 'contact-change'];

/**
 * The owner says that it was not her: sessions and grants end, open recoveries and changes too, her devices are unknown
 * again, and a supervisor gets a case; all of it or nothing, and once. Factors that were added since are not
 * taken away, since a mailbox alone never does: they prove nothing, and the account goes on asking for one.
 */
export async function denyNotice(parts: Needs, { token, network, requestId }: Denial): Promise<NotMe> {
  if (token === undefined) return { kind: 'unknown' };
  const now = parts.clock();
  const denied = await parts.transaction(async (tx) => {
    const notice = await tx.notices.deny(token, now);
    if (!notice) return undefined;
    await endEverything(tx, notice, now);
    const { accountId, event, at, asker } = notice;
    await tx.cases.open({
      id: uuid(parts.chance(16)),
      kind: 'not-me',
      accountId,
      at: now,
      details: { event, told: at, ...asker },
    });
    await tx.audit.add({ kind: 'not-me', at: now, accountId, network, requestId, details: { event } });
    return notice;
  });
  return denied ? { kind: 'denied', notice: denied } : lookAtNotice(parts, token);
}

async function endEverything(tx: Tx, { accountId, event, at, ref }: Notice, now: number): Promise<void> {
  if (event === 'contact-changed' && ref !== undefined) await undoContact(tx, { accountId, ref, now });
  await tx.accounts.revokeUntil(accountId, Math.floor(now / 1000) + 1);
  await tx.sessions.endAll(accountId, now);
  await tx.codes.endOf(accountId, OPEN, now);
  await tx.journeys.endOf(accountId, { kinds: ['recovery', 'account'] });
  const account = await tx.accounts.byId(accountId);
  if (!account) return;
  await tx.devices.forget(account.person.run);
  if (!wasIn(event)) return;
  await tx.accounts.compromise([account.person.run], now);
  await tx.factors.hold(accountId, { since: at, until: now });
}
