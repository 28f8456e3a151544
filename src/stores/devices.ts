import { createHash } from 'node:crypto';
import type { Run } from '../domain/run.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** Browsers from which a person has signed in before; rows hold hashes of both. */
export interface Devices {
  knows(device: string, run: Run): Promise<boolean>;
  /** Tells whether it was new. At most twenty people a device: the longest unseen makes room. */
  remember(device: string, run: Run, at: number): Promise<boolean>;
  /** No device is this person's any more. */
  forget(run: Run): Promise<void>;
}

const PEOPLE_A_DEVICE = 20;

export function postgresDevices(db: Knex, vault: Vault): Devices {
  const hashed = (device: string) => createHash('sha256').update(`device ${device}`).digest();
  const people = (run: Run) => vault.indexes(run, 'devices.person');
  return {
    async knows(device, run) {
      const rows = await db('devices')
        .where({ device: hashed(device) })
        .whereIn('person', [...people(run)])
        .limit(1)
        .select<{ device: Buffer }[]>('device');
      return rows.length === 1;
    },
    async remember(device, run, at) {
      const [person, ...older] = people(run);
      // Under whichever master key it was remembered: a rotation must not send a letter to everybody.
      const seen = await db('devices')
        .where({ device: hashed(device) })
        .whereIn('person', [person, ...older])
        .update({ last_at: at });
      if (seen > 0) return false;
      const { rows } = await db.raw<{ rows: { fresh: boolean }[] }>(
        `insert into devices (device, person, first_at, last_at) values (:device, :person, :at, :at)
         on conflict (device, person) do update set last_at = excluded.last_at returning (xmax = 0) as fresh`,
        { device: hashed(device), person, at },
      );
      const fresh = rows[0]?.fresh ?? false;
      if (fresh)
        await db.raw(
          `delete from devices where device = :device and person in
           (select person from devices where device = :device order by last_at desc offset ${String(PEOPLE_A_DEVICE)})`,
          { device: hashed(device) },
        );
      return fresh;
    },
    async forget(run) {
      await db('devices')
        .whereIn('person', [...people(run)])
        .delete();
    },
  };
}
