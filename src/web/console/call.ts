import { casePage } from '#views/pages/console/case.ts';
import { noCallPage, officerCallPage } from '#views/pages/console/call.ts';
import { roomOfOfficer } from '../../flows/room.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { handOf } from './case-work.ts';
import { shellOf } from './shell.ts';

/**
 * The officer's side of a call, with the case beside it; there is one only in the room of the case that was drawn for her
 * . What has ended shows how, without cameras.
 */
export async function showCall(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const caseId = visit.params['id'] ?? '';
  const shell = shellOf(visit, parts);
  const found = await roomOfOfficer(parts, { caseId, officer: visit.actor.staff.accountId });
  const hand = await handOf(visit, parts, { caseId });
  if (found)
    return {
      status: 200,
      page: officerCallPage(visit.frame, { shell, caseId, stage: found.stage, hand }),
      camera: true,
    };
  if (hand) return { status: 200, page: casePage(visit.frame, { shell, hand }) };
  return { status: 404, page: noCallPage(visit.frame, shell) };
}
