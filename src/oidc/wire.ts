import type { Context, Middleware, Next } from 'koa';
import { errors, type KoaContextWithOIDC, type default as Provider } from 'oidc-provider';
import { z } from 'zod';
import { SESSION_CLAIM } from '../domain/account-session.ts';
import { OWN, ownOf } from './client.ts';
import type { offerOf } from './offer.ts';

/** State websites' software posts to userinfo in every possible way; the bearer is always in the header (CONTRACT, userinfo). */
export const anyUserinfoBody: Middleware = (ctx, next) => {
  if (/^\/openid\/userinfo\/?$/.test(ctx.path) && ctx.method === 'POST' && /^bearer /i.test(ctx.get('authorization'))) {
    delete ctx.req.headers['content-type'];
  }
  return next();
};

const answer = z.looseObject({ access_token: z.string(), expires_in: z.number(), id_token: z.string().optional() });

/**
 * The `claveunica` profile's token answer has four fields and a small `bearer`: strict readers fail on more (CONTRACT, token).
 * Who has not asked for `openid` has no ID token.
 */
export const fourFieldsAnswer: Middleware = async (ctx: Context, next) => {
  await next();
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  if (oidc?.route !== 'token' || ctx.status !== 200 || !oidc.client || ownOf(oidc.client).profile !== 'claveunica')
    return;
  const { access_token, expires_in, id_token } = answer.parse(ctx.body);
  ctx.body = { access_token, token_type: 'bearer', expires_in, ...(id_token !== undefined && { id_token }) };
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
  (ctx, next) => {
    if (!/^\/openid\/(jwks\/?$|\.well-known\/)/.test(ctx.path)) return next();
    const told = ctx.path.includes('/jwks') ? `public, max-age=${maxAge()}` : 'public, max-age=3600';
    const answered = async () => {
      await next();
      if (ctx.status === 200) ctx.set('cache-control', told);
    };
    return answered();
  };

/**
 * Where the issuer has a path, OAuth's rule puts it behind the well-known name and OpenID's before it (RFC 8414 §3.1, §5):
 * clients ask at one place or the other, and hear the same.
 */
export const insertedMetadata: Middleware = (ctx, next) => {
  const [, name] =
    /^\/\.well-known\/(oauth-authorization-server|openid-configuration)\/openid\/?$/.exec(ctx.path) ?? [];
  if (name !== undefined) ctx.path = `/openid/.well-known/${name}`;
  return next();
};

/** No site's own state: it is a name of ours. */
const EMPTY = 'urn:claveunica:empty-state';

/** A state comes back unchanged, whatever it is (CONTRACT, authorize); the library drops an empty one. */
export const emptyStates: Middleware = (ctx, next) =>
  /^\/openid\/authorize(\/|$)/.test(ctx.path) ? withState(ctx, next) : next();

async function withState(ctx: Context, next: Next): Promise<void> {
  if (/(^|&)state=(&|$)/.test(ctx.querystring))
    ctx.querystring = ctx.querystring.replace(/(^|&)state=(?=&|$)/, `$1state=${encodeURIComponent(EMPTY)}`);
  await next();
  const { location } = ctx.response.headers;
  if (typeof location === 'string')
    ctx.set('location', location.replace(`state=${encodeURIComponent(EMPTY)}`, 'state='));
  else if (typeof ctx.body === 'string') ctx.body = ctx.body.replace(`value="${EMPTY}"`, 'value=""');
}

/** What the library calls a bad request, and is an authentication that was not there or could not be read. */
const UNPROVEN = [
  'no client authentication mechanism provided',
  'invalid authorization header value format',
  'client_id and client_secret in the authorization header are not properly encoded',
  'client_secret must be provided in the Authorization header',
  'invalid client_assertion format',
];
const PROVING = /^(token|introspection|revocation|pushed_authorization_request|backchannel_authentication|device_auth)/;

export const isUnproven = (route: string, description: unknown): boolean =>
  PROVING.test(route) && UNPROVEN.some((words) => words === description);

const refusal = z.object({ error: z.literal('invalid_request'), error_description: z.string() });

/** Whoever does not prove who it is hears `invalid_client`, and in which scheme to if it tried by header (RFC 6749 §5.2). */
export const unprovenIsInvalidClient: Middleware = (ctx: Context, next) => {
  const answered = async () => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (!oidc || ctx.status !== 400) return;
    const { data: told } = refusal.safeParse(ctx.body);
    if (!told || !isUnproven(oidc.route, told.error_description)) return;
    ctx.status = 401;
    const body = { ...told, error: 'invalid_client' };
    ctx.body = body;
    if (ctx.get('authorization') === '') return;
    const fields = Object.entries({ realm: oidc.issuer, ...body }).map(([name, value]) => `${name}="${value}"`);
    ctx.append('www-authenticate', `Basic ${fields.join(', ')}`);
  };
  return ctx.method === 'POST' ? answered() : next();
};

/** Scripts of other origins read nothing here; the library opens preflights, keys and metadata to all of them. */
export const noForeignOrigins: Middleware = async (ctx: Context, next) => {
  await next();
  for (const name of ctx.res.getHeaderNames()) if (name.startsWith('access-control-')) ctx.remove(name);
};

/**
 * The library's metadata name `fragment` whatever the clients may use, and lists that are empty; of a client that
 * registers itself its answer shows what is ours.
 */
export const onlyWhatWorks =
  ({
    responseModes,
    openRegistration,
  }: Pick<ReturnType<typeof offerOf>, 'responseModes' | 'openRegistration'>): Middleware =>
  async (ctx: Context, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (oidc?.route === 'discovery') {
      const { claims_supported: claims = [] } = ctx.body as { claims_supported?: readonly string[] };
      const said = Object.fromEntries(
        Object.entries(ctx.body as object).filter(([, value]) => !Array.isArray(value) || value.length > 0),
      );
      ctx.body = {
        ...said,
        response_modes_supported: responseModes,
        // To the library all are pairwise; sites with today's profile hear the RUN, which is the same for all of them.
        subject_types_supported: ['pairwise', 'public'],
        // It is nobody else's.
        claims_supported: claims.filter((claim) => claim !== SESSION_CLAIM),
        // Nobody has one: a RUN and a telephone are all there is.
        ...('backchannel_user_code_parameter_supported' in said && {
          backchannel_user_code_parameter_supported: false,
        }),
        ...(openRegistration && { request_uri_parameter_supported: true, require_request_uri_registration: true }),
      };
    }
    if (/^(registration|client|client_update)$/.test(oidc?.route ?? '') && ctx.status < 300) {
      const { [OWN]: _ours, ...metadata } = ctx.body as Record<string, unknown>;
      ctx.body = metadata;
    }
  };

/**
 * Other response types are unsupported, whichever way their answer would have gone; the library looks at the way first, and
 * lets those that registered themselves choose any way that it knows.
 */
export function onlyWhatIsOffered(
  provider: Provider,
  { responseTypes, responseModes }: Pick<ReturnType<typeof offerOf>, 'responseTypes' | 'responseModes'>,
): void {
  const types: readonly string[] = responseTypes;
  const { responseModeAllowed } = provider.Client.prototype;
  provider.Client.prototype.responseModeAllowed = function (mode, type, fapi) {
    const given: unknown = type;
    if (typeof given === 'string' && !types.includes([...new Set(given.split(' '))].sort().join(' ')))
      throw new errors.UnsupportedResponseType();
    return responseModes.includes(mode) && responseModeAllowed.call(this, mode, type, fapi);
  };
}
