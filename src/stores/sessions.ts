import { createHash } from 'node:crypto';
import type { Status } from '../domain/account.ts';
import type { Knex } from './connections.ts';

export type NewSession = {
  readonly uid: string;
  readonly accountId: string;
  readonly at: number;
  readonly network: string;
  /** «Estoy en un computador compartido»: no single sign-on out of it. */
  readonly shared: boolean;
};

/** Whether a session still stands, as Postgres knows: it does not forget when Redis is put back to an older day. */
export type Standing = {
  readonly status: Status;
  readonly revokedUntil: number;
  readonly shared: boolean;
  readonly endedAt: number | undefined;
};

export interface Sessions {
  /** A new login in a browser: its row, or the same row once more. */
  begin(session: NewSession): Promise<void>;
  standing(accountId: string, uid: string): Promise<Standing | undefined>;
  end(uid: string, at: number): Promise<void>;
}

const hashed = (uid: string) => createHash('sha256').update(`session ${uid}`).digest();

export function postgresSessions(db: Knex): Sessions {
  return {
    async begin({ uid, accountId, at, network, shared }) {
      await db.raw(
        `insert into sessions (uid, account_id, begun_at, shared, network) values (:uid, :accountId, :at, :shared, :network)
         on conflict (uid) do update set begun_at = excluded.begun_at, shared = excluded.shared, network = excluded.network
         where sessions.account_id = excluded.account_id and sessions.ended_at is null`,
        { uid: hashed(uid), accountId, at, shared, network },
      );
    },
    async standing(accountId, uid) {
      const { rows } = await db.raw<{
        rows: { status: Status; revoked_until: string; shared: boolean; ended_at: string | null }[];
      }>(
        `select a.status, a.revoked_until, s.shared, s.ended_at from sessions s join accounts a on a.id = s.account_id
         where s.uid = :uid and s.account_id = :accountId`,
        { uid: hashed(uid), accountId },
      );
      const [row] = rows;
      return (
        row && {
          status: row.status,
          revokedUntil: Number(row.revoked_until),
          shared: row.shared,
          endedAt: row.ended_at === null ? undefined : Number(row.ended_at),
        }
      );
    },
    async end(uid, at) {
      await db.raw('update sessions set ended_at = :at where uid = :uid and ended_at is null', {
        uid: hashed(uid),
        at,
      });
    },
  };
}
