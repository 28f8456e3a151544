import type { Person } from '../domain/account.ts';
import { confirmedAddresses, type AskedBy, type NoticeEvent } from '../domain/notice.ts';
import type { Parts, Tx } from '../parts.ts';

export type Telling = {
  /** Who asks for recovery is told by the letter `recovery-code` itself, which brings a token too. */
  readonly event: Exclude<NoticeEvent, 'recovery-asked'>;
  readonly accountId: string;
  /** When it is at hand; else it is looked up. */
  readonly person?: Person | undefined;
  /** Milliseconds. */
  readonly at: number;
  readonly asker: AskedBy;
  /** Addresses beside the confirmed ones: those that have just stopped to be. */
  readonly to?: readonly string[] | undefined;
  /** What undoing needs to know: the id of a change of contact. */
  readonly ref?: string | undefined;
};

/**
 * Tells the owner, in the transaction of what happened: one letter to every address that is confirmed now, with what,
 * when, who asked, and the «No fui yo» link with a token of its own.
 */
export async function tell(
  tx: Pick<Tx, 'accounts' | 'outbox'>,
  { chance }: Pick<Parts, 'chance'>,
  { event, accountId, at, asker, to = [], ref, ...known }: Telling,
): Promise<void> {
  const person = known.person ?? (await tx.accounts.byId(accountId))?.person;
  const addresses = new Set([...(person ? confirmedAddresses(person) : []), ...to]);
  const token = chance(32);
  const lang = person?.lang;
  for (const address of addresses)
    await tx.outbox.add({ letter: 'notice', event, accountId, at, asker, token, ref, to: address, lang });
}
