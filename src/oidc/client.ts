import type { Adapter, AdapterPayload, default as Provider } from 'oidc-provider';
import { z } from 'zod';
import { isUsable, PROFILES, SECRET_PLACE, type Client } from '../domain/client.ts';
import type { Vault } from '../domain/vault.ts';
import type { Clients } from '../stores/clients.ts';

/** How an answer travels back to a site; never in a fragment. */
export const RESPONSE_MODES = ['query', 'form_post'] as const;

/** Our own metadata beside the library's, under one name. */
export const OWN = 'claveunica';
const own = z.object({
  profile: z.enum(PROFILES),
  scopes: z.array(z.string()),
  secrets: z.array(z.object({ hash: z.string(), until: z.number().optional() })),
  isolated: z.boolean(),
});
export type Own = z.output<typeof own>;

/** What is ours of a client that the library found; looked at once for each object, as it is asked for all the time. */
export function ownOf(client: Readonly<Record<string, unknown>>): Own {
  const value = client[OWN];
  const known = typeof value === 'object' && value !== null ? parsed.get(value) : undefined;
  if (known) return known;
  const found = own.parse(value);
  if (typeof value === 'object' && value !== null) parsed.set(value, found);
  return found;
}
const parsed = new WeakMap<object, Own>();

/**
 * Clients as the library wants them. All are `pairwise` to it, with a made-up document of their sector: else `sub`
 * would hang on the order of the redirect URIs. Secrets are compared by us; the library only wants to see one.
 */
export function clientAdapter(clients: Clients, { emulator }: { emulator: boolean }): Adapter {
  const never = async () => {
    throw new Error('clients are not written by the protocol');
  };
  return {
    async find(id): Promise<AdapterPayload | undefined> {
      // Postgres knows no NUL, and would answer with a fault.
      const client = id.includes('\0') ? undefined : await clients.byId(id);
      return client && isUsable(client, { emulator }) ? metadata(client) : undefined;
    },
    upsert: never,
    findByUid: never,
    findByUserCode: never,
    consume: never,
    destroy: never,
    revokeByGrantId: never,
  };
}

function metadata(client: Client): AdapterPayload {
  const { id, auth, profile, scopes, secrets, isolated = false } = client;
  return {
    client_id: id,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    response_types: ['code'],
    response_modes: [...RESPONSE_MODES],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: auth,
    ...(auth === 'private_key_jwt'
      ? { jwks: { keys: (client.jwks?.keys ?? []).map((key) => ({ kty: '', ...key })) } }
      : { client_secret: 'compared elsewhere' }),
    subject_type: 'pairwise',
    sector_identifier_uri: `https://${client.sector}.invalid/`,
    id_token_signed_response_alg: client.idTokenAlg ?? 'RS256',
    ...(client.logoUri && { logo_uri: client.logoUri }),
    ...(client.policyUri && { policy_uri: client.policyUri }),
    ...(client.termsUri && { tos_uri: client.termsUri }),
    ...(client.backchannelLogoutUri && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
    ...(client.homeUri && { client_uri: client.homeUri }),
    [OWN]: { profile, scopes, secrets, isolated },
  };
}

/** Secrets are stored as HMACs under a key outside the database; up to two live side by side. */
export function compareSecretsHere(provider: Provider, vault: Vault, clock: () => number): void {
  provider.Client.prototype.compareClientSecret = function (actual) {
    const given = vault.indexes(actual, SECRET_PLACE).map((hash) => hash.toString('base64url'));
    const now = clock();
    return ownOf(this).secrets.some(({ hash, until = Infinity }) => now < until && given.includes(hash));
  };
}
