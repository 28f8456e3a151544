import { PROPOSAL_LIFETIME } from '../domain/proposal.ts';
import type { Reason } from '../domain/roles.ts';
import type { Switch } from '../domain/switch.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts } from '../parts.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<Parts, 'audit' | 'chance' | 'clock' | 'proposals' | 'switches' | 'transaction'>;

export type Proposed = { readonly kind: 'proposed'; readonly id: string } | { readonly kind: 'waiting' } | Denied;

/** To stop something for the whole country, or to let it go on: a second person must agree. */
export async function proposeSwitch(
  parts: Needs,
  actor: Actor,
  { name, flipped, reason }: { readonly name: Switch; readonly flipped: boolean; readonly reason: Reason },
): Promise<Proposed> {
  const no = await denied(parts, actor, { act: 'switch propose', target: {}, reason });
  if (no) return no;
  const now = parts.clock();
  const id = uuid(parts.chance(16));
  return parts.transaction(async (tx) => {
    const added = await tx.proposals.add({
      ...{ id, subject: name, plan: { kind: 'switch', flipped }, reason: reason.text },
      ...{ proposedBy: actor.staff.accountId, proposedAt: now, expiresAt: now + PROPOSAL_LIFETIME },
    });
    if (!added) return { kind: 'waiting' };
    const details = { ...reasonDetails(reason), name, flipped };
    await tx.audit.add({ kind: 'switch-proposed', at: now, details, ...trailOf(actor) });
    return { kind: 'proposed', id };
  });
}

export type Decided = { readonly kind: 'decided' } | { readonly kind: 'gone' } | Denied;

/** What the second person agrees to happens at once, on all processes within five seconds. */
export async function decideSwitch(
  parts: Needs,
  actor: Actor,
  { id, agreed }: { readonly id: string; readonly agreed: boolean },
): Promise<Decided> {
  const now = parts.clock();
  const proposal = await parts.proposals.byId(id, now);
  if (!proposal || proposal.plan.kind !== 'switch') return { kind: 'gone' };
  const { plan, subject, proposedBy } = proposal;
  const no = await denied(parts, actor, { act: 'switch decide', target: { proposedBy } });
  if (no) return no;
  return parts.transaction(async (tx) => {
    const decision = agreed ? 'approved' : 'rejected';
    if (!(await tx.proposals.decide(id, actor.staff.accountId, { decision, at: now }))) return { kind: 'gone' };
    if (agreed) await tx.switches.set(subject as Switch, plan.flipped, now);
    await tx.audit.add({
      ...{ kind: 'switch-flipped', at: now, details: { name: subject, flipped: plan.flipped, decision } },
      ...trailOf(actor),
    });
    return { kind: 'decided' };
  });
}
