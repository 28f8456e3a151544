import { CONSOLE_CLIENT, OWN_CLIENT } from '../domain/account-session.ts';
import { SECRET_PLACE, type Client } from '../domain/client.ts';
import type { Parts } from '../parts.ts';

type Needs = Pick<Parts, 'chance' | 'clients' | 'clock' | 'settings' | 'vault'>;

/** A site of ours that is a relying party of ours; addresses are whole. */
export type OwnSite = {
  readonly id: string;
  readonly name: string;
  readonly home: string;
  /** Where answers come back to, and where people are after logging out. */
  readonly callback: string;
  readonly left: string;
  /** Under which its secret is kept, sealed: all processes speak with the same one. */
  readonly setting: 'account-client-secret' | 'console-client-secret';
};

export const accountSite = (origin: string): OwnSite => ({
  ...{ id: OWN_CLIENT, name: 'Mi cuenta', setting: 'account-client-secret' },
  ...{ home: `${origin}/cuenta`, callback: `${origin}/cuenta/volver`, left: `${origin}/cuenta/salida` },
});

export const consoleSite = (origin: string): OwnSite => ({
  ...{ id: CONSOLE_CLIENT, name: 'Consola de ClaveÚnica', setting: 'console-client-secret' },
  ...{ home: `${origin}/`, callback: `${origin}/volver`, left: `${origin}/salida` },
});

/** The client, as today's origin and master keys want it; made, or put right, when it is not so. */
export async function ownClient(
  parts: Needs,
  { id, name, home, callback, left, setting }: OwnSite,
): Promise<{ readonly id: string; readonly secret: string }> {
  const secret = await parts.settings.once(setting, parts.chance(32));
  const [hash] = parts.vault.indexes(secret, SECRET_PLACE);
  const known = await parts.clients.byId(id);
  const wanted: Client = {
    ...{ id, name, institution: 'ClaveÚnica', profile: 'oidc', state: 'certified', sector: known?.sector ?? id },
    ...{ secrets: [{ hash: hash.toString('base64url') }], auth: 'client_secret_basic', scopes: ['openid'] },
    ...{ redirectUris: [callback], postLogoutRedirectUris: [left], homeUri: home },
    initiateLoginUri: home.startsWith('https:') ? home : undefined,
  };
  const about = ({ redirectUris, postLogoutRedirectUris, homeUri, secrets, state }: Client) =>
    JSON.stringify([redirectUris, postLogoutRedirectUris, homeUri, secrets, state]);
  if (!known || about(known) !== about(wanted)) await parts.clients.put(wanted, parts.clock());
  return { id, secret };
}
