import { clientPage, clientPath, secretPage, type ClientAct, type ClientPage } from '#views/pages/console/clients.ts';
import type { Undecided } from '#views/parts/waiting-list.ts';
import createError from 'http-errors';
import { z } from 'zod';
import {
  goodSecrets,
  isInstitutions,
  isOpenTo,
  REPLACED,
  type ClientChange,
  type UriFault,
} from '../../domain/client-change.ts';
import { FEATURES, type Client } from '../../domain/client.ts';
import { clientOf, decideClient, DECIDES, proposeClient, rotateSecret } from '../../flows/client-change.ts';
import { decideFeatures, proposeFeatures } from '../../flows/client-features.ts';
import { denied } from '../../flows/permit.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { namesOf } from './names.ts';
import { reasonOf, reasonShape, shellOf } from './shell.ts';
import { could } from './waiting.ts';

/** What is not hers is refused and recorded, before any of it is shown. */
export async function mine(visit: StaffVisit, parts: Parts): Promise<Client> {
  // Who has just decided sees what came of it.
  const client = await parts.clients.fresh(visit.params['clientId'] ?? '');
  if (!client || client.registered !== undefined || client.institution !== visit.params['id']) throw createError(404);
  const { institution } = client;
  if (await denied(parts, visit.actor, { act: 'client list', target: { institution } })) throw createError(403);
  return client;
}

type Outcome = Partial<Pick<ClientPage, 'refused' | 'typed' | 'ticked' | 'faults' | 'reason'>>;

async function room(
  visit: StaffVisit,
  parts: Parts,
  { client, status = 200, ...outcome }: Outcome & { readonly client: Client; readonly status?: number },
): Promise<Reply> {
  const { institution } = client;
  const open = (what: ClientChange['what']) => isOpenTo({ what }, client);
  const acts: readonly (readonly [ClientAct, boolean])[] = [
    ['uris', open('uris') && could(visit, 'client propose', { institution })],
    [
      'rotate',
      isInstitutions(client) &&
        client.auth.startsWith('client_secret_') &&
        could(visit, 'client rotate secret', { institution }),
    ],
    ['features', isInstitutions(client) && could(visit, 'client feature propose', { institution })],
    ['certify', open('certify') && could(visit, 'client certify', { institution })],
    ['suspend', open('suspend') && could(visit, 'client suspend', { institution })],
    ['resume', open('resume') && could(visit, 'client suspend', { institution })],
  ];
  return {
    status,
    page: clientPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), ...outcome },
      client: { ...client, secrets: goodSecrets(client.secrets, parts.clock()) },
      acts: acts.filter(([, may]) => may).map(([act]) => act),
      waiting: await waitingOf(visit, parts, client),
    }),
  };
}

async function waitingOf(visit: StaffVisit, parts: Parts, client: Client): Promise<readonly Undecided[]> {
  const open = (await parts.proposals.open(parts.clock())).filter(({ subject }) => subject === client.id);
  const { institution } = client;
  const { name } = await namesOf(
    parts,
    open.map(({ proposedBy }) => proposedBy),
  );
  const waiting = open.map(({ id, plan, proposedBy, proposedAt, reason }): Undecided | undefined => {
    const about = { id, reason, at: proposedAt, by: name(proposedBy), name: client.name };
    const target = { institution, proposedBy };
    if (plan.kind === 'client') {
      const uris = plan.what === 'uris' ? [...plan.redirectUris, ...plan.postLogoutRedirectUris] : [];
      const what = [visit.frame.words.clients.what[plan.what], ...uris].join(' ');
      return { ...about, what, mayDecide: could(visit, DECIDES[plan.what], target) };
    }
    if (plan.kind !== 'client-features') return undefined;
    const what = plan.features.join(', ') || visit.frame.words.clients.noFeatures;
    return { ...about, what, mayDecide: could(visit, 'client feature decide', target) };
  });
  return waiting.filter((one) => one !== undefined);
}

export const showClient = async (visit: StaffVisit, parts: Parts): Promise<Reply> =>
  room(visit, parts, { client: await mine(visit, parts) });

