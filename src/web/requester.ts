import type { Rp } from '#views/pages/log-in.ts';
import { dataItems, grantedScopes, type Client } from '../domain/client.ts';
import type { Act, InteractionVisit } from './kit/row.ts';

/** How an institution is named to a citizen: by its registered name and the host she came from. */
export function rpOf({ name, redirectUris, logoUri, policyUri, termsUri }: Client): Rp {
  const host = URL.parse(redirectUris[0] ?? '')?.host ?? '';
  return {
    name,
    host,
    ...(logoUri !== undefined && { logo: logoUri }),
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

/** Back to the institution without having signed in. */
export const cancel: Act<InteractionVisit> = async (visit, parts) => {
  const { network, requestId, client } = visit;
  await parts.audit.add({ kind: 'login-cancelled', at: parts.clock(), clientId: client.id, requestId, network });
  return { status: 303, to: await visit.finish({ error: 'access_denied', error_description: 'the person cancelled' }) };
};
