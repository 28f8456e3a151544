import { X509Certificate } from 'node:crypto';
import createError from 'http-errors';
import type { Context, Middleware } from 'koa';
import type { Config } from '../../config.ts';
import { isAmong } from './address.ts';
import { isAtMtls } from './origin.ts';

/** A byte sequence of structured fields, alone and without parameters (RFC 8941 §3.3.5, RFC 9440 §2.1). */
const BYTES = /^:([A-Za-z0-9+/]+={0,2}):$/;

const HEADERS = ['client-cert', 'client-cert-chain'];

/**
 * What a site showed to a proxy of ours that ended TLS before us (RFC 9440). It is believed on the port of certificates
 * alone, where nobody but our proxies may come; elsewhere the header is as if it were not there. The chain is not read:
 * who issued a certificate we look up ourselves.
 */
export function clientCertificates({ mtls, trustedProxies }: Pick<Config, 'mtls' | 'trustedProxies'>): Middleware {
  const isProxy = isAmong(trustedProxies);
  return (ctx: Context, next) => {
    const { headers, socket } = ctx.req;
    for (const name of HEADERS) if (name in headers) Reflect.deleteProperty(headers, name);
    if (mtls?.byProxy && isAtMtls(ctx, mtls)) {
      if (!isProxy(socket.remoteAddress)) throw createError(403);
      const { 'client-cert': said } = ctx.req.headersDistinct;
      if (said) ctx.state['certificate'] = readCertificate(said);
    }
    return next();
  };
}

/** Exactly one, in base64 and in DER as they are written, and nothing after it. */
function readCertificate([text = '', ...more]: readonly string[]): X509Certificate {
  const [, base64 = ''] = BYTES.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (more.length > 0 || bytes.length === 0 || bytes.toString('base64') !== base64) throw createError(400);
  try {
    const certificate = new X509Certificate(bytes);
    // Node would take PEM as well.
    if (certificate.raw.equals(bytes)) return certificate;
  } catch {
    // No certificate at all.
  }
  throw createError(400);
}