const lines = (text: string) =>
  text
    .split(/[\r\n]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

const uriShape = { ...reasonShape, retorno: z.string().max(6000), despues: z.string().max(6000).default('') };

export const submitUris = async (visit: StaffVisit, parts: Parts): Promise<Reply> => {
  const client = await mine(visit, parts);
  const form = readForm(visit.body, uriShape);
  const typed = { redirect: form.retorno, afterwards: form.despues };
  const change = {
    what: 'uris',
    redirectUris: lines(form.retorno),
    postLogoutRedirectUris: lines(form.despues),
  } as const;
  return proposed(visit, parts, { client, change, form, typed });
};

const tick = z.literal('si').optional();
const featureShape = {
  ...reasonShape,
  ...{ jar: tick, jarm: tick, mtls: tick, fapi: tick, refresh: tick, encryption: tick },
} satisfies Record<(typeof FEATURES)[number], z.ZodType>;

/** All of it anew; metadata that still fits stays. */
export async function submitFeatures(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const client = await mine(visit, parts);
  const form = readForm(visit.body, featureShape);
  const features = FEATURES.filter((name) => form[name] !== undefined);
  const reason = reasonOf(form);
  const wish = { clientId: client.id, wish: { features }, reason };
  const outcome = await proposeFeatures(parts, visit.actor, wish);
  const again = (status: number, more: Outcome) =>
    room(visit, parts, { client, status, ticked: features, reason: { of: 'features', ...reason }, ...more });
  switch (outcome.kind) {
    case 'proposed':
      return { status: 303, to: clientPath(client) };
    case 'faulty':
      return again(422, { faults: outcome.faults.map(({ fault, name }) => ({ fault, uri: name })) });
    case 'waiting':
      return again(422, { refused: 'waiting' });
    case 'gone':
      return again(410, { refused: 'gone' });
    case 'denied':
      return again(outcome.lacks === 'reason' ? 422 : 403, { refused: outcome.lacks });
  }
}

export const submitState =
  (what: 'certify' | 'suspend' | 'resume') =>
  async (visit: StaffVisit, parts: Parts): Promise<Reply> => {
    const client = await mine(visit, parts);
    return proposed(visit, parts, { client, change: { what }, form: readForm(visit.body, reasonShape) });
  };

type Asked = {
  readonly client: Client;
  readonly change: ClientChange;
  readonly form: Parameters<typeof reasonOf>[0];
  readonly typed?: { readonly redirect: string; readonly afterwards: string };
};

async function proposed(visit: StaffVisit, parts: Parts, { client, change, form, typed }: Asked): Promise<Reply> {
  const reason = reasonOf(form);
  const wish = { clientId: client.id, change, reason, house: visit.config };
  const outcome = await proposeClient(parts, visit.actor, wish);
  const again = (status: number, more: Outcome & { readonly faults?: readonly UriFault[] }) =>
    room(visit, parts, { client, status, typed, reason: { of: change.what, ...reason }, ...more });
  switch (outcome.kind) {
    case 'proposed':
      return { status: 303, to: clientPath(client) };
    case 'faulty':
      return again(422, { faults: outcome.faults });
    case 'waiting':
      return again(422, { refused: 'waiting' });
    case 'gone':
      return again(410, { refused: 'gone' });
    case 'denied':
      return again(outcome.lacks === 'reason' ? 422 : 403, { refused: outcome.lacks });
  }
}

const rotateShape = { ...reasonShape, reemplaza: z.enum(REPLACED).optional() };

export async function submitRotation(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const client = await mine(visit, parts);
  const { reemplaza: instead, ...form } = readForm(visit.body, rotateShape);
  const reason = reasonOf(form);
  const outcome = await rotateSecret(parts, visit.actor, { clientId: client.id, reason, instead });
  switch (outcome.kind) {
    case 'rotated': {
      const shell = shellOf(visit, parts);
      return { status: 200, page: secretPage(visit.frame, { shell, client: outcome.client, secret: outcome.secret }) };
    }
    case 'two':
      return room(visit, parts, { client, status: 422, refused: 'two-secrets', reason: { of: 'rotate', ...reason } });
    case 'no-secret':
    case 'gone':
      return room(visit, parts, { client, status: 410, refused: 'gone' });
    case 'denied':
      return room(visit, parts, {
        ...{ client, status: outcome.lacks === 'reason' ? 422 : 403, refused: outcome.lacks },
        reason: { of: 'rotate', ...reason },
      });
  }
}

/** Either kind of proposal about a site. */
export async function submitClientDecision(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const agreed = readForm(visit.body, { decision: z.enum(['si', 'no']) }).decision === 'si';
  const id = visit.params['id'] ?? '';
  const proposal = await parts.proposals.byId(id, parts.clock());
  const client = proposal && (await parts.clients.byId(proposal.subject));
  if (!client) throw createError(404);
  const outcome =
    proposal.plan.kind === 'client-features'
      ? await decideFeatures(parts, visit.actor, { id, agreed })
      : await decideClient(parts, visit.actor, { id, agreed, house: visit.config });
  switch (outcome.kind) {
    case 'decided':
      return { status: 303, to: clientPath(client) };
    case 'gone':
    case 'faulty':
      return room(visit, parts, { client, status: 410, refused: 'gone' });
    case 'denied':
      if (!(await clientOf(parts, visit.actor, client.id))) throw createError(403);
      return room(visit, parts, { client, status: 403, refused: outcome.lacks });
  }
}
