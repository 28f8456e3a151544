import {
  goodSecrets,
  isInstitutions,
  isOpenTo,
  resumed,
  rotated,
  suspended,
  uriFaults,
  type ClientChange,
  type Replaced,
  type UriFault,
} from '../domain/client-change.ts';
import { SECRET_PLACE, type Client } from '../domain/client.ts';
import { PROPOSAL_LIFETIME } from '../domain/proposal.ts';
import type { ConsoleAct, Reason } from '../domain/roles.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<Parts, 'audit' | 'chance' | 'clients' | 'clock' | 'proposals' | 'transaction' | 'vault'>;
type Gone = { readonly kind: 'gone' };
type House = { readonly emulator: boolean };

/** Whose sites she sees alone: those of her institution; undefined: all. Of no institution she sees none. */
export const hersAlone = ({ staff: { roles, institution } }: Pick<Actor, 'staff'>): string | undefined =>
  roles.includes('operator') ? undefined : (institution ?? '');

/** Undefined for what is not hers, as for what is not there. */
export async function clientOf(parts: Pick<Parts, 'clients'>, actor: Actor, id: string): Promise<Client | undefined> {
  const client = await parts.clients.byId(id);
  if (!client || client.registered !== undefined) return undefined;
  const { roles, institution } = actor.staff;
  return roles.includes('operator') || client.institution === institution ? client : undefined;
}

const ASKS: Readonly<Record<ClientChange['what'], ConsoleAct>> = {
  uris: 'client propose',
  certify: 'client certify',
  suspend: 'client suspend',
  resume: 'client suspend',
};
export const DECIDES: Readonly<Record<ClientChange['what'], ConsoleAct>> = {
  uris: 'client decide',
  certify: 'client certify decide',
  suspend: 'client suspend decide',
  resume: 'client suspend decide',
};

export type ClientProposed =
  | { readonly kind: 'proposed'; readonly id: string }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'faulty'; readonly faults: readonly UriFault[] }
  | Gone
  | Denied;

/** Other addresses, that citizens may sign in there, or a suspension: a second person must agree. */
export async function proposeClient(
  parts: Needs,
  actor: Actor,
  wish: { readonly clientId: string; readonly change: ClientChange; readonly reason: Reason; readonly house: House },
): Promise<ClientProposed> {
  const { clientId, change, reason, house } = wish;
  const client = await parts.clients.byId(clientId);
  const target = { institution: client?.institution };
  const no = await denied(parts, actor, { act: ASKS[change.what], target, reason });
  if (no) return no;
  if (!client || !isInstitutions(client)) return { kind: 'gone' };
  if (!isOpenTo(change, client)) return { kind: 'gone' };
  const faults = change.what === 'uris' ? uriFaults(change, house) : [];
  if (faults.length > 0) return { kind: 'faulty', faults };
  const now = parts.clock();
  const id = uuid(parts.chance(16));
  return parts.transaction(async (tx) => {
    const added = await tx.proposals.add({
      ...{ id, subject: clientId, plan: { kind: 'client', ...change }, reason: reason.text },
      ...{ proposedBy: actor.staff.accountId, proposedAt: now, expiresAt: now + PROPOSAL_LIFETIME },
    });
    if (!added) return { kind: 'waiting' };
    const details = { ...reasonDetails(reason), ...detailsOf(change) };
    await tx.audit.add({ kind: 'client-change-proposed', at: now, clientId, details, ...trailOf(actor) });
    return { kind: 'proposed', id };
  });
}

const detailsOf = (change: ClientChange): Record<string, string> => ({
  what: change.what,
  ...(change.what === 'uris' && {
    redirect: change.redirectUris.join(' '),
    afterwards: change.postLogoutRedirectUris.join(' '),
  }),
});

export type ClientDecided = { readonly kind: 'decided' } | Gone | Denied;

