import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../domain/canonical.ts';
import type { Knex } from '../connections.ts';

/** A row as it stands in the database: numbers that may be large are text. */
export type AuditRow = { readonly id: string; readonly at: string; readonly details: Json } & Readonly<
  Record<string, Json>
>;

/** What is empty is left out, so that a column that comes later changes no old hash. */
export function hashOfRow(row: AuditRow): Buffer {
  const said: Record<string, Json> = {};
  for (const [name, value] of Object.entries(row)) if (value !== null) said[name] = value;
  return createHash('sha256').update(canonical(said)).digest();
}

/** The rows after `from` up to `to`, in the order of their ids. */
export async function rowsBetween(db: Knex, from: string, to: string): Promise<readonly AuditRow[]> {
  const { rows } = await db.raw<{ rows: AuditRow[] }>(
    'select * from audit where id > cast(:from as bigint) and id <= cast(:to as bigint) order by id',
    { from, to },
  );
  return rows;
}
