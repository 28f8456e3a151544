import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { Anchor, Anchored } from './audit-chain/blocks.ts';
import {
  readExtract,
  writeExtract,
  type Extracted,
  type Extracting,
  type ExtractVerdict,
  type Wanted,
} from './audit-chain/extract.ts';
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
  /** Makes the tables of this month and the next two; what was written without one goes into its own. */
  prepare(now: number): Promise<void>;
  /**
   * Deletes the rows of blocks that are older than `kept` milliseconds, five blocks at most, since each row is asked
   * whether it may go; their seals stay. Tells how many rows went. Tables of months that are empty then go too.
   */
  expire(now: number, kept: number): Promise<number>;
  /** Reads everything once, and names the first place that is not as it was sealed. `kept` in milliseconds. */
  verify(against: {
    readonly anchors: Anchored;
    readonly kept: number;
    readonly clock: () => number;
    readonly progress?: (rows: number) => void;
    /** Only so many blocks from there on; `blocks` of the answer is then the last one that was looked at. */
    readonly part?: { readonly first: number; readonly blocks: number };
  }): Promise<Verified>;
  /** The last block, when the oldest row was recorded that no block holds, and what time it is there; milliseconds. */
  state(): Promise<{ readonly blocks: number; readonly oldestUnsealed: number | undefined; readonly now: number }>;
  /** Writes what is wanted, line by line, with a signature at its end. */
  extract(wanted: Wanted, how: Extracting): Promise<Extracted>;
  /** Reads such lines; the signature must be ours. */
  readExtract(lines: AsyncIterable<string>): Promise<ExtractVerdict>;
  /** For those who verify elsewhere: Ed25519, SPKI, base64url. */
  publicKey(): Promise<string>;
}

type Tools = {
  readonly settings: Settings;
  readonly pause: () => Promise<unknown>;
  /** The emulator's time, which may be ahead of the database's: whoever owns the log may say what time it is. */
  readonly ownTime?: boolean;
};

/** The key that signs is made once, and sealed in the database. */
export function postgresAuditChain(db: Knex, { settings, pause, ownTime = false }: Tools): AuditChain {
  const key = async () => {
    const fresh = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    return createPrivateKey(await settings.once('audit-key', fresh));
  };
  const publicKey = async () => createPublicKey(await key());
  const written = async () => (await publicKey()).export({ format: 'der', type: 'spki' }).toString('base64url');
  const as = ownTime ? '_at' : '';
  return {
    seal: createSealer({ db, key, pause }),
    async prepare(now) {
      if (ownTime) await db.raw('select prepare_audit_at(cast(? as bigint))', [now]);
      else await db.raw('select prepare_audit()');
    },
    async expire(now, kept) {
      const { rows } = await db.raw<{ rows: { gone: string }[] }>(
        `select coalesce(sum(expire_audit${as}(id, :now, :kept)), 0) as gone from (
           select id from audit_blocks
           where last_at <= cast(:now as bigint) - cast(:kept as bigint) and id not in (select block from audit_expired)
           order by id limit 5
         ) old`,
        { now, kept },
      );
      const gone = Number(rows[0]?.gone ?? 0);
      if (gone > 0) await db.raw(`select drop_audit_months${as}(cast(? as bigint))`, [now - kept]);
      return gone;
    },
    async state() {
      const { rows } = await db.raw<{ rows: { blocks: number | null; at: string | null; now: string }[] }>(
        `select id as blocks, (select at from audit where audit.id > coalesce(to_id, 0) order by audit.id limit 1) as at,
           (extract(epoch from clock_timestamp()) * 1000)::bigint as now
         from (select 1) one left join (select id, to_id from audit_blocks order by id desc limit 1) last on true`,
      );
      const { blocks, at, now } = rows[0] ?? { blocks: null, at: null, now: '0' };
      return { blocks: blocks ?? 0, now: Number(now), oldestUnsealed: at === null ? undefined : Number(at) };
    },
    verify: async (against) => verifyAudit(db, { ...against, publicKey: await publicKey() }),
    async extract(wanted, how) {
      return writeExtract(db, { ...how, wanted, key: await key(), publicKey: await written() });
    },
    readExtract: async (lines) => readExtract(lines, await publicKey()),
    publicKey: written,
  };
}
