import type { Context } from 'koa';

/** `shows`: whether a path is a page. */
type Own = { readonly origin: string; readonly shows: (path: string) => boolean };

/**
 * Where somebody goes on who had to prove herself first: the page that she wanted; of a form, which nobody sends again
 * for her, the page on which it stood, or the nearest one above.
 */
export function pageBefore(ctx: Pick<Context, 'method' | 'url' | 'path' | 'get'>, { origin, shows }: Own): string {
  if (ctx.method === 'GET') return ctx.url;
  const from = URL.parse(ctx.get('referer'));
  const stood = from?.origin === origin ? from : undefined;
  if (stood && shows(stood.pathname)) return stood.pathname + stood.search;
  const steps = (stood?.pathname ?? ctx.path).split('/');
  while (steps.length > 1 && !shows(steps.join('/'))) steps.pop();
  return steps.join('/') || '/';
}
