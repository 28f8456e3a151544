import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import { FEATURES, isUsable, needsKeys, PROFILES, SECRET_PLACE, type Client } from '../domain/client.ts';
import type { Vault } from '../domain/vault.ts';
import type { Clients } from '../stores/clients.ts';
import { openRegistered, registeredClient } from './registered.ts';

/** How an answer travels back to a site; never in a fragment. */
export const RESPONSE_MODES = ['query', 'form_post'] as const;
/** The same, signed (JWT Secured Authorization Response Mode). */
export const SIGNED_MODES = ['jwt', 'query.jwt', 'form_post.jwt'] as const;

/** Our own metadata beside the library's, under one name. */
export const OWN = 'claveunica';
const own = z.object({
  profile: z.enum(PROFILES),
  scopes: z.array(z.string()),
  secrets: z.array(z.object({ hash: z.string(), until: z.number().optional() })),
  isolated: z.boolean(),
  features: z.array(z.enum(FEATURES)),
  /** Which of the OpenID Foundation's high-security profiles is enforced. */
  fapi: z.enum(['1.0 Final', '2.0']).optional(),
  /** It registered itself (RFC 7591), or came out of a file of metadata; never in production. */
  registered: z.boolean(),
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

const described = new WeakMap<Client, AdapterPayload>();

type Tools = { readonly emulator: boolean; readonly vault: Vault; readonly clock: () => number };

/**
 * Clients as the library wants them. Those of institutions are `pairwise` to it, with a made-up document of their sector:
 * else `sub` would hang on the order of the redirect URIs. Secrets are compared by us; the library only wants to see one.
 * Written are those that register themselves.
 */
export function clientAdapter(clients: Clients, { emulator, vault, clock }: Tools): Adapter {
  const never = async () => {
    throw new Error('clients are not found or used up in that way');
  };
  const mustBeTheirs = async (id: string) => {
    const known = await clients.byId(id);
    if (known && known.registered === undefined) throw new Error('a client of an institution is not written here');
  };
  return {
    async find(id): Promise<AdapterPayload | undefined> {
      const client = await clients.byId(id);
      if (!client || !isUsable(client, { emulator })) return undefined;
      if (client.registered === undefined) {
        // The same object as long as it is served from memory.
        const known = described.get(client) ?? metadata(client, vault);
        described.set(client, known);
        return known;
      }
      const { metadata: theirs, fapi } = openRegistered(client, vault);
      return { ...theirs, [OWN]: ownRegistered(client, fapi) };
    },
    async upsert(id, payload) {
      await mustBeTheirs(id);
      const { [OWN]: _ours, ...theirs } = payload as Record<string, unknown>;
      await clients.put(registeredClient({ id, metadata: theirs }, vault), clock());
    },
    async destroy(id) {
      await mustBeTheirs(id);
      await clients.remove(id);
    },
    findByUid: never,
    findByUserCode: never,
    consume: never,
    revokeByGrantId: never,
  };
}

/** A client that registered itself has no history with us: it may use whatever its mode offers. */
export const ownRegistered = ({ scopes }: Pick<Client, 'scopes'>, fapi?: Own['fapi']): Own => ({
  ...{ profile: 'oidc', scopes: [...scopes], secrets: [], isolated: false, registered: true },
  features: [...FEATURES],
  fapi,
});

function metadata(client: Client, vault: Vault): AdapterPayload {
  const { id, auth, profile, scopes, secrets, isolated = false, features = [] } = client;
  const fapi = features.includes('fapi');
  const bound = client.metadata?.['tls_client_certificate_bound_access_tokens'] === true;
  return {
    client_id: id,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    response_types: ['code'],
    response_modes: [...RESPONSE_MODES, ...(features.includes('jarm') ? SIGNED_MODES : [])],
    grant_types: ['authorization_code', ...(features.includes('refresh') ? ['refresh_token'] : [])],
    token_endpoint_auth_method: auth,
    // Nobody knows it: what could be signed or encrypted with it would prove nothing.
    ...(auth.startsWith('client_secret') && {
      client_secret: vault.indexes(id, 'clients.unused')[0].toString('base64url'),
    }),
    ...(client.jwksUri
      ? { jwks_uri: client.jwksUri }
      : (needsKeys(auth) || client.jwks) && {
          jwks: { keys: (client.jwks?.keys ?? []).map((key) => ({ kty: '', ...key })) },
        }),
    subject_type: 'pairwise',
    sector_identifier_uri: `https://${client.sector}.invalid/`,
    id_token_signed_response_alg: client.idTokenAlg ?? (fapi ? 'ES256' : 'RS256'),
    ...(fapi && { require_pushed_authorization_requests: true, dpop_bound_access_tokens: !bound }),
    ...(client.policyUri && { policy_uri: client.policyUri }),
    ...(client.termsUri && { tos_uri: client.termsUri }),
    ...(client.backchannelLogoutUri && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
    ...(client.homeUri && { client_uri: client.homeUri }),
    ...client.metadata,
    [OWN]: {
      ...{ profile, scopes, secrets, isolated, features, registered: false },
      fapi: fapi ? '2.0' : undefined,
    } satisfies { [Name in keyof Own]: unknown },
  };
}

/** Secrets are stored as HMACs under a key outside the database; up to two live side by side. */
export function compareSecretsHere(provider: Provider, vault: Vault, clock: () => number): void {
  const { compareClientSecret } = provider.Client.prototype;
  provider.Client.prototype.compareClientSecret = function (actual) {
    const { registered, secrets } = ownOf(this);
    if (registered) return compareClientSecret.call(this, actual);
    const given = vault.indexes(actual, SECRET_PLACE).map((hash) => hash.toString('base64url'));
    const now = clock();
    const matching = secrets.filter(({ hash }) => given.includes(hash));
    const isRight = matching.some(({ until = Infinity }) => now < until);
    // Its developer should hear that it was right once.
    if (!isRight && matching.length > 0 && Provider.ctx) Provider.ctx.state['isOldSecret'] = true;
    return isRight;
  };
}
