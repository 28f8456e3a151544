import { createHash } from 'node:crypto';
import { canonical } from '../../domain/canonical.ts';

/** A sealed block, as it stands in the database. */
export type Block = {
  readonly id: number;
  readonly from_id: string;
  readonly to_id: string;
  readonly last_at: string;
  /** SHA-256 of each row, one after another. */
  readonly rows: Buffer;
  readonly previous: Buffer;
  readonly hash: Buffer;
  readonly signature: Buffer;
  readonly sealed_at: string;
};

/** What is kept outside: with it, a chain that was cut or made anew is noticed. */
export type Anchor = {
  readonly block: number;
  readonly to: string;
  readonly at: number;
  readonly hash: string;
  readonly signature: string;
};

/** Where they are kept: those of some blocks, and which is the newest; 0 when there is none. */
export type Anchored = {
  readonly of: (first: number, last: number) => Promise<readonly Anchor[]>;
  readonly newest: () => Promise<number>;
};

/** «Head signed and anchored outside every 60 s or 1,000 events». */
export const BLOCK_ROWS = 1000;
export const START = Buffer.alloc(32);

export const hashOfBlock = ({
  id,
  from_id,
  to_id,
  last_at,
  rows,
  previous,
  sealed_at,
}: Omit<Block, 'hash' | 'signature'>) =>
  createHash('sha256')
    .update(
      canonical({
        ...{ version: 1, id, from_id, to_id, last_at, sealed_at, previous: previous.toString('base64url') },
        rows: createHash('sha256').update(rows).digest('base64url'),
      }),
    )
    .digest();
