import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { certificateOf } from './mutual-tls.ts';
import { STRONG } from './offer.ts';

/** Seconds that a proof may be old, or ahead. */
const FRESH = 60;

export type Access =
  | { readonly kind: 'granted'; readonly clientId: string; readonly scope: string }
  | { readonly kind: 'refused'; readonly scheme: string };

/**
 * What a protected resource checks of a call: the token, and that it is shown by whom it was given to (RFC 9449 §7,
 * RFC 8705 §3). `url` is the resource's own address.
 */
export async function judgeAccess(ctx: Context, provider: Provider, url: string): Promise<Access> {
  const [, scheme = '', value = ''] = /^(bearer|dpop) (\S+)$/i.exec(ctx.get('authorization')) ?? [];
  const refused: Access = { kind: 'refused', scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer' };
  const token = await provider.AccessToken.find(value);
  if (!token) return refused;
  const thumbprint: unknown = token['x5t#S256'];
  if (thumbprint !== undefined) {
    const certificate = certificateOf(ctx);
    if (!certificate || createHash('sha256').update(certificate.raw).digest('base64url') !== thumbprint) return refused;
  }
  const jkt: unknown = token['jkt'];
  if ((jkt !== undefined) !== (refused.scheme === 'DPoP')) return refused;
  if (jkt !== undefined && !(await isProven(ctx, provider, { url, value, jkt, clientId: token.clientId ?? '' })))
    return refused;
  return { kind: 'granted', clientId: token.clientId ?? '', scope: token.scope ?? '' };
}

type Proof = { readonly url: string; readonly value: string; readonly jkt: unknown; readonly clientId: string };

async function isProven(ctx: Context, provider: Provider, { url, value, jkt, clientId }: Proof): Promise<boolean> {
  const { payload, protectedHeader } = await jwtVerify(ctx.get('dpop'), EmbeddedJWK, {
    ...{ algorithms: [...STRONG], typ: 'dpop+jwt', maxTokenAge: FRESH, clockTolerance: FRESH },
  }).catch(() => ({ payload: undefined, protectedHeader: undefined }));
  const { jti, htm, htu, ath, iat = 0 } = payload ?? {};
  if (!protectedHeader?.jwk || typeof jti !== 'string' || typeof htu !== 'string') return false;
  return (
    htm === ctx.method &&
    bare(htu) === bare(url) &&
    ath === createHash('sha256').update(value).digest('base64url') &&
    (await calculateJwkThumbprint(protectedHeader.jwk)) === jkt &&
    // Once only; of several at once the store lets one through.
    (await provider.ReplayDetection.unique(clientId, jti, iat + 3 * FRESH).catch(() => false))
  );
}

/** Scheme and host in any letters; query and fragment do not count (RFC 9449 §4.3). */
function bare(text: string): string | undefined {
  const url = URL.parse(text);
  return url ? `${url.origin}${url.pathname}` : undefined;
}
