import { slipGonePage, slipPage, slipWaitingPage } from '#views/pages/console/slip.ts';
import { printSlip, slipWaits } from '../../flows/slips.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { shellOf } from './shell.ts';

/** One of another code that was let pass: the way to its slip, for whom it is. */
export async function showSlipWaiting(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const caseId = visit.params['id'] ?? '';
  const outcome = await slipWaits(parts, visit.actor, caseId);
  const shell = shellOf(visit, parts);
  if (outcome === 'waits') return { status: 200, page: slipWaitingPage(visit.frame, { shell, caseId }) };
  return { status: outcome === 'gone' ? 410 : 403, page: slipGonePage(visit.frame, shell) };
}

/** The answer to a form, once: there is no address under which it could be seen again. */
export async function submitPrint(visit: StaffVisit, parts: Parts): Promise<Reply> {
  readForm(visit.body, {});
  const outcome = await printSlip(parts, visit.actor, {
    caseId: visit.params['id'] ?? '',
    sms: parts.texting,
  });
  if (outcome.kind !== 'printed')
    return {
      status: outcome.kind === 'gone' ? 410 : 403,
      page: slipGonePage(visit.frame, shellOf(visit, parts)),
    };
  // The citizens' own address, not that of the console.
  const address = `${visit.config.publicOrigin}/activar`;
  const svg = await parts.oneTimeCodes.picture(`${address}?codigo=${outcome.plain}`);
  const qr = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const { run, code, until, second } = outcome;
  return {
    status: 200,
    page: slipPage(visit.frame, { run, code, until, address, qr, which: second ? 'with-paper' : undefined }),
  };
}
