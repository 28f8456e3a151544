import type { Knex } from './connections.ts';

/** What is recorded; a closed list (SECURITY §4.5 names those that come with later parts). */
export type EventKind =
  | 'login-succeeded'
  | 'login-refused'
  | 'login-throttled'
  | 'step-asked'
  | 'step-refused'
  | 'login-cancelled'
  | 'new-device'
  | 'factor-asked'
  | 'factor-proved'
  | 'factor-refused'
  | 'factor-throttled'
  | 'factor-added'
  | 'factor-renamed'
  | 'factor-removed'
  | 'saved-codes-made'
  | 'passkey-regressed'
  | 'session-ended'
  | 'client-created'
  | 'client-suspended'
  | 'key-created'
  | 'audit-expired'
  | 'staff-proposed'
  | 'staff-decided'
  | 'staff-granted'
  | 'staff-disabled'
  | 'staff-trained'
  | 'staff-denied'
  | 'switch-proposed'
  | 'switch-flipped';

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

export interface Audit {
  add(event: Event): Promise<void>;
  /** The newest events of an account, newest first. */
  ofAccount(accountId: string, limit: number): Promise<readonly Event[]>;
}

export function postgresAudit(db: Knex): Audit {
  type Row = {
    kind: EventKind;
    at: string;
    account_id: string | null;
    actor_id: string | null;
    client_id: string | null;
    request_id: string | null;
    network: string | null;
    details: Record<string, string | number | boolean>;
  };
  return {
    async add({ kind, at, accountId, actorId, clientId, requestId, network, details = {} }) {
      await db.raw(
        `insert into audit (at, kind, account_id, actor_id, client_id, request_id, network, details)
         values (:at, :kind, :accountId, :actorId, :clientId, :requestId, :network, :details)`,
        {
          ...{ at, kind, details: JSON.stringify(details), accountId: accountId ?? null, clientId: clientId ?? null },
          ...{ actorId: actorId ?? null, requestId: requestId ?? null, network: network ?? null },
        },
      );
    },
    async ofAccount(accountId, limit) {
      const rows = await db('audit')
        .where({ account_id: accountId })
        .orderBy('id', 'desc')
        .limit(limit)
        .select<Row[]>();
      return rows.map((row) => ({
        kind: row.kind,
        at: Number(row.at),
        accountId: row.account_id ?? undefined,
        ...(row.actor_id !== null && { actorId: row.actor_id }),
        clientId: row.client_id ?? undefined,
        requestId: row.request_id ?? undefined,
        network: row.network ?? undefined,
        details: row.details,
      }));
    },
  };
}
