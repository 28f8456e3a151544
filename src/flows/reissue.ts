import type { Parts, Tx } from '../parts.ts';
import type { Account } from '../domain/account.ts';
import { ACTIVATION_CODE } from '../domain/code.ts';
import { confirmedAddresses, type AskedBy } from '../domain/notice.ts';
import { PROPOSAL_LIFETIME } from '../domain/proposal.ts';
import type { Reason } from '../domain/roles.ts';
import { uuid } from '../domain/uuid.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import { writeTo } from './enrolment-letters.ts';
import { issueWithin } from './issue-code.ts';
import { tell } from './notice.ts';
import { renewalOf } from './renewal.ts';
import { secondCode } from './second-code.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<Parts, 'accounts' | 'audit' | 'chance' | 'clock' | 'enrolments' | 'proposals' | 'transaction'>;
export type Proposed =
  { readonly kind: 'proposed' } | { readonly kind: 'waiting' } | { readonly kind: 'gone' } | Denied;

/** Who lost her code gets another one only by two people; this is the first of them. */
export async function proposeReissue(
  parts: Needs,
  actor: Actor,
  { caseId, reason }: { readonly caseId: string; readonly reason: Reason },
): Promise<Proposed> {
  const enrolment = await parts.enrolments.byId(caseId);
  const target = { accountId: enrolment?.accountId };
  const no = await denied(parts, actor, { act: 'reissue propose', target, reason });
  if (no) return no;
  if (enrolment?.stage !== 'code-issued') return { kind: 'gone' };
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    const added = await tx.proposals.add({
      ...{ id: uuid(parts.chance(16)), subject: caseId, plan: { kind: 'reissue' }, reason: reason.text },
      ...{ proposedBy: actor.staff.accountId, proposedAt: now, expiresAt: now + PROPOSAL_LIFETIME },
    });
    if (!added) return { kind: 'waiting' };
    const details = { case: caseId, ...reasonDetails(reason) };
    await tx.audit.add({ kind: 'exception-asked', at: now, details, ...trailOf(actor, enrolment.accountId) });
    return { kind: 'proposed' };
  });
}

type Again = { readonly enrolment: Enrolment; readonly actor: Actor; readonly now: number };

/**
 * The second of them has agreed: the old code is dead, the new one goes onto a slip, and its owner is told at every address
 * that she has confirmed. False: it can't be any more.
 */
export async function reissue(
  tx: Tx,
  parts: Pick<Parts, 'chance' | 'clock' | 'vault'>,
  { enrolment, actor, now }: Again,
) {
  const moved = await tx.enrolments.move(enrolment, {
    ...{ move: 'reissue-code', by: { kind: 'officer', id: actor.staff.accountId }, at: now },
    set: { expiresAt: now + ACTIVATION_CODE.lifetimes.print },
  });
  const account = moved && (await tx.accounts.forLogin(moved.request.run))?.account;
  if (!account) return false;
  const [last] = await tx.evidence.ofCase(enrolment.id);
  const { email, phone } = { ...moved.request, ...last?.work.contact };
  const nowhere = email === undefined && phone === undefined;
  const issued = await issueWithin(tx, parts, {
    ...{ run: moved.request.run, by: 'print', details: { case: enrolment.id, again: 'yes' } },
    second: nowhere ? 'printed' : undefined,
    renewal: await renewalOf(tx, moved, account),
  });
  if (issued.kind !== 'issued') return false;
  await tx.handovers.forget(enrolment.id);
  await tx.handovers.put({ caseId: enrolment.id, kind: 'slip', code: issued.code, until: issued.until });
  if (email === undefined)
    await tx.handovers.put({ caseId: enrolment.id, kind: 'second', code: secondCode(parts), until: issued.until });
  const asker = { deviceName: '', network: '', site: actor.staff.office ?? '' };
  await tellOfAnother(tx, parts, { enrolment: moved, account, at: now, asker, how: 'reissued' });
  return true;
}

type Telling = {
  readonly enrolment: Enrolment;
  readonly account: Account;
  readonly at: number;
  readonly asker: AskedBy;
  readonly how: 'reissued' | 'replaced';
};

/** Another code: to everybody who could mind. */
export async function tellOfAnother(
  tx: Tx,
  parts: Pick<Parts, 'chance' | 'vault'>,
  { enrolment, account: { id, person }, at, asker, how }: Telling,
): Promise<void> {
  await tell(tx, parts, { event: `code-${how}`, accountId: id, person, at, asker });
  const told = confirmedAddresses(person).includes(enrolment.request.email ?? '');
  if (!told) await writeTo(tx, parts, { enrolment, event: how, at });
}
