import type { ConsoleAct, Reason, Target } from '../domain/roles.ts';
import { withoutRuns } from '../domain/run.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Parts } from '../parts.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

/** A file has so many rows at most: what needs more is no matter of a spreadsheet. */
export const EXPORT_MOST = 10_000;
const LIMIT = '10 per hour per member of staff';

type Needs = Pick<Parts, 'audit' | 'clock' | 'limits'>;
/** How a list was filtered. */
type Filter = Readonly<Record<string, string | undefined>>;

/** As it stands in the record: what was chosen, without a RUN that somebody typed; an id may look like one. */
export const filterDetails = (filter: Filter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) =>
      value ? [[name, isUuid(value) ? value : withoutRuns(value)] as const] : [],
    ),
  );

type Wish = {
  readonly act: Extract<ConsoleAct, `${string} export`>;
  readonly target: Target;
  readonly reason: Reason;
  readonly filter: Filter;
  /** Of these it has at most `EXPORT_MOST`, and is asked for one more. */
  readonly count: (most: number) => Promise<number>;
};
export type Exported =
  /** So many rows may go out; `more`: there are others. */
  { readonly kind: 'recorded'; readonly rows: number; readonly more: boolean } | { readonly kind: 'too-many' } | Denied;

/** A list leaves the house: by whom it may, ten times an hour, and only when that is recorded. */
export async function exportList(parts: Needs, actor: Actor, wish: Wish): Promise<Exported> {
  const { act, target, reason, filter } = wish;
  const no = await denied(parts, actor, { act, target, reason });
  if (no) return no;
  const now = parts.clock();
  const trail = trailOf(actor, target.accountId);
  if (!(await parts.limits.take({ row: 'export', network: actor.staff.accountId, limit: LIMIT, now }))) {
    await parts.audit.add({ kind: 'staff-denied', at: now, details: { act, lacks: 'limit' }, ...trail });
    return { kind: 'too-many' };
  }
  const found = await wish.count(EXPORT_MOST + 1);
  const [rows, more] = [Math.min(found, EXPORT_MOST), found > EXPORT_MOST];
  const details = {
    ...reasonDetails(reason),
    list: act.replace(' export', ''),
    ...filterDetails(filter),
    rows,
    more,
  };
  await parts.audit.add({ kind: 'list-exported', at: now, details, ...trail });
  return { kind: 'recorded', rows, more };
}
