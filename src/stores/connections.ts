import { Cluster, Redis as SingleRedis } from 'ioredis';
import knex, { type Knex } from 'knex';
import type { Client } from 'pg';
import { Unavailable } from '../domain/fault.ts';
import { hangUp } from './hang-up.ts';

export type { Knex };
/** One server, whichever of them is the master now, or a cluster: commands are the same, one slot each. */
export type Redis = SingleRedis | Cluster;

type Connection = Client & { readonly __knexUid: string };
/** How knex opens and ends a connection: what it has for dialects of others. */
type Raw = {
  acquireRawConnection: () => Promise<Connection>;
  destroyRawConnection: (connection: Connection) => Promise<void>;
};

/**
 * Postgres by knex; `patience` is how long anybody waits for it, in milliseconds.
 * Callback transactions only: `await trx.commit()` resolves even when COMMIT failed.
 */
export function openPostgres(url: string, { patience, max = 10 }: { patience: number; max?: number }): Knex {
  const stuck = new Set<string>();
  const connections = new Map<string, Connection>();
  const db = knex({
    client: 'pg',
    connection: {
      connectionString: url,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      keepAlive: true,
      application_name: 'claveunica',
    },
    pool: {
      min: 0,
      max,
      afterCreate: (connection: Connection, done: (error?: unknown) => void) => {
        const { __knexUid: uid } = connection;
        connections.set(uid, connection);
        connection.once('end', () => {
          connections.delete(uid);
          stuck.delete(uid);
        });
        connection
          .query<{ standby: boolean }>(BEGUN)
          .then(refuseStandby)
          .then(
            () => done(),
            (error: unknown) => {
              void hangUp(connection);
              done(error);
            },
          );
      },
      validate: (connection: Connection) => !stuck.has(connection.__knexUid),
    },
    acquireConnectionTimeout: patience,
    // Errors name the statement, not its values: they are logged.
    compileSqlOnError: false,
    // What it would say on the console comes out as an exception as well, and is logged there once.
    log: { debug: quiet, warn: quiet, error: quiet, deprecate: quiet },
  });
  const client = db.client as Raw;
  const opened = client.acquireRawConnection.bind(client);
  client.acquireRawConnection = () => opened().catch(named);
  client.destroyRawConnection = hangUp;
  db.on('query-error', (error: Error, { __knexUid: uid }: { readonly __knexUid: string }) => {
    Object.assign(error, OURS);
    // Who stopped waiting leaves the question behind, and its ROLLBACK may never be sent: what comes next on that
    // connection would be answered late, or be written into a transaction that nobody commits. And what turns out to
    // be a standby will stay one for longer than the address leads to it.
    const lost = error.message.endsWith('Query read timeout') || ('code' in error && error.code === READ_ONLY);
    const connection = lost ? connections.get(uid) : undefined;
    if (!connection) return;
    stuck.add(uid);
    void hangUp(connection);
  });
  return db;
}

const quiet = () => undefined;

/** What the system says of a connection (`ECONNREFUSED`) does not say whose it was. */
const OURS = { store: 'postgres' };
const named = (error: unknown): never => {
  throw error instanceof Error ? Object.assign(error, OURS) : error;
};

/** How many connections there are, and who waits for one. */
export function poolOf(db: Knex): { readonly used: number; readonly free: number; readonly waiting: number } {
  const { pool } = db.client as {
    readonly pool?: Readonly<Record<'numUsed' | 'numFree' | 'numPendingAcquires', () => number>>;
  };
  return { used: pool?.numUsed() ?? 0, free: pool?.numFree() ?? 0, waiting: pool?.numPendingAcquires() ?? 0 };
}

/** The SQLSTATE read_only_sql_transaction: what a standby answers to a change. */
const READ_ONLY = '25006';
const IS_STANDBY = 'select pg_is_in_recovery() as standby';
/** A primary may have been made to refuse changes as well: it is full, it is looked after, it was shut out. */
const TAKES_NO_CHANGES = `select current_setting('transaction_read_only') = 'on' as standby`;
/**
 * And nothing is compiled first (`jit`): what is asked here finds a few rows by an index, and the planner, who counts with
 * more of them over all months of the log, would compile for a fifth of a second.
 */
const BEGUN = `${IS_STANDBY}, set_config('jit', 'off', false)`;
type Standing = { readonly rows: readonly { readonly standby: boolean }[] };

/** A standby takes connections like a primary, and answers out of the past: nobody may rely on it. */
function refuseStandby({ rows }: Standing): void {
  if (rows[0]?.standby) throw Object.assign(new Error('this Postgres takes no changes'), { code: READ_ONLY });
}

