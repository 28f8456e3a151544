import type { Tx } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { Evidence, Result, Work } from '../stores/evidence.ts';

type Closing = { readonly work: Work; readonly result: Result; readonly at: number };

/** A session of an officer is over, once: so is what she asked a second person for in it. False: somebody was faster. */
export async function closeSession(
  tx: Pick<Tx, 'evidence' | 'proposals'>,
  { id, version, caseId }: Pick<Evidence, 'id' | 'version' | 'caseId'>,
  closing: Closing,
): Promise<boolean> {
  if (!(await tx.evidence.end(id, version, closing))) return false;
  await tx.proposals.withdraw('exception', caseId, closing.at);
  return true;
}

/**
 * The system ends a session in the officer's stead: evidence, case and line together. Undefined: somebody was faster, and
 * the transaction must not stay.
 */
export async function breakOff(
  tx: Pick<Tx, 'enrolments' | 'evidence' | 'proposals' | 'queues'>,
  enrolment: Enrolment,
  at: number,
): Promise<Enrolment | undefined> {
  const [open] = await tx.evidence.ofCase(enrolment.id);
  if (open?.result === undefined && open !== undefined)
    if (!(await closeSession(tx, open, { work: open.work, result: 'broken-off', at }))) return undefined;
  await tx.queues.leave(enrolment.id);
  return tx.enrolments.move(enrolment, { move: 'break-off', by: { kind: 'system' }, at });
}
