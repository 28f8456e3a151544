import type { Person } from './account.ts';
import { maskedEmail, maskedPhone } from './mask.ts';
import { isOneAddress } from './notice.ts';

/** What she can change herself: a first and a second address, and a telephone. */
export const CONTACTS = ['email', 'other-email', 'phone'] as const;
export type Contact = (typeof CONTACTS)[number];

/** The old address can undo for ten days (login.gov's 240 hours); milliseconds. */
export const UNDO = 10 * 86_400_000;

type ContactData = Pick<Person, 'email' | 'emailVerified' | 'otherEmail' | 'phone' | 'phoneVerified'>;

/** Contact data alone, for the day that somebody wants them back. */
export const contactOf = ({ email, emailVerified, otherEmail, phone, phoneVerified }: Person): ContactData => ({
  email,
  emailVerified,
  otherEmail,
  phone,
  phoneVerified,
});

/** All contact data as they were then, and nothing else of that time. */
export const withContact = (
  person: Person,
  { email, emailVerified, otherEmail, phone, phoneVerified }: ContactData,
) => ({
  ...person,
  ...{ email, emailVerified, otherEmail, phone, phoneVerified },
});

/** An address that people have, with a domain that can be one. */
export function parseAddress(typed: string): string | undefined {
  const address = typed.normalize('NFKC').trim();
  return isOneAddress(address) && /@[^@]+\.[^@.]{2,}$/.test(address) ? address : undefined;
}

/** `9 1234 5678`, `+56912345678`, or a foreign number with its `+`; returns E.164. */
export function parsePhone(typed: string): string | undefined {
  if (typed.length > 40) return undefined;
  const plain = typed.normalize('NFKC').replace(/[\p{Cf}\s\p{Pd}().]/gu, '');
  if (/^\+[1-9]\d{7,14}$/.test(plain)) return !plain.startsWith('+56') || /^\+56\d{9}$/.test(plain) ? plain : undefined;
  return /^(?:56)?(?:9\d{8})$/.test(plain) ? `+56${plain.slice(-9)}` : undefined;
}

export const parseContact = (what: Contact, typed: string): string | undefined =>
  what === 'phone' ? parsePhone(typed) : parseAddress(typed);

/** What is confirmed now. */
export function currentContact(what: Contact, person: ContactData): string | undefined {
  switch (what) {
    case 'email':
      return person.emailVerified ? person.email : undefined;
    case 'other-email':
      return person.otherEmail;
    case 'phone':
      return person.phoneVerified ? person.phone : undefined;
  }
}

/** `value` has been confirmed; undefined takes it away. */
export function changedContact(person: Person, what: Contact, value: string | undefined): Person {
  switch (what) {
    case 'email':
      return { ...person, email: value, emailVerified: value !== undefined };
    case 'other-email':
      return { ...person, otherEmail: value };
    case 'phone':
      return { ...person, phone: value, phoneVerified: value !== undefined };
  }
}

/** What a letter says of a change: enough to recognise it, nothing that another reader of the mailbox could use. */
export type ContactTold = {
  readonly what: Contact;
  readonly was: string | undefined;
  readonly now: string | undefined;
};

const masked = (what: Contact, value: string | undefined): string | undefined =>
  value && (what === 'phone' ? maskedPhone(value) : maskedEmail(value));

export const toldContact = (what: Contact, was: ContactData, now: string | undefined): ContactTold => ({
  ...{ what, was: masked(what, currentContact(what, was)), now: masked(what, now) },
});

/** The first address stays: without one nobody could tell her anything. */
export const isRemovable = (what: Contact): boolean => what !== 'email';
