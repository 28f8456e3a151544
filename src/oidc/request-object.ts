import type { Context, Middleware } from 'koa';
import { z } from 'zod';

const claims = z.record(z.string(), z.unknown());
/** The library cannot read it, and says so in its own way. */
const UNREADABLE = 'unreadable';

/**
 * Before it looks at a signature, the library makes texts of what a request object says; of some objects none can be made,
 * and anybody could send one: a fault of ours by his hand.
 */
export const soundRequestObjects: Middleware = (ctx: Context, next) => {
  if (ctx.querystring.includes('request=')) {
    const { request } = ctx.query;
    if (typeof request === 'string' && !isSound(request)) ctx.query = { ...ctx.query, request: UNREADABLE };
  }
  // As our own reader of forms has left it.
  const { body: form } = ctx.req as { readonly body?: Readonly<Record<string, unknown>> };
  const pushed = form?.['request'];
  if (typeof pushed === 'string' && !isSound(pushed))
    Object.assign(ctx.req, { body: { ...form, request: UNREADABLE } });
  return next();
};

function isSound(jwt: string): boolean {
  const said = claimsIn(jwt);
  if (!said) return true;
  try {
    Object.values(said).forEach(String);
    return true;
  } catch {
    return false;
  }
}

/** What is no JWT at all, or says nothing, the library refuses. */
function claimsIn(jwt: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return claims.parse(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()));
  } catch {
    return undefined;
  }
}
