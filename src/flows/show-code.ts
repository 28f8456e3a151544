import { ACTIVATION_CODE } from '../domain/code.ts';
import { codesLeft } from '../domain/room.ts';
import type { Parts } from '../parts.ts';
import { issueWithin } from './issue-code.ts';
import { askedByOf, type Passer } from './passing.ts';
import { tellOfAnother } from './reissue.ts';
import { renewalOf } from './renewal.ts';
import { undoable } from './undoable.ts';

type Reading = Pick<Parts, 'clock' | 'enrolments' | 'handovers' | 'rooms'>;
type Here = { readonly caseId: string; readonly device: string };
/** `version`: of the case; what is asked for by a page that is older is not done. */
export type CodeStanding =
  | { readonly kind: 'waits'; readonly version: number }
  /** Shown already. `left`: how often another may take its place here. */
  | { readonly kind: 'shown'; readonly version: number; readonly left: number }
  /** It is for the browser that was in the call. */
  | { readonly kind: 'elsewhere' };

/** Whether her code still waits to be looked at; nothing is read. */
export async function codeStanding(parts: Reading, { caseId, device }: Here): Promise<CodeStanding> {
  const now = parts.clock();
  const [room, enrolment] = await Promise.all([parts.rooms.byCase(caseId), parts.enrolments.byId(caseId)]);
  if (!enrolment || room?.citizen?.device !== device) return { kind: 'elsewhere' };
  const { version } = enrolment;
  if ((await parts.handovers.waits(caseId, now)).includes('room')) return { kind: 'waits', version };
  const left = codesLeft({ ...enrolment, moves: await parts.enrolments.history(caseId) }, now);
  return { kind: 'shown', version, left };
}

type Asking = { readonly caseId: string; readonly version: number };
export type CodeTaken =
  { readonly kind: 'code'; readonly code: string; readonly until: number } | { readonly kind: 'gone' | 'elsewhere' };

/**
 * The activation code, once, and only in the browser that was in the call. With that it is gone: who asks again
 * gets none, nor does an address of before the code that waits now.
 */
export async function takeCode(
  { transaction, clock }: Pick<Parts, 'transaction' | 'clock'>,
  { device, requestId, network }: Passer,
  { caseId, version }: Asking,
): Promise<CodeTaken> {
  const at = clock();
  return transaction(async (tx) => {
    // As it is now: whoever asks has seen the case with its code, and from then on nobody else comes in.
    const standing = await codeStanding({ ...tx, clock }, { caseId, device });
    if (standing.kind === 'elsewhere') return { kind: 'elsewhere' };
    if (standing.version !== version) return { kind: 'gone' };
    const taken = await tx.handovers.take({ caseId, kind: 'room', now: at });
    if (!taken) return { kind: 'gone' };
    const details = { case: caseId, channel: 'video' };
    await tx.audit.add({ kind: 'code-shown', at, requestId, network, details });
    return { kind: 'code', ...taken };
  });
}

/**
 * Another in place of one that was shown, for the same browser: it waits as the first did, the first is dead, and she is
 * told of it by letter. A form that comes twice has done it once, and finds it waiting.
 */
export async function replaceCode(
  parts: Pick<Parts, 'accounts' | 'chance' | 'clients' | 'clock' | 'transaction' | 'vault'>,
  passer: Passer,
  { caseId, version }: Asking,
): Promise<{ readonly kind: 'waits'; readonly version: number } | { readonly kind: 'gone' }> {
  const asker = await askedByOf(parts, passer, undefined);
  return undoable<{ kind: 'waits'; version: number } | { kind: 'gone' }>(parts, async (tx, undo) => {
    const at = parts.clock();
    const run = (await tx.enrolments.byId(caseId))?.request.run;
    if (run === undefined) return { kind: 'gone' };
    await tx.enrolments.lock(run);
    const standing = await codeStanding({ ...tx, clock: parts.clock }, { caseId, device: passer.device });
    if (standing.kind === 'waits') return standing;
    if (standing.kind !== 'shown' || standing.version !== version || standing.left === 0) return { kind: 'gone' };
    const [was, account] = [await tx.enrolments.byId(caseId), (await tx.accounts.forLogin(run))?.account];
    const moved =
      was &&
      (await tx.enrolments.move(was, {
        ...{ move: 'replace-code', by: { kind: 'citizen' }, at },
        set: { expiresAt: at + ACTIVATION_CODE.lifetimes.print },
      }));
    if (!moved || !account) return undo({ kind: 'gone' });
    const renewal = await renewalOf(tx, moved, account);
    const issued = await issueWithin(tx, parts, {
      ...{ run, by: 'print', renewal, details: { case: caseId, again: 'citizen' } },
    });
    if (issued.kind !== 'issued') return undo({ kind: 'gone' });
    await tx.handovers.put({ caseId, kind: 'room', code: issued.code, until: issued.until });
    await tellOfAnother(tx, parts, { enrolment: moved, account, at, asker, how: 'replaced' });
    return { kind: 'waits', version: moved.version };
  });
}
