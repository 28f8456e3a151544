import { createPublicKey, type KeyObject } from 'node:crypto';
import { ExternalSigningKey } from 'oidc-provider';
import { SIGNING_ALGS } from '../domain/signing-key.ts';
import type { Parts } from '../parts.ts';
import type { SigningKey } from '../stores/signing-keys.ts';

type Needs = Pick<Parts, 'chance' | 'clock' | 'settings' | 'signer' | 'signingKeys' | 'transaction'>;

/** What the provider must know before its first request. */
export type Prepared = { readonly keys: readonly SigningKey[]; readonly pairwiseKey: string };

/** The first start makes a key for each algorithm. Several processes get the same. */
export async function prepareKeys(parts: Needs): Promise<Prepared> {
  const pairwiseKey = await parts.settings.once('pairwise-key', parts.chance(32));
  const published = await parts.signingKeys.published();
  const lacking = SIGNING_ALGS.filter((alg) => !published.some(({ jwk }) => jwk.alg === alg));
  if (lacking.length === 0) return { keys: published, pairwiseKey };
  const made = await Promise.all(lacking.map((alg) => parts.signer.make(alg)));
  await parts.transaction(async ({ audit, signingKeys }) => {
    const at = parts.clock();
    for (const jwk of made)
      if (await signingKeys.add({ jwk, state: 'current', createdAt: at, since: at }))
        await audit.add({ kind: 'key-created', at, details: { kid: jwk.kid, alg: jwk.alg } });
  });
  return { keys: await parts.signingKeys.published(), pairwiseKey };
}

/** A key as the library takes it: it shows the public members, and the signer signs. */
export function providerKey({ jwk }: SigningKey, signer: Parts['signer']): ExternalSigningKey {
  const shown = signer.publicPart(jwk);
  return new SignedElsewhere(shown, (data) => signer.sign(jwk, data));
}

type Sign = (data: Uint8Array) => Promise<Uint8Array>;

class SignedElsewhere extends ExternalSigningKey {
  readonly #shown: ReturnType<Parts['signer']['publicPart']>;
  readonly #sign: Sign;
  readonly #key: KeyObject;

  constructor(shown: ReturnType<Parts['signer']['publicPart']>, sign: Sign) {
    super();
    this.#shown = shown;
    this.#sign = sign;
    this.#key = createPublicKey({ key: { ...shown }, format: 'jwk' });
  }

  override get kid(): string {
    return this.#shown.kid;
  }

  override get alg(): string {
    return this.#shown.alg;
  }

  override keyObject(): KeyObject {
    return this.#key;
  }

  override sign(data: Uint8Array): Promise<Uint8Array> {
    return this.#sign(data);
  }
}
