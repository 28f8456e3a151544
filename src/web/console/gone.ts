import { caseGonePage } from '#views/pages/console/case.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { shellOf } from './shell.ts';

/** There is no such case for her: not hers, not any more, or never there; which, nobody is told. */
export const gonePage = (visit: StaffVisit, parts: Pick<Parts, 'clock'>): Reply => ({
  status: 404,
  page: caseGonePage(visit.frame, shellOf(visit, parts)),
});
