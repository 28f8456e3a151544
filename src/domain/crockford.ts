/** Digits and letters, without those that look like digits. */
export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Bytes as Crockford's base 32, in groups of four: easy to read out by telephone. Five bytes are eight characters. */
export function crockford(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  let digits = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      if (digits > 0 && digits % 4 === 0) text += '-';
      text += ALPHABET[(value >> bits) & 31] ?? '';
      digits += 1;
    }
  }
  return text;
}
