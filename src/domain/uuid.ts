/** What comes in an address may be anything. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** A random id in the form that Postgres keeps best (RFC 9562, version 4), of sixteen random bytes as base64url. */
export function uuid(random: string): string {
  const hex = Buffer.from(random, 'base64url').toString('hex');
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
