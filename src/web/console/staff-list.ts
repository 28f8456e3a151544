import { staffPage, type Member } from '#views/pages/console/staff.ts';
import type { Address } from '#views/parts/table.ts';
import { z } from 'zod';
import {
  AGENCIES,
  isEverywhere,
  ROLES,
  STAFF_STATES,
  type Staff,
  type StaffFilter,
  type StaffSort,
} from '../../domain/roles.ts';
import { exportList } from '../../flows/export-list.ts';
import type { Actor } from '../../flows/permit.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { askedWord, foundOf, pageAsked, pagingOf, sortOf, TO_COUNT, writtenOrder, type Sorted } from './asked-list.ts';
import { csvReply, notOut } from './csv-file.ts';
import { namesOf } from './names.ts';
import { reasonOf, reasonShape, shellOf, type Refused } from './shell.ts';
import { could, waitingFor } from './waiting.ts';

const ROOM = '/funcionarios';
const SORTS: Sorted<StaffSort> = { sorts: ['since', 'seen', 'trained', 'place'], first: 'since' };

/** What is chosen of a list stands in its address, under these names. */
function askedOf(query: URLSearchParams) {
  const one = <Name extends string>(name: string, all: readonly Name[]) => all.find((some) => some === query.get(name));
  return {
    funcion: one('funcion', ROLES),
    estado: one('estado', STAFF_STATES),
    agencia: one('agencia', AGENCIES),
    donde: askedWord(query, 'donde'),
  };
}

type Act = 'staff list' | 'staff export';

/** A supervisor sees her own agency, and whoever is more than that only where the other role opens the act too. */
function filterOf({ staff }: Pick<Actor, 'staff'>, act: Act, query: URLSearchParams): StaffFilter {
  const { funcion, estado, agencia, donde } = askedOf(query);
  return { role: funcion, state: estado, place: donde, agency: isEverywhere(staff, act) ? agencia : staff.agency };
}
/** Of no agency she is the supervisor of nobody. */
const isNowhere = ({ staff }: Pick<Actor, 'staff'>, act: Act) =>
  staff.agency === undefined && !isEverywhere(staff, act);

export async function staffRoom(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const { staff: me } = visit.actor;
  const [filter, paging] = [filterOf(visit.actor, 'staff list', visit.query), pagingOf(visit.query, SORTS)];
  const asked = askedOf(visit.query);
  const orden = writtenOrder(visit.query, paging);
  const address: Address = { path: ROOM, asked: { ...asked, orden } };
  const nowhere = isNowhere(visit.actor, 'staff list');
  const [found, counted] = await Promise.all([
    nowhere ? [] : parts.staff.page(filter, paging),
    nowhere ? 0 : parts.staff.count(filter, TO_COUNT),
  ]);
  const { rows, before, after } = pageAsked(found, paging, address);
  const { name } = await namesOf(
    parts,
    rows.map(({ accountId }) => accountId),
  );
  const offices = new Map((await parts.offices.list()).map((one) => [one.id, one.name]));
  const members = rows.map((one: Staff): Member => {
    const target = { accountId: one.accountId, agency: one.agency };
    return {
      ...{ id: one.accountId, name: name(one.accountId), roles: one.roles, agency: one.agency },
      ...{
        where: offices.get(one.office ?? '') ?? one.office ?? one.institution,
        state: one.state,
        seenAt: one.seenAt,
        trainedAt: one.trainedAt,
      },
      isMe: one.accountId === me.accountId,
      may: {
        train: one.state !== 'disabled' && could(visit, 'staff train', target),
        disable: one.state !== 'disabled' && could(visit, 'staff disable', target),
      },
    };
  });
  return {
    status: outcome?.status ?? 200,
    page: staffPage(visit.frame, {
      shell: shellOf(visit, parts),
      members,
      list: {
        ...{ address, found: foundOf(counted), before, after },
        sorts: {
          where: sortOf('place', paging, address),
          seen: sortOf('seen', paging, address),
          training: sortOf('trained', paging, address),
        },
        agencies: isEverywhere(me, 'staff list'),
      },
      waiting: await waitingFor(visit, parts, { kind: 'staff', act: 'staff decide' }),
      mayInvite: could(visit, 'staff propose', { agency: me.agency }),
      // Of an agency that the file would not be of, none is offered.
      mayExport: could(visit, 'staff export', { agency: filter.agency ?? me.agency }),
      ...{ refused: outcome?.refused, exporting: outcome?.exporting },
    }),
  };
}

const word = z.string().max(100).default('');
const exportShape = { ...reasonShape, funcion: word, estado: word, agencia: word, donde: word };

/** Those of the filter, as a file. */
export async function exportStaff(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { funcion, estado, agencia, donde, ...said } = readForm(visit.body, exportShape);
  const query = new URLSearchParams({ funcion, estado, agencia, donde });
  const [filter, reason] = [filterOf(visit.actor, 'staff export', query), reasonOf(said)];
  const outcome = await exportList(parts, visit.actor, {
    ...{ act: 'staff export', target: { agency: filter.agency }, filter, reason },
    count: async (most) => (isNowhere(visit.actor, 'staff export') ? 0 : parts.staff.count(filter, most)),
  });
  if (outcome.kind !== 'recorded')
    return staffRoom({ ...visit, query }, parts, { ...notOut(outcome), exporting: reason });
  const w = visit.frame.words.console;
  const { name, roles, where, state, seen, training } = w.staff.columns;
  return csvReply(parts, {
    ...{ name: 'personal', outcome, head: [name, roles, w.staff.agency, where, state, seen, training] },
    page: (place, limit) => parts.staff.page(filter, { sort: 'since', desc: false, place, limit }),
    cells: async (rows) => {
      const names = await namesOf(
        parts,
        rows.map(({ accountId }) => accountId),
      );
      const offices = new Map((await parts.offices.list()).map((office) => [office.id, office.name]));
      const where = ({ office, institution }: Staff) => offices.get(office ?? '') ?? office ?? institution ?? '';
      return rows.map((one) => [
        ...[names.name(one.accountId), one.roles.map((role) => w.roles[role]).join(', ')],
        ...[one.agency ? w.agencies[one.agency] : '', where(one), w.states[one.state]],
        ...[one.seenAt, one.trainedAt].map((at) => (at === undefined ? '' : new Date(at).toISOString())),
      ]);
    },
  });
}
