import type { Person } from '../domain/account.ts';
import type { ContactTold } from '../domain/contact-change.ts';
import { confirmedAddresses, type AskedBy, type NoticeEvent } from '../domain/notice.ts';
import type { Parts, Tx } from '../parts.ts';
import type { Letter } from '../stores/outbox.ts';

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
  /** Which contact changed, from what to what. */
  readonly change?: ContactTold | undefined;
};

type Known = Omit<Telling, 'person'> & { readonly person: Person | undefined };

/** One letter to every address that is confirmed now, with what, when, who asked, and the «No fui yo» link with a token of its own. */
export function lettersOf(
  { chance }: Pick<Parts, 'chance'>,
  { event, accountId, person, at, asker, to = [], ref, change }: Known,
): readonly Letter[] {
  const addresses = new Set([...(person ? confirmedAddresses(person) : []), ...to]);
  const token = chance(32);
  const lang = person?.lang;
  const about = { letter: 'notice', event, accountId, at, asker, token, ref, change, lang } as const;
  return [...addresses].map((address) => ({ ...about, to: address }));
}

/** Tells the owner, in the transaction of what happened. */
export async function tell(
  tx: Pick<Tx, 'accounts' | 'outbox'>,
  parts: Pick<Parts, 'chance'>,
  telling: Telling,
): Promise<void> {
  const person = telling.person ?? (await tx.accounts.byId(telling.accountId))?.person;
  for (const letter of lettersOf(parts, { ...telling, person })) await tx.outbox.add(letter);
}
