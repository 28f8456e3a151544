import { UNDO, type Contact } from '../domain/contact-change.ts';
import type { Person } from '../domain/account.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { sweepRows } from './sweep.ts';

/** All contact data as they were before. */
export type Before = Pick<Person, 'email' | 'emailVerified' | 'otherEmail' | 'phone' | 'phoneVerified'>;
export type NewContactChange = {
  readonly id: string;
  readonly accountId: string;
  readonly at: number;
  readonly what: Contact;
  readonly before: Before;
};
export type ContactChange = NewContactChange & { readonly undoneAt: number | undefined };

/** Changes of contact data, for as long as they can be undone. What was before is sealed. */
export interface ContactChanges {
  add(change: NewContactChange): Promise<void>;
  /**
   * Marks that change of the account, and all after it, as undone; what was before it. Undefined when it is none of hers,
   * too old, or undone already.
   */
  undo(accountId: string, id: string, now: number): Promise<Before | undefined>;
  /** The newest first. */
  of(accountId: string): Promise<readonly ContactChange[]>;
  /** Nothing of an account stays. */
  forget(accountId: string): Promise<void>;
  /** How many. */
  sweep(now: number): Promise<number>;
}

type Row = { id: string; account_id: string; at: string; what: Contact; before: Buffer; undone_at: string | null };
const place = (id: string) => `contact_changes.before.${id}`;

export function postgresContactChanges(db: Knex, vault: Vault): ContactChanges {
  const beforeOf = (row: Row) => JSON.parse(vault.open(row.before, place(row.id))) as Before;
  return {
    async add({ id, accountId, at, what, before }) {
      const sealed = vault.seal(JSON.stringify(before), place(id));
      await db('contact_changes').insert({ id, account_id: accountId, at, what, before: sealed });
    },
    async undo(accountId, id, now) {
      if (!isUuid(id)) return undefined;
      const [row] = await db('contact_changes')
        .where({ id, account_id: accountId })
        .whereNull('undone_at')
        .andWhere('at', '>', now - UNDO)
        .update({ undone_at: now })
        .returning<Row[]>('*');
      if (!row) return undefined;
      await db('contact_changes')
        .where({ account_id: accountId })
        .whereNull('undone_at')
        .andWhere('at', '>=', Number(row.at))
        .update({ undone_at: now });
      return beforeOf(row);
    },
    async of(accountId) {
      const rows = await db('contact_changes').where({ account_id: accountId }).orderBy('at', 'desc').select<Row[]>();
      return rows.map((row) => ({
        id: row.id,
        accountId: row.account_id,
        at: Number(row.at),
        what: row.what,
        before: beforeOf(row),
        undoneAt: row.undone_at === null ? undefined : Number(row.undone_at),
      }));
    },
    async forget(accountId) {
      await db('contact_changes').where({ account_id: accountId }).delete();
    },
    sweep: (now) => sweepRows(db, { table: 'contact_changes', over: 'at <= :before' }, { before: now - UNDO }),
  };
}
