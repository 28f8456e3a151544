import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIGNING_ALGS } from '../../src/domain/signing-key.ts';
import { softwareSigner } from '../../src/gateways/signer.ts';
import type { Parts } from '../../src/parts.ts';
import type { StoredJwk } from '../../src/stores/signing-keys.ts';

/** Made once in a run: RSA keys take long on a busy machine. */
export async function keysOfTheRun(): Promise<readonly StoredJwk[]> {
  const file = join(tmpdir(), 'signing-keys.json');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as StoredJwk[];
  const signer = softwareSigner();
  const made = await Promise.all(SIGNING_ALGS.map((alg) => signer.make(alg)));
  const draft = `${file}-${randomUUID()}`;
  await writeFile(draft, JSON.stringify(made), { mode: 0o600 });
  await rename(draft, file);
  return made;
}

/** The signing keys of an application that is there for a test. */
export async function giveKeys({ signingKeys, clock }: Pick<Parts, 'signingKeys' | 'clock'>): Promise<void> {
  const at = clock();
  for (const jwk of await keysOfTheRun()) await signingKeys.add({ jwk, state: 'current', createdAt: at, since: at });
}
