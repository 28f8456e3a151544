import type { Client } from '../domain/client.ts';
import type { Parts } from '../parts.ts';

/** Where a page that is stale, finished or without its cookie leads: never anywhere but to what is registered. */
export type WayBack =
  /** The same request again. */
  | { readonly kind: 'again'; readonly uid: string; readonly client: Client }
  /** The institution's own page. */
  | { readonly kind: 'site'; readonly to: string; readonly client: Client }
  | { readonly kind: 'home' };

type Needs = Pick<Parts, 'clients' | 'requests' | 'clock'>;
type From = { readonly uid: string | undefined; readonly clientId: string | undefined; readonly issuer: string };

export async function wayBack(parts: Needs, { uid, clientId, issuer }: From): Promise<WayBack> {
  const kept = uid === undefined ? undefined : await parts.requests.find(uid, parts.clock());
  const id = kept?.clientId ?? clientId;
  const client = id === undefined ? undefined : await parts.clients.byId(id);
  if (!client || client.state === 'suspended') return { kind: 'home' };
  if (uid !== undefined && kept?.params) return { kind: 'again', uid, client };
  if (client.initiateLoginUri !== undefined) {
    const to = new URL(client.initiateLoginUri);
    to.searchParams.set('iss', issuer);
    return { kind: 'site', to: to.href, client };
  }
  return client.homeUri === undefined ? { kind: 'home' } : { kind: 'site', to: client.homeUri, client };
}

/** The parameters of a request that can be started again. */
export async function requestAgain(parts: Needs, uid: string): Promise<Readonly<Record<string, string>> | undefined> {
  return (await parts.requests.find(uid, parts.clock()))?.params;
}
