import { OWN_CLIENT } from '../domain/account-session.ts';
import { SECRET_PLACE, type Client } from '../domain/client.ts';
import type { Parts } from '../parts.ts';

type Needs = Pick<Parts, 'chance' | 'clients' | 'clock' | 'settings' | 'vault'>;

/** Where `/cuenta` comes back to, and where it leaves to. */
export const CALLBACK = '/cuenta/volver';
export const LEFT = '/cuenta/salida';

/**
 * The client of `/cuenta`, as today's public origin and master keys want it; made, or put right, when it is not so.
 * `secret` is kept sealed: all processes speak with the same one.
 */
export async function ownClient(
  parts: Needs,
  origin: string,
): Promise<{ readonly id: string; readonly secret: string }> {
  const secret = await parts.settings.once('account-client-secret', parts.chance(32));
  const [hash] = parts.vault.indexes(secret, SECRET_PLACE);
  const known = await parts.clients.byId(OWN_CLIENT);
  const wanted: Client = {
    id: OWN_CLIENT,
    name: 'Mi cuenta',
    institution: 'ClaveÚnica',
    profile: 'oidc',
    state: 'certified',
    sector: known?.sector ?? OWN_CLIENT,
    secrets: [{ hash: hash.toString('base64url') }],
    auth: 'client_secret_basic',
    scopes: ['openid'],
    redirectUris: [origin + CALLBACK],
    postLogoutRedirectUris: [origin + LEFT],
    homeUri: `${origin}/cuenta`,
    initiateLoginUri: origin.startsWith('https:') ? `${origin}/cuenta` : undefined,
  };
  const about = ({ redirectUris, postLogoutRedirectUris, homeUri, secrets, state }: Client) =>
    JSON.stringify([redirectUris, postLogoutRedirectUris, homeUri, secrets, state]);
  if (!known || about(known) !== about(wanted)) await parts.clients.put(wanted, parts.clock());
  return { id: OWN_CLIENT, secret };
}
