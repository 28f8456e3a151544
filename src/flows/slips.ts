import { writtenCode } from '../domain/code.ts';
import { writtenRun } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import { denied, trailOf, type Actor } from './permit.ts';

export type Printed =
  | {
      readonly kind: 'printed';
      readonly run: string;
      readonly code: string;
      readonly plain: string;
      readonly until: number;
    }
  /** Printed already, too old, or never there: nobody can see it any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'denied' };

type Needs = Pick<Parts, 'accounts' | 'audit' | 'clock' | 'enrolments' | 'evidence' | 'transaction'>;

/**
 * The slip is read once, by the officer who approved at the desk or who let another code pass; the record of it and the
 * reading are one.
 */
export async function printSlip(parts: Needs, actor: Actor, caseId: string): Promise<Printed> {
  const enrolment = await parts.enrolments.byId(caseId);
  const account = enrolment && (await parts.accounts.forLogin(enrolment.request.run))?.account;
  const no = await denied(parts, actor, { act: 'slip print', target: { accountId: account?.id } });
  if (no) return { kind: 'denied' };
  // Who approved is who moved it last; after another code that is the second person.
  if (enrolment?.stage !== 'code-issued' || enrolment.lastBy !== actor.staff.accountId) return { kind: 'gone' };
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    const taken = await tx.handovers.take({ caseId, kind: 'slip', now });
    if (!taken) return { kind: 'gone' };
    await tx.audit.add({ kind: 'slip-printed', at: now, details: { case: caseId }, ...trailOf(actor, account?.id) });
    const { code, until } = taken;
    return { kind: 'printed', run: writtenRun(enrolment.request.run), code: writtenCode(code), plain: code, until };
  });
}
