import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import { nameInBasic } from '../domain/basic.ts';
import type { Parts } from '../parts.ts';
import { parseForm, readBody, type Charset, type Form } from './kit/body.ts';

const LIMIT = 56 * 1024;
const FORM = 'application/x-www-form-urlencoded';
const PATHS = /^\/openid\/(token(\/(introspection|revocation))?|request)\/?$/;

/**
 * State websites' servers send forms with any charset, with `&=` at the end, and some encode `redirect_uri` twice
 * (CONTRACT, token). They are read here and handed to the library as plain values; what it may not guess, such as a
 * name that comes twice, stays as it came and is refused there.
 */
export const serverForms =
  ({ clients }: Pick<Parts, 'clients'>): Middleware =>
  (ctx, next) => {
    const read = async () => {
      const form = parseForm(await readBody(ctx.req, LIMIT), serverCharset(ctx.get('content-type')));
      const id = clientIdOf(ctx, form);
      // With a secret, which somebody may be guessing.
      if (form['client_secret'] !== undefined || /^basic /i.test(ctx.get('authorization'))) ctx.state['proving'] = id;
      const client = id === undefined ? undefined : await clients.byId(id);
      const body = client?.profile === 'claveunica' ? decodedOnce(form, client.redirectUris) : form;
      Object.assign(ctx.req, { body });
      ctx.req.headers['content-type'] = FORM;
      await next();
    };
    return ctx.method === 'POST' && PATHS.test(ctx.path) && ctx.is(FORM) ? read() : next();
  };

const TOKEN = /^\/openid\/token\/?$/;
const LITTLE = 8 * 1024;
const named = z.object({ client_id: z.string().max(200) });

/**
 * A call of the token endpoint that is no posted form is refused further in. Whose it is stands where nobody reads it, and
 * its developer should hear of it.
 */
export const strayCalls = (note: (ctx: Context, clientId: string | undefined) => void): Middleware => {
  const idIn = async (ctx: Context): Promise<string | undefined> => {
    const { client_id: asked } = ctx.query;
    if (typeof asked === 'string') return asked;
    // Whoever does not say how long it is might go on for ever, and to break it off would be no answer.
    const isLittle = Number(ctx.req.headers['content-length'] ?? Infinity) <= LITTLE;
    if (ctx.method !== 'POST' || !ctx.is('json') || !isLittle) return clientIdOf(ctx, {});
    try {
      return named.parse(JSON.parse((await readBody(ctx.req, LITTLE)).toString())).client_id;
    } catch {
      return clientIdOf(ctx, {});
    }
  };
  return (ctx, next) => {
    const looked = async () => {
      const clientId = await idIn(ctx);
      ctx.state['strayClient'] = clientId;
      if (ctx.method !== 'POST') note(ctx, clientId);
      await next();
    };
    // What is a form was read before.
    const isStray = TOKEN.test(ctx.path) && !('body' in ctx.req) && ctx.method !== 'OPTIONS';
    return isStray ? looked() : next();
  };
};

/** Any suffix is taken (CONTRACT, token): what is not Latin-1 by name is UTF-8, and what is no UTF-8 is Latin-1. */
const serverCharset = (contentType: string): Charset =>
  /charset\s*=\s*"?(iso-?8859-?1|latin1|windows-1252)/i.test(contentType) ? 'latin1' : 'either';

const clientIdOf = (ctx: Context, { client_id: inBody }: Form): string | undefined =>
  typeof inBody === 'string' ? inBody : nameInBasic(ctx.get('authorization'));

/** One level of percent-encoding too many is undone, if what comes out is registered word for word. */
function decodedOnce(form: Form, registered: readonly string[]): Form {
  const { redirect_uri: uri } = form;
  if (typeof uri !== 'string' || !/^https?%3A/i.test(uri)) return form;
  const plain = registered.find((known) => encodeURIComponent(known).toLowerCase() === uri.toLowerCase());
  return plain === undefined ? form : { ...form, redirect_uri: plain };
}

const END_SESSION = /^\/openid\/session\/end\/?$/;

/**
 * Logging out may come as a form too (OpenID Connect RP-Initiated Logout 1.0 §2); from another site such a form brings
 * no cookie, so it is sent on as the page that it asks for.
 */
export const logOutForms: Middleware = (ctx, next) =>
  ctx.method === 'POST' && END_SESSION.test(ctx.path) && ctx.is(FORM) ? sentOn(ctx) : next();

async function sentOn(ctx: Context): Promise<void> {
  const form = parseForm(await readBody(ctx.req, LIMIT), 'utf-8');
  const query = new URLSearchParams(
    Object.entries(form).flatMap(([name, value]) => [value].flat().map((item) => [name, item])),
  );
  ctx.status = 303;
  ctx.redirect(`/openid/session/end?${query.toString()}`);
}
