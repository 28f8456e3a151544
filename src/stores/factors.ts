import { createHash } from 'node:crypto';
import type { Factor } from '../domain/factor.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { spentChallenges } from './factors/challenges.ts';
import { holdFactors, notHeld, type Held } from './factors/held.ts';

/** Bytes are base64url. */
export type NewPasskey = {
  readonly accountId: string;
  readonly credentialId: string;
  readonly handle: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly synced: boolean;
  readonly backedUp: boolean;
  readonly aaguid: string;
  readonly name: string;
  readonly at: number;
};
/** What is needed to judge an assertion. */
export type Passkey = Pick<
  NewPasskey,
  'accountId' | 'credentialId' | 'handle' | 'publicKey' | 'counter' | 'synced' | 'name'
>;
export type PasskeyUse = Pick<NewPasskey, 'credentialId' | 'counter' | 'backedUp' | 'at'>;
export type Totp = { readonly secret: string; readonly lastStep: number };
export type Which =
  { readonly kind: 'passkey'; readonly id: string } | { readonly kind: 'totp' } | { readonly kind: 'saved-codes' };

/**
 * Second factors. Secrets and names are sealed, saved codes are keyed hashes, a passkey is found by the hash of its
 * credential id. What may happen once happens once: a step of TOTP, a saved code, a challenge, a passkey's count.
 */
export interface Factors {
  /** In the order in which they came: passkeys, then TOTP, then saved codes. */
  of(accountId: string): Promise<readonly Factor[]>;
  /** The handle of the account's passkeys, when it has one. */
  handleOf(accountId: string): Promise<string | undefined>;
  passkey(credentialId: string): Promise<Passkey | undefined>;
  /** False when that credential is somebody's already. */
  addPasskey(passkey: NewPasskey): Promise<boolean>;
  /** False when the count has not risen: two have used it, or it was copied (WebAuthn §7.2). Those that always say 0 may. */
  usePasskey(use: PasskeyUse): Promise<boolean>;
  renamePasskey(accountId: string, id: string, name: string): Promise<boolean>;
  totp(accountId: string): Promise<Totp | undefined>;
  /** False when there is one. `step`: that of the code which confirmed it, used up. */
  addTotp(totp: { accountId: string; secret: string; step: number; at: number }): Promise<boolean>;
  /** False when a code of that step, or a later one, was used before. */
  useTotp(accountId: string, step: number, at: number): Promise<boolean>;
  /** In place of those there were. */
  setSavedCodes(accountId: string, codes: readonly string[], at: number): Promise<void>;
  /** One more, for the one that was used; the same once. */
  addSavedCode(accountId: string, code: string, at: number): Promise<void>;
  /** How many are left; undefined when it is none of hers, or used. */
  useSavedCode(accountId: string, code: string): Promise<number | undefined>;
  /** With the last passkey or TOTP the saved codes go too. False when there was none. */
  remove(accountId: string, which: Which): Promise<boolean>;
  /** A new identification begins without any. */
  removeAll(accountId: string): Promise<void>;
  /** What was added meanwhile proves nothing any more, and is asked for all the same. */
  hold(accountId: string, held: Held): Promise<void>;
  /** True once for each challenge. */
  spend(challenge: string, until: number): Promise<boolean>;
  sweep(now: number): Promise<void>;
}

type Row = {
  credential: Buffer;
  account_id: string;
  about: Buffer;
  handle: Buffer;
  public_key: Buffer;
  counter: string;
  transports: string[];
  synced: boolean;
  backed_up: boolean;
  aaguid: string;
  created_at: string;
  used_at: string | null;
};

const bytes = (text: string) => Buffer.from(text, 'base64url');
const text = (value: Buffer) => value.toString('base64url');
const hashed = (credentialId: string) => createHash('sha256').update(bytes(credentialId)).digest();
const timeOf = (value: string | null) => (value === null ? undefined : Number(value));

