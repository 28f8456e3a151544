/**
 * What the keys of `MASTER_KEYS` can do. The first key seals, all of them open: so they rotate.
 * `place` is the associated data: table, column and row, so that a value moved elsewhere does not open.
 */
export interface Vault {
  /** Of the keys in the list, the sealing one first. */
  readonly ids: readonly [string, ...string[]];
  /** AES-256-GCM; the key's id stands in the value. */
  seal(plain: string, place: string): Buffer;
  /** Throws when the value was changed, moved, or sealed by a key that is gone. */
  open(sealed: Buffer, place: string): string;
  /** HMAC-SHA-256 under each key, the sealing one first, inherited ones last: for look-ups of what must not be readable. */
  indexes(value: string, place: string): readonly [Buffer, ...Buffer[]];
  /** The pepper of that id, or today's. */
  pepper(id?: string): { readonly id: string; readonly key: Buffer } | undefined;
  /** Keys for signing cookies and tokens of forms, the first one signs. */
  signing(purpose: 'cookies' | 'forms'): readonly [string, ...string[]];
  /**
   * What has to outlive a key of the list: its pepper and its HMAC key, for hashes and HMACs whose values nobody knows.
   * To be kept sealed by another key.
   */
  heirloom(id: string): string;
  /** Takes in such a one; a key in the list stands before it. */
  inherit(id: string, heirloom: string): void;
}
