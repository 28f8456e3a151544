import Router from '@koa/router';
import createError from 'http-errors';
import type { Context, Middleware } from 'koa';

/** What a path of the table begins with: `/ingresar/:uid` with `ingresar`. */
const beginning = (path: string): string => path.split('/', 2)[1]?.toLowerCase() ?? '';

/**
 * The routes by what their paths begin with, a router for each: a request is compared with the few patterns that may fit,
 * not with all of them. A path that exists answers 405 to every other method.
 */
export function tableOf<Row extends { readonly method: string; readonly path: string }>(
  rows: readonly Row[],
  answer: (ctx: Context, row: Row) => Promise<void>,
) {
  const routers = new Map<string, Router>();
  for (const row of rows) {
    const known = routers.get(beginning(row.path)) ?? new Router();
    routers.set(beginning(row.path), known);
    known.register(row.path, [row.method], (ctx: Context) => answer(ctx, row));
  }
  const built = <State, More>(make: (router: Router) => Middleware<State, More>): Middleware<State, More> => {
    const all = new Map([...routers].map(([name, router]) => [name, make(router)]));
    // Also a path of nobody's is refused a method that nobody has.
    const none = make(new Router());
    return (ctx, next) => (all.get(beginning(ctx.path)) ?? none)(ctx, next) as unknown;
  };
  return {
    /** Whether a page is shown there. */
    shows: (path: string): boolean => routers.get(beginning(path))?.match(path, 'GET').route === true,
    routes: built((router) => router.routes()),
    methodRefused: built((router) => refusing(router.allowedMethods())),
  };
}

/** What the router has judged, and told in `Allow`, gets its page from the one handler of faults. */
const refusing =
  <State, More>(judge: Middleware<State, More>): Middleware<State, More> =>
  async (ctx, next) => {
    await judge(ctx, next);
    if (ctx.status === 405 || ctx.status === 501) throw createError(405);
  };

/** Whoever is refused a method hears which there are (RFC 9110 §15.5.6). */
export function otherMethod(ctx: Context, allowed: readonly string[]): createError.HttpError {
  ctx.set('allow', allowed.join(', '));
  return createError(405);
}
