import type { Accounts } from '../../../src/stores/accounts.ts';
import type { Devices } from '../../../src/stores/devices.ts';
import { mustBeUuid, throughJson, type Tables, type Write } from './tables.ts';

export function memoryAccounts({ accounts }: Tables, write: Write): Accounts {
  const byRun = (run: string) => [...accounts.values()].find(({ account }) => account.person.run === run);
  return {
    byId: async (id) => throughJson({ found: accounts.get(id)?.account }).found,
    forLogin: async (run) => {
      const row = byRun(run);
      return row && { account: throughJson(row.account), secret: row.secret, secondFactor: row.secondFactor };
    },
    async add({ secret, at, ...account }) {
      mustBeUuid(account.id);
      if (accounts.has(account.id) || byRun(account.person.run)) throw new Error('duplicate key: an account is there');
      const fresh = throughJson({ ...account, updatedAt: at, revokedUntil: 0 });
      write(accounts, account.id, { account: fresh, secret, secondFactor: false });
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
      write(accounts, id, { ...row, secret, account: { ...row.account, ...(recovered && { recoveredAt: at }) } });
    },
    async activate(id, { secret, person, at }) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (!row) return;
      const account = throughJson({ ...row.account, status: 'active' as const, person, updatedAt: at });
      write(accounts, id, { ...row, secret, account: { ...account, recoveredAt: undefined } });
    },
    async revokeUntil(id, second) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (!row || row.account.revokedUntil >= second) return;
      write(accounts, id, { ...row, account: { ...row.account, revokedUntil: second } });
    },
    async setStatus(id, status, at) {
      mustBeUuid(id);
      const row = accounts.get(id);
      if (!row) return;
      const ends = status === 'active' ? 0 : Math.floor(at / 1000) + 1;
      const revokedUntil = Math.max(row.account.revokedUntil, ends);
      write(accounts, id, { ...row, account: { ...row.account, status, updatedAt: at, revokedUntil } });
    },
  };
}

const PEOPLE_A_DEVICE = 20;

export function memoryDevices({ devices }: Tables, write: Write): Devices {
  const name = (device: string, run: string) => JSON.stringify([device, run]);
  return {
    knows: async (device, run) => devices.has(name(device, run)),
    async remember(device, run, at) {
      const key = name(device, run);
      const fresh = !devices.has(key);
      write(devices, key, { device, run, lastAt: at });
      const people = [...devices.values()].filter((row) => row.device === device);
      for (const row of people.sort((a, b) => b.lastAt - a.lastAt).slice(PEOPLE_A_DEVICE))
        write(devices, name(row.device, row.run), undefined);
      return fresh;
    },
    async forget(run) {
      for (const [key, row] of devices) if (row.run === run) write(devices, key, undefined);
    },
  };
}
