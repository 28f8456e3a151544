import type { Knex } from '../connections.ts';

/** Milliseconds, both included. */
export type Held = { readonly since: number; readonly until: number };

/** Whether a row of these is none of those that were added while somebody else was in. */
export const notHeld = (table: 'passkeys' | 'totp' | 'saved_codes'): string =>
  `not exists (select 1 from factors_held h where h.account_id = ${table}.account_id
     and ${table}.created_at between h.since and h.until)`;

/**
 * What she says no to for the second time had ended with the first: what was added since then is her own, and so is what lies
 * between two strangers.
 */
export const holdFactors =
  (db: Knex) =>
  async (accountId: string, { since, until }: Held): Promise<void> => {
    await db.raw(
      `insert into factors_held (account_id, since, until)
       select cast(:accountId as uuid), cast(:since as bigint), least(cast(:until as bigint), min(h.until)) from factors_held h
       where h.account_id = :accountId and h.until >= :since
       on conflict do nothing`,
      { accountId, since, until },
    );
  };
