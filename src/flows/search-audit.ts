import type { SaidRequest } from '../domain/help-code.ts';
import type { Reason } from '../domain/roles.ts';
import type { Run } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import type { AuditFilter, Logged } from '../stores/audit.ts';
import { exportList, filterDetails, type Exported } from './export-list.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<Parts, 'accounts' | 'audit' | 'clock'>;

export type AuditWish = {
  /** Whose; undefined: everybody's. */
  readonly run?: Run | undefined;
  /** Who did it. */
  readonly actor?: Run | undefined;
  readonly kind?: string | undefined;
  readonly request?: SaidRequest | undefined;
  readonly oldestFirst?: boolean | undefined;
  /** Milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly reason: Reason;
};
export type AuditSearch = AuditWish & {
  readonly before?: string | undefined;
  readonly limit: number;
  /** So far the first page counts them. */
  readonly count: number;
};
export type { Logged };
export type AuditFound =
  { readonly kind: 'found'; readonly events: readonly Logged[]; readonly counted: number | undefined } | Denied;

/** What is looked for, by the ids of accounts; `nothing`: somebody without an account has no events. */
async function filterOf({ accounts }: Pick<Needs, 'accounts'>, wish: AuditWish) {
  const { run, actor, kind, request, from, until } = wish;
  const idOf = async (said: Run | undefined) => said && (await accounts.forLogin(said))?.account.id;
  const [accountId, actorId] = await Promise.all([idOf(run), idOf(actor)]);
  const nothing = (run !== undefined && accountId === undefined) || (actor !== undefined && actorId === undefined);
  const filter: AuditFilter = { accountId, actorId, kind, request, from, until };
  return { accountId, filter, nothing };
}

/** The same for the record; whose it is, the event says itself. */
function saidOf({ kind, request, oldestFirst, from, until }: AuditWish, { actorId }: AuditFilter) {
  const day = (at: number) => (at === 0 ? undefined : new Date(at).toISOString().slice(0, 10));
  return {
    ...{ event: kind, request: request?.whole ?? request?.beginnings.join(' '), actor: actorId },
    ...{ from: day(from), until: day(until), order: oldestFirst ? 'oldest' : undefined },
  };
}

/**
 * An auditor looks, with a reason, and is recorded herself: each page, since nothing else says which search it goes on
 * with, and before a row of it is shown.
 */
export async function searchAudit(parts: Needs, actor: Actor, search: AuditSearch): Promise<AuditFound> {
  const { reason, oldestFirst, before, limit, count } = search;
  const { accountId, filter, nothing } = await filterOf(parts, search);
  const no = await denied(parts, actor, { act: 'audit search', target: { accountId }, reason });
  if (no) return no;
  const now = parts.clock();
  // The first page has counted them.
  const first = before === undefined;
  const [events, counted] = await Promise.all([
    nothing ? [] : parts.audit.find({ ...filter, oldestFirst, before, limit }),
    nothing || !first ? 0 : parts.audit.countFound(filter, count),
  ]);
  const details = {
    ...reasonDetails(reason),
    ...filterDetails(saidOf(search, filter)),
    ...(!first && { before }),
    found: events.length,
  };
  await parts.audit.add({ kind: 'audit-searched', at: now, details, ...trailOf(actor, accountId) });
  return { kind: 'found', events, counted: first ? counted : undefined };
}

export type AuditExported =
  | Exclude<Exported, { kind: 'recorded' }>
  | (Extract<Exported, { kind: 'recorded' }> & {
      readonly page: (before: string | undefined, limit: number) => Promise<readonly Logged[]>;
    });

/** The same, as rows of a file. */
export async function exportAudit(
  parts: Needs & Pick<Parts, 'limits'>,
  actor: Actor,
  wish: AuditWish,
): Promise<AuditExported> {
  const { reason, oldestFirst } = wish;
  const { accountId, filter, nothing } = await filterOf(parts, wish);
  const outcome = await exportList(parts, actor, {
    ...{ act: 'audit export', target: { accountId }, reason, filter: saidOf(wish, filter) },
    count: async (most) => (nothing ? 0 : parts.audit.countFound(filter, most)),
  });
  if (outcome.kind !== 'recorded') return outcome;
  return { ...outcome, page: (before, limit) => parts.audit.find({ ...filter, oldestFirst, before, limit }) };
}
