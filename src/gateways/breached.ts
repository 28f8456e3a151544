import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/**
 * Any number of passwords in a Bloom filter on disk: ten bits of a file are read for a question, and nothing is held
 * in memory. One in a thousand good passwords is refused by chance, none of the listed ones is let through.
 */
export type Breached = { has(password: string): Promise<boolean>; close(): Promise<void> };

/** The first 16 bytes of the file: who made it, then the number of bits, big endian. */
const MAGIC = Buffer.from('clavebl1');
export const HEADER = 16;
const PROBES = 10;
/** For one wrong answer in a thousand. */
const BITS_EACH = 14.4;

/** Where a password's bits are; by its SHA-1 in hex, as public lists have it (Pwned Passwords). */
export function placesOf(sha1: string, bits: number): readonly number[] {
  const hash = createHash('sha256').update(sha1.toUpperCase()).digest();
  const [a, b] = [hash.readUIntBE(0, 6), hash.readUIntBE(6, 6) | 1];
  // Ten times 48 bits are still exact in a number.
  return Array.from({ length: PROBES }, (_, n) => (a + n * b) % bits);
}

export const sha1Of = (password: string): string => createHash('sha1').update(password).digest('hex');

/** An empty filter for so many, and how one more is put in. */
export function emptyBreached(count: number): { readonly bytes: Buffer; readonly add: (sha1: string) => void } {
  const bits = Math.ceil((Math.max(count, 1) * BITS_EACH) / 8) * 8;
  const bytes = Buffer.alloc(HEADER + bits / 8);
  MAGIC.copy(bytes);
  bytes.writeBigUInt64BE(BigInt(bits), MAGIC.length);
  const add = (sha1: string) => {
    for (const place of placesOf(sha1, bits)) {
      const at = HEADER + Math.floor(place / 8);
      bytes[at] = (bytes[at] ?? 0) | (1 << (place % 8));
    }
  };
  return { bytes, add };
}

/** Throws when the file is not one of ours, or not whole. */
export async function openBreached(path: string): Promise<Breached> {
  const file = await open(path);
  const header = Buffer.alloc(HEADER);
  await file.read(header, 0, HEADER, 0);
  const bits = Number(header.readBigUInt64BE(MAGIC.length));
  const { size } = await file.stat();
  const whole = header.subarray(0, MAGIC.length).equals(MAGIC) && size === HEADER + bits / 8;
  if (!whole) {
    await file.close();
    throw new Error(`${path} is not a filter made by \`clave passwords compile\``);
  }
  return {
    async has(password) {
      const byte = Buffer.alloc(1);
      for (const place of placesOf(sha1Of(password), bits)) {
        await file.read(byte, 0, 1, HEADER + Math.floor(place / 8));
        if (((byte[0] ?? 0) & (1 << (place % 8))) === 0) return false;
      }
      return true;
    },
    close: () => file.close(),
  };
}
