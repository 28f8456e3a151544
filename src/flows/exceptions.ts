import { unread, type Exception } from '../domain/checklist.ts';
import { parseContact } from '../domain/contact-change.ts';
import { PROPOSAL_LIFETIME } from '../domain/proposal.ts';
import { REASON_LEAST, type ConsoleAct } from '../domain/roles.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { Evidence } from '../stores/evidence.ts';
import type { Proposal } from '../stores/proposals.ts';
import { caseInHand } from './case-in-hand.ts';
import { denied, trailOf, type Actor, type Denied } from './permit.ts';
import { reissue } from './reissue.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<
  Parts,
  'accounts' | 'audit' | 'chance' | 'clock' | 'enrolments' | 'evidence' | 'proposals' | 'transaction' | 'vault'
>;

export type Asked =
  | { readonly kind: 'asked' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'gone' };
export type Wish = {
  readonly caseId: string;
  readonly exception: Exception;
  readonly words: string;
  readonly email: string;
  readonly phone: string;
};

/** What she may not let pass alone she asks a second person for. */
export async function askException(parts: Needs, actor: Actor, wish: Wish): Promise<Asked> {
  const hand = await caseInHand(parts, actor, wish.caseId);
  if (!hand) return { kind: 'gone' };
  const contact = contactOf(wish);
  const changes = wish.exception === 'contact-change';
  if (wish.words.trim().length < REASON_LEAST || contact === 'malformed') return { kind: 'malformed' };
  if (changes && contact.email === undefined && contact.phone === undefined) return { kind: 'malformed' };
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    const added = await tx.proposals.add({
      ...{ id: uuid(parts.chance(16)), subject: wish.caseId, reason: wish.words.trim() },
      plan: { kind: 'exception', session: hand.evidence.id, exception: wish.exception, ...(changes && contact) },
      ...{ proposedBy: actor.staff.accountId, proposedAt: now, expiresAt: now + PROPOSAL_LIFETIME },
    });
    if (!added) return { kind: 'waiting' };
    const details = { case: wish.caseId, exception: wish.exception };
    await tx.audit.add({ kind: 'exception-asked', at: now, details, ...trailOf(actor, hand.accountId) });
    return { kind: 'asked' };
  });
}

function contactOf({ email, phone }: Wish) {
  const [mail, number] = [parseContact('email', email), parseContact('phone', phone)];
  if ((email.trim() !== '' && !mail) || (phone.trim() !== '' && !number)) return 'malformed';
  return { ...(mail !== undefined && { email: mail }), ...(number !== undefined && { phone: number }) };
}

export type AskedOfSecond = {
  readonly proposal: Proposal;
  readonly enrolment: Enrolment;
  readonly evidence: Evidence | undefined;
};
type Plans = 'exception' | 'reissue';
const ACT = { exception: 'exception decide', reissue: 'reissue decide' } as const satisfies Record<Plans, ConsoleAct>;
const isOurs = ({ plan }: Proposal) => plan.kind === 'exception' || plan.kind === 'reissue';

/** What waits for a second person; whose it is to decide is judged one by one. */
export async function waitingExceptions(parts: Needs): Promise<readonly AskedOfSecond[]> {
  const open = (await parts.proposals.open(parts.clock())).filter(isOurs);
  const found = await Promise.all(open.map((proposal) => withCase(parts, proposal)));
  return found.filter((one) => one !== undefined);
}

async function withCase(parts: Needs, proposal: Proposal): Promise<AskedOfSecond | undefined> {
  const enrolment = await parts.enrolments.byId(proposal.subject);
  const [evidence] = await parts.evidence.ofCase(proposal.subject);
  return enrolment && isOf(proposal, evidence) ? { proposal, enrolment, evidence } : undefined;
}

/** What was asked for in one session is never let pass in another. */
const isOf = ({ plan }: Proposal, newest: Evidence | undefined): boolean =>
  plan.kind !== 'exception' || (newest?.id === plan.session && newest.result === undefined);

/** `accountId`: that the person has already, whom the record names. */
export type Shown =
  | { readonly kind: 'shown'; readonly waiting: AskedOfSecond; readonly accountId: string | undefined }
  | { readonly kind: 'gone' }
  | Denied;

/** One of them with the evidence, for who may decide it; the look is recorded. */
export async function showException(parts: Needs, actor: Actor, id: string): Promise<Shown> {
  const found = await decidable(parts, actor, id);
  if (found.kind !== 'shown') return found;
  const details = { case: found.waiting.enrolment.id, proposal: id };
  await parts.audit.add({ kind: 'case-opened', at: parts.clock(), details, ...trailOf(actor, found.accountId) });
  return found;
}

/** Never who asked, never whose session it was, never about oneself. */
async function decidable(parts: Needs, actor: Actor, id: string): Promise<Shown> {
  const proposal = await parts.proposals.byId(id, parts.clock());
  const waiting = proposal && isOurs(proposal) ? await withCase(parts, proposal) : undefined;
  if (!waiting) return { kind: 'gone' };
  const { run } = waiting.enrolment.request;
  const accountId = (await parts.accounts.forLogin(run))?.account.id;
  const own = waiting.evidence?.officer === actor.staff.accountId;
  const proposedBy = own ? actor.staff.accountId : waiting.proposal.proposedBy;
  const act = ACT[waiting.proposal.plan.kind as Plans];
  const no = await denied(parts, actor, { act, target: { accountId, proposedBy } });
  return no ?? { kind: 'shown', waiting, accountId };
}

export type Decided =
  | { readonly kind: 'decided'; readonly slip?: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused' }
  | Denied;

/** Once; and what was allowed is written into the evidence of the session it was asked for, or nothing happens. */
export async function decideException(
  parts: Needs,
  actor: Actor,
  { id, agreed }: { readonly id: string; readonly agreed: boolean },
): Promise<Decided> {
  const found = await decidable(parts, actor, id);
  if (found.kind !== 'shown') return found;
  const { proposal, enrolment, evidence } = found.waiting;
  const { plan } = proposal;
  const now = parts.clock();
  return undoable<Decided>(parts, async (tx, undo) => {
    const decision = agreed ? 'approved' : 'rejected';
    // First, as in an approval and when a slip is printed: each waits for the other only once.
    await tx.enrolments.lock(enrolment.request.run);
    if (!(await tx.proposals.decide(id, actor.staff.accountId, { decision, at: now }))) return { kind: 'gone' };
    const details = { case: enrolment.id, decision, what: plan.kind === 'exception' ? plan.exception : plan.kind };
    await tx.audit.add({ kind: 'exception-decided', at: now, details, ...trailOf(actor, found.accountId) });
    if (!agreed) return { kind: 'decided' };
    if (plan.kind === 'reissue') {
      if (!(await reissue(tx, parts, { enrolment, actor, now }))) return undo({ kind: 'refused' });
      return { kind: 'decided', slip: enrolment.id };
    }
    if (plan.kind !== 'exception' || !evidence) return undo({ kind: 'refused' });
    const { exception, email, phone } = plan;
    const changed = email !== undefined || phone !== undefined;
    const work = {
      ...evidence.work,
      exceptions: [...evidence.work.exceptions, { kind: exception, by: actor.staff.accountId, at: now }],
      // What was read back before is not the contact that it is now.
      ...(changed && { contact: { email, phone }, sheet: unread(evidence.work.sheet) }),
    };
    if (!(await tx.evidence.write(evidence.id, evidence.version, work))) return undo({ kind: 'refused' });
    return { kind: 'decided' };
  });
}
