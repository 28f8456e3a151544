import type { Context, Middleware } from 'koa';
import type { Config } from '../../config.ts';
import { crockford } from '../../domain/crockford.ts';
import { networkOf, sourceOf } from '../../domain/throttle.ts';
import type { Parts } from '../../parts.ts';
import { sourceAddress } from './address.ts';
import { answers } from './metered.ts';
import { plainHeaders } from './send.ts';

/** First of all: who this request is, and last of all it is counted, and one line about it. No query, no address, no body: they hold secrets. */
export function requestLine(
  config: Config,
  { chance, clock, log, meters }: Pick<Parts, 'chance' | 'clock' | 'log' | 'meters'>,
  listener: 'public' | 'console',
): Middleware {
  const answered = answers({ meters }, listener);
  const source = sourceAddress(config.trustedProxies);
  return async (ctx: Context, next) => {
    const begun = clock();
    // The emulator's clock jumps.
    const from = performance.now();
    const id = chance(12);
    ctx.state['requestId'] = id;
    ctx.state['helpCode'] = crockford(Buffer.from(id, 'base64url').subarray(0, 5));
    ctx.state['nonce'] = chance(16);
    // Only where sites register themselves may they show pictures of their own.
    ctx.state['images'] = config.emulator ? 'https:' : '';
    const address = source(ctx.req.socket.remoteAddress, ctx.get('x-forwarded-for'));
    ctx.state['network'] = networkOf(address);
    ctx.state['source'] = sourceOf(address);
    ctx.set('x-request-id', id);
    plainHeaders(ctx, config);
    try {
      await next();
    } finally {
      answered(ctx, performance.now() - from);
      const { method, status } = ctx;
      const fields = { requestId: id, help: String(ctx.state['helpCode']), method, path: maskedPath(ctx.path), status };
      const away: unknown = ctx.state['away'];
      // A balancer asks each second whether all is well: that it is, fills no log.
      const write = status === 200 && isProbe(ctx.path) ? 'debug' : 'info';
      log[write]({ ...fields, ...(away !== undefined && { away }), ms: clock() - begun }, 'request');
    }
  };
}

const isProbe = (path: string): boolean => path === '/readyz' || path === '/healthz';

/** Ids in paths open things: only their place stays. */
const maskedPath = (path: string): string =>
  path
    .slice(0, 256)
    .replace(/^\/(ingresar|openid\/authorize)\/[^/]+/i, '/$1/:uid')
    .replace(/^\/videollamada\/[^/]+/i, '/videollamada/:token');
