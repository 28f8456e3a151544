import type { Configuration } from 'oidc-provider';
import { CLAIMS } from '../domain/claims.ts';
import { CONTENT_ENCRYPTIONS, KEY_ENCRYPTIONS } from '../domain/client-features.ts';
import { AUTH_METHODS, SCOPES } from '../domain/client.ts';
import { SIGNING_ALGS } from '../domain/signing-key.ts';
import type { Config } from '../config.ts';
import { RESPONSE_MODES, SIGNED_MODES } from './client.ts';
import { STANDARD_CLAIMS } from './standard-claims.ts';

/** FAPI 2.0 Security Profile §5.4.1. */
export const STRONG: readonly string[] = ['PS256', 'ES256', 'EdDSA'];

type Mode = Pick<Config, 'conformance' | 'emulator' | 'mtls'>;

/**
 * What a mode offers to all its clients together (SECURITY, decision 12): production the code flow; the sandbox lets
 * clients register themselves besides; the conformance mode has what the OpenID Foundation's suite asks for.
 */
export function offerOf({ conformance, emulator, mtls }: Mode) {
  const lists = {
    authorizationEncryptionAlgValues: [...KEY_ENCRYPTIONS],
    authorizationEncryptionEncValues: [...CONTENT_ENCRYPTIONS],
    authorizationSigningAlgValues: [...SIGNING_ALGS],
    clientAuthSigningAlgValues: [...SIGNING_ALGS, ...(conformance ? (['HS256'] as const) : [])],
    dPoPSigningAlgValues: ['ES256' as const, 'EdDSA' as const, 'PS256' as const],
    idTokenEncryptionAlgValues: [...KEY_ENCRYPTIONS],
    idTokenEncryptionEncValues: [...CONTENT_ENCRYPTIONS],
    idTokenSigningAlgValues: [...SIGNING_ALGS],
    // Nobody has a key of ours to encrypt to.
    requestObjectEncryptionAlgValues: [],
    requestObjectEncryptionEncValues: [],
    requestObjectSigningAlgValues: [...SIGNING_ALGS],
    userinfoEncryptionAlgValues: [...KEY_ENCRYPTIONS],
    userinfoEncryptionEncValues: [...CONTENT_ENCRYPTIONS],
    userinfoSigningAlgValues: [...SIGNING_ALGS],
  };
  const own: Configuration['clientAuthMethods'] = AUTH_METHODS.filter((method) => mtls || !method.includes('tls'));
  return {
    claims: conformance ? { ...CLAIMS, ...STANDARD_CLAIMS } : CLAIMS,
    clientAuthMethods: [...own, ...(conformance ? (['client_secret_jwt', 'none'] as const) : [])],
    enabledJWA: lists,
    responseModes: [
      ...[...RESPONSE_MODES, ...SIGNED_MODES],
      ...(conformance ? ['fragment', 'fragment.jwt'] : []),
    ] as readonly string[],
    responseTypes: ['code', ...(conformance ? FRONT_CHANNEL : [])] as const,
    scopes: [...SCOPES, ...(conformance ? ['address'] : [])],
    subjectTypes: ['pairwise' as const, ...(conformance ? (['public'] as const) : [])],
    registration: emulator,
    /** Without a token of ours (RFC 7591 §3). */
    openRegistration: conformance,
  };
}

const FRONT_CHANNEL = [
  ...(['id_token', 'none', 'code id_token', 'code token', 'id_token token', 'code id_token token'] as const),
];
