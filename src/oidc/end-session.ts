import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { Parts } from '../parts.ts';
import type { Jobs } from '../stores/jobs.ts';

type Needs = Pick<Parts, 'clock' | 'transaction'>;

/** Ends the session of the browser that asks, without asking it; the sites are told by jobs. Tells whether there was one. */
export async function endSession(ctx: Context, provider: Provider, parts: Needs): Promise<boolean> {
  const session = await provider.Session.get(ctx);
  const { accountId, uid, authorizations = {} } = session;
  if (accountId === undefined) return false;
  const at = parts.clock();
  await parts.transaction(async (tx) => {
    // Its tokens live no longer than it does: they are bound to it.
    await tx.sessions.end(uid, at);
    await tx.audit.add({ kind: 'session-ended', at, accountId, requestId: String(ctx.state['requestId']) });
    for (const [clientId, { sid }] of Object.entries(authorizations))
      if (sid !== undefined) await tx.jobs.add({ job: 'backchannel-logout', clientId, accountId, sid });
  });
  await session.destroy();
  return true;
}

/** The library tells a site once; what fails is tried again by the job runner (OpenID Connect Back-Channel Logout 1.0 §2.8). */
export function retryBackchannel(
  provider: Provider,
  { jobs, log }: { readonly jobs: Jobs; readonly log: Parts['log'] },
): void {
  provider.on('backchannel.error', (...[, err, client, accountId, sid]) => {
    log.warn({ err, clientId: client.clientId }, 'a site could not be told of a logout');
    jobs.add({ job: 'backchannel-logout', clientId: client.clientId, accountId, sid }).catch((fault: unknown) => {
      log.error({ err: fault }, 'a logout could not be queued');
    });
  });
}

/** The library's own method, which its types leave out. */
type Tells = { backchannelLogout(accountId: string, sid: string): Promise<void> };
const tells = (client: object): client is Tells => 'backchannelLogout' in client;

/** What the job does: one call, which throws when it fails. A site that is gone, or wants no calls, needs none. */
export async function tellLogout(
  provider: Provider,
  job: { clientId: string; accountId: string; sid: string },
): Promise<void> {
  const client = await provider.Client.find(job.clientId);
  if (client?.['backchannelLogoutUri'] !== undefined && tells(client))
    await client.backchannelLogout(job.accountId, job.sid);
}
