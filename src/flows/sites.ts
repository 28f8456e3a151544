import { isSite } from '../domain/account-session.ts';
import type { Link, Links } from '../domain/account-session.ts';
import { dataItems, type Client, type DataItem } from '../domain/client.ts';
import type { Parts } from '../parts.ts';
import { HISTORY } from './activity.ts';
import { liveSessions, tellLogouts } from './sessions.ts';

export type ConnectedSite = {
  readonly client: Client;
  /** What it may read. */
  readonly data: readonly DataItem[];
  /** The last time that she entered it; milliseconds. */
  readonly lastAt: number | undefined;
};
export type Sites = {
  readonly now: readonly ConnectedSite[];
  /** Entered within a year, and not connected any more. */
  readonly before: readonly { readonly name: string; readonly lastAt: number }[];
};

type Needs = Pick<Parts, 'accounts' | 'audit' | 'clients' | 'clock' | 'sessions'>;
type Whose = { readonly accountId: string; readonly links: Links };

async function linked(parts: Needs, { accountId, links }: Whose): Promise<readonly Link[]> {
  const sessions = await liveSessions(parts, accountId);
  const all = sessions.map(async ({ uid, disconnected }) => {
    // The protocol prepares a grant before it asks for the sign-in that a site needs again.
    const found = await links.of(uid);
    return found.filter(({ clientId }) => !disconnected.includes(clientId));
  });
  return (await Promise.all(all)).flat().filter(({ clientId }) => isSite(clientId));
}

/** Sites that hold something of hers now, and those where she has been. */
export async function sites(parts: Needs, whose: Whose): Promise<Sites> {
  const [links, visited] = await Promise.all([
    linked(parts, whose),
    parts.audit.visited(whose.accountId, parts.clock() - HISTORY),
  ]);
  const ids = [...new Set(links.map(({ clientId }) => clientId))];
  const now = await Promise.all(
    ids.map(async (id): Promise<ConnectedSite | undefined> => {
      const client = await parts.clients.byId(id);
      const scopes = links.filter(({ clientId }) => clientId === id).flatMap((link) => link.scopes);
      const lastAt = visited.find(({ clientId }) => clientId === id)?.lastAt;
      return client && { client, data: dataItems(client.profile, scopes), lastAt };
    }),
  );
  const past = visited.filter(({ clientId }) => isSite(clientId) && !ids.includes(clientId));
  const before = past.map(async ({ clientId, lastAt }) => ({
    name: (await parts.clients.byId(clientId))?.name ?? clientId,
    lastAt,
  }));
  return { now: now.filter((site) => site !== undefined), before: await Promise.all(before) };
}

type Cut = Whose & { readonly clientId: string; readonly network: string; readonly requestId: string };

/**
 * The site loses what it holds, hears of it by the back channel, and asks for a new sign-in the next time. False when it
 * held nothing.
 */
export async function disconnectSite(
  parts: Needs & Pick<Parts, 'jobs' | 'transaction'>,
  { clientId, network, requestId, ...whose }: Cut,
): Promise<boolean> {
  const { accountId, links } = whose;
  const held = (await linked(parts, whose)).filter((link) => link.clientId === clientId);
  if (held.length === 0) return false;
  const at = parts.clock();
  await parts.transaction(async (tx) => {
    await tx.sessions.disconnect(accountId, clientId);
    await tx.audit.add({ kind: 'access-revoked', at, accountId, clientId, network, requestId });
  });
  for (const link of held) {
    await links.cut(link);
    await tellLogouts(parts, accountId, [link]);
  }
  return true;
}
