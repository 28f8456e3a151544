import type { Factor } from '../domain/factor.ts';
import type { Identified, Person, Status } from '../domain/account.ts';
import type { Parts } from '../parts.ts';
import type { NewCase } from '../stores/cases.ts';
import type { ContactChange } from '../stores/contact-changes.ts';
import type { KnownDevice } from '../stores/devices.ts';
import type { Event, EventKind } from '../stores/audit.ts';
import { trailOf, type Owner } from './owner.ts';

type Needs = Pick<
  Parts,
  'accounts' | 'audit' | 'cases' | 'clients' | 'clock' | 'contactChanges' | 'devices' | 'factors' | 'sessions'
>;

/** Milliseconds; optional things are absent. No secret is in it: a hash of a ClaveÚnica is nobody's data to carry. */
export type Exported = {
  readonly at: number;
  readonly person: Person;
  readonly status: Status;
  readonly identified: Identified;
  readonly createdAt: number | undefined;
  readonly updatedAt: number;
  readonly passwordAt: number | undefined;
  readonly contactChanges: readonly Omit<ContactChange, 'accountId' | 'id'>[];
  readonly factors: readonly Factor[];
  readonly devices: readonly Omit<KnownDevice, 'ref'>[];
  readonly sessions: readonly {
    readonly begunAt: number;
    readonly endedAt: number | undefined;
    readonly device: string;
    readonly network: string;
    readonly shared: boolean;
  }[];
  readonly sites: readonly { readonly name: string; readonly lastAt: number; readonly times: number }[];
  readonly cases: readonly Omit<NewCase, 'accountId' | 'id'>[];
  readonly events: readonly (Omit<Event, 'accountId' | 'actorId'> & { readonly site: string | undefined })[];
};

const EVERYTHING = 1_000_000;
/** That somebody suspects, or looks into it, is not told to whoever sits there. */
const SILENT: readonly EventKind[] = ['case-held', 'hold-ended', 'sample-reviewed', 'audit-searched', 'audit-exported'];
/** What in the details of an event names members of staff. */
const OTHERS = ['officer', 'operator', 'actor'];

/** All that is kept of somebody, out of every store, and nothing of others; that it was asked for is recorded. */
export async function exportData(parts: Needs, owner: Owner): Promise<Exported> {
  const { account } = owner;
  const { id, person } = account;
  const at = parts.clock();
  await parts.audit.add({ kind: 'data-exported', ...trailOf(owner, at) });
  const [dates, contactChanges, factors, devices, sessions, visited, all, cases] = await Promise.all([
    parts.accounts.dates(id),
    parts.contactChanges.of(id),
    parts.factors.of(id),
    parts.devices.of(person.run),
    parts.sessions.list(id, 0),
    parts.audit.visited(id, 0),
    parts.audit.ofAccount(id, EVERYTHING),
    parts.cases.ofAccount(id),
  ]);
  const events = all.filter(({ kind }) => !SILENT.includes(kind));
  const names = await namesOf(parts, [...visited, ...events]);
  return {
    ...{ at, person, status: account.status, identified: account.identified },
    ...{ createdAt: dates?.createdAt, updatedAt: account.updatedAt, passwordAt: dates?.passwordAt },
    contactChanges: contactChanges.map(({ at: changed, what, before, undoneAt }) => {
      return { at: changed, what, before, undoneAt };
    }),
    factors,
    devices: devices.map(({ name, firstAt, lastAt }) => ({ name, firstAt, lastAt })),
    sessions: sessions.map(({ begunAt, endedAt, device, network, shared }) => {
      return { begunAt, endedAt, device, network, shared };
    }),
    sites: visited.map(({ clientId, lastAt, times }) => ({ name: names.get(clientId) ?? clientId, lastAt, times })),
    cases: cases.map(({ kind, at: opened, details }) => ({ kind, at: opened, details })),
    events: events.map(({ accountId: _own, actorId: _staff, ...event }) => ({
      ...event,
      details: Object.fromEntries(Object.entries(event.details ?? {}).filter(([name]) => !OTHERS.includes(name))),
      site: event.clientId === undefined ? undefined : names.get(event.clientId),
    })),
  };
}

/** Of the sites that are spoken of, and no others: a country has thousands. */
async function namesOf(
  { clients }: Pick<Parts, 'clients'>,
  spoken: readonly { readonly clientId?: string | undefined }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(spoken.flatMap(({ clientId }) => clientId ?? []))];
  const names = ids.map(async (id) => [id, (await clients.byId(id))?.name ?? id] as const);
  return new Map(await Promise.all(names));
}
