import { after } from '../domain/enrolment.ts';
import type { Run } from '../domain/run.ts';
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

/**
 * Whoever else asked for that RUN has no case any more, whatever it has come to; only what is held stays, for the
 * supervisor. False: somebody was faster, and the transaction must not stay.
 */
export async function endCases(
  tx: Tx,
  run: Run,
  { but, at }: { readonly but?: string | undefined; readonly at: number },
): Promise<boolean> {
  for (const { id } of await tx.enrolments.ofRun(run)) if (id !== but && !(await endCase(tx, id, at))) return false;
  return true;
}

/** Whoever moves her case in the same moment, again and again, keeps nobody from hers. */
const TRIES = 5;

async function endCase(tx: Tx, id: string, at: number): Promise<boolean> {
  const by = { kind: 'system' } as const;
  for (let n = 0; n < TRIES; n++) {
    const one = await tx.enrolments.byId(id);
    const free = one?.stage === 'in-session' ? await breakOff(tx, one, at) : one;
    if (one && !free) continue;
    if (!free || after(free.stage, 'expire', { by }) === undefined) return true;
    if (!(await tx.enrolments.move(free, { move: 'expire', by, at }))) continue;
    await tx.bookings.free(id, 'cancelled');
    await tx.queues.leave(id);
    await tx.queues.forget(id);
    await tx.handovers.forget(id);
    await tx.audit.add({ kind: 'case-expired', at, details: { case: id, other: true } });
    return true;
  }
  return false;
}
