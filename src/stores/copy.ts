import type { Client, Connection, Submittable } from 'pg';
import type { Knex } from './connections.ts';

export type Cell = string | number | Buffer | null;
/** The driver has it, its types do not. */
type CopyConnection = Connection & { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void };
type Place = { readonly table: string; readonly columns: readonly string[] };

/** Rows into a table by COPY, in the transaction that `db` is: ten times as fast as one INSERT after the other. */
export async function copyInto(db: Knex, place: Place, rows: readonly (readonly Cell[])[]): Promise<void> {
  if (rows.length === 0) return;
  const pool = db.client as Knex.Client;
  const connection = (await pool.acquireConnection()) as Client;
  try {
    await new Promise<void>((resolve, reject) => {
      const text = `copy ${place.table} (${place.columns.join(', ')}) from stdin`;
      const data = Buffer.from(rows.map((row) => `${row.map(written).join('\t')}\n`).join(''));
      connection.query(copying(text, data, (error) => (error ? reject(error) : resolve())));
    });
  } finally {
    await pool.releaseConnection(connection);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Postgres' text format. */
function written(cell: Cell): string {
  if (cell === null) return '\\N';
  if (Buffer.isBuffer(cell)) return `\\\\x${cell.toString('hex')}`;
  return String(cell).replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] ?? letter);
}

/** What the driver asks of a query that it does not know; `callback` it may wrap, to stop its own clock. */
function copying(text: string, data: Buffer, callback: (error?: Error) => void): Submittable {
  let failed: Error | undefined;
  const nothing = () => undefined;
  const query = {
    callback,
    submit: (connection: Connection) => {
      connection.query(text);
    },
    handleCopyInResponse: (connection: CopyConnection) => {
      connection.sendCopyFromChunk(data);
      connection.endCopyFrom();
    },
    handleError: (error: Error) => {
      failed = error;
      // A lost connection sends no last word.
      if (!('severity' in error)) query.callback(error);
    },
    handleReadyForQuery: () => query.callback(failed),
    handleCommandComplete: nothing,
    handleRowDescription: nothing,
    handleDataRow: nothing,
    handlePortalSuspended: nothing,
    handleEmptyQuery: nothing,
  };
  return query;
}
