import { createHash } from 'node:crypto';
import type { Factor } from '../../../src/domain/factor.ts';
import type { Factors } from '../../../src/stores/factors.ts';
import { mustBeUuid, throughJson, type Tables, type Write } from './tables.ts';

const hashed = (credentialId: string) =>
  createHash('sha256').update(Buffer.from(credentialId, 'base64url')).digest('base64url');

export function memoryFactors(tables: Tables, write: Write): Factors {
  const { accounts, challenges, factorsHeld, passkeys, savedCodes, totp } = tables;
  const ofAccount = (accountId: string) => [...passkeys.values()].filter((row) => row.accountId === accountId);
  const codesOf = (accountId: string) => [...savedCodes].filter(([, row]) => row.accountId === accountId);
  const codeKey = (accountId: string, code: string) => JSON.stringify([accountId, code]);
  const mustExist = (accountId: string) => {
    mustBeUuid(accountId);
    if (!accounts.has(accountId)) throw new Error('foreign key: no such account');
  };
  const isHeld = (accountId: string, at: number) => {
    const all = factorsHeld.get(accountId) ?? [];
    return all.some(({ since, until }) => at >= since && at <= until);
  };
  const settle = (accountId: string) => {
    const row = accounts.get(accountId);
    if (!row) return;
    const secondFactor = ofAccount(accountId).length > 0 || totp.has(accountId);
    write(accounts, accountId, { ...row, secondFactor });
    if (!secondFactor) for (const [key] of codesOf(accountId)) write(savedCodes, key, undefined);
  };
  return {
    async of(accountId) {
      mustBeUuid(accountId);
      const own = ofAccount(accountId).sort(
        (a, b) => a.at - b.at || (hashed(a.credentialId) < hashed(b.credentialId) ? -1 : 1),
      );
      const application = totp.get(accountId);
      const codes = codesOf(accountId);
      return [
        ...own.map((row): Factor => {
          const { credentialId, name, transports, synced, backedUp, aaguid, at, usedAt } = row;
          const about = { id: hashed(credentialId), name, credentialId, transports: throughJson(transports) };
          return { kind: 'passkey', ...about, synced, backedUp, aaguid, createdAt: at, usedAt };
        }),
        ...(application ? [{ kind: 'totp' as const, createdAt: application.at, usedAt: application.usedAt }] : []),
        ...(codes.length > 0
          ? [
              {
                kind: 'saved-codes' as const,
                createdAt: Math.min(...codes.map(([, { at }]) => at)),
                left: codes.length,
              },
            ]
          : []),
      ];
    },
    handleOf: async (accountId) => ofAccount(accountId)[0]?.handle,
    async passkey(credentialId) {
      const row = passkeys.get(hashed(credentialId));
      if (!row || isHeld(row.accountId, row.at)) return undefined;
      const { accountId, handle, publicKey, counter, synced, name } = row;
      return { accountId, credentialId, handle, publicKey, counter, synced, name };
    },
    async addPasskey(passkey) {
      mustExist(passkey.accountId);
      const key = hashed(passkey.credentialId);
      if (passkeys.has(key)) return false;
      write(passkeys, key, { ...throughJson(passkey), usedAt: undefined });
      settle(passkey.accountId);
      return true;
    },
    async usePasskey({ credentialId, counter, backedUp, at }) {
      const row = passkeys.get(hashed(credentialId));
      if (!row || !(row.counter < counter || (row.counter === 0 && counter === 0))) return false;
      write(passkeys, hashed(credentialId), { ...row, counter, backedUp, usedAt: at });
      return true;
    },
    async renamePasskey(accountId, id, name) {
      const row = passkeys.get(id);
      if (row?.accountId !== accountId) return false;
      write(passkeys, id, { ...row, name });
      return true;
    },
    async totp(accountId) {
      const row = totp.get(accountId);
      return row && !isHeld(accountId, row.at) ? { secret: row.secret, lastStep: row.step } : undefined;
    },
    async addTotp(row) {
      mustExist(row.accountId);
      if (totp.has(row.accountId)) return false;
      write(totp, row.accountId, { ...row, usedAt: undefined });
      settle(row.accountId);
      return true;
    },
    async useTotp(accountId, step, at) {
      const row = totp.get(accountId);
      if (!row || row.step >= step) return false;
      write(totp, accountId, { ...row, step, usedAt: at });
      return true;
    },
    async setSavedCodes(accountId, codes, at) {
      mustExist(accountId);
      for (const [key] of codesOf(accountId)) write(savedCodes, key, undefined);
      for (const code of codes) write(savedCodes, codeKey(accountId, code), { accountId, at });
      settle(accountId);
    },
    async addSavedCode(accountId, code, at) {
      mustExist(accountId);
      write(savedCodes, codeKey(accountId, code), { accountId, at });
      settle(accountId);
    },
    async useSavedCode(accountId, code) {
      const row = savedCodes.get(codeKey(accountId, code));
      if (!row || isHeld(accountId, row.at)) return undefined;
      write(savedCodes, codeKey(accountId, code), undefined);
      return codesOf(accountId).length;
    },
    async remove(accountId, which) {
      mustBeUuid(accountId);
      const codes = codesOf(accountId);
      const passkey = which.kind === 'passkey' ? passkeys.get(which.id) : undefined;
      const there =
        which.kind === 'totp'
          ? totp.has(accountId)
          : which.kind === 'saved-codes'
            ? codes.length > 0
            : passkey?.accountId === accountId;
      if (!there) return false;
      if (which.kind === 'totp') write(totp, accountId, undefined);
      else if (which.kind === 'passkey') write(passkeys, which.id, undefined);
      else for (const [key] of codes) write(savedCodes, key, undefined);
      settle(accountId);
      return true;
    },
    async removeAll(accountId) {
      mustBeUuid(accountId);
      for (const [key, row] of passkeys) if (row.accountId === accountId) write(passkeys, key, undefined);
      write(totp, accountId, undefined);
      write(factorsHeld, accountId, undefined);
      settle(accountId);
    },
    async hold(accountId, { since, until }) {
      mustExist(accountId);
      const all = factorsHeld.get(accountId) ?? [];
      const ended = all.map((held) => held.until).filter((at) => at >= since);
      write(factorsHeld, accountId, [...all, { since, until: Math.min(until, ...ended) }]);
    },
    async spend(challenge, until) {
      if (challenges.has(challenge)) return false;
      write(challenges, challenge, until);
      return true;
    },
    async sweep(now) {
      for (const [challenge, until] of challenges) if (until <= now) write(challenges, challenge, undefined);
    },
  };
}
