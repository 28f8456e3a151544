import { requestsPage } from '#views/pages/console/requests.ts';
import type { Address } from '#views/parts/table.ts';
import { CHANNELS } from '../../domain/checklist.ts';
import { STAGES, type CaseSort } from '../../domain/enrolment.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { foundOf, pageAsked, pagingOf, sortOf, TO_COUNT, writtenOrder, type Sorted } from './asked-list.ts';
import { shellOf } from './shell.ts';

/** The newest first, unless she says otherwise. */
const SORTS: Sorted<CaseSort> = { sorts: ['created', 'moved'], first: 'created', down: true };

export async function showRequests(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { query } = visit;
  const stage = STAGES.find((one) => one === query.get('etapa'));
  const channel = CHANNELS.find((one) => one === query.get('canal'));
  const [filter, paging] = [{ stage, channel }, pagingOf(query, SORTS)];
  const address: Address = {
    path: '/casos',
    asked: { etapa: stage, canal: channel, orden: writtenOrder(query, paging) },
  };
  const [found, counted, offices] = await Promise.all([
    parts.caseList.page(filter, paging),
    parts.caseList.count(filter, TO_COUNT),
    parts.offices.list(),
  ]);
  const names = new Map(offices.map(({ id, name }) => [id, name]));
  const { rows, before, after } = pageAsked(found, paging, address);
  return {
    status: 200,
    page: requestsPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), address, found: foundOf(counted), before, after },
      cases: rows.map((one) => ({ ...one, office: names.get(one.office ?? '') ?? one.office })),
      sorts: { created: sortOf('created', paging, address), moved: sortOf('moved', paging, address) },
    }),
  };
}
