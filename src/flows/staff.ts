import { agencyOf, postFault, type Post, type PostFault } from '../domain/post.ts';
import { PROPOSAL_LIFETIME } from '../domain/proposal.ts';
import type { Reason, Staff, Target } from '../domain/roles.ts';
import type { Run } from '../domain/run.ts';
import type { Parts, Tx } from '../parts.ts';
import { officeNamed } from './office-of.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';
import { uuid } from '../domain/uuid.ts';

export type Fault = PostFault | 'nobody' | 'no-office';

type Needs = Pick<Parts, 'accounts' | 'audit' | 'chance' | 'clock' | 'offices' | 'proposals' | 'staff' | 'transaction'>;

export type Proposed =
  | { readonly kind: 'proposed'; readonly id: string }
  /** Somebody proposed something about her that waits still. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'faulty'; readonly fault: Fault }
  | Denied;

type Appointing = { readonly accountId: string | undefined; readonly post: Post };

/** Whom a post is for, and whose supervisors may give it: what she is today counts as well. */
export async function targetOf(
  { staff }: Pick<Parts, 'staff'>,
  { accountId, post }: Appointing,
): Promise<Pick<Target, 'accountId' | 'agency'>> {
  const before = accountId === undefined ? undefined : await staff.byId(accountId);
  return { accountId, agency: agencyOf(post, before) };
}

/** An invitation, or a change of roles: it waits for a second person. */
export async function proposeStaff(
  parts: Needs,
  actor: Actor,
  { run, post, reason }: { readonly run: Run | undefined; readonly post: Post; readonly reason: Reason },
): Promise<Proposed> {
  const fault = postFault(post);
  if (fault) return { kind: 'faulty', fault };
  const account = run && (await parts.accounts.forLogin(run))?.account;
  const target = await targetOf(parts, { accountId: account?.id, post });
  const no = await denied(parts, actor, { act: 'staff propose', target, reason });
  if (no) return no;
  if (!account || account.status !== 'active') return { kind: 'faulty', fault: 'nobody' };
  const there = await atOffice(parts, post);
  if (!there) return { kind: 'faulty', fault: 'no-office' };
  const now = parts.clock();
  const id = uuid(parts.chance(16));
  return parts.transaction(async (tx) => {
    const added = await tx.proposals.add({
      ...{ id, subject: account.id, plan: { kind: 'staff', ...there }, reason: reason.text },
      ...{ proposedBy: actor.staff.accountId, proposedAt: now, expiresAt: now + PROPOSAL_LIFETIME },
    });
    if (!added) return { kind: 'waiting' };
    const details = { ...reasonDetails(reason), roles: post.roles.join(' ') };
    await tx.audit.add({ kind: 'staff-proposed', at: now, details, ...trailOf(actor, account.id) });
    return { kind: 'proposed', id };
  });
}

export type Decided = { readonly kind: 'decided' } | { readonly kind: 'gone' } | Denied;

/** The second person agrees or refuses; what was agreed happens in the same moment, once. */
export async function decideStaff(
  parts: Needs,
  actor: Actor,
  { id, agreed }: { readonly id: string; readonly agreed: boolean },
): Promise<Decided> {
  const now = parts.clock();
  const proposal = await parts.proposals.byId(id, now);
  if (!proposal || proposal.plan.kind !== 'staff') return { kind: 'gone' };
  const { plan, subject, proposedBy } = proposal;
  const target = { ...(await targetOf(parts, { accountId: subject, post: plan })), proposedBy };
  const no = await denied(parts, actor, { act: 'staff decide', target });
  if (no) return no;
  return parts.transaction(async (tx) => {
    const decision = agreed ? 'approved' : 'rejected';
    if (!(await tx.proposals.decide(id, actor.staff.accountId, { decision, at: now }))) return { kind: 'gone' };
    if (agreed) await appoint(tx, { accountId: subject, post: plan, now });
    await tx.audit.add({
      ...{ kind: 'staff-decided', at: now, details: { decision, roles: plan.roles.join(' ') } },
      ...trailOf(actor, subject),
    });
    return { kind: 'decided' };
  });
}

