import { consoleHomePage } from '#views/pages/console/home.ts';
import { mayTry } from '../../domain/roles.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { shellOf } from './shell.ts';

const YEAR_MS = 365 * 86_400_000;

export async function showConsole(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { staff } = visit.actor;
  const now = parts.clock();
  const open = mayTry(staff, 'staff decide') ? await parts.proposals.open(now) : [];
  const { trainedAt } = staff;
  return {
    status: 200,
    page: consoleHomePage(visit.frame, {
      shell: shellOf(visit, parts),
      firstName: visit.account.person.names[0] ?? '',
      trainedAt: trainedAt !== undefined && now - trainedAt <= YEAR_MS ? trainedAt : undefined,
      wantsTraining: mayTry(staff, 'person unblock'),
      waiting: open.filter(({ proposedBy }) => proposedBy !== staff.accountId).length,
    }),
  };
}
