import type { Secret } from '../../domain/account.ts';
import type { ClaveState } from '../../domain/clave-state.ts';
import type { Run } from '../../domain/run.ts';
import type { Vault } from '../../domain/vault.ts';
import type { Knex } from '../connections.ts';
import { run as ask } from '../statement.ts';

/** ClaveÚnicas: a table of their own, so that nobody reads a hash by the way. */
export interface Claves {
  /** Only while the stored hash is still `was`: a change of password that came between must not be undone. */
  replaceSecret(id: string, was: Secret, now: Secret): Promise<boolean>;
  /** A ClaveÚnica in place of whatever there was, known to nobody else. `recovered`: by e-mail, which is remembered. */
  setSecret(id: string, secret: Secret, about: { readonly at: number; readonly recovered?: boolean }): Promise<void>;
  /** No ClaveÚnica opens it any more. */
  removeSecret(id: string): Promise<void>;
  clave(id: string): Promise<ClaveState>;
  /**
   * There is evidence that others know the ClaveÚnica of these: their sessions and tokens are over. Whom it concerned:
   * only who has one.
   */
  compromise(runs: readonly Run[], at: number): Promise<readonly string[]>;
}

export type ClaveRow = { changed_at: string | null; compromised_at: string | null };

const moment = (at: string | null | undefined) => (at ? Number(at) : undefined);

export const claveOf = (row: ClaveRow | undefined): ClaveState => ({
  changedAt: moment(row?.changed_at),
  compromised: moment(row?.compromised_at) !== undefined,
});

const CLAVE = {
  name: 'account-clave',
  text: 'select changed_at, compromised_at from passwords where account_id = $1',
};
const COMPROMISE = {
  name: 'account-compromise',
  text: `with known as (
      update passwords set compromised_at = $2 where account_id in (select id from accounts where run_index = any($1))
      returning account_id)
    update accounts set revoked_until = greatest(revoked_until, $3) where id in (select account_id from known) returning id`,
};

/** `index`: under which name RUNs are found. */
export function postgresClaves(db: Knex, vault: Vault, index: string): Claves {
  return {
    async replaceSecret(id, was, now) {
      const changed = await db('passwords')
        .where({ account_id: id, hash: was.hash })
        .update({ hash: now.hash, pepper: now.pepper ?? null });
      return changed === 1;
    },
    async setSecret(id, { hash, pepper }, { at, recovered = false }) {
      await db('passwords')
        .insert({ account_id: id, hash, pepper: pepper ?? null, changed_at: at, compromised_at: null })
        .onConflict('account_id')
        .merge();
      if (recovered) await db('accounts').where({ id }).update({ recovered_at: at });
    },
    async removeSecret(id) {
      await db('passwords').where({ account_id: id }).delete();
    },
    clave: async (id) => claveOf((await ask<ClaveRow>(db, CLAVE, [id]))[0]),
    async compromise(runs, at) {
      const indexes = runs.flatMap((run) => vault.indexes(run, index));
      const rows = await ask<{ id: string }>(db, COMPROMISE, [indexes, at, Math.floor(at / 1000) + 1]);
      return rows.map(({ id }) => id);
    },
  };
}
