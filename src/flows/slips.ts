import { writtenCode } from '../domain/code.ts';
import { writtenRun } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import { mayReissue } from './case-history.ts';
import { denied, trailOf, type Actor } from './permit.ts';
import { hasNoAddress } from './second-code.ts';

export type Printed =
  | {
      readonly kind: 'printed';
      readonly run: string;
      readonly code: string;
      readonly plain: string;
      readonly until: number;
      /** She has no address: another officer prints the second code. */
      readonly second: boolean;
    }
  /** Printed already, too old, or never there: nobody can see it any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'denied' };

type Reading = Pick<Parts, 'accounts' | 'audit' | 'clock' | 'enrolments'>;
type Hers =
  | { readonly kind: 'hers'; readonly enrolment: Enrolment; readonly accountId: string | undefined }
  | { readonly kind: 'gone' | 'denied' };

/** The case whose slip she may have: who approved is who moved it last; after another code that is the second person. */
async function caseOfHerSlip(parts: Reading, actor: Actor, caseId: string): Promise<Hers> {
  const enrolment = await parts.enrolments.byId(caseId);
  const accountId = enrolment && (await parts.accounts.forLogin(enrolment.request.run))?.account.id;
  const no = await denied(parts, actor, { act: 'slip print', target: { accountId } });
  if (no) return { kind: 'denied' };
  if (enrolment?.stage !== 'code-issued' || enrolment.lastBy !== actor.staff.accountId) return { kind: 'gone' };
  return { kind: 'hers', enrolment, accountId };
}

/** Whether one waits for her: of what waits for somebody else nothing is there. */
export async function slipWaits(
  parts: Reading & Pick<Parts, 'handovers'>,
  actor: Actor,
  caseId: string,
): Promise<'waits' | 'gone' | 'denied'> {
  const { kind } = await caseOfHerSlip(parts, actor, caseId);
  if (kind !== 'hers') return kind;
  return (await parts.handovers.waits(caseId, parts.clock())).includes('slip') ? 'waits' : 'gone';
}

/** Whether she whose slip it was may ask here for another code, of which somebody else decides. */
export async function mayAskAnother(parts: Reading, actor: Actor, caseId: string): Promise<boolean> {
  const found = await caseOfHerSlip(parts, actor, caseId);
  return found.kind === 'hers' && mayReissue(actor, found.enrolment);
}

/**
 * The slip is read once, by the officer who approved at the desk or who let another code pass; the record of it and the
 * reading are one.
 */
export async function printSlip(
  parts: Reading & Pick<Parts, 'evidence' | 'transaction'>,
  actor: Actor,
  { caseId, sms }: { readonly caseId: string; readonly sms: boolean },
): Promise<Printed> {
  const seen = await caseOfHerSlip(parts, actor, caseId);
  if (seen.kind !== 'hers') return { kind: seen.kind };
  return parts.transaction(async (tx) => {
    // Judged again once nobody else moves that person's cases: another code may have been let pass meanwhile, and with it
    // the slip is somebody else's.
    await tx.enrolments.lock(seen.enrolment.request.run);
    const within = { ...parts, ...tx };
    const found = await caseOfHerSlip(within, actor, caseId);
    if (found.kind !== 'hers') return { kind: found.kind };
    const { enrolment, accountId } = found;
    const second = await hasNoAddress(within, enrolment, { sms });
    const now = parts.clock();
    const taken = await tx.handovers.take({ caseId, kind: 'slip', now });
    if (!taken) return { kind: 'gone' };
    await tx.audit.add({ kind: 'slip-printed', at: now, details: { case: caseId }, ...trailOf(actor, accountId) });
    const { code, until } = taken;
    const run = writtenRun(enrolment.request.run);
    return { kind: 'printed', run, code: writtenCode(code), plain: code, until, second };
  });
}
