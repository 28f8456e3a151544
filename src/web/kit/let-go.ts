import { Stream } from 'node:stream';
import type { Context, Middleware } from 'koa';

/**
 * What a request was about is taken out of its context once it is answered. The protocol library defines an accessor on
 * each context, and V8 keeps those among what is old: from there all of the request would be held until the next full
 * collection, and copied by the small ones before. Stands before all others.
 */
export const letGo: Middleware = async (ctx: Context, next) => {
  let isOver = false;
  // Who hung up before that is left to the collector: somebody is still at work on it.
  ctx.res.once('close', () => {
    if (isOver) clear(ctx);
  });
  try {
    await next();
  } finally {
    // A stream may fail when nobody listens any more, and tells its context.
    isOver = !(ctx.body instanceof Stream);
  }
};

function clear(context: object): void {
  if ('oidc' in context) empty(Object(context.oidc) as object);
  empty(context);
}

/** What is no value of its own, as `oidc`, stays as it is. */
function empty(what: object): void {
  for (const name of Reflect.ownKeys(what)) Reflect.set(what, name, undefined);
}