/** Rejects unless Postgres is there and takes changes. */
export async function postgresAnswers(db: Knex): Promise<void> {
  refuseStandby(await db.raw<Standing>(TAKES_NO_CHANGES));
}

type Settings = { readonly patience: number; readonly onError: (error: Error) => void };

/**
 * Redis by ioredis, in any of the forms of REDIS_URL. Commands fail at once while it is away; it connects again by
 * itself, every second at the latest.
 */
export async function openRedis(url: string, settings: Settings): Promise<Redis> {
  const redis = clientOf(url, settings);
  redis.on('error', settings.onError);
  redis.on('node error', settings.onError);
  redis.on('+node', (node: SingleRedis) => void node.connect().catch(quiet));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Of a cluster that is not whole yet, and of sentinels that do not answer, `connect` never tells the end.
  const late = setTimeout(() => reject(new Unavailable('store', { store: 'redis' })), 10 * settings.patience);
  redis.once('ready', resolve);
  redis.connect().then(resolve, reject);
  try {
    await promise;
    // The nodes of a cluster are connected by their first command, and refuse the second meanwhile.
    await Promise.all(mastersOf(redis).map((node) => node.ping()));
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/**
 * Rejects unless Redis is there and takes changes: a full one and a replica answer a PING as well. A cluster is asked
 * all over, as it may have lost a part and its masters not have noticed.
 */
export async function redisAnswers(redis: Redis): Promise<void> {
  const places = redis instanceof Cluster ? 16 : 1;
  const asked = Array.from({ length: places }, (_, n) => redis.set(`cu:answers:${n}`, '', 'PX', 10_000));
  await Promise.all([...asked, ...mastersOf(redis).map((node) => node.ping())]);
}

/** The servers that hold the data. */
export const mastersOf = (redis: Redis): readonly SingleRedis[] =>
  redis instanceof Cluster ? redis.nodes('master') : [redis];

const corked = new WeakSet<object>();

/**
 * What is sent from here to the end of this turn of the event loop leaves in one piece: the system's part of a write is
 * the dearest of a command. ioredis' own pipelining costs a lone command twice as much.
 */
export function together(redis: Redis): void {
  // A cluster has a connection for each node; it is left to itself.
  if (redis instanceof Cluster) return;
  const { stream } = redis;
  if (redis.status !== 'ready' || corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  setImmediate(() => {
    corked.delete(stream);
    stream.uncork();
  });
}

const everySecond = (times: number) => Math.min(times * 50, 1000);

function clientOf(url: string, { patience }: Settings): Redis {
  const common = {
    lazyConnect: true,
    connectTimeout: patience,
    commandTimeout: patience,
    // A host that is gone says nothing: its connection would be asked for a quarter of an hour.
    socketTimeout: 2 * patience,
  };
  const single = {
    ...common,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: everySecond,
    // What was the master is a replica now: the address, or the sentinels, lead to another.
    reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
  };
  const [, tls, user, hosts = '', name = '', query] = SENTINEL.exec(url) ?? [];
  if (name !== '')
    return new SingleRedis({
      ...single,
      ...credentials(user),
      ...(tls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
      name: decodeURIComponent(name),
      sentinels: hosts.split(',').map(sentinelAt),
      sentinelPassword: new URLSearchParams(query).get('sentinelPassword') ?? undefined,
      sentinelCommandTimeout: patience,
      sentinelRetryStrategy: everySecond,
      // No failoverDetector: told of a failover while it asks a sentinel, ioredis 6.0 ends the connection for good.
    });
  const nodes = url.split(',').map((node) => new URL(node.trim()));
  const [first] = nodes;
  if (!first || nodes.length === 1) return new SingleRedis(url, single);
  return new Cluster(
    nodes.map(({ hostname, port }) => ({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) })),
    {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: everySecond,
      slotsRefreshTimeout: patience,
      // Nothing is sent twice: nobody knows whether what was under way has been done. Only MOVED and ASK are followed.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      redisOptions: {
        ...common,
        ...credentials(`${first.username}:${first.password}`),
        ...(first.protocol === 'rediss:' && { tls: {} }),
      },
    },
  );
}

/** `redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/NAME?sentinelPassword=…`, rediss for TLS. */
const SENTINEL = /^redis(s?)\+sentinel:\/\/(?:([^@/]*)@)?([^@/?]+)\/([^/?]+)(?:\?(.*))?$/;

function sentinelAt(place: string): { host: string; port: number } {
  const { hostname, port } = new URL(`redis://${place.trim()}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 26379) };
}

function credentials(user = ''): { username?: string; password?: string } {
  const [username = '', password = ''] = user.split(':').map(decodeURIComponent);
  return { ...(username && { username }), ...(password && { password }) };
}
