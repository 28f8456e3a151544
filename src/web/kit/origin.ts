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

/**
 * Unknown names are refused before anything else looks at the request. Another name of ours answers server calls in
 * place and sends people on (CONTRACT, paths): cookies and forms belong to the public one.
 */
export function knownHosts({ origin, emulator, hostAliases }: Config): Middleware {
  const { host: own, port } = new URL(origin);
  // On a laptop every name of the loopback arrives at the same port.
  const loopback = emulator ? ['localhost', '127.0.0.1', '[::1]'].map((name) => (port ? `${name}:${port}` : name)) : [];
  const aliases = new Set([...hostAliases, ...loopback]);
  return async (ctx: Context, next) => {
    const host = ctx.headers.host?.toLowerCase() ?? '';
    if (host === own || (aliases.has(host) && SERVER_CALLS.test(ctx.path))) {
      await next();
      return;
    }
    if (!aliases.has(host)) throw createError(421);
    ctx.status = 307;
    ctx.redirect(`${origin}${ctx.url}`);
  };
}
