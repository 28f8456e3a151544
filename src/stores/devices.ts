import { createHash } from 'node:crypto';
import type { Run } from '../domain/run.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { run as ask } from './statement.ts';

/** `name` is what its owner recognises: `Chrome, Android`. */
export type Device = { readonly device: string; readonly name: string };
/** A browser as its owner sees it. `ref` names it in forms: a hash, which opens nothing. */
export type KnownDevice = {
  readonly ref: string;
  readonly name: string;
  readonly firstAt: number;
  readonly lastAt: number;
};

/** Browsers from which a person has signed in before; rows hold hashes of both. A login remembers them (`logins.ts`). */
export interface Devices {
  knows(device: string, run: Run): Promise<boolean>;
  /** Which of them this browser is, in the words of `of`. */
  refOf(device: string): string;
  /** No device is this person's any more. */
  forget(run: Run): Promise<void>;
  /** The last seen first. */
  of(run: Run): Promise<readonly KnownDevice[]>;
  /** False when it is none of hers. */
  forgetOne(run: Run, ref: string): Promise<boolean>;
  /** Where nobody has signed in since then. How many. */
  sweep(before: number): Promise<number>;
}

/** Of the table, so many are looked through by a statement: 16 MB. */
const PAGES = 2000;

/** The longest unseen makes room. */
export const PEOPLE_A_DEVICE = 20;

const KNOWS = { name: 'device-knows', text: 'select 1 from devices where device = $1 and person = any($2) limit 1' };

/** What rows hold of a device, and of a person. */
export const hashedDevice = (device: string): Buffer => createHash('sha256').update(`device ${device}`).digest();
export const peopleKeys = (vault: Vault) => (run: Run) => vault.indexes(run, 'devices.person');

export function postgresDevices(db: Knex, vault: Vault): Devices {
  const people = peopleKeys(vault);
  return {
    async knows(device, run) {
      return (await ask(db, KNOWS, [hashedDevice(device), people(run)])).length === 1;
    },
    refOf: (device) => hashedDevice(device).toString('base64url'),
    async forget(run) {
      await db('devices')
        .whereIn('person', [...people(run)])
        .delete();
    },
    async of(run) {
      const rows = await db('devices')
        .whereIn('person', [...people(run)])
        .orderBy('last_at', 'desc')
        .select<{ device: Buffer; name: string; first_at: string; last_at: string }[]>();
      return rows.map(({ device, name, first_at, last_at }) => {
        return { ref: device.toString('base64url'), name, firstAt: Number(first_at), lastAt: Number(last_at) };
      });
    },
    // Once a day, without an index: that would make each login write it too. Piece by piece: of a country it is long.
    async sweep(before) {
      const { rows } = await db.raw<{ rows: { pages: string }[] }>(
        `select pg_relation_size('devices') / current_setting('block_size')::bigint as pages`,
      );
      const pages = Number(rows[0]?.pages ?? 0);
      let gone = 0;
      for (let page = 0; page < pages; page += PAGES) {
        const piece = { from: `(${page},0)`, to: `(${page + PAGES},0)`, before };
        const { rowCount } = await db.raw<{ rowCount: number }>(
          'delete from devices where ctid >= cast(:from as tid) and ctid < cast(:to as tid) and last_at < :before',
          piece,
        );
        gone += rowCount;
      }
      return gone;
    },
    async forgetOne(run, ref) {
      const gone = await db('devices')
        .where({ device: Buffer.from(ref, 'base64url') })
        .whereIn('person', [...people(run)])
        .delete();
      return gone > 0;
    },
  };
}
