import { createHash } from 'node:crypto';
import type { Vault } from '../domain/vault.ts';
import type { Artifacts } from './artifacts.ts';

/** What a state website asked for when it sent somebody. Without `params` it cannot be started again. */
export type KeptRequest = {
  readonly clientId: string;
  readonly params: Readonly<Record<string, string>> | undefined;
};

/** Kept under the interaction's uid, sealed, longer than the interaction itself: so that a stale page leads back. */
export interface Requests {
  keep(uid: string, request: KeptRequest, at: { readonly now: number; readonly until: number }): Promise<void>;
  find(uid: string, now: number): Promise<KeptRequest | undefined>;
}

export function artifactRequests(artifacts: Artifacts, vault: Vault): Requests {
  const keyOf = (uid: string) => createHash('sha256').update(`Request:${uid}`).digest();
  const place = (key: Buffer) => `Request:${key.toString('base64url')}`;
  return {
    async keep(uid, request, { now, until }) {
      const key = keyOf(uid);
      const payload = vault.seal(JSON.stringify(request), place(key));
      await artifacts.put({ key, model: 'Request', payload, expiresAt: until }, now);
    },
    async find(uid, now) {
      const found = await artifacts.get(keyOf(uid), now);
      return found && (JSON.parse(vault.open(found.payload, place(found.key))) as KeptRequest);
    },
  };
}
