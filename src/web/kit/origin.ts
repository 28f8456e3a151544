import type { IncomingMessage } from 'node:http';
import createError from 'http-errors';
import type Koa from 'koa';
import type { Context, Middleware } from 'koa';
import type { Config } from '../../config.ts';

type Asked = { readonly req: IncomingMessage };
/** By which port of ours it came cannot be forged. */
export const isAtMtls = ({ req }: Asked, mtls: Config['mtls']) =>
  mtls !== undefined && req.socket.localPort === mtls.port;

const placesOf = (origin: string) => {
  const { protocol, host, hostname } = new URL(origin);
  return { protocol: protocol.slice(0, -1), secure: protocol === 'https:', host, hostname, origin };
};

/**
 * Every address that anybody builds is that of the configuration, whatever `Host`, `X-Forwarded-Host` or `-Proto`
 * say: the library asks Koa, and Koa is told once. Who shows a certificate, calls another port of ours.
 */
export function fixOrigin(app: Koa, { origin, mtls }: Config): void {
  const fixed = placesOf(origin);
  const other = mtls ? placesOf(mtls.origin) : fixed;
  for (const name of ['protocol', 'secure', 'host', 'hostname', 'origin'] as const)
    Object.defineProperty(app.request, name, {
      get(this: Asked) {
        return (isAtMtls(this, mtls) ? other : fixed)[name];
      },
    });
}

/** What is called with a certificate (RFC 8705 §5); all else is at the public origin. */
const MTLS_CALLS = /^\/(openid\/(token|userinfo|request|backchannel)|emulador\/recurso)(\/|$)/;

/** Server calls may use another name of ours; pages are sent on to the public one. */
const SERVER_CALLS = /^\/openid\/(token|userinfo|jwks|request|\.well-known\/)/;

/**
 * Unknown names are refused before anything else looks at the request. Another name of ours answers server calls in
 * place and sends people on (CONTRACT, paths): cookies and forms belong to the public one.
 */
export function knownHosts({ origin, emulator, hostAliases, mtls }: Config): Middleware {
  const { host: own, port } = new URL(origin);
  // On a laptop every name of the loopback arrives at the same port.
  const loopback = emulator ? ['localhost', '127.0.0.1', '[::1]'].map((name) => (port ? `${name}:${port}` : name)) : [];
  const aliases = new Set([...hostAliases, ...loopback]);
  return (ctx: Context, next) => {
    const host = ctx.headers.host?.toLowerCase() ?? '';
    // A whole address instead of a path names a host of its own (RFC 9112 §3.2.2).
    const [, named = host] = /^[a-z]+:\/\/([^/?#]*)/i.exec(ctx.url) ?? [];
    if (named.toLowerCase() !== host) throw createError(421);
    if (mtls && isAtMtls(ctx, mtls)) {
      if (`https://${host}` !== mtls.origin || !MTLS_CALLS.test(ctx.path)) throw createError(421);
      return next();
    }
    if (host === own || (aliases.has(host) && SERVER_CALLS.test(ctx.path))) return next();
    if (!aliases.has(host)) throw createError(421);
    ctx.status = 307;
    ctx.redirect(`${origin}${ctx.path}${ctx.search}`);
    return undefined;
  };
}
