import { isInstitutions } from '../domain/client-change.ts';
import { featureFaults, withFeatures, type FeatureFault, type FeatureWish } from '../domain/client-features.ts';
import type { Client } from '../domain/client.ts';
import { PROPOSAL_LIFETIME } from '../domain/proposal.ts';
import type { Reason } from '../domain/roles.ts';
import type { Run } from '../domain/run.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<Parts, 'accounts' | 'audit' | 'chance' | 'clients' | 'clock' | 'proposals' | 'staff' | 'transaction'>;

type Faulty = { readonly kind: 'faulty'; readonly faults: readonly FeatureFault[] };
type Gone = { readonly kind: 'gone' };
export type FeaturesProposed =
  | { readonly kind: 'proposed'; readonly id: string }
  /** Something about this site waits still. */
  | { readonly kind: 'waiting' }
  | Faulty
  | Gone;

/** What a site is to have beyond the plain code flow; a second administrator must agree (decision 12). */
export async function proposeFeatures(
  parts: Needs,
  actor: Actor,
  { clientId, wish, reason }: { readonly clientId: string; readonly wish: FeatureWish; readonly reason: Reason },
): Promise<FeaturesProposed | Denied> {
  const client = await parts.clients.byId(clientId);
  const target = { institution: client?.institution };
  const no = await denied(parts, actor, { act: 'client feature propose', target, reason });
  if (no) return no;
  const details = reasonDetails(reason);
  return propose(parts, { client, wish, details, by: actor.staff.accountId, trail: trailOf(actor) });
}

/**
 * The same by the operator of the machine, in the name of an administrator whose passkey nobody has seen: it only
 * waits, and another administrator agrees in the console.
 */
export async function proposeFeaturesFor(
  parts: Needs,
  run: Run,
  { clientId, wish, reason }: { readonly clientId: string; readonly wish: FeatureWish; readonly reason: string },
): Promise<FeaturesProposed | { readonly kind: 'nobody' }> {
  const account = (await parts.accounts.forLogin(run))?.account;
  const staff = account && (await parts.staff.byId(account.id));
  if (staff?.state !== 'active' || !staff.roles.includes('operator')) return { kind: 'nobody' };
  const client = await parts.clients.byId(clientId);
  const trail = { actorId: staff.accountId };
  return propose(parts, { client, wish, details: { words: reason.trim() }, by: staff.accountId, trail });
}

type Proposing = {
  readonly client: Client | undefined;
  readonly wish: FeatureWish;
  readonly details: Readonly<Record<string, string>>;
  readonly by: string;
  readonly trail: { readonly actorId: string; readonly requestId?: string; readonly network?: string };
};

async function propose(parts: Needs, { client, wish, details, by, trail }: Proposing): Promise<FeaturesProposed> {
  if (!client || !isInstitutions(client)) return { kind: 'gone' };
  const faults = faultsOf(client, wish);
  if (faults.length > 0) return { kind: 'faulty', faults };
  const now = parts.clock();
  const id = uuid(parts.chance(16));
  return parts.transaction(async (tx) => {
    const added = await tx.proposals.add({
      ...{ id, subject: client.id, plan: { kind: 'client-features', ...wish }, reason: details['words'] ?? '' },
      ...{ proposedBy: by, proposedAt: now, expiresAt: now + PROPOSAL_LIFETIME },
    });
    if (!added) return { kind: 'waiting' };
    const features = wish.features.join(' ');
    await tx.audit.add({
      ...{ kind: 'client-features-proposed', at: now, clientId: client.id, details: { ...details, features } },
      ...trail,
    });
    return { kind: 'proposed', id };
  });
}

export type FeaturesDecided = { readonly kind: 'decided' } | Gone | Faulty | Denied;

/** What the second one agrees to holds at once, on all processes within seconds. */
export async function decideFeatures(
  parts: Needs,
  actor: Actor,
  { id, agreed }: { readonly id: string; readonly agreed: boolean },
): Promise<FeaturesDecided> {
  const now = parts.clock();
  const proposal = await parts.proposals.byId(id, now);
  if (proposal?.plan.kind !== 'client-features') return { kind: 'gone' };
  const { plan, subject: clientId, proposedBy } = proposal;
  const no = await denied(parts, actor, { act: 'client feature decide', target: { proposedBy } });
  if (no) return no;
  return undoable<FeaturesDecided>(parts, async (tx, undo) => {
    const was = agreed ? await give(tx, { clientId, wish: plan, now }) : { kind: 'given' as const, before: undefined };
    if (was.kind === 'faulty') return was;
    const decision = was.kind === 'given' && agreed ? 'approved' : 'rejected';
    // Somebody else decided first: what was given goes back.
    if (!(await tx.proposals.decide(id, actor.staff.accountId, { decision, at: now }))) return undo({ kind: 'gone' });
    const before = was.kind === 'given' && was.before ? { was: (was.before.features ?? []).join(' ') } : {};
    const details = { decision, features: plan.features.join(' '), ...before };
    await tx.audit.add({ kind: 'client-features-decided', at: now, clientId, details, ...trailOf(actor) });
    return { kind: 'decided' };
  });
}

/** On a laptop there is nobody else to agree. */
export async function giveFeatures(
  parts: Needs,
  { clientId, wish }: { readonly clientId: string; readonly wish: FeatureWish },
): Promise<{ readonly kind: 'given' } | Faulty | Gone> {
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    const outcome = await give(tx, { clientId, wish, now });
    if (outcome.kind !== 'given') return outcome;
    const details = { features: wish.features.join(' '), was: (outcome.before.features ?? []).join(' ') };
    await tx.audit.add({ kind: 'client-features-decided', at: now, clientId, details });
    return { kind: 'given' };
  });
}

type Gift = { readonly clientId: string; readonly wish: FeatureWish; readonly now: number };
type Given = { readonly kind: 'given'; readonly before: Client } | Faulty | Gone;

/** Judged as the site is at this moment: its keys, or its way of proving itself, may have changed since. */
async function give(tx: Pick<Tx, 'clients'>, { clientId, wish, now }: Gift): Promise<Given> {
  let outcome: Given = { kind: 'gone' };
  await tx.clients.change(
    clientId,
    (client) => {
      const faults = faultsOf(client, wish);
      if (!isInstitutions(client)) return client;
      outcome = faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'given', before: client };
      return faults.length > 0 ? client : withFeatures(client, wish);
    },
    now,
  );
  return outcome;
}

/** What it keeps is judged like what it gets. */
const faultsOf = (client: Client, { features, metadata }: FeatureWish) =>
  featureFaults(client, { features, metadata: metadata ?? withFeatures(client, { features }).metadata });
