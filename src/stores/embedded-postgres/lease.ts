import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { HOST, codeOf, type Home, type Postmaster } from './home.ts';

const DATABASE = 'claveunica';
/** The advisory lock that everyone who has called `startPostgres` shares, in the database `postgres`. */
const LEASE = 1_668_048_229;
const LOCK_NOT_AVAILABLE = '55P03';
/** cannot_connect_now, admin_shutdown, crash_shutdown, and a server that is gone. */
const LEAVING = ['57P03', '57P01', '57P02', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/** Said outright, since `pg` otherwise listens to PGSSLMODE and its like. */
const PLAIN = { ssl: false, connectionTimeoutMillis: 10_000, application_name: 'claveunica launcher' };

/** Where relying code finds the database. */
export async function urlOf(home: Home, { port }: Postmaster): Promise<string> {
  return `postgres://postgres:${await readFile(home.password, 'utf8')}@${HOST}:${port}/${DATABASE}`;
}

/** Connects as superuser, which proves that the server is ours; undefined when it is leaving. */
export async function connect(home: Home, { port }: Postmaster): Promise<pg.Client | undefined> {
  const password = await readFile(home.password, 'utf8');
  const client = new pg.Client({ host: HOST, port, user: 'postgres', password, database: 'postgres', ...PLAIN });
  // A server that goes away while nobody asks it anything is no fault of ours.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (isLeaving(error)) return undefined;
    if (codeOf(error) !== '28P01') throw error;
    throw new Error(`the Postgres of ${home.dir} does not know the password in ${home.password}`, { cause: error });
  }
}

/**
 * Registers this process as a user of the server, and makes the database the first time; undefined when the server is
 * leaving. The lease is an advisory lock on an open connection, so that no death of ours can leave it behind.
 */
export async function takeLease(home: Home, postmaster: Postmaster): Promise<pg.Client | undefined> {
  const client = await connect(home, postmaster);
  if (!client) return undefined;
  try {
    await client.query('select pg_advisory_lock_shared($1)', [LEASE]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    // Two may find it missing; the second is told so in one of two ways.
    if (rowCount === 0)
      await client.query(`create database ${DATABASE}`).catch((error: unknown) => {
        if (!['42P04', '23505'].includes(codeOf(error))) throw error;
      });
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (isLeaving(error)) return undefined;
    throw error;
  }
}

/**
 * Gives the lease back; true when nobody else has one. Waits a moment, since the server may not have noticed yet that
 * another holder died. A connection that broke, broke for everyone.
 */
export async function giveBack(lease: pg.Client): Promise<boolean> {
  try {
    await lease.query('select pg_advisory_unlock_shared($1)', [LEASE]);
    await lease.query(`set lock_timeout = '1s'`);
    await lease.query('select pg_advisory_lock($1)', [LEASE]);
    return true;
  } catch (error) {
    return codeOf(error) !== LOCK_NOT_AVAILABLE;
  }
}

function isLeaving(error: unknown): boolean {
  return LEAVING.includes(codeOf(error)) || (error instanceof Error && /^Connection terminated/.test(error.message));
}
