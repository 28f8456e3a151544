import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { Anchor } from './audit-chain/blocks.ts';
import { createSealer } from './audit-chain/seal.ts';
import { verifyAudit, type Verified } from './audit-chain/verify.ts';
import type { Knex } from './connections.ts';
import type { Settings } from './settings.ts';

/** Rows are never changed; blocks of them are sealed into a signed chain, so that no sign-in waits for another. */
export interface AuditChain {
  /**
   * Seals what is certain to be complete, a thousand rows at most; answers with what is to be kept outside, or undefined
   * when there is nothing to seal. Of several processes one seals at a time.
   */
  seal(now: number): Promise<Anchor | undefined>;
  /** Deletes the rows of blocks that are older than `kept` milliseconds; their seals stay. Tells how many rows went. */
  expire(now: number, kept: number): Promise<number>;
  /** Reads everything once, and names the first place that is not as it was sealed. `kept` in milliseconds. */
  verify(against: {
    readonly anchors: readonly Anchor[];
    readonly kept: number;
    readonly progress?: (rows: number) => void;
  }): Promise<Verified>;
  /** For those who verify elsewhere: Ed25519, SPKI, base64url. */
  publicKey(): Promise<string>;
}

type Tools = { readonly settings: Settings; readonly pause: () => Promise<unknown> };

/** The key that signs is made once, and sealed in the database. */
export function postgresAuditChain(db: Knex, { settings, pause }: Tools): AuditChain {
  const key = async () => {
    const fresh = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    return createPrivateKey(await settings.once('audit-key', fresh));
  };
  const publicKey = async () => createPublicKey(await key());
  return {
    seal: createSealer({ db, key, pause }),
    async expire(now, kept) {
      const { rows } = await db.raw<{ rows: { gone: string }[] }>(
        `select coalesce(sum(expire_audit(id, :now, :kept)), 0) as gone from (
           select id from audit_blocks
           where last_at <= cast(:now as bigint) - cast(:kept as bigint) and id not in (select block from audit_expired)
           order by id
         ) old`,
        { now, kept },
      );
      return Number(rows[0]?.gone ?? 0);
    },
    verify: async (against) => verifyAudit(db, { ...against, publicKey: await publicKey() }),
    publicKey: async () => (await publicKey()).export({ format: 'der', type: 'spki' }).toString('base64url'),
  };
}
