import {
  ACCOUNT_EVENTS,
  deskOf,
  wayOf,
  type AccountEvent,
  type Desk,
  type Period,
  type Way,
} from '../domain/activity.ts';
import type { Parts } from '../parts.ts';
import type { Event, EventKind } from '../stores/audit.ts';

const DAY = 86_400_000;
export const HISTORY = 365 * DAY;
const PAGE = 20;

type Needs = Pick<Parts, 'audit' | 'clients' | 'clock' | 'sessions'>;
type Session = { readonly accountId: string; readonly uid: string };

/** The last time that somebody came in before the session that looks; milliseconds. */
export async function lastAccess(
  { audit, clock, sessions }: Omit<Needs, 'clients'>,
  { accountId, uid }: Session,
): Promise<{ readonly at: number; readonly device: string } | undefined> {
  const now = clock();
  const query = { accountId, kinds: ['access-granted'], from: now - HISTORY, until: now + 1, limit: 50 } as const;
  const here = sessions.refOf(uid);
  const last = (await audit.search(query)).find(({ details }) => details?.['session'] !== here);
  return last && { at: last.at, device: String(last.details?.['device'] ?? '') };
}

/** One line of the history. Times in milliseconds; `device` as `Chrome, Android`. */
export type Happened =
  | { readonly kind: 'access'; readonly at: number; readonly site: string; readonly way: Way; readonly device: string }
  | {
      readonly kind: 'event';
      readonly at: number;
      readonly event: AccountEvent;
      readonly site: string | undefined;
      readonly desk?: Desk | undefined;
    };

export type Activity = {
  readonly lines: readonly Happened[];
  /** Every site there is something of, by id and name. */
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  /** Older ones follow. */
  readonly more: boolean;
};
/** `site`: one client, or the account's own events, or all. `page` counts from one. */
export type ActivityWish = {
  readonly accountId: string;
  readonly site: { readonly id: string } | 'account' | undefined;
  readonly period: Period;
  readonly page: number;
};

const ACCESSES: readonly EventKind[] = ['access-granted'];
const EVENTS: readonly EventKind[] = ACCOUNT_EVENTS;

/** Which sites, when and how, and what happened to the account: from the audit log, for a year. */
export async function activity(parts: Needs, { accountId, site, period, page }: ActivityWish): Promise<Activity> {
  const now = parts.clock();
  const [visited, found] = await Promise.all([
    parts.audit.visited(accountId, now - HISTORY),
    parts.audit.search({
      ...{ accountId, from: now - period * DAY, until: now + 1, skip: (page - 1) * PAGE, limit: PAGE + 1 },
      kinds: site === undefined ? [...ACCESSES, ...EVENTS] : site === 'account' ? EVENTS : ACCESSES,
      clientId: site === 'account' ? undefined : site?.id,
    }),
  ]);
  const nameOf = namer(parts);
  const named = visited.map(async ({ clientId }) => ({ id: clientId, name: await nameOf(clientId) }));
  const lines = found.slice(0, PAGE).map((event) => lineOf(event, nameOf));
  return { lines: await Promise.all(lines), sites: await Promise.all(named), more: found.length > PAGE };
}

async function lineOf(
  { kind, at, clientId, details }: Event,
  nameOf: (id: string) => Promise<string>,
): Promise<Happened> {
  const site = clientId === undefined ? undefined : await nameOf(clientId);
  const event = ACCOUNT_EVENTS.find((own) => own === kind);
  if (event !== undefined)
    return { kind: 'event', at, event, site, desk: event.startsWith('person-') ? deskOf(details) : undefined };
  const way = wayOf(details?.['asked'] === true, String(details?.['amr'] ?? ''));
  return { kind: 'access', at, site: site ?? '', way, device: String(details?.['device'] ?? '') };
}

/** Names of sites, each asked for once. */
function namer({ clients }: Pick<Parts, 'clients'>): (id: string) => Promise<string> {
  const names = new Map<string, Promise<string>>();
  const ask = async (id: string) => (await clients.byId(id))?.name ?? id;
  return (id) => {
    const name = names.get(id) ?? ask(id);
    names.set(id, name);
    return name;
  };
}
