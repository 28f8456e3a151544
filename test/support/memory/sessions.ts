import { createHash } from 'node:crypto';
import type { Links } from '../../../src/domain/account-session.ts';
import type { Account } from '../../../src/domain/account.ts';
import { SESSION_ABSOLUTE } from '../../../src/domain/lifetimes.ts';
import type { SessionRow, Sessions, Standing } from '../../../src/stores/sessions.ts';
import { memoryAudit } from './house.ts';
import { mustBeUuid, type StoredSession, type Tables, type Write } from './tables.ts';

/** Nothing hangs on any session. */
export const noLinks: Links = {
  of: () => Promise.resolve([]),
  cut: () => Promise.resolve(),
  renew: () => Promise.resolve(false),
};

export function memorySessions(tables: Tables, write: Write): Sessions {
  const { accounts, sessions } = tables;
  const audit = memoryAudit(tables, write);
  const refOf = (uid: string) => createHash('sha256').update(`session ${uid}`).digest('base64url');
  const read = ({ at: begunAt, ...row }: StoredSession): SessionRow => ({
    ...row,
    begunAt,
    ref: refOf(row.uid),
  });
  const newestFirst = (accountId: string) =>
    [...sessions.values()]
      .filter((row) => row.accountId === accountId)
      .toReversed()
      .sort((a, b) => b.at - a.at);
  const end = (rows: readonly StoredSession[], at: number) =>
    rows.map((row) => {
      const ended = { ...row, endedAt: at };
      write(sessions, row.uid, ended);
      return read(ended);
    });
  const open = (accountId: string) => newestFirst(accountId).filter(({ endedAt }) => endedAt === undefined);
  const standingOf = (row: StoredSession, { status, revokedUntil }: Account): Standing => {
    const { shared, endedAt, disconnected } = row;
    return { status, revokedUntil, shared, endedAt, disconnected };
  };
  return {
    async begin(session, most, access) {
      const account = accounts.get(session.accountId)?.account;
      if (!account) throw new Error('foreign key: no such account');
      if (access) await audit.add(access);
      const row = sessions.get(session.uid);
      if (!row || (row.accountId === session.accountId && row.endedAt === undefined))
        write(sessions, session.uid, { ...session, endedAt: undefined, disconnected: [] });
      const live = open(session.accountId).filter(
        ({ at }) => at > session.at - SESSION_ABSOLUTE * 1000 && at >= (account.revokedUntil - 1) * 1000,
      );
      return end(live.slice(most), session.at);
    },
    async standing(accountId, uid) {
      mustBeUuid(accountId);
      const row = sessions.get(uid);
      const account = accounts.get(accountId)?.account;
      return row?.accountId === accountId && account ? standingOf(row, account) : undefined;
    },
    async owned(accountId, uid) {
      const standing = await this.standing(accountId, uid);
      const account = accounts.get(accountId)?.account;
      return standing && account && { standing, account };
    },
    async find(uid) {
      const row = sessions.get(uid);
      const account = row && accounts.get(row.accountId)?.account;
      return row && account && { ...read(row), ...standingOf(row, account) };
    },
    list: async (accountId, after) =>
      newestFirst(accountId)
        .filter(({ at }) => at > after)
        .map(read),
    async end(uid, at) {
      const row = sessions.get(uid);
      if (row && row.endedAt === undefined) write(sessions, uid, { ...row, endedAt: at });
    },
    endOne: async (accountId, ref, at) =>
      end(
        open(accountId).filter(({ uid }) => refOf(uid) === ref),
        at,
      )[0],
    endAll: async (accountId, at, but) =>
      end(
        open(accountId).filter(({ uid }) => uid !== but),
        at,
      ),
    async disconnect(accountId, clientId) {
      for (const row of open(accountId))
        if (!row.disconnected.includes(clientId))
          write(sessions, row.uid, { ...row, disconnected: [...row.disconnected, clientId] });
    },
    refOf,
    async sweep(before) {
      const old = [...sessions.values()].filter(({ at }) => at < before);
      for (const { uid } of old) write(sessions, uid, undefined);
      return old.length;
    },
  };
}
