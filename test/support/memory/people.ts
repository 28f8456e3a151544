import { createHash } from 'node:crypto';
import { STATUSES } from '../../../src/domain/account.ts';
import type { ClaveState } from '../../../src/domain/clave-state.ts';
import type { Accounts, NewAccount, StatusMove } from '../../../src/stores/accounts.ts';
import type { Devices } from '../../../src/stores/devices.ts';
import { mustBeUuid, throughJson, type AccountRow, type Tables, type Write } from './tables.ts';

export function memoryAccounts({ accounts }: Tables, write: Write): Accounts {
  const byRun = (run: string) => [...accounts.values()].find(({ account }) => account.person.run === run);
  const claveOf = (row: AccountRow | undefined): ClaveState => ({
    changedAt: row?.secret && (row.secretAt ?? row.at),
    compromised: row?.secret !== undefined && row.compromised === true,
  });
  const add = ({ secret, at, ...account }: NewAccount) => {
    mustBeUuid(account.id);
    if (accounts.has(account.id) || byRun(account.person.run)) throw new Error('duplicate key: an account is there');
    const fresh = throughJson({ ...account, updatedAt: at, revokedUntil: 0 });
    write(accounts, account.id, { account: fresh, secret, secondFactor: false, at });
  };
  const move = (id: string, { from, to, at }: StatusMove): boolean => {
    mustBeUuid(id);
    const row = accounts.get(id);
    if (!row || !from.includes(row.account.status)) return false;
    const ends = to === 'active' ? 0 : Math.floor(at / 1000) + 1;
    const revokedUntil = Math.max(row.account.revokedUntil, ends);
    write(accounts, id, { ...row, account: { ...row.account, status: to, updatedAt: at, revokedUntil } });
    return true;
  };
  return {
    byId: async (id) => throughJson({ found: accounts.get(id)?.account }).found,
    byIds: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const { found } = throughJson({ found: accounts.get(id)?.account });
          return found ? [[id, found] as const] : [];
        }),
      ),
    forLogin: async (run) => {
      const row = byRun(run);
      return (
        row && {
          account: throughJson(row.account),
          secret: row.secret,
          clave: claveOf(row),
          secondFactor: row.secondFactor,
        }
      );
    },
    add: async (account) => add(account),
    async addAll(all) {
      all.forEach(add);
    },
    async having(runs) {
      return new Set(runs.filter((run) => byRun(run) !== undefined));
    },
    async replaceSecret(id, was, now) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (row?.secret?.hash !== was.hash) return false;
      write(accounts, id, { ...row, secret: now });
      return true;
    },
    async setSecret(id, secret, { at, recovered = false }) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (!row) return;
      write(accounts, id, {
        ...row,
        secret,
        secretAt: at,
        compromised: false,
        account: { ...row.account, ...(recovered && { recoveredAt: at }) },
      });
    },
    async clave(id) {
      mustBeUuid(id);
      return claveOf(accounts.get(id));
    },
    async compromise(runs, at) {
      const hit = [...accounts.values()].filter((row) => row.secret && runs.includes(row.account.person.run));
      for (const row of hit) {
        const revokedUntil = Math.max(row.account.revokedUntil, Math.floor(at / 1000) + 1);
        write(accounts, row.account.id, { ...row, compromised: true, account: { ...row.account, revokedUntil } });
      }
      return hit.map(({ account }) => account.id);
    },
    async activate(id, { secret, person, at, identified }) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (!row) return;
      const level = identified ?? row.account.identified;
      const account = throughJson({ ...row.account, identified: level, person, updatedAt: at });
      const clave = { secret, secretAt: at, compromised: false };
      write(accounts, id, { ...row, ...clave, account: { ...account, recoveredAt: undefined } });
    },
    async editPerson(id, at, edit) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (!row) return undefined;
      const was = row.account.person;
      const now = throughJson(edit(throughJson(was)));
      write(accounts, id, { ...row, account: { ...row.account, person: now, updatedAt: at } });
      return { was, now };
    },
    async dates(id) {
      mustBeUuid(id);
      const row = accounts.get(id);
      return row && { createdAt: row.at, passwordAt: row.secret && (row.secretAt ?? row.at) };
    },
    async removeSecret(id) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (row) write(accounts, id, { ...row, secret: undefined });
    },
    async revokeUntil(id, second) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (!row || row.account.revokedUntil >= second) return;
      write(accounts, id, { ...row, account: { ...row.account, revokedUntil: second } });
    },
    async setStatus(id, status, at) {
      move(id, { from: STATUSES, to: status, at });
    },
    moveStatus: async (id, wanted) => move(id, wanted),
  };
}

const refOf = (device: string) => createHash('sha256').update(`device ${device}`).digest('base64url');

export function memoryDevices({ devices }: Tables, write: Write): Devices {
  const name = (device: string, run: string) => JSON.stringify([device, run]);
  return {
    knows: async (device, run) => devices.has(name(device, run)),
    refOf,
    async forget(run) {
      for (const [key, row] of devices) if (row.run === run) write(devices, key, undefined);
    },
    of: async (run) =>
      [...devices.values()]
        .filter((row) => row.run === run)
        .sort((a, b) => b.lastAt - a.lastAt)
        .map(({ device, name: called, firstAt, lastAt }) => ({ ref: refOf(device), name: called, firstAt, lastAt })),
    async sweep(before) {
      const over = [...devices.values()].filter(({ lastAt }) => lastAt < before);
      for (const { device, run } of over) write(devices, name(device, run), undefined);
      return over.length;
    },
    async forgetOne(run, ref) {
      const hers = [...devices.values()].find((row) => row.run === run && refOf(row.device) === ref);
      if (hers) write(devices, name(hers.device, run), undefined);
      return hers !== undefined;
    },
  };
}
