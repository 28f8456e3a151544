import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** When a client last got a token, and when the JWKS was last read from a place where it does. */
export type KeyReader = { readonly clientId: string; readonly usedAt: number; readonly readAt: number | undefined };

/**
 * Whoever reads the JWKS does not say who it is. `source` is its network and its software; where tokens are asked for from
 * the same source, it is most likely the same site.
 */
export interface KeyReaders {
  read(source: string, at: number): Promise<void>;
  used(
    clientId: string,
    source: string,
    at: { readonly usedAt: number; readonly readAt?: number | undefined },
  ): Promise<void>;
  list(): Promise<readonly KeyReader[]>;
  /** Takes away what was used last before that. */
  sweep(before: number): Promise<void>;
}

export function postgresKeyReaders(db: Knex, vault: Vault): KeyReaders {
  // With the first master key alone: after a rotation it is learnt anew.
  const hashed = (source: string) => vault.indexes(source, 'key_readers.source')[0];
  return {
    async read(source, at) {
      await db('key_readers')
        .where({ source: hashed(source) })
        .update({ read_at: at });
    },
    async used(clientId, source, { usedAt, readAt }) {
      await db.raw(
        `insert into key_readers (client_id, source, used_at, read_at) values (:clientId, :source, :usedAt, :readAt)
         on conflict (client_id, source) do update set used_at = excluded.used_at,
           read_at = greatest(key_readers.read_at, excluded.read_at)`,
        { clientId, source: hashed(source), usedAt, readAt: readAt ?? null },
      );
    },
    async list() {
      const { rows } = await db.raw<{ rows: { client_id: string; used_at: string; read_at: string | null }[] }>(
        `select client_id, max(used_at) as used_at, max(read_at) as read_at from key_readers group by client_id order by client_id`,
      );
      return rows.map(({ client_id, used_at, read_at }) => ({
        ...{ clientId: client_id, usedAt: Number(used_at) },
        readAt: read_at === null ? undefined : Number(read_at),
      }));
    },
    async sweep(before) {
      await db('key_readers').where('used_at', '<', before).delete();
    },
  };
}