export function postgresFactors(db: Knex, vault: Vault): Factors {
  const place = (credential: Buffer) => `passkeys.about.${text(credential)}`;
  const secretPlace = (accountId: string) => `totp.secret.${accountId}`;
  const hashes = (accountId: string, code: string) => vault.indexes(`${accountId}|${code}`, 'saved_codes.hash');
  const aboutOf = (row: Pick<Row, 'credential' | 'about'>) =>
    JSON.parse(vault.open(row.about, place(row.credential))) as { id: string; name: string };
  const seal = (credential: Buffer, id: string, name: string) =>
    vault.seal(JSON.stringify({ id, name }), place(credential));
  const savedCodes = (accountId: string, codes: readonly string[], at: number) =>
    codes.map((code) => ({ account_id: accountId, hash: hashes(accountId, code)[0], created_at: at }));

  /** One after another for a person; whether she is asked at login is settled with it. */
  const changing = <T>(accountId: string, work: (trx: Knex) => Promise<T>): Promise<T> => {
    const whole = async (trx: Knex) => {
      await trx.raw('select 1 from accounts where id = ? for no key update', [accountId]);
      const result = await work(trx);
      const { rows } = await trx.raw<{ rows: { second_factor: boolean }[] }>(
        `update accounts set second_factor = exists (select 1 from passkeys where account_id = :accountId)
         or exists (select 1 from totp where account_id = :accountId) where id = :accountId returning second_factor`,
        { accountId },
      );
      if (rows[0]?.second_factor === false) await trx('saved_codes').where({ account_id: accountId }).delete();
      return result;
    };
    return db.isTransaction === true ? whole(db) : db.transaction(whole);
  };

  return {
    async of(accountId) {
      const whose = { account_id: accountId };
      // One after the other: a transaction has one connection, and pg warns whoever asks it more than it answers.
      const passkeys = await db('passkeys').where(whose).orderBy(['created_at', 'credential']).select<Row[]>();
      const totp = await db('totp').where(whose).select<Pick<Row, 'created_at' | 'used_at'>[]>();
      const codes = await db('saved_codes').where(whose).select<Pick<Row, 'created_at'>[]>('created_at');
      return [
        ...passkeys.map((row): Factor => {
          const { id: credentialId, name } = aboutOf(row);
          const { transports, synced, backed_up: backedUp, aaguid } = row;
          const times = { createdAt: Number(row.created_at), usedAt: timeOf(row.used_at) };
          const about = { id: text(row.credential), name, credentialId };
          return { kind: 'passkey', ...about, transports, synced, backedUp, aaguid, ...times };
        }),
        ...totp.map((row): Factor => ({
          kind: 'totp',
          createdAt: Number(row.created_at),
          usedAt: timeOf(row.used_at),
        })),
        ...codes.slice(0, 1).map((row): Factor => {
          return { kind: 'saved-codes', createdAt: Number(row.created_at), left: codes.length };
        }),
      ];
    },
    async handleOf(accountId) {
      const row = await db('passkeys').where({ account_id: accountId }).first<{ handle: Buffer } | undefined>('handle');
      return row && text(row.handle);
    },
    async passkey(credentialId) {
      const row = await db('passkeys')
        .where({ credential: hashed(credentialId) })
        .whereRaw(notHeld('passkeys'))
        .first<Row | undefined>();
      return (
        row && {
          ...{ accountId: row.account_id, credentialId, handle: text(row.handle), publicKey: text(row.public_key) },
          ...{ counter: Number(row.counter), synced: row.synced, name: aboutOf(row).name },
        }
      );
    },
    addPasskey: ({ accountId, credentialId, name, ...rest }) =>
      changing(accountId, async (trx) => {
        const credential = hashed(credentialId);
        const { handle, publicKey, counter, transports, synced, backedUp, aaguid, at } = rest;
        const { rows } = await trx.raw<{ rows: unknown[] }>(
          `insert into passkeys (credential, account_id, about, handle, public_key, counter, transports, synced, backed_up, aaguid, created_at)
           values (:credential, :accountId, :about, :handle, :publicKey, :counter, :transports, :synced, :backedUp, :aaguid, :at)
           on conflict do nothing returning 1`,
          {
            ...{ credential, accountId, about: seal(credential, credentialId, name), handle: bytes(handle) },
            ...{ publicKey: bytes(publicKey), counter, transports: [...transports], synced, backedUp, aaguid, at },
          },
        );
        return rows.length === 1;
      }),
    async usePasskey({ credentialId, counter, backedUp, at }) {
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `update passkeys set counter = :counter, backed_up = :backedUp, used_at = :at
         where credential = :credential and (counter < :counter or (counter = 0 and :counter = 0)) returning 1`,
        { credential: hashed(credentialId), counter, backedUp, at },
      );
      return rows.length === 1;
    },
    async renamePasskey(accountId, id, name) {
      const credential = bytes(id);
      const row = await db('passkeys').where({ account_id: accountId, credential }).first<Row | undefined>();
      if (!row) return false;
      const about = seal(credential, aboutOf(row).id, name);
      return (await db('passkeys').where({ account_id: accountId, credential }).update({ about })) === 1;
    },
    async totp(accountId) {
      type Kept = { secret: Buffer; last_step: string };
      const row = await db('totp').where({ account_id: accountId }).whereRaw(notHeld('totp')).first<Kept | undefined>();
      return row && { secret: vault.open(row.secret, secretPlace(accountId)), lastStep: Number(row.last_step) };
    },
    addTotp: ({ accountId, secret, step, at }) =>
      changing(accountId, async (trx) => {
        const { rows } = await trx.raw<{ rows: unknown[] }>(
          `insert into totp (account_id, secret, last_step, created_at) values (:accountId, :secret, :step, :at)
           on conflict do nothing returning 1`,
          { accountId, secret: vault.seal(secret, secretPlace(accountId)), step, at },
        );
        return rows.length === 1;
      }),
    async useTotp(accountId, step, at) {
      const used = await db('totp')
        .where({ account_id: accountId })
        .andWhere('last_step', '<', step)
        .update({ last_step: step, used_at: at });
      return used === 1;
    },
    setSavedCodes: (accountId, codes, at) =>
      changing(accountId, async (trx) => {
        await trx('saved_codes').where({ account_id: accountId }).delete();
        await trx('saved_codes').insert(savedCodes(accountId, codes, at));
      }),
    addSavedCode: (accountId, code, at) =>
      changing(accountId, async (trx) => {
        const rows = trx('saved_codes').insert(savedCodes(accountId, [code], at));
        await rows.onConflict().ignore();
      }),
    async useSavedCode(accountId, code) {
      const used = await db('saved_codes')
        .where({ account_id: accountId })
        .whereIn('hash', [...hashes(accountId, code)])
        .whereRaw(notHeld('saved_codes'))
        .delete();
      if (used === 0) return undefined;
      const [left] = await db('saved_codes').where({ account_id: accountId }).count<{ count: string }[]>();
      return Number(left?.count);
    },
    remove: (accountId, which) =>
      changing(accountId, async (trx) => {
        const own = { account_id: accountId };
        if (which.kind === 'totp') return (await trx('totp').where(own).delete()) > 0;
        if (which.kind === 'saved-codes') return (await trx('saved_codes').where(own).delete()) > 0;
        return (
          (await trx('passkeys')
            .where({ ...own, credential: bytes(which.id) })
            .delete()) > 0
        );
      }),
    removeAll: (accountId) =>
      changing(accountId, async (trx) => {
        await trx('passkeys').where({ account_id: accountId }).delete();
        await trx('totp').where({ account_id: accountId }).delete();
        await trx('factors_held').where({ account_id: accountId }).delete();
      }),
    hold: holdFactors(db),
    ...spentChallenges(db),
  };
}
