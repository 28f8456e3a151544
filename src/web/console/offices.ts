import { officesPage } from '#views/pages/console/offices.ts';
import type { Address } from '#views/parts/table.ts';
import { THERE } from '../../domain/presence.ts';
import { AGENCIES, isEverywhere, mayTry } from '../../domain/roles.ts';
import {
  dayAfter,
  localDay,
  openOn,
  writtenMinute,
  type OfficeFilter,
  type OfficeSort,
} from '../../domain/schedule.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { askedWord, foundOf, pageAsked, pagingOf, sortOf, TO_COUNT, writtenOrder, type Sorted } from './asked-list.ts';
import { shellOf } from './shell.ts';

const SORTS: Sorted<OfficeSort> = { sorts: ['place', 'name'], first: 'place' };
/** Today and the days after it. */
const DAYS = [0, 1, 2];

/** A supervisor sees the offices of her own agency. */
export async function showOffices({ query, ...visit }: StaffVisit, parts: Parts): Promise<Reply> {
  const me = visit.actor.staff;
  const everywhere = isEverywhere(me, 'office list');
  const agencia = AGENCIES.find((one) => one === query.get('agencia'));
  const region = askedWord(query, 'region');
  const agency = everywhere ? agencia : me.agency;
  const [filter, paging] = [{ agency, region } satisfies OfficeFilter, pagingOf(query, SORTS)];
  const address: Address = { path: '/oficinas', asked: { agencia, region, orden: writtenOrder(query, paging) } };
  // Of no agency she is the supervisor of nobody.
  const nowhere = agency === undefined && !everywhere;
  const [found, counted, regions] = await Promise.all([
    nowhere ? [] : parts.offices.page(filter, paging),
    nowhere ? 0 : parts.offices.count(filter, TO_COUNT),
    nowhere ? [] : parts.offices.regions({ agency }),
  ]);
  const { rows, before, after } = pageAsked(found, paging, address);
  const [now, today] = [parts.clock(), localDay(parts.clock())];
  const days = await Promise.all(
    DAYS.map(async (n) => ({ day: dayAfter(today, n), holiday: await parts.isHoliday(dayAfter(today, n)) })),
  );
  const ids = rows.map(({ id }) => id);
  const standing = await parts.figures.offices(ids, { day: today, since: now - THERE.office });
  const mayRoster = mayTry(me, 'roster edit');
  return {
    status: 200,
    page: officesPage(visit.frame, {
      ...{ shell: shellOf({ query, ...visit }, parts), address, found: foundOf(counted), before, after, regions },
      agencies: everywhere,
      sorts: { name: sortOf('name', paging, address), place: sortOf('place', paging, address) },
      offices: rows.map((one) => ({
        ...{ id: one.id, name: one.name, agency: one.agency, comuna: one.comuna, region: one.region },
        days: days.map(({ day, holiday }) => ({
          day,
          open: openOn(one, day, holiday).map(([from, to]) => `${writtenMinute(from)}–${writtenMinute(to)}`),
        })),
        ...{ rostered: standing.get(one.id)?.rostered ?? 0, waiting: standing.get(one.id)?.waiting ?? 0 },
        mayRoster: mayRoster && one.agency === me.agency,
      })),
    }),
  };
}
