import { isSite, type Link, type Links } from '../domain/account-session.ts';
import type { Client } from '../domain/client.ts';
import type { Purpose } from '../domain/code.ts';
import { wasIn } from '../domain/notice.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import type { Notice } from '../stores/notices.ts';
import { undoContact } from './contact.ts';
import { linksOf } from './sessions.ts';
import { tellSites } from './tell-sites.ts';

/** One that keeps a session of its own. */
export type OpenSite = Pick<Client, 'name' | 'homeUri'>;
/** What a «No fui yo» link leads to. */
export type NotMe =
  | { readonly kind: 'told'; readonly notice: Notice }
  /** `open`: sites that were entered and keep a session of their own, which we cannot end. */
  | { readonly kind: 'denied'; readonly notice: Notice; readonly open: readonly OpenSite[] }
  /** Ten days are over, or it is no link of ours. */
  | { readonly kind: 'unknown' };

/** What the letter told of; nothing happens by looking. */
export async function lookAtNotice(
  parts: Pick<Parts, 'audit' | 'clients' | 'clock' | 'notices'>,
  token: string | undefined,
): Promise<NotMe> {
  const notice = token === undefined ? undefined : await parts.notices.find(token, parts.clock());
  if (!notice) return { kind: 'unknown' };
  if (notice.deniedAt === undefined) return { kind: 'told', notice };
  return { kind: 'denied', notice, open: await stillOpen(parts, notice) };
}

type Denial = {
  readonly token: string | undefined;
  readonly links: Links;
  readonly network: string;
  readonly requestId: string;
};
type Needs = Pick<
  Parts,
  'accounts' | 'audit' | 'chance' | 'clients' | 'clock' | 'notices' | 'sessions' | 'transaction'
>;

/** Whoever it was, she cannot go on: those that wait for a code, but not the activation, which is the officer's. */
const OPEN: readonly Purpose[] = ['sign-in', 'recovery', 'activation-contact', 'contact-change'];

/**
 * The owner says that it was not her: sessions and grants end, open recoveries and changes too, her devices are unknown
 * again, and a supervisor gets a case; all of it or nothing, and once. Factors that were added since are not
 * taken away, since a mailbox alone never does: they prove nothing, and the account goes on asking for one. Sites
 * that want to hear of the end are told; the others are named, since there the session is theirs.
 */
export async function denyNotice(parts: Needs, { token, links, network, requestId }: Denial): Promise<NotMe> {
  if (token === undefined) return { kind: 'unknown' };
  const now = parts.clock();
  const told = await hangingOn(parts, { token, links, now });
  const denied = await parts.transaction(async (tx) => {
    const notice = await tx.notices.deny(token, now);
    if (!notice) return undefined;
    await endEverything(tx, notice, now);
    const { accountId, event, at, asker } = notice;
    await tx.cases.open({
      id: uuid(parts.chance(16)),
      kind: 'not-me',
      accountId,
      at: now,
      details: { event, told: at, ...asker },
    });
    await tellSites(tx, accountId, told);
    await tx.audit.add({ kind: 'not-me', at: now, accountId, network, requestId, details: { event } });
    return notice;
  });
  if (!denied) return lookAtNotice(parts, token);
  return { kind: 'denied', notice: denied, open: await stillOpen(parts, denied, told) };
}

type Whose = { readonly token: string; readonly links: Links; readonly now: number };

/** What hangs on her sessions, before they end: afterwards nobody can see it. */
async function hangingOn(parts: Needs, { token, links, now }: Whose): Promise<readonly Link[]> {
  const notice = await parts.notices.find(token, now);
  if (!notice || notice.deniedAt !== undefined) return [];
  return linksOf(parts, { accountId: notice.accountId, links });
}

/** A site's own session may last so long; milliseconds. */
const DAY = 86_400_000;

/**
 * Sites entered since then, or within a day, that did not hear of the end. `told`: what hung on the sessions; afterwards
 * nobody knows it, and who takes such calls counts as told.
 */
async function stillOpen(
  { audit, clients, clock }: Pick<Parts, 'audit' | 'clients' | 'clock'>,
  { accountId, at }: Notice,
  told?: readonly Link[],
): Promise<readonly OpenSite[]> {
  const visited = await audit.visited(accountId, Math.min(at, clock() - DAY));
  const found = await Promise.all(visited.map(({ clientId }) => clients.byId(clientId)));
  const hears = ({ id, backchannelLogoutUri }: Client) =>
    backchannelLogoutUri !== undefined && (told?.some(({ clientId }) => clientId === id) ?? true);
  return found.flatMap((client) => {
    if (!client || !isSite(client.id) || hears(client)) return [];
    return [{ name: client.name, homeUri: client.homeUri }];
  });
}

async function endEverything(tx: Tx, { accountId, event, at, ref }: Notice, now: number): Promise<void> {
  if (event === 'contact-changed' && ref !== undefined) await undoContact(tx, { accountId, ref, now });
  await tx.accounts.revokeUntil(accountId, Math.floor(now / 1000) + 1);
  await tx.sessions.endAll(accountId, now);
  await tx.codes.endOf(accountId, OPEN, now);
  await tx.journeys.endOf(accountId, { kinds: ['recovery', 'account'] });
  const account = await tx.accounts.byId(accountId);
  if (!account) return;
  await tx.devices.forget(account.person.run);
  if (!wasIn(event)) return;
  await tx.accounts.compromise([account.person.run], now);
  await tx.factors.hold(accountId, { since: at, until: now });
}
