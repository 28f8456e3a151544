import type { Contact } from './contact-change.ts';

/** Our own clients, through which `/cuenta` and the console are relying parties like any other. */

export const OWN_CLIENT = 'cuenta';
export const CONSOLE_CLIENT = 'consola';
export const OWN_CLIENTS: readonly string[] = [OWN_CLIENT, CONSOLE_CLIENT];
/** Whether a client is somebody's site, and no part of ours. */
export const isSite = (clientId: string): boolean => !OWN_CLIENTS.includes(clientId);

/** Where the name of the session stands in the ID token of our own client, and what it is sealed for. */
export const SESSION_CLAIM = 'claveunica_session';
export const SESSION_CLAIM_PLACE = 'id_token.claveunica_session';

/** Seconds: a sensitive act wants a sign-in that is no older (SECURITY §4.4, step-up freshness). */
export const FRESH = 300;

/** A citizen's sessions at once; one more ends the oldest. */
export const MOST_SESSIONS = 5;

/** `value` is an address, or a telephone in E.164. */
export type PendingContact = { readonly what: Contact; readonly value: string };

/** What `/cuenta` remembers of a browser that is signed in there. */
export type AccountSession = {
  /** The provider's session behind it. */
  readonly uid: string;
  /** Seconds: when she signed in, as the ID token says. */
  readonly signedInAt: number;
  /** Milliseconds: the last page. */
  readonly seenAt: number;
  /** For logging out. */
  readonly idToken: string;
  /** New contact data that wait for the code that was sent there. */
  readonly change?: PendingContact | undefined;
  /** The secret that an application is being set up with, sealed: it may take longer than a sign-in stays fresh. */
  readonly offer?: string | undefined;
};

/** Where a request comes from: a neighbourhood of addresses, and a hash of what the browser says of itself. */
export type Whence = { readonly network: string; readonly agent: string };

export type Entrance =
  | 'in'
  /** Nobody is signed in. */
  | 'sign-in'
  /** She is, but too long ago for this page. */
  | 'again'
  /** Not where she signed in: a cookie may have been stolen, so the session alone proves nothing. */
  | 'prove';

type Wish = {
  readonly session: Pick<AccountSession, 'signedInAt'>;
  /** As it was when she signed in. */
  readonly then: Whence;
  readonly here: Whence;
  readonly fresh: boolean;
  /** Milliseconds. */
  readonly now: number;
};

/** Whether somebody who is signed in may open a page now. */
export function entrance({ session, then, here, fresh, now }: Wish): Entrance {
  if (!fresh) return 'in';
  if (then.network !== here.network || then.agent !== here.agent) return 'prove';
  return now <= (session.signedInAt + FRESH) * 1000 ? 'in' : 'again';
}

/** A site that hangs on a session: what it may read, and the names by which it is told of the end. */
export type Link = {
  readonly clientId: string;
  readonly sid: string | undefined;
  readonly grantId: string;
  readonly scopes: readonly string[];
};

/** What the protocol knows of a session, by its uid. */
export interface Links {
  of(uid: string): Promise<readonly Link[]>;
  /** Ends what the site holds: codes, tokens, the grant. */
  cut(link: Link): Promise<void>;
  /** She has just proved herself again: the session counts from that second, and outlives a revocation up to it. */
  renew(uid: string, second: number): Promise<boolean>;
}
