import type { Context } from 'koa';
import type { Config } from '../../config.ts';

/**
 * A link of a letter: its secret leaves the address on the first load and waits in a cookie. A mail program that
 * looks into links, or a browser that loads ahead, gets a cookie and no more.
 */
export function linkToken(
  ctx: Context,
  { secure }: Pick<Config, 'secure'>,
): { readonly fresh: boolean; readonly token: string | undefined } {
  const name = `${secure ? '__Host-' : ''}cu_enlace${ctx.path.replaceAll('/', '-')}`;
  const given = ctx.query['t'];
  if (ctx.method === 'POST' || typeof given !== 'string') return { fresh: false, token: ctx.cookies.get(name) };
  const token = given.slice(0, 128);
  ctx.set('referrer-policy', 'no-referrer');
  // Lax: who comes out of her mail must bring it along after the redirect.
  ctx.cookies.set(name, token, { httpOnly: true, sameSite: 'lax', secure, maxAge: KEPT_MS });
  return { fresh: true, token };
}

const KEPT_MS = 30 * 60_000;
