import { ACRS } from './account.ts';
import { FEATURES, metadataOf, needsKeys, scopesOf, type Client, type Feature } from './client.ts';
import { SIGNING_ALGS } from './signing-key.ts';

/** What a site shall have from now on: all of it anew. Without metadata it keeps what still fits. */
export type FeatureWish = {
  readonly features: readonly Feature[];
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
};

export type FeatureFault = {
  readonly fault:
    /** Today's wire has none of them. */
    | 'profile'
    /** Client certificates are the feature `mtls`. */
    | 'certificates'
    /** FAPI 2.0 Security Profile §5.3.2.1: keys or certificates, no secret. */
    | 'no-strong-auth'
    /** Nobody can check a signature, or encrypt, without the site's public keys. */
    | 'no-keys'
    | 'unknown-metadata'
    | 'bad-metadata';
  /** The feature or metadata that it is about. */
  readonly name?: string;
};

/** What answers may be encrypted with; the provider offers these and no others. */
export const KEY_ENCRYPTIONS = ['RSA-OAEP-256', 'ECDH-ES'] as const;
export const CONTENT_ENCRYPTIONS = ['A256GCM', 'A128GCM', 'A128CBC-HS256'] as const;

type Judge = (value: unknown) => boolean;
const oneOf =
  (values: readonly string[]): Judge =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const text: Judge = (value) => typeof value === 'string' && value.length > 0 && value.length <= 512;
const yesOrNo: Judge = (value) => typeof value === 'boolean';

/** What each metadata may be: a wrong one would shut the site out at its next request. */
const VALUES: Readonly<Record<string, Judge>> = {
  default_acr_values: (value) => Array.isArray(value) && value.length > 0 && value.every(oneOf(ACRS)),
  default_max_age: (value) => Number.isInteger(value) && Number(value) >= 0,
  require_auth_time: yesOrNo,
  require_signed_request_object: yesOrNo,
  tls_client_certificate_bound_access_tokens: yesOrNo,
  dpop_bound_access_tokens: yesOrNo,
};

const judgeOf = (name: string): Judge => {
  if (name.endsWith('_encrypted_response_alg')) return oneOf(KEY_ENCRYPTIONS);
  if (name.endsWith('_encrypted_response_enc')) return oneOf(CONTENT_ENCRYPTIONS);
  if (name.endsWith('_alg')) return oneOf(SIGNING_ALGS);
  return VALUES[name] ?? text;
};

type About = Pick<Client, 'auth' | 'jwks' | 'jwksUri' | 'profile'>;

/** What speaks against giving a site these features (SECURITY, decision 12). */
export function featureFaults(
  { auth, jwks, jwksUri, profile }: About,
  { features, metadata = {} }: FeatureWish,
): readonly FeatureFault[] {
  const known = metadataOf(features);
  const strong = needsKeys(auth) || auth === 'tls_client_auth';
  const hasKeys = jwks !== undefined || jwksUri !== undefined;
  const keyless = features.filter((name) => profile === 'oidc' && !hasKeys && /^(jar|encryption)$/.test(name));
  const names = Object.keys(metadata);
  const alone = names.filter((name) => name.endsWith('_enc') && !names.includes(name.replace(/_enc$/, '_alg')));
  return [
    ...(profile === 'claveunica' && features.length > 0 ? [{ fault: 'profile' as const }] : []),
    ...(auth.includes('tls') && !features.includes('mtls') ? [{ fault: 'certificates' as const }] : []),
    ...(features.includes('fapi') && !strong ? [{ fault: 'no-strong-auth' as const, name: 'fapi' }] : []),
    ...keyless.map((name) => ({ fault: 'no-keys' as const, name })),
    ...names.filter((name) => !known.includes(name)).map((name) => ({ fault: 'unknown-metadata' as const, name })),
    ...[...names.filter((name) => known.includes(name) && !judgeOf(name)(metadata[name])), ...alone].map((name) => ({
      fault: 'bad-metadata' as const,
      name,
    })),
  ];
}

/** What of a site's metadata still belongs to it with these features. */
export const fittingMetadata = (metadata: Client['metadata'], features: readonly Feature[]): Client['metadata'] => {
  const known = metadataOf(features);
  return metadata && Object.fromEntries(Object.entries(metadata).filter(([name]) => known.includes(name)));
};

/** The site as it is with them: refresh tokens are a scope as well. */
export function withFeatures(client: Client, { features, metadata }: FeatureWish): Client {
  const asked = client.scopes.filter((scope) => scope !== 'offline_access');
  const may = features.includes('refresh') && scopesOf(client.profile).includes('offline_access');
  return {
    ...client,
    features: FEATURES.filter((name) => features.includes(name)),
    metadata: metadata ?? fittingMetadata(client.metadata, features),
    scopes: may ? [...asked, 'offline_access'] : asked,
  };
}
