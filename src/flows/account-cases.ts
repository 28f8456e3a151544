import type { Account } from '../domain/account.ts';
import type { CaseOutcome } from '../domain/account-case.ts';
import { REASON_LEAST, REASON_MOST, type ConsoleAct, type Reason } from '../domain/roles.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import type { AccountCase, CaseStep } from '../stores/cases.ts';
import { mayLookUp } from './look-ups.ts';
import { deskDetails } from './office-of.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

export type { AccountCase, CaseStep };
type Needs = Pick<Parts, 'accounts' | 'audit' | 'cases' | 'chance' | 'clock' | 'limits' | 'offices' | 'transaction'>;

/** Whoever opened it is another than who ends it; what its owner opened, she did herself. */
const targetOf = (one: AccountCase | undefined) => ({
  accountId: one?.accountId,
  proposedBy: one && (one.openedBy ?? one.accountId),
  drawnFor: one?.takenBy,
});

/** That it is her work to read it is the reason; the citizen is told so. */
const CASE_REASON = { reason: 'case' };

export type CaseRead =
  | {
      readonly kind: 'read';
      readonly one: AccountCase;
      readonly account: Account;
      readonly steps: readonly CaseStep[];
    }
  | { readonly kind: 'gone' }
  | { readonly kind: 'too-many' }
  | Denied;

/** Each look is recorded and counts as a look-up; while she has it in hand, that she took it is the record. */
export async function readCase(parts: Needs, actor: Actor, id: string): Promise<CaseRead> {
  const one = await parts.cases.byId(id);
  const no = await denied(parts, actor, { act: 'account case see', target: targetOf(one) });
  if (no) return no;
  const account = one && (await parts.accounts.byId(one.accountId));
  if (!one || !account) return { kind: 'gone' };
  const mine = one.takenBy === actor.staff.accountId && one.closedAt === undefined;
  if (!mine) {
    const look = { act: 'account case see', accountId: one.accountId } as const;
    if (!(await mayLookUp(parts, actor, look))) return { kind: 'too-many' };
    const details = { case: id, ...CASE_REASON, ...(await deskDetails(parts, actor)) };
    const at = parts.clock();
    await parts.audit.add({ kind: 'person-case-seen', at, details, ...trailOf(actor, one.accountId) });
  }
  return { kind: 'read', one, account, steps: await parts.cases.steps(id) };
}

export type CaseDone =
  | { readonly kind: 'done' }
  /** There is none, it is closed, or another was faster. */
  | { readonly kind: 'gone' }
  /** Too short to say anything. */
  | { readonly kind: 'no-words' }
  | { readonly kind: 'too-many' }
  | Denied;

/**
 * `was`: who had it when she pressed the button; of two at once one gets it. It opens the page for as long as she has it,
 * so it is a look-up itself.
 */
export const takeCase = (
  parts: Needs,
  actor: Actor,
  { id, was }: { readonly id: string; readonly was: string | undefined },
): Promise<CaseDone> =>
  change(parts, actor, {
    ...{ id, act: 'account case take', kind: 'person-case-taken', details: CASE_REASON, isLook: true },
    step: (tx, by) => tx.cases.take(id, { ...by, was, words: '' }),
  });

export async function noteCase(
  parts: Needs,
  actor: Actor,
  { id, words }: { readonly id: string; readonly words: string },
): Promise<CaseDone> {
  const text = words.trim().slice(0, REASON_MOST);
  return change(parts, actor, {
    ...{ id, act: 'account case note', kind: 'person-case-noted', details: CASE_REASON },
    short: text.length < REASON_LEAST,
    step: (tx, by) => tx.cases.note(id, { ...by, words: text }),
  });
}

export const closeCase = (
  parts: Needs,
  actor: Actor,
  { id, outcome, reason }: { readonly id: string; readonly outcome: CaseOutcome; readonly reason: Reason },
): Promise<CaseDone> =>
  change(parts, actor, {
    ...{ id, act: 'account case close', kind: 'person-case-closed', reason },
    details: { outcome, ...reasonDetails(reason) },
    step: (tx, by) => tx.cases.close(id, { ...by, outcome, words: reason.text.trim() }),
  });

type By = { readonly id: string; readonly by: string; readonly at: number };
type Change = {
  readonly id: string;
  readonly act: ConsoleAct;
  readonly kind: 'person-case-taken' | 'person-case-noted' | 'person-case-closed';
  readonly reason?: Reason;
  readonly details: Readonly<Record<string, string>>;
  readonly short?: boolean;
  /** Counts among the look-ups of her hour. */
  readonly isLook?: boolean;
  readonly step: (tx: Tx, by: By) => Promise<boolean>;
};

/** Done and recorded, or neither. */
async function change(parts: Needs, actor: Actor, { id, ...wish }: Change): Promise<CaseDone> {
  const one = await parts.cases.byId(id);
  const no = await denied(parts, actor, { act: wish.act, target: targetOf(one), reason: wish.reason });
  if (no) return no;
  if (!one) return { kind: 'gone' };
  if (wish.short === true) return { kind: 'no-words' };
  const look = { act: wish.act, accountId: one.accountId };
  if (wish.isLook === true && !(await mayLookUp(parts, actor, look))) return { kind: 'too-many' };
  const at = parts.clock();
  const by = { id: uuid(parts.chance(16)), by: actor.staff.accountId, at };
  const desk = await deskDetails(parts, actor);
  return parts.transaction(async (tx): Promise<CaseDone> => {
    if (!(await wish.step(tx, by))) return { kind: 'gone' };
    const details = { case: id, ...wish.details, ...desk };
    await tx.audit.add({ kind: wish.kind, at, details, ...trailOf(actor, one.accountId) });
    return { kind: 'done' };
  });
}
