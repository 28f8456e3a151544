import type { Context, Middleware } from 'koa';
import type { Parts } from '../parts.ts';
import { charsetOf, parseForm, readBody, type Form } from './kit/body.ts';

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
  async (ctx: Context, next) => {
    if (ctx.method === 'POST' && PATHS.test(ctx.path) && ctx.is(FORM)) {
      const charset = charsetOf(ctx.get('content-type')) === 'latin1' ? 'latin1' : 'either';
      const form = parseForm(await readBody(ctx.req, LIMIT), charset);
      const id = clientIdOf(ctx, form);
      const client = id === undefined ? undefined : await clients.byId(id);
      const body = client?.profile === 'claveunica' ? decodedOnce(form, client.redirectUris) : form;
      Object.assign(ctx.req, { body });
      ctx.req.headers['content-type'] = FORM;
    }
    await next();
  };

function clientIdOf(ctx: Context, { client_id: inBody }: Form): string | undefined {
  if (typeof inBody === 'string') return inBody;
  const [, basic = ''] = /^basic ([\w+/=-]+)$/i.exec(ctx.get('authorization')) ?? [];
  const [id] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return id === '' ? undefined : id;
}

/** One level of percent-encoding too many is undone, if what comes out is registered word for word. */
function decodedOnce(form: Form, registered: readonly string[]): Form {
  const { redirect_uri: uri } = form;
  if (typeof uri !== 'string' || !/^https?%3A/i.test(uri)) return form;
  const plain = registered.find((known) => encodeURIComponent(known).toLowerCase() === uri.toLowerCase());
  return plain === undefined ? form : { ...form, redirect_uri: plain };
}
