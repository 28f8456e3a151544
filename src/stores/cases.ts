import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** Something that a supervisor must look at. */
export type NewCase = {
  readonly id: string;
  readonly kind: 'not-me' | 'staff';
  readonly accountId: string;
  readonly at: number;
  readonly details: Readonly<Record<string, string | number>>;
};

export interface Cases {
  open(opened: NewCase): Promise<void>;
  /** Of an account, newest first. */
  ofAccount(accountId: string): Promise<readonly NewCase[]>;
}

export function postgresCases(db: Knex, vault: Vault): Cases {
  const place = (id: string) => `cases.details.${id}`;
  type Row = { id: string; kind: NewCase['kind']; account_id: string; opened_at: string; details: Buffer };
  return {
    async open({ id, kind, accountId, at, details }) {
      const sealed = vault.seal(JSON.stringify(details), place(id));
      await db('cases').insert({ id, kind, account_id: accountId, opened_at: at, details: sealed });
    },
    async ofAccount(accountId) {
      const rows = await db('cases')
        .where({ account_id: accountId })
        .orderBy([{ column: 'opened_at', order: 'desc' }, 'id'])
        .select<Row[]>();
      return rows.map(({ id, kind, account_id, opened_at, details }) => ({
        ...{ id, kind, accountId: account_id, at: Number(opened_at) },
        details: JSON.parse(vault.open(details, place(id))) as NewCase['details'],
      }));
    },
  };
}
