import { hash } from 'node:crypto';
import type { Account, Status } from '../domain/account.ts';
import { SESSION_ABSOLUTE } from '../domain/lifetimes.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { AccountRow } from './accounts.ts';
import type { Event } from './audit.ts';
import type { Knex } from './connections.ts';
import { gathered, run } from './statement.ts';
import { sweepRows } from './sweep.ts';

export type NewSession = {
  readonly uid: string;
  readonly accountId: string;
  readonly at: number;
  readonly network: string;
  /** What its owner recognises: `Chrome, Android`. */
  readonly device: string;
  /** A hash of what the browser says of itself. */
  readonly agent: string;
  /** «Estoy en un computador compartido»: no single sign-on out of it. */
  readonly shared: boolean;
};

/** Whether a session still stands, as Postgres knows: it does not forget when Redis is put back to an older day. */
export type Standing = {
  readonly status: Status;
  readonly revokedUntil: number;
  readonly shared: boolean;
  readonly endedAt: number | undefined;
  /** Sites that its owner disconnected: they ask her to sign in again. */
  readonly disconnected: readonly string[];
};

/** A session as its owner sees it. `ref` names it in forms and records: a hash, which opens nothing. */
export type SessionRow = Omit<NewSession, 'at'> & {
  readonly ref: string;
  readonly begunAt: number;
  readonly endedAt: number | undefined;
  /** Sites that its owner disconnected: they ask her to sign in again. */
  readonly disconnected: readonly string[];
};

export type Owned = { readonly standing: Standing; readonly account: Account };

export interface Sessions {
  /** A new login in a browser: its row, or the same row once more. Tells which were ended because they were too many. */
  /** `access`: the site that it was begun for, recorded with it. */
  begin(session: NewSession, most: number, access?: Event): Promise<readonly SessionRow[]>;
  standing(accountId: string, uid: string): Promise<Standing | undefined>;
  /** The same, and whose it is, in one look. */
  owned(accountId: string, uid: string): Promise<Owned | undefined>;
  /** The row and its standing, in one look. */
  find(uid: string): Promise<(SessionRow & Standing) | undefined>;
  /** All that were begun after that moment, the newest first, also those that have ended. */
  list(accountId: string, after: number): Promise<readonly SessionRow[]>;
  end(uid: string, at: number): Promise<void>;
  /** That one of an account; undefined when it is none of its open ones. */
  endOne(accountId: string, ref: string, at: number): Promise<SessionRow | undefined>;
  /** All open ones but perhaps one. */
  endAll(accountId: string, at: number, but?: string): Promise<readonly SessionRow[]>;
  /** From now on that site wants a new sign-in from each of them. */
  disconnect(accountId: string, clientId: string): Promise<void>;
  refOf(uid: string): string;
  /** Takes away what ended, or began, before that moment. */
  sweep(before: number): Promise<number>;
}

const hashed = (uid: string) => hash('sha256', `session ${uid}`, 'buffer');
const place = (uid: Buffer) => `sessions.name.${uid.toString('base64url')}`;

type Row = {
  uid: Buffer;
  name: Buffer;
  account_id: string;
  begun_at: string;
  shared: boolean;
  network: string;
  device: string;
  agent: string;
  ended_at: string | null;
  disconnected: string[];
};
type StandingRow = {
  status: Status;
  revoked_until: string;
  shared: boolean;
  ended_at: string | null;
  disconnected: string[];
};

const moment = (at: string | null) => (at === null ? undefined : Number(at));

/** The record is within an argument: that is looked at once, whatever comes back; a table beside the function might never be. */
const BEGIN = {
  name: 'session-begin',
  text: `select uid, name, account_id, begun_at, shared, network, device, agent, ended_at, disconnected
    from begin_session($1, $2, $3, $4, $5, $6, $7, $8, $9, (select $10::bigint from add_events($11)))`,
};
const OWN =
  'a.id, a.status, a.identified, a.person, a.revoked_until, a.updated_at, a.recovered_at, s.shared, s.ended_at, s.disconnected';
const OWNED = {
  name: 'session-owned',
  text: `select ${OWN} from sessions s join accounts a on a.id = s.account_id where s.uid = $1 and s.account_id = $2`,
};
const OWNED_ALL = {
  name: 'sessions-owned',
  text: `select q.n, ${OWN} from unnest($1::bytea[], $2::uuid[]) with ordinality q(uid, account_id, n)
    join sessions s on s.uid = q.uid and s.account_id = q.account_id join accounts a on a.id = s.account_id`,
};
type OwnedRow = AccountRow & StandingRow;

