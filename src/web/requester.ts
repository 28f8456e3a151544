import { z } from 'zod';
import type { Rp } from '#views/pages/log-in.ts';
import { dataItems, grantedScopes, type Client } from '../domain/client.ts';
import type { Asker, SignedIn } from '../flows/log-in.ts';
import { finished } from './flow.ts';
import type { Act, InteractionVisit, Reply } from './kit/row.ts';

/** How an institution is named to a citizen: by its registered name and the host she came from. */
export function rpOf({ name, redirectUris, logoUri, policyUri, termsUri, registered }: Client): Rp {
  // What stands elsewhere is shown in the sandbox alone: citizens' browsers ask nobody else (R-81).
  const isShown = logoUri?.startsWith('data:image/') || registered !== undefined;
  const host = URL.parse(redirectUris[0] ?? '')?.host ?? '';
  return {
    name,
    host,
    ...(logoUri !== undefined && isShown && { logo: logoUri }),
    ...(policyUri !== undefined && { policy: policyUri }),
    ...(termsUri !== undefined && { terms: termsUri }),
  };
}

/** What the institution will learn: what it asked for, within what it may have. */
export function dataOf({ client, asked }: Pick<InteractionVisit, 'client' | 'asked'>) {
  const scope = asked['scope'];
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  return dataItems(client.profile, grantedScopes(client, scopes));
}

/** Another page of the same interaction. */
export const subPage = ({ here }: Pick<InteractionVisit, 'here'>, name: string): string =>
  here.replace('?', `/${name}?`);

/** Back to the institution without having signed in. */
export const cancel: Act<InteractionVisit> = async (visit, parts) => {
  const { network, requestId, client } = visit;
  await parts.audit.add({ kind: 'login-cancelled', at: parts.clock(), clientId: client.id, requestId, network });
  return { status: 303, to: await visit.finish({ error: 'access_denied', error_description: 'the person cancelled' }) };
};

/** Where an interaction stands between two pages, by what is kept. */
const STANDS = { pending: 'segundo-factor', codes: 'codigos', change: 'cambiar' } as const;
type Later = keyof typeof STANDS;

/** What is refused because it came twice: by the answer to the first, which led to one of those pages or out, she goes on. */
export async function unlessFinished(
  visit: InteractionVisit,
  later: readonly Later[],
  refused: () => Reply | Promise<Reply>,
): Promise<Reply> {
  const { kept, to } = await visit.meanwhile();
  const { kind } = z.object({ kind: z.enum(later) }).safeParse(kept).data ?? {};
  const href = to ?? (kind && subPage(visit, STANDS[kind]));
  return href === undefined ? refused() : finished(visit, { href, status: 422 });
}

/** Who asks, from where, for what: as the flows want to know it. */
export function askerOf(visit: InteractionVisit, shared: boolean): Asker {
  const { client, device, deviceName, network, source, uid, requestId, frame } = visit;
  return {
    lang: frame.lang,
    shared,
    device,
    deviceName,
    network,
    source,
    uid,
    requestId,
    clientId: client.id,
    site: client.name,
  };
}

/** Back into the protocol, with what our session row wants to know beside the library's own result (`oidc/sessions.ts`). */
export async function finishLogin(visit: InteractionVisit, signed: SignedIn, shared: boolean): Promise<Reply> {
  const { accountId, acr, amr, at } = signed;
  if (!shared) visit.markDevice();
  const login = { accountId, acr, amr: [...amr], ts: at, remember: false };
  return { status: 303, to: await visit.finish({ login, claveunica: { shared, network: visit.network } }) };
}