/** What the second one agrees to holds on all processes within five seconds. */
export async function decideClient(
  parts: Needs,
  actor: Actor,
  { id, agreed, house }: { readonly id: string; readonly agreed: boolean; readonly house: House },
): Promise<ClientDecided> {
  const now = parts.clock();
  const proposal = await parts.proposals.byId(id, now);
  if (proposal?.plan.kind !== 'client') return { kind: 'gone' };
  const { plan, subject: clientId, proposedBy } = proposal;
  const institution = (await parts.clients.byId(clientId))?.institution;
  const no = await denied(parts, actor, { act: DECIDES[plan.what], target: { institution, proposedBy } });
  if (no) return no;
  return parts.transaction(async (tx) => {
    const decision = agreed ? 'approved' : 'rejected';
    // First, so that of two who decide at once one does.
    if (!(await tx.proposals.decide(id, actor.staff.accountId, { decision, at: now }))) return { kind: 'gone' };
    const before = agreed ? await apply(tx, { clientId, change: plan, house, now }) : undefined;
    const details = { decision, ...detailsOf(plan), ...(before && { was: wasOf(before, plan) }) };
    await tx.audit.add({ kind: 'client-change-decided', at: now, clientId, details, ...trailOf(actor) });
    return { kind: 'decided' };
  });
}

const wasOf = (client: Client, { what }: ClientChange) =>
  what === 'uris' ? client.redirectUris.join(' ') : client.state;

type Applying = {
  readonly clientId: string;
  readonly change: ClientChange;
  readonly house: House;
  readonly now: number;
};

async function apply(tx: Pick<Tx, 'clients'>, { clientId, change, house, now }: Applying): Promise<Client | undefined> {
  let before: Client | undefined;
  await tx.clients.change(
    clientId,
    (client) => {
      before = client;
      // A command may have been faster.
      if (!isOpenTo(change, client)) return client;
      if (change.what === 'certify') return { ...client, state: 'certified' };
      if (change.what === 'suspend') return suspended(client);
      if (change.what === 'resume') return resumed(client, house);
      const { redirectUris, postLogoutRedirectUris } = change;
      return { ...client, redirectUris, postLogoutRedirectUris };
    },
    now,
  );
  return before;
}

export type Rotated =
  | { readonly kind: 'rotated'; readonly secret: string; readonly client: Client }
  /** It proves itself by keys. */
  | { readonly kind: 'no-secret' }
  /** Two are good already, and nobody has said which of them is over. */
  | { readonly kind: 'two' }
  | Gone;

type Rotation = {
  readonly clientId: string;
  readonly reason: Reason;
  /** Undefined: none of those that are good may end by it, as when a page is sent twice. */
  readonly instead: Replaced | undefined;
};

/** A new secret, told once; the one before stays good for thirty days. */
export async function rotateSecret(
  parts: Needs,
  actor: Actor,
  { clientId, reason, instead }: Rotation,
): Promise<Rotated | Denied> {
  const client = await parts.clients.byId(clientId);
  const target = { institution: client?.institution };
  const no = await denied(parts, actor, { act: 'client rotate secret', target, reason });
  const details = { ...reasonDetails(reason), ...(instead !== undefined && { instead }) };
  return no ?? giveSecret(parts, clientId, { trail: { details, ...trailOf(actor) }, instead });
}

type Trail = Partial<ReturnType<typeof trailOf>> & { readonly details?: Readonly<Record<string, string>> };

/** The same, by the operator of the machine without more. */
export async function giveSecret(
  parts: Pick<Parts, 'chance' | 'clients' | 'clock' | 'transaction' | 'vault'>,
  clientId: string,
  { trail = {}, instead }: { readonly trail?: Trail; readonly instead: Replaced | undefined },
): Promise<Rotated> {
  const client = await parts.clients.byId(clientId);
  if (!client || !isInstitutions(client)) return { kind: 'gone' };
  if (!client.auth.startsWith('client_secret_')) return { kind: 'no-secret' };
  const now = parts.clock();
  const secret = parts.chance(32);
  const hash = parts.vault.indexes(secret, SECRET_PLACE)[0].toString('base64url');
  return parts.transaction(async (tx): Promise<Rotated> => {
    const good = { two: false };
    const changed = await tx.clients.change(
      clientId,
      (one) => {
        good.two = instead === undefined && goodSecrets(one.secrets, now).length > 1;
        return good.two ? one : { ...one, secrets: rotated(one.secrets, { hash, now, instead: instead ?? 'oldest' }) };
      },
      now,
    );
    if (!changed) return { kind: 'gone' };
    if (good.two) return { kind: 'two' };
    await tx.audit.add({ kind: 'client-secret-rotated', at: now, clientId, ...trail });
    return { kind: 'rotated', secret, client: changed };
  });
}
