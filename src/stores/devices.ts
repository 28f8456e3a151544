import { createHash } from 'node:crypto';
import type { Run } from '../domain/run.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** Browsers from which a person has signed in before; rows hold hashes of both. */
export interface Devices {
  knows(device: string, run: Run): Promise<boolean>;
  /** Tells whether it was new. At most twenty people a device: the longest unseen makes room. */
  remember(device: string, run: Run, at: number): Promise<boolean>;
}

const PEOPLE_A_DEVICE = 20;

export function postgresDevices(db: Knex, vault: Vault): Devices {
  const hashed = (device: string) => createHash('sha256').update(`device ${device}`).digest();
  const people = (run: Run) => vault.indexes(run, 'devices.person');
  return {
    async knows(device, run) {
      const row = await db('devices')
        .where({ device: hashed(device) })
        .whereIn('person', [...people(run)])
        .first('device');
      return row !== undefined;
    },
    async remember(device, run, at) {
      const [person] = people(run);
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
  };
}
