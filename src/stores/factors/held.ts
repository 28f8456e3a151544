import type { Knex } from '../connections.ts';

/** Milliseconds, both included. */
export type Held = { readonly since: number; readonly until: number };

/** Whether a row of these is none of those that were added while somebody else was in. */
export const notHeld = (table: 'passkeys' | 'totp' | 'saved_codes'): string =>
  `not exists (select 1 from factors_held h where h.account_id = ${table}.account_id
     and ${table}.created_at between h.since and h.until)`;

export const holdFactors =
  (db: Knex) =>
  async (accountId: string, { since, until }: Held): Promise<void> => {
    await db.raw(
      `insert into factors_held as h (account_id, since, until) values (:accountId, :since, :until)
       on conflict (account_id) do update set since = least(h.since, :since), until = greatest(h.until, :until)`,
      { accountId, since, until },
    );
  };
