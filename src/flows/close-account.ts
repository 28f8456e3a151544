import type { Purpose } from '../domain/code.ts';
import type { Parts, Tx } from '../parts.ts';
import { tell } from './notice.ts';
import { askedBy, trailOf, type Owner } from './owner.ts';
import { linksOf } from './sessions.ts';
import { tellSites } from './tell-sites.ts';

type Needs = Pick<Parts, 'accounts' | 'audit' | 'chance' | 'clock' | 'sessions' | 'transaction'>;

const ALL_CODES: readonly Purpose[] = [
  ...(['sign-in', 'recovery', 'activation', 'activation-contact', 'activation-second', 'contact-change'] as const),
];

/** Nobody can sign in, sessions and tokens end at once; recovery opens it again. */
export const blockAccount = (parts: Needs, owner: Owner): Promise<void> =>
  shut(parts, owner, async (tx, now) => {
    const accountId = owner.account.id;
    await tx.accounts.setStatus(accountId, 'paused', now);
    await tx.audit.add({ kind: 'account-blocked', ...trailOf(owner, now), details: { by: 'owner' } });
    await tell(tx, parts, { event: 'blocked', accountId, at: now, asker: askedBy(owner) });
  });

/**
 * The end: who she is stays, with the record of what happened, since the law wants both; how to reach her, how she proved
 * herself and which devices were hers goes.
 */
export const closeAccount = (parts: Needs, owner: Owner): Promise<void> =>
  shut(parts, owner, async (tx, now) => {
    const { id: accountId, person } = owner.account;
    await tell(tx, parts, { event: 'closed', accountId, person, at: now, asker: askedBy(owner) });
    await tx.accounts.setStatus(accountId, 'closed', now);
    await tx.accounts.removeSecret(accountId);
    await tx.factors.removeAll(accountId);
    await tx.contactChanges.forget(accountId);
    await tx.devices.forget(person.run);
    await tx.accounts.editPerson(accountId, now, ({ run, names, surnames }) => ({ run, names, surnames }));
    await tx.audit.add({ kind: 'account-closed', ...trailOf(owner, now) });
  });

async function shut(parts: Needs, { account, links }: Owner, work: (tx: Tx, now: number) => Promise<void>) {
  const now = parts.clock();
  const told = await linksOf(parts, { accountId: account.id, links });
  await parts.transaction(async (tx) => {
    await work(tx, now);
    await tx.sessions.endAll(account.id, now);
    await tx.codes.endOf(account.id, ALL_CODES, now);
    await tx.journeys.endOf(account.id);
    await tellSites(tx, account.id, told);
  });
}
