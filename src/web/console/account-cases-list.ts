import type { AccountCasePage } from '#views/pages/console/account-case.ts';
import { accountCasesPage } from '#views/pages/console/account-cases.ts';
import type { Address } from '#views/parts/table.ts';
import { z } from 'zod';
import {
  CASE_KINDS,
  CASE_OUTCOMES,
  type AccountCaseFilter,
  type AccountCaseSort,
  type CaseOutcome,
} from '../../domain/account-case.ts';
import { maskedRun } from '../../domain/mask.ts';
import type { Run } from '../../domain/run.ts';
import type { AccountCase } from '../../flows/account-cases.ts';
import { exportList } from '../../flows/export-list.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { foundOf, pageAsked, pagingOf, sortOf, TO_COUNT, writtenOrder, type Sorted } from './asked-list.ts';
import { csvReply, notOut } from './csv-file.ts';
import { namesOf, type Names } from './names.ts';
import { reasonOf, reasonShape, shellOf, type Refused } from './shell.ts';

const ROOM = '/cuentas';
/** Open ones the oldest first, closed ones the last closed. */
const OPEN: Sorted<AccountCaseSort> = { sorts: ['opened'], first: 'opened' };
const CLOSED: Sorted<AccountCaseSort> = { sorts: ['closed'], first: 'closed', down: true };
const STATES = ['free', 'mine', 'closed', ...CASE_OUTCOMES] as const;

const askedOf = (query: URLSearchParams) => ({
  estado: STATES.find((one) => one === query.get('estado')),
  porque: CASE_KINDS.find((one) => one === query.get('porque')),
});

/** None about herself; an account is of no agency, and neither is its case. */
function filterOf({ actor, ...visit }: Pick<StaffVisit, 'actor' | 'query'>): AccountCaseFilter {
  const { estado, porque } = askedOf(visit.query);
  const outcome = CASE_OUTCOMES.find((one) => one === estado);
  const me = actor.staff.accountId;
  return {
    ...{ closed: estado === 'closed' || outcome !== undefined, outcome, kind: porque, except: me },
    ...(estado === 'free' && { free: true }),
    ...(estado === 'mine' && { takenBy: me }),
  };
}

type Held = Pick<AccountCase, 'takenBy'> & { readonly outcome?: CaseOutcome };

/** In whose hand it is, or how it ended. */
export function stateOf(
  { actor }: StaffVisit,
  { name }: Names,
  { outcome, takenBy }: Held,
): AccountCasePage['one']['state'] {
  if (outcome !== undefined) return { kind: 'closed', outcome };
  if (takenBy === undefined) return { kind: 'free' };
  return takenBy === actor.staff.accountId ? { kind: 'mine' } : { kind: 'taken', by: name(takenBy) };
}

/** Of whom one has not opened the case, one sees the end of the RUN. */
const endOf = (run: Run | undefined): string => (run === undefined ? '—' : maskedRun(run));

export async function accountCasesRoom(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const filter = filterOf(visit);
  const paging = pagingOf(visit.query, filter.closed ? CLOSED : OPEN);
  const address: Address = {
    path: ROOM,
    asked: { ...askedOf(visit.query), orden: writtenOrder(visit.query, paging) },
  };
  const [found, counted] = await Promise.all([parts.cases.page(filter, paging), parts.cases.count(filter, TO_COUNT)]);
  const { rows, before, after } = pageAsked(found, paging, address);
  const names = await namesOf(
    parts,
    rows.flatMap(({ accountId, takenBy }) => [accountId, takenBy]),
  );
  return {
    status: outcome?.status ?? 200,
    page: accountCasesPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), address, found: foundOf(counted), before, after, closed: filter.closed },
      sort: sortOf(paging.sort, paging, address),
      cases: rows.map((one) => ({
        ...{ id: one.id, kind: one.kind, at: one.at, closedAt: one.closedAt },
        ...{ state: stateOf(visit, names, one), run: endOf(names.person(one.accountId)?.run) },
      })),
      ...{ refused: outcome?.refused, exporting: outcome?.exporting },
    }),
  };
}

export const showAccountCases = (visit: StaffVisit, parts: Parts): Promise<Reply> => accountCasesRoom(visit, parts);

const word = z.string().max(100).default('');
const exportShape = { ...reasonShape, estado: word, porque: word };

/** Those of the filter, as a file: what the list says of them, and no more. */
export async function exportAccountCases(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { estado, porque, ...said } = readForm(visit.body, exportShape);
  const query = new URLSearchParams({ estado, porque });
  const [filter, reason] = [filterOf({ ...visit, query }), reasonOf(said)];
  const { estado: state, porque: kind } = askedOf(query);
  const outcome = await exportList(parts, visit.actor, {
    ...{ act: 'account case export', target: {}, filter: { state, kind }, reason },
    count: (most) => parts.cases.count(filter, most),
  });
  if (outcome.kind !== 'recorded')
    return accountCasesRoom({ ...visit, query }, parts, { ...notOut(outcome), exporting: reason });
  const w = visit.frame.words.accountCases;
  const { at, kind: why, run, state: how, closed } = w.columns;
  const time = (when: number | undefined) => (when === undefined ? '' : new Date(when).toISOString());
  const { first: sort, down: desc = false } = filter.closed ? CLOSED : OPEN;
  return csvReply(parts, {
    ...{ name: 'casos-de-cuentas', outcome, head: [w.file.id, at, why, run, how, w.file.taken, closed] },
    page: (place, limit) => parts.cases.page(filter, { sort, desc, place, limit }),
    cells: async (rows) => {
      const { name, person } = await namesOf(
        parts,
        rows.flatMap(({ accountId, takenBy }) => [accountId, takenBy]),
      );
      return rows.map((one) => [
        ...[one.id, time(one.at), w.kinds[one.kind], endOf(person(one.accountId)?.run)],
        one.outcome === undefined ? w.states[one.takenBy === undefined ? 'free' : 'inHand'] : w.outcomes[one.outcome],
        ...[one.takenBy === undefined ? '' : name(one.takenBy), time(one.closedAt)],
      ]);
    },
  });
}