/**
 * The post with its office by id. Undefined: there is none of that name, or not of her agency; whoever worked there would
 * note people in a line that nobody calls.
 */
async function atOffice(parts: Pick<Parts, 'offices'>, post: Post): Promise<Post | undefined> {
  if (post.office === undefined) return post;
  const office = await officeNamed(parts, post.office);
  if (!office || (post.agency !== undefined && office.agency !== post.agency)) return undefined;
  return { ...post, office: office.id };
}

type Appointment = { readonly accountId: string; readonly post: Post; readonly now: number };

/** Invited until she comes with her passkey; her training is not forgotten. */
async function appoint(tx: Pick<Tx, 'staff'>, { accountId, post, now }: Appointment): Promise<void> {
  const before = await tx.staff.byId(accountId);
  const { roles, agency, office, institution } = post;
  const staff: Staff = {
    ...{ accountId, roles, agency, office, institution },
    ...{ state: before?.state === 'active' ? 'active' : 'invited', trainedAt: before?.trainedAt },
    ...{ seenAt: before?.seenAt, createdAt: before?.createdAt ?? now },
  };
  await tx.staff.put(staff, now);
}

export type Done = { readonly kind: 'done' } | { readonly kind: 'gone' } | Denied;

/** At once and alone: who disables can only take away. */
export async function disableStaff(
  parts: Needs,
  actor: Actor,
  { accountId, reason }: { readonly accountId: string; readonly reason: Reason },
): Promise<Done> {
  const staff = await parts.staff.byId(accountId);
  const no = await denied(parts, actor, {
    act: 'staff disable',
    target: { accountId: staff?.accountId, agency: staff?.agency },
    reason,
  });
  if (no) return no;
  if (!staff) return { kind: 'gone' };
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    await tx.staff.setState(accountId, 'disabled', now);
    // A post that she gets again opens no session of before.
    await tx.journeys.endOf(accountId, { kinds: ['console'] });
    await tx.audit.add({
      kind: 'staff-disabled',
      at: now,
      details: reasonDetails(reason),
      ...trailOf(actor, accountId),
    });
    return { kind: 'done' };
  });
}

/** A supervisor records that somebody was trained today. */
export async function recordTraining(parts: Needs, actor: Actor, accountId: string): Promise<Done> {
  const staff = await parts.staff.byId(accountId);
  const no = await denied(parts, actor, {
    act: 'staff train',
    target: { accountId: staff?.accountId, agency: staff?.agency },
  });
  if (no) return no;
  if (!staff) return { kind: 'gone' };
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    await tx.staff.setTrained(accountId, now);
    await tx.audit.add({ kind: 'staff-trained', at: now, ...trailOf(actor, accountId) });
    return { kind: 'done' };
  });
}

export type Granted =
  | { readonly kind: 'granted' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'house-is-full' }
  | { readonly kind: 'faulty'; readonly fault: Fault };

/**
 * The beginning, by the operator of the machine: as long as there are not two who could decide together.
 * `always` in the emulator.
 */
export async function grantFirst(
  parts: Needs,
  { run, post, always }: { readonly run: Run; readonly post: Post; readonly always: boolean },
): Promise<Granted> {
  const fault = postFault(post);
  if (fault) return { kind: 'faulty', fault };
  const account = (await parts.accounts.forLogin(run))?.account;
  if (!account || account.status !== 'active') return { kind: 'nobody' };
  const there = await atOffice(parts, post);
  if (!there) return { kind: 'faulty', fault: 'no-office' };
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    const deciding = (await tx.staff.list({})).filter(
      ({ accountId, roles, state }) =>
        accountId !== account.id &&
        state !== 'disabled' &&
        (roles.includes('operator') || roles.includes('supervisor')),
    );
    if (!always && deciding.length >= 2) return { kind: 'house-is-full' };
    await appoint(tx, { accountId: account.id, post: there, now });
    await tx.audit.add({
      kind: 'staff-granted',
      at: now,
      accountId: account.id,
      details: { roles: post.roles.join(' ') },
    });
    return { kind: 'granted' };
  });
}
