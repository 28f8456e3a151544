import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { SESSION_CLAIM } from '../domain/account-session.ts';
import { ownOf, RESPONSE_MODES } from './client.ts';

/** State websites' software posts to userinfo in every possible way; the bearer is always in the header (CONTRACT, userinfo). */
export const anyUserinfoBody: Middleware = async (ctx: Context, next) => {
  if (/^\/userinfo\/?$/.test(ctx.path) && ctx.method === 'POST' && /^bearer /i.test(ctx.get('authorization'))) {
    delete ctx.req.headers['content-type'];
  }
  await next();
};

const answer = z.looseObject({ access_token: z.string(), expires_in: z.number(), id_token: z.string() });

/** The `claveunica` profile's token answer has four fields and a small `bearer`: strict readers fail on more (CONTRACT, token). */
export const fourFieldsAnswer: Middleware = async (ctx: Context, next) => {
  await next();
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  if (oidc?.route !== 'token' || ctx.status !== 200 || !oidc.client || ownOf(oidc.client).profile !== 'claveunica')
    return;
  const { access_token, expires_in, id_token } = answer.parse(ctx.body);
  ctx.body = { access_token, token_type: 'bearer', expires_in, id_token };
};

/** The library turns every fault into a 500 of its own: what was a store that is away becomes our 503 again. */
export const faultsComeOut: Middleware = async (ctx: Context, next) => {
  await next();
  const fault: unknown = ctx.state['fault'];
  if (fault instanceof Error) throw fault;
};

/** Keys may be kept for as long as `maxAge` says, and no longer than they may be believed; metadata for an hour. */
export const cacheableKeys =
  (maxAge: () => number): Middleware =>
  async (ctx: Context, next) => {
    await next();
    if (ctx.status !== 200) return;
    if (/^\/jwks\/?$/.test(ctx.path)) ctx.set('cache-control', `public, max-age=${maxAge()}`);
    if (ctx.path.startsWith('/.well-known/')) ctx.set('cache-control', 'public, max-age=3600');
  };

/** Scripts of other origins read nothing here; the library opens preflights, keys and metadata to all of them. */
export const noForeignOrigins: Middleware = async (ctx: Context, next) => {
  await next();
  for (const name of Object.keys(ctx.response.headers)) if (name.startsWith('access-control-')) ctx.remove(name);
};

/** The library's metadata name `fragment` whatever the clients may use, and a claim that is nobody else's. */
export const onlyWhatWorks: Middleware = async (ctx: Context, next) => {
  await next();
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  if (oidc?.route !== 'discovery') return;
  const { claims_supported: claims = [] } = ctx.body as { claims_supported?: readonly string[] };
  ctx.body = {
    ...(ctx.body as object),
    response_modes_supported: [...RESPONSE_MODES],
    claims_supported: claims.filter((claim) => claim !== SESSION_CLAIM),
  };
};
