import type { EventKind } from '../domain/event.ts';
import type { SaidRequest } from '../domain/help-code.ts';
import type { Knex } from './connections.ts';
import { countOf } from './keyset.ts';
import { gathered, run } from './statement.ts';

export type { EventKind };

/** No secret and no RUN in any field. `at` is milliseconds UTC. */
export type Event = {
  readonly kind: EventKind;
  readonly at: number;
  /** Whom it concerns. */
  readonly accountId?: string | undefined;
  /** The member of staff who did it. */
  readonly actorId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly network?: string | undefined;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
};

/** Which events of an account: `from` and before `until`; the newest first, `skip` of them passed over. */
export type EventQuery = {
  readonly accountId: string;
  readonly kinds: readonly EventKind[];
  readonly clientId?: string | undefined;
  readonly from: number;
  readonly until: number;
  readonly skip?: number;
  readonly limit: number;
};

/** Which events an auditor looks for. */
export type AuditFilter = {
  readonly accountId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly kind?: string | undefined;
  readonly request?: SaidRequest | undefined;
  readonly from: number;
  readonly until: number;
};
/** The newest first, or the oldest; those beyond event `before` when a page was shown already. */
export type AuditQuery = AuditFilter & {
  readonly oldestFirst?: boolean | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
};
/** An event and its place in the log. */
export type Logged = Event & { readonly id: string };

/** A site that an account has been at. */
export type Visited = { readonly clientId: string; readonly lastAt: number; readonly times: number };

export interface Audit {
  add(event: Event): Promise<void>;
  /** The newest events of an account, newest first. */
  ofAccount(accountId: string, limit: number): Promise<readonly Event[]>;
  search(query: EventQuery): Promise<readonly Event[]>;
  /** By time; those of one moment by the log's own order. */
  find(query: AuditQuery): Promise<readonly Logged[]>;
  /** How many of those there are, but no more than `most`. */
  countFound(filter: AuditFilter, most: number): Promise<number>;
  /** How many there were of a kind. */
  count(kind: EventKind, from: number, until: number): Promise<number>;
  /** Sites entered since then, the last one first. */
  visited(accountId: string, from: number): Promise<readonly Visited[]>;
  /** When each session last entered a site, by its `ref`. */
  lastUses(accountId: string, from: number): Promise<ReadonlyMap<string, number>>;
}

type Row = {
  id: string;
  kind: EventKind;
  at: string;
  account_id: string | null;
  actor_id: string | null;
  client_id: string | null;
  request_id: string | null;
  network: string | null;
  details: Record<string, string | number | boolean>;
};
const read = (row: Row): Event => ({
  kind: row.kind,
  at: Number(row.at),
  accountId: row.account_id ?? undefined,
  ...(row.actor_id !== null && { actorId: row.actor_id }),
  clientId: row.client_id ?? undefined,
  requestId: row.request_id ?? undefined,
  network: row.network ?? undefined,
  details: row.details,
});

