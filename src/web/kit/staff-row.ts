import type { Context } from 'koa';
import type { Account } from '../../domain/account.ts';
import type { ConsoleAct, Staff } from '../../domain/roles.ts';
import type { Parts } from '../../parts.ts';
import type { Reply, Visit } from './row.ts';

/** A member of staff at work. */
export type StaffVisit = Visit & {
  readonly actor: {
    readonly staff: Staff;
    /** When the passkey was last shown; milliseconds. */
    readonly provedAt: number;
    readonly requestId: string;
    readonly network: string;
  };
  readonly account: Account;
};

/** The way into the console and out of it. */
export type StaffDoorVisit = Visit & {
  readonly signIn: (to: string) => Promise<string>;
  readonly arrive: () => Promise<{ readonly to: string } | 'cancelled' | 'not-staff' | 'weak' | undefined>;
  readonly leave: () => Promise<string | undefined>;
};

type Base = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly limit: Parameters<Parts['limits']['take']>[0]['limit'];
};
export type StaffRow =
  /** Whose role opens the door for that act; the act itself is judged again. `fresh`: a passkey within five minutes. */
  | (Base & {
      readonly who: 'staff';
      readonly may: ConsoleAct | 'any';
      readonly fresh?: true;
      readonly act: (visit: StaffVisit, parts: Parts) => Promise<Reply>;
    })
  | (Base & { readonly who: 'staff-door'; readonly act: (visit: StaffDoorVisit, parts: Parts) => Promise<Reply> });

/** Who stands at the door of the console. */
export type StaffGuard = {
  enter(ctx: Context, wish: StaffWish): Promise<StaffEntry>;
  door(ctx: Context): Omit<StaffDoorVisit, keyof Visit>;
  /** She asked for an object that is not there. */
  missed(visit: Pick<StaffVisit, 'actor'>, act: ConsoleAct | 'any'): Promise<void>;
};
type StaffWish = {
  readonly may: ConsoleAct | 'any';
  readonly fresh: boolean;
  /** Where she goes on once she has shown her passkey. */
  readonly back: string;
  /** A page that asks by itself is no sign of a person at work: her session ends as if it had not. */
  readonly byItself?: true;
};
type StaffEntry =
  | { readonly kind: 'elsewhere'; readonly to: string }
  | { readonly kind: 'denied' }
  | { readonly kind: 'in'; readonly token: string; readonly visit: Omit<StaffVisit, keyof Visit> };
