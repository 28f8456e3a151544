import type { EventKind } from '../domain/event.ts';
import type { Knex } from './connections.ts';
import { run } from './statement.ts';

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

/** What an auditor looks for; the newest first, those older than event `before` when a page was shown already. */
export type AuditQuery = {
  readonly accountId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly kind?: string | undefined;
  readonly from: number;
  readonly until: number;
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

/** Two conditions: the first one passes over the months after it. */
const OLDER = `at <= (select at from audit where id = cast(:before as bigint))
  and (at, id) < ((select at from audit where id = cast(:before as bigint)), cast(:before as bigint))`;

export function postgresAudit(db: Knex): Audit {
  return {
    async add({ kind, at, accountId, actorId, clientId, requestId, network, details = {} }) {
      const ids = [accountId, actorId, clientId, requestId, network].map((value) => value ?? null);
      await run(db, ADD, [at, kind, ...ids, JSON.stringify(details)]);
    },
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
    async find({ accountId, actorId, kind, from, until, before, limit }) {
      const wanted = {
        ...(accountId !== undefined && { account_id: accountId }),
        ...(actorId !== undefined && { actor_id: actorId }),
        ...(kind !== undefined && { kind }),
      };
      const all = db('audit').where(wanted).andWhere('at', '>=', from).andWhere('at', '<', until);
      const page = before === undefined ? all : all.andWhereRaw(OLDER, { before });
      const rows = await page
        .orderBy([
          { column: 'at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(limit)
        .select<Row[]>();
      return rows.map((row) => ({ id: row.id, ...read(row) }));
    },
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
