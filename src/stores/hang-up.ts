import type { Client } from 'pg';

/** So long a server may take to hang up; one that has vanished never does. */
const FAREWELL_MS = 500;

/** Ends a connection as it should be ended, and all the same when nobody is there any more. */
export async function hangUp(connection: Pick<Client, 'connection' | 'end'>): Promise<void> {
  const late = setTimeout(() => connection.connection.stream.destroy(), FAREWELL_MS);
  await connection.end();
  clearTimeout(late);
}
