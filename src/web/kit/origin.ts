import createError from 'http-errors';
import type Koa from 'koa';
import type { Context, Middleware } from 'koa';
import type { Config } from '../../config.ts';

/**
 * Every address that anybody builds is that of the configuration, whatever `Host`, `X-Forwarded-Host` or `-Proto`
 * say: the library asks Koa, and Koa is told once.
 */
export function fixOrigin(app: Koa, { origin }: Config): void {
  const { protocol, host, hostname } = new URL(origin);
  const fixed = { protocol: protocol.slice(0, -1), secure: protocol === 'https:', host, hostname, origin };
  for (const [name, value] of Object.entries(fixed)) Object.defineProperty(app.request, name, { get: () => value });
}

/** Server calls may use another name of ours; pages are sent on to the public one. */
const SERVER_CALLS = /^\/openid\/(token|userinfo|jwks|request|\.well-known\/)/;

/** Unknown names are refused before anything else looks at the request. */
export function knownHosts({ origin, emulator, hostAliases }: Config): Middleware {
  const own = new URL(origin).host;
  return async (ctx: Context, next) => {
    const host = ctx.headers.host?.toLowerCase();
    if (host === own || (emulator && host !== undefined && isLoopback(host, own))) return next();
    // Probes of the platform come by address.
    if (ctx.path === '/healthz' || ctx.path === '/readyz') return next();
    if (host === undefined || !hostAliases.includes(host)) throw createError(421);
    if (SERVER_CALLS.test(ctx.path)) return next();
    ctx.status = 307;
    ctx.redirect(`${origin}${ctx.url}`);
    return undefined;
  };
}

/** On a laptop both names of the loopback arrive at the same port. */
function isLoopback(host: string, own: string): boolean {
  const port = own.replace(/^.*?(?=:\d+$|$)/, '');
  return [`localhost${port}`, `127.0.0.1${port}`, `[::1]${port}`].includes(host);
}
