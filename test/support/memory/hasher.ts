import { createHmac, randomBytes } from 'node:crypto';
import type { Vault } from '../../../src/domain/vault.ts';
import type { Hasher } from '../../../src/gateways/hasher.ts';

const OWN = /^\$quick\$c=(\d+)\$([\w-]{22})\$([\w-]{43})$/;

/** Fast, but as strict as the real one: salted, peppered, and what is no hash of its own is a fault. `cost` is its parameter. */
export function quickHasher(vault: Vault, { cost = 1 }: { cost?: number } = {}): Hasher {
  const tag = (password: string, salt: string, key: Buffer | undefined) =>
    createHmac('sha256', key ?? 'no pepper')
      .update(`${salt}|${password}`)
      .digest('base64url');
  return {
    async hash(password) {
      const pepper = vault.pepper();
      if (!pepper) throw new Error('hasher: no pepper');
      const salt = randomBytes(16).toString('base64url');
      return { hash: `$quick$c=${cost}$${salt}$${tag(password, salt, pepper.key)}`, pepper: pepper.id };
    },
    async verify(secret, password) {
      if (secret === undefined) return false;
      const pepper = secret.pepper === undefined ? undefined : vault.pepper(secret.pepper);
      if (secret.pepper !== undefined && !pepper) throw new Error('hasher: the pepper of this hash is not here');
      const [, , salt, wanted] = OWN.exec(secret.hash) ?? [];
      if (salt === undefined) throw new Error('hasher: this is not a hash of mine');
      return tag(password, salt, pepper?.key) === wanted;
    },
    isStale: ({ hash, pepper }) => OWN.exec(hash)?.[1] !== String(cost) || pepper !== vault.pepper()?.id,
    quickest: () => 0,
    standing: () => ({ aSecond: Infinity, made: 0, waitedMs: 0 }),
  };
}
