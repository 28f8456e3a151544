import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** What moves on. */
type Mark = 'clock-offset' | 'events-watched' | 'people-seeded' | 'registry-fault' | 'site-fault' | 'mail-fault';

/** Values made once and kept for ever, and a few that move; sealed. */
export interface Settings {
  /** The value of that name; if there is none yet, the offered one becomes it. All processes get the same. */
  once(
    name: 'account-client-secret' | 'console-client-secret' | 'audit-key' | 'mode' | 'pairwise-key',
    offered: string,
  ): Promise<string>;
  read(name: Mark): Promise<string | undefined>;
  write(name: Mark, value: string): Promise<void>;
}

export function postgresSettings(db: Knex, vault: Vault): Settings {
  const place = (name: string) => `settings.value.${name}`;
  const read = async (name: string) => {
    const row = await db('settings').where({ name }).first<{ value: Buffer } | undefined>('value');
    return row && vault.open(row.value, place(name));
  };
  return {
    async once(name, offered) {
      const value = vault.seal(offered, place(name));
      await db('settings').insert({ name, value }).onConflict('name').ignore();
      return (await read(name)) ?? offered;
    },
    read,
    async write(name, text) {
      const value = vault.seal(text, place(name));
      await db('settings').insert({ name, value }).onConflict('name').merge();
    },
  };
}