/** `account` reads one of its row (`accounts.ts`). */
export function postgresSessions(db: Knex, vault: Vault, account: (row: AccountRow) => Account): Sessions {
  const read = (row: Row): SessionRow => ({
    // Empty: begun before names were kept.
    uid: row.name.length === 0 ? '' : vault.open(row.name, place(row.uid)),
    ref: row.uid.toString('base64url'),
    accountId: row.account_id,
    begunAt: Number(row.begun_at),
    shared: row.shared,
    network: row.network,
    device: row.device,
    agent: row.agent,
    endedAt: moment(row.ended_at),
    disconnected: row.disconnected,
  });
  const standingOf = (row: StandingRow): Standing => ({
    status: row.status,
    revokedUntil: Number(row.revoked_until),
    shared: row.shared,
    endedAt: moment(row.ended_at),
    disconnected: row.disconnected,
  });
  const rowsOf = gathered(async (asked: readonly (readonly [Buffer, string])[]) => {
    const [only] = asked;
    if (only && asked.length === 1) return run<OwnedRow>(db, OWNED, only);
    const values = [asked.map(([uid]) => uid), asked.map(([, accountId]) => accountId)];
    const rows = await run<OwnedRow & { n: string }>(db, OWNED_ALL, values);
    const found = new Map(rows.map((row) => [Number(row.n), row]));
    return asked.map((_, n) => found.get(n + 1));
  });
  const owned: Sessions['owned'] = async (accountId, uid) => {
    const asked = [hashed(uid), accountId] as const;
    // What Postgres refuses to read would fail for all who ask with it.
    const row = isUuid(accountId) ? await rowsOf(asked) : (await run<OwnedRow>(db, OWNED, asked))[0];
    return row && { standing: standingOf(row), account: account(row) };
  };
  return {
    async begin({ uid, accountId, at, network, device, agent, shared }, most, access) {
      const key = hashed(uid);
      const browser = [network, device, agent, shared];
      const since = at - SESSION_ABSOLUTE * 1000;
      const ended = await run<Row>(db, BEGIN, [
        ...[key, vault.seal(uid, place(key)), accountId, at, ...browser, most, since],
        JSON.stringify(access ? [access] : []),
      ]);
      return ended.map(read);
    },
    standing: async (accountId, uid) => (await owned(accountId, uid))?.standing,
    owned,
    async find(uid) {
      const { rows } = await db.raw<{ rows: (Row & StandingRow)[] }>(
        `select s.*, a.status, a.revoked_until from sessions s join accounts a on a.id = s.account_id where s.uid = :uid`,
        { uid: hashed(uid) },
      );
      return rows[0] && { ...read(rows[0]), ...standingOf(rows[0]) };
    },
    async list(accountId, after) {
      const rows = await db('sessions')
        .where({ account_id: accountId })
        .andWhere('begun_at', '>', after)
        .orderBy('begun_at', 'desc')
        .select<Row[]>();
      return rows.map(read);
    },
    async end(uid, at) {
      await db.raw('update sessions set ended_at = :at where uid = :uid and ended_at is null', {
        uid: hashed(uid),
        at,
      });
    },
    async endOne(accountId, ref, at) {
      const { rows } = await db.raw<{ rows: Row[] }>(
        `update sessions set ended_at = :at where uid = :key and account_id = :accountId and ended_at is null returning *`,
        { key: Buffer.from(ref, 'base64url'), accountId, at },
      );
      return rows[0] && read(rows[0]);
    },
    async endAll(accountId, at, but) {
      const { rows } = await db.raw<{ rows: Row[] }>(
        `update sessions set ended_at = :at where account_id = :accountId and ended_at is null and uid <> :but returning *`,
        { accountId, at, but: but === undefined ? Buffer.alloc(0) : hashed(but) },
      );
      return rows.map(read);
    },
    async disconnect(accountId, clientId) {
      await db.raw(
        `update sessions set disconnected = array_append(disconnected, :clientId)
         where account_id = :accountId and ended_at is null and not :clientId = any(disconnected)`,
        { accountId, clientId },
      );
    },
    refOf: (uid) => hashed(uid).toString('base64url'),
    sweep: (before) => sweepRows(db, { table: 'sessions', over: 'begun_at < :before' }, { before }),
  };
}
