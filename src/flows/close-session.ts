import type { Tx } from '../parts.ts';
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
