import type { PendingContact } from '../domain/account-session.ts';
import { codeFrom, CONFIRMATION_CODE, parseCode } from '../domain/code.ts';
import {
  changedContact,
  contactOf,
  currentContact,
  isRemovable,
  parseContact,
  toldContact,
  withContact,
  type Contact,
} from '../domain/contact-change.ts';
import { confirmedAddresses } from '../domain/notice.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import { tell } from './notice.ts';
import { askedBy, trailOf, type Owner } from './owner.ts';

type Needs = Pick<Parts, 'chance' | 'clock' | 'transaction'>;

export type ContactAsked =
  | { readonly kind: 'asked'; readonly change: PendingContact }
  | { readonly kind: 'refused'; readonly reason: 'malformed' | 'same' | 'too-many' };

const bindingOf = (accountId: string, { what, value }: PendingContact) => `contact|${accountId}|${what}|${value}`;

/** The new address or telephone gets a code; nothing changes until it comes back. */
export async function askContact(
  parts: Needs,
  owner: Owner,
  { what, typed }: { readonly what: Contact; readonly typed: string },
): Promise<ContactAsked> {
  const { account, lang } = owner;
  const value = parseContact(what, typed);
  if (value === undefined) return { kind: 'refused', reason: 'malformed' };
  const known = [...confirmedAddresses(account.person), currentContact('phone', account.person)];
  if (known.some((one) => one?.toLowerCase() === value.toLowerCase())) return { kind: 'refused', reason: 'same' };
  const change = { what, value };
  const channel = what === 'phone' ? 'sms' : 'email';
  const { length, lifetimes, perHour, perDay } = CONFIRMATION_CODE;
  const [now, lifetime] = [parts.clock(), lifetimes[channel]];
  const code = codeFrom(Buffer.from(parts.chance(length), 'base64url'), length);
  const sent = await parts.transaction(async (tx) => {
    const accountId = await tx.codes.issue({
      ...{ purpose: 'contact-change', binding: bindingOf(account.id, change), accountId: account.id },
      ...{ code, now, lifetime, perHour, perDay },
    });
    if (accountId === undefined) return false;
    const to = { channel, address: value } as const;
    const letter = { letter: 'confirmation-code', code, until: now + lifetime, to } as const;
    await tx.outbox.add({ ...letter, accountId, at: now, asker: askedBy(owner), lang });
    await tx.audit.add({ kind: 'contact-asked', ...trailOf(owner, now), details: { what } });
    return true;
  });
  return sent ? { kind: 'asked', change } : { kind: 'refused', reason: 'too-many' };
}

/** The code that was sent to the new one: it takes the place of the old, and the old is told. */
export async function confirmContact(
  parts: Needs,
  owner: Owner,
  { change, typed }: { readonly change: PendingContact; readonly typed: string },
): Promise<boolean> {
  const { length, tries } = CONFIRMATION_CODE;
  const [now, code] = [parts.clock(), parseCode(typed, length)];
  const { account } = owner;
  const binding = bindingOf(account.id, change);
  return parts.transaction(async (tx) => {
    const used =
      code === undefined ? undefined : await tx.codes.use({ purpose: 'contact-change', binding, code, now, tries });
    if (used !== account.id) {
      await tx.audit.add({ kind: 'contact-refused', ...trailOf(owner, now), details: { what: change.what } });
      return false;
    }
    await put(tx, { parts, owner, now, ...change });
    return true;
  });
}

/** A second address or a telephone less. False when there was none, or it must stay. */
export async function removeContact(parts: Needs, owner: Owner, what: Contact): Promise<boolean> {
  if (!isRemovable(what) || currentContact(what, owner.account.person) === undefined) return false;
  const now = parts.clock();
  await parts.transaction((tx) => put(tx, { parts, owner, now, what, value: undefined }));
  return true;
}

type Change = {
  readonly parts: Pick<Parts, 'chance'>;
  readonly owner: Owner;
  readonly now: number;
  readonly what: Contact;
  readonly value: string | undefined;
};

async function put(tx: Tx, { parts, owner, now, what, value }: Change): Promise<void> {
  const accountId = owner.account.id;
  const edited = await tx.accounts.editPerson(accountId, now, (was) => changedContact(was, what, value));
  if (!edited) throw new Error('contact: the account is gone');
  const id = uuid(parts.chance(16));
  await tx.contactChanges.add({ id, accountId, at: now, what, before: contactOf(edited.was) });
  await tx.audit.add({ kind: 'contact-changed', ...trailOf(owner, now), details: { what } });
  const event = 'contact-changed' as const;
  const to = confirmedAddresses(edited.was);
  const change = toldContact(what, edited.was, value);
  const about = { event, accountId, person: edited.now, at: now, asker: askedBy(owner) };
  await tell(tx, parts, { ...about, to, ref: id, change });
}

type Undoing = { readonly accountId: string; /** The id of the change. */ readonly ref: string; readonly now: number };

/**
 * All contact data become what they were before that change, for ten days after it; what came later is undone with it.
 * In the transaction of whoever ends the sessions too. False when there is nothing to undo.
 */
export async function undoContact(
  tx: Pick<Tx, 'accounts' | 'audit' | 'contactChanges'>,
  { accountId, ref, now }: Undoing,
): Promise<boolean> {
  const before = await tx.contactChanges.undo(accountId, ref, now);
  if (!before) return false;
  await tx.accounts.editPerson(accountId, now, (person) => withContact(person, before));
  await tx.audit.add({ kind: 'contact-undone', at: now, accountId });
  return true;
}
