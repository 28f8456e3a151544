import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** Where a key stands: published → signs → kept for verifying → gone. */
export type KeyState = 'next' | 'current' | 'retiring' | 'retired';
export type PrivateJwk = Readonly<Record<string, unknown>> & { readonly kid: string; readonly alg: string };
export type SigningKey = { readonly jwk: PrivateJwk; readonly state: KeyState; readonly createdAt: number };

/** The provider's own keys; private parts are sealed at rest. */
export interface SigningKeys {
  /** All but the retired, the signing one first. */
  published(): Promise<readonly SigningKey[]>;
  /** Becomes the current key only if there is none yet: of n processes starting at once one makes the key. */
  addFirst(jwk: PrivateJwk, at: number): Promise<boolean>;
}

export function postgresSigningKeys(db: Knex, vault: Vault): SigningKeys {
  type Row = { kid: string; state: KeyState; jwk: Buffer; created_at: string };
  const place = (kid: string) => `signing_keys.jwk.${kid}`;
  return {
    async published() {
      const { rows } = await db.raw<{ rows: Row[] }>(
        `select kid, state, jwk, created_at from signing_keys where state <> 'retired'
         order by (state = 'current') desc, created_at desc`,
      );
      return rows.map(({ kid, state, jwk, created_at }) => ({
        jwk: JSON.parse(vault.open(jwk, place(kid))) as PrivateJwk,
        state,
        createdAt: Number(created_at),
      }));
    },
    addFirst: (jwk, at) =>
      db.transaction(async (trx) => {
        await trx.raw('lock table signing_keys in share row exclusive mode');
        const { kid, alg } = jwk;
        const known = await trx('signing_keys').where({ state: 'current', alg }).select<{ kid: string }[]>('kid');
        if (known.length > 0) return false;
        const sealed = vault.seal(JSON.stringify(jwk), place(kid));
        await trx('signing_keys').insert({ kid, alg, state: 'current', jwk: sealed, created_at: at });
        return true;
      }),
  };
}
