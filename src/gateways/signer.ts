import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  sign,
  type KeyObject,
  type SigningOptions,
} from 'node:crypto';
import { promisify } from 'node:util';
import { Unavailable } from '../domain/fault.ts';
import type { SigningAlg } from '../domain/signing-key.ts';

/** A public key as the JWKS shows it (RFC 7517). */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kid: string; readonly alg: SigningAlg };
/** What is kept, sealed, to sign with a key again: here its private part, from a device its name there. */
export type KeptJwk = PublicJwk;

/**
 * Makes keys and signs with them. Behind it may stand a KMS or an HSM, whose private keys never come out: `make` then
 * answers the public members and a handle in a member of its own, which `publicPart` takes away again.
 */
export interface Signer {
  make(alg: SigningAlg): Promise<KeptJwk>;
  publicPart(key: KeptJwk): PublicJwk;
  /** A JWS signature (RFC 7518 §3). Throws `Unavailable` when it cannot be had now; never anything unsigned. */
  sign(key: KeptJwk, data: Uint8Array): Promise<Uint8Array>;
}

const RSA_BITS = 3072;
const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = constants;

type Way = { readonly digest: string | null; readonly options: SigningOptions };
const WAYS: Readonly<Record<SigningAlg, Way>> = {
  RS256: { digest: 'sha256', options: { padding: RSA_PKCS1_PADDING } },
  PS256: { digest: 'sha256', options: { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST } },
  ES256: { digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  EdDSA: { digest: null, options: {} },
};

const keyPair = promisify(generateKeyPair);
async function privateKeyFor(alg: SigningAlg): Promise<KeyObject> {
  if (alg === 'ES256') return (await keyPair('ec', { namedCurve: 'P-256' })).privateKey;
  if (alg === 'EdDSA') return (await keyPair('ed25519')).privateKey;
  return (await keyPair('rsa', { modulusLength: RSA_BITS })).privateKey;
}

/**
 * Keys in this process's memory; where they rest is the caller's business. `beside`: on a thread of libuv, while the event
 * loop goes on; a process that has one core for itself gains nothing by that, and pays for the way there and back.
 */
export function softwareSigner({ beside = true } = {}): Signer {
  const loaded = new WeakMap<KeptJwk, KeyObject>();
  const load = (key: KeptJwk): KeyObject => {
    if (key['d'] === undefined) throw new Error(`signer: the private part of ${key.kid} is not here`);
    const known = loaded.get(key) ?? createPrivateKey({ key: { ...key }, format: 'jwk' });
    loaded.set(key, known);
    return known;
  };
  return {
    async make(alg) {
      const key = await privateKeyFor(alg);
      const { x, y, n, e, crv, kty } = createPublicKey(key).export({ format: 'jwk' });
      // RFC 7638: the required members alone, in the order of their names.
      const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, ...(kty === 'EC' && { y }) };
      const kid = hash('sha256', JSON.stringify(members), 'base64url');
      return { ...key.export({ format: 'jwk' }), kid, alg, use: 'sig' };
    },
    publicPart({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...rest }) {
      return rest;
    },
    sign: (key, data) =>
      new Promise((resolve, reject) => {
        const { digest, options } = WAYS[key.alg];
        const how = { key: load(key), ...options };
        if (!beside) {
          resolve(sign(digest, data, how));
          return;
        }
        sign(digest, data, how, (error, signature) => {
          if (error) reject(error);
          else resolve(signature);
        });
      }),
  };
}

/** A signer elsewhere may not answer: nobody waits longer than `ms`, and every fault of it is a part that is away. */
export function boundedSigner(signer: Signer, ms: number): Signer {
  return {
    ...signer,
    async sign(key, data) {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(new Unavailable('signer')), ms);
      try {
        return await Promise.race([signer.sign(key, data), late]);
      } catch (cause) {
        throw cause instanceof Unavailable ? cause : new Unavailable('signer', { cause });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
