import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Parts } from '../parts.ts';
import type { PrivateJwk } from '../stores/signing-keys.ts';

type Needs = Pick<Parts, 'audit' | 'settings' | 'signingKeys' | 'clock'>;

/** RS256 with 3072 bits. */
const BITS = 3072;

/** What the provider must know before its first request; the first start makes it. Several processes get the same. */
export async function prepareKeys(parts: Needs): Promise<{ keys: readonly PrivateJwk[]; pairwiseKey: string }> {
  const pairwiseKey = await parts.settings.once('pairwise-key', randomBytes(32).toString('base64url'));
  let published = await parts.signingKeys.published();
  if (published.length === 0) {
    const jwk = await newSigningKey();
    if (await parts.signingKeys.addFirst(jwk, parts.clock()))
      await parts.audit.add({ kind: 'key-created', at: parts.clock(), details: { kid: jwk.kid, alg: jwk.alg } });
    published = await parts.signingKeys.published();
  }
  return { keys: published.map(({ jwk }) => jwk), pairwiseKey };
}

async function newSigningKey(): Promise<PrivateJwk> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
  return {
    ...privateKey.export({ format: 'jwk' }),
    kid: randomBytes(12).toString('base64url'),
    alg: 'RS256',
    use: 'sig',
  };
}
