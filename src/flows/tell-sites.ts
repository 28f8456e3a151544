import type { Link } from '../domain/account-session.ts';
import type { Tx } from '../parts.ts';

/** Those that hang on a session that ends hear of it by the back channel: in the transaction that ends it, or never. */
export async function tellSites(
  { jobs }: Pick<Tx, 'jobs'>,
  accountId: string,
  links: readonly Pick<Link, 'clientId' | 'sid'>[],
): Promise<void> {
  for (const { clientId, sid } of links)
    if (sid !== undefined) await jobs.add({ job: 'backchannel-logout', clientId, accountId, sid });
}