const ADD = {
  name: 'audit-add',
  text: `insert into audit (at, kind, account_id, actor_id, client_id, request_id, network, details)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

const ADD_ALL = { name: 'audit-add-all', text: 'select add_events($1)' };
/** A value that Postgres refuses to read or to keep (SQLSTATE classes 22 and 23): it is one event's fault. */
const isOnesFault = (error: unknown) => error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));

/** Two conditions: the first one passes over the months beyond it. */
const beyond = (sign: '<' | '>') => `at ${sign}= (select at from audit where id = cast(:before as bigint))
  and (at, id) ${sign} ((select at from audit where id = cast(:before as bigint)), cast(:before as bigint))`;

/** Events of a request are few, and found first: the planner, who may not know, would walk through all of time. */
const OF_REQUEST = 'select * from audit where left(request_id, 7) = any(:beginnings) and request_id is not null';

export function postgresAudit(db: Knex): Audit {
  const those = ({ accountId, actorId, kind, request, from, until }: AuditFilter) => {
    const rows = request && db.withMaterialized('audit', db.raw(OF_REQUEST, { beginnings: [...request.beginnings] }));
    return (rows?.from('audit') ?? db('audit'))
      .where({
        ...(accountId !== undefined && { account_id: accountId }),
        ...(actorId !== undefined && { actor_id: actorId }),
        ...(kind !== undefined && { kind }),
        ...(request?.whole !== undefined && { request_id: request.whole }),
      })
      .andWhere('at', '>=', from)
      .andWhere('at', '<', until);
  };
  const addOne = async ({ kind, at, accountId, actorId, clientId, requestId, network, details = {} }: Event) => {
    const ids = [accountId, actorId, clientId, requestId, network].map((value) => value ?? null);
    await run(db, ADD, [at, kind, ...ids, JSON.stringify(details)]);
  };
  const addAll = async (events: readonly Event[]) => {
    const [only] = events;
    if (only && events.length === 1) return [addOne(only)];
    try {
      await run(db, ADD_ALL, [JSON.stringify(events)]);
      return events.map(() => undefined);
    } catch (error) {
      // One of them cannot be kept: nobody else's act fails with it.
      if (isOnesFault(error)) return events.map(addOne);
      throw error;
    }
  };
  // What is recorded within a transaction stands and falls with it.
  const add = 'isCompleted' in db ? addOne : gathered(addAll);
  return {
    add,
    async ofAccount(accountId, limit) {
      const rows = await db('audit')
        .where({ account_id: accountId })
        .orderBy('id', 'desc')
        .limit(limit)
        .select<Row[]>();
      return rows.map(read);
    },
    async search({ accountId, kinds, clientId, from, until, skip = 0, limit }) {
      const rows = await db('audit')
        .where({ account_id: accountId, ...(clientId !== undefined && { client_id: clientId }) })
        .whereIn('kind', [...kinds])
        .andWhere('at', '>=', from)
        .andWhere('at', '<', until)
        .orderBy([
          { column: 'at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .offset(skip)
        .limit(limit)
        .select<Row[]>();
      return rows.map(read);
    },
    async find({ oldestFirst = false, before, limit, ...filter }) {
      const order = oldestFirst ? 'asc' : 'desc';
      const all = those(filter);
      const page = before === undefined ? all : all.andWhereRaw(beyond(oldestFirst ? '>' : '<'), { before });
      const rows = await page
        .orderBy([
          { column: 'at', order },
          { column: 'id', order },
        ])
        .limit(limit)
        .select<Row[]>();
      return rows.map((row) => ({ id: row.id, ...read(row) }));
    },
    countFound: async (filter, most) => countOf(db, those(filter), most),
    async count(kind, from, until) {
      const { rows } = await db.raw<{ rows: { count: string }[] }>(
        'select count(*) as count from audit where kind = :kind and at >= :from and at < :until',
        { kind, from, until },
      );
      return Number(rows[0]?.count ?? 0);
    },
    async visited(accountId, from) {
      const { rows } = await db.raw<{ rows: { client_id: string; last_at: string; times: string }[] }>(
        `select client_id, max(at) as last_at, count(*) as times from audit
         where account_id = :accountId and kind = 'access-granted' and at >= :from group by client_id order by 2 desc, 1`,
        { accountId, from },
      );
      return rows.map((row) => ({
        clientId: row.client_id,
        lastAt: Number(row.last_at),
        times: Number(row.times),
      }));
    },
    async lastUses(accountId, from) {
      const { rows } = await db.raw<{ rows: { session: string; last_at: string }[] }>(
        `select details ->> 'session' as session, max(at) as last_at from audit
         where account_id = :accountId and kind = 'access-granted' and at >= :from and details ->> 'session' is not null group by 1`,
        { accountId, from },
      );
      return new Map(rows.map((row) => [row.session, Number(row.last_at)]));
    },
  };
}
