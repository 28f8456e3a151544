import { errors, type ClientMetadata } from 'oidc-provider';
import { z } from 'zod';
import { acceptableUri, SCOPES, type Client } from '../domain/client.ts';
import type { Vault } from '../domain/vault.ts';

const PLACE = 'clients.registered';

const text = z.string().optional().catch(undefined);
const texts = z.array(z.string()).catch([]);
/** What our pages and lists want to know of it. */
const shown = z.object({
  client_name: text,
  redirect_uris: texts,
  post_logout_redirect_uris: texts,
  token_endpoint_auth_method: z
    .enum([
      ...(['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'] as const),
      ...(['tls_client_auth', 'self_signed_tls_client_auth', 'none'] as const),
    ])
    .catch('client_secret_basic'),
  client_uri: text,
  initiate_login_uri: text,
  backchannel_logout_uri: text,
  logo_uri: text,
  policy_uri: text,
  tos_uri: text,
});

const sealed = z.object({
  metadata: z.record(z.string(), z.unknown()),
  fapi: z.enum(['1.0 Final', '2.0']).optional(),
});
type Sealed = z.output<typeof sealed>;

/** Beyond the scopes of institutions; the suite's only. */
export const ALL_SCOPES: readonly string[] = [...SCOPES, 'address'];

/** A client that registered itself, as a row like every other. Its secret is needed as it is (RFC 7592), and so sealed. */
export function registeredClient({ id, ...content }: Sealed & { readonly id: string }, vault: Vault): Client {
  const of = shown.parse(content.metadata);
  return {
    id,
    name: of.client_name ?? id,
    institution: of.client_name ?? id,
    profile: 'oidc',
    state: 'sandbox',
    sector: '',
    secrets: [],
    auth: of.token_endpoint_auth_method,
    scopes: ALL_SCOPES,
    redirectUris: of.redirect_uris,
    postLogoutRedirectUris: of.post_logout_redirect_uris,
    homeUri: of.client_uri,
    initiateLoginUri: of.initiate_login_uri,
    backchannelLogoutUri: of.backchannel_logout_uri,
    logoUri: of.logo_uri,
    policyUri: of.policy_uri,
    termsUri: of.tos_uri,
    registered: vault.seal(JSON.stringify(content), `${PLACE}.${id}`).toString('base64'),
  };
}

export const openRegistered = ({ id, registered = '' }: Pick<Client, 'id' | 'registered'>, vault: Vault): Sealed =>
  sealed.parse(JSON.parse(vault.open(Buffer.from(registered, 'base64'), `${PLACE}.${id}`)));

const ADDRESSES = [
  ...['redirect_uris', 'post_logout_redirect_uris', 'client_uri', 'initiate_login_uri', 'backchannel_logout_uri'],
  ...['logo_uri', 'policy_uri', 'tos_uri', 'jwks_uri', 'sector_identifier_uri', 'request_uris'],
  'backchannel_client_notification_endpoint',
];
const MOST = 10;

/** What whoever registers may say of addresses: as an institution's, and ten of a kind at most. */
export function judgeAddresses(metadata: ClientMetadata): void {
  const { application_type } = metadata;
  // Postgres knows no NUL.
  if (
    Object.values(metadata)
      .flat()
      .some((value) => typeof value === 'string' && value.includes('\0'))
  )
    throw new errors.InvalidClientMetadata('NUL is not acceptable');
  for (const name of ADDRESSES) {
    const values: unknown[] = [metadata[name] ?? []].flat();
    // A program on a telephone may have an address of its own kind (RFC 8252); the library judges those.
    const free = application_type === 'native' && name.includes('redirect_uri');
    // A request's address may carry the hash of what stands there (OpenID Connect Core §6.2).
    const plain = (value: string) => (name === 'request_uris' ? value.replace(/#[\w-]*$/, '') : value);
    const good = (value: unknown) =>
      typeof value === 'string' && value.length <= 2048 && (free || acceptableUri(plain(value), { emulator: true }));
    if (values.length > MOST || !values.every(good))
      throw new errors.InvalidClientMetadata(`${name} is not acceptable`);
  }
}
