import { slipGonePage, slipPage, slipWaitingPage } from '#views/pages/console/slip.ts';
import type { Refusal } from '#views/parts/console.ts';
import { mayAskAnother, printSlip, slipWaits } from '../../flows/slips.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { shellOf } from './shell.ts';

/** One of another code that was let pass: the way to its slip, for whom it is. */
export async function showSlipWaiting(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const caseId = visit.params['id'] ?? '';
  const outcome = await slipWaits(parts, visit.actor, caseId);
  if (outcome !== 'waits') return slipGone(visit, parts, { status: outcome === 'gone' ? 410 : 403 });
  return { status: 200, page: slipWaitingPage(visit.frame, { shell: shellOf(visit, parts), caseId }) };
}

/** Nobody sees it again; whose it was goes on to another code from here, unless she is denied all. */
export async function slipGone(
  visit: StaffVisit,
  parts: Parts,
  { status, refused }: { readonly status: 403 | 410 | 422; readonly refused?: Refusal },
): Promise<Reply> {
  const caseId = visit.params['id'] ?? '';
  const lost = status !== 403 && (await mayAskAnother(parts, visit.actor, caseId)) ? caseId : undefined;
  return { status, page: slipGonePage(visit.frame, { shell: shellOf(visit, parts), lost, refused }) };
}

/** The answer to a form, once: there is no address under which it could be seen again. */
export async function submitPrint(visit: StaffVisit, parts: Parts): Promise<Reply> {
  readForm(visit.body, {});
  const outcome = await printSlip(parts, visit.actor, {
    caseId: visit.params['id'] ?? '',
    sms: parts.texting,
  });
  if (outcome.kind !== 'printed') return slipGone(visit, parts, { status: outcome.kind === 'gone' ? 410 : 403 });
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
