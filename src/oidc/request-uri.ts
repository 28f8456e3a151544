import type { Context, Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { Parts } from '../parts.ts';

const KEPT = 100;
/** The library knows pushed requests alone, and of this one nothing: it answers `invalid_request_uri`. */
const UNREADABLE = 'urn:ietf:params:oauth:request_uri:unreadable';

/** Signed, and for nobody's eyes: whether something else stands there is not told. */
const JWT = /^[\w-]+(\.[\w-]*){2,4}$/;

const bare = (uri: string) => uri.replace(/#.*$/, '');

/**
 * A request that stands elsewhere (OpenID Connect Core §6.2) becomes a request by value, for the library reads those
 * alone. In the conformance mode only, and only from addresses that the client has registered.
 */
export function requestByReference(provider: () => Provider, { sites }: Pick<Parts, 'sites'>): Middleware {
  const read = reader(sites);
  return async (ctx: Context, next) => {
    const query = new URLSearchParams(ctx.querystring);
    const [uri = '', ...more] = query.getAll('request_uri');
    if (/^\/openid\/authorize\/?$/.test(ctx.path) && /^https?:/.test(uri) && more.length === 0) {
      const client = await provider().Client.find(query.get('client_id') ?? '');
      const registered: unknown = client?.['request_uris'];
      if (
        Array.isArray(registered) &&
        registered.some((known) => typeof known === 'string' && bare(known) === bare(uri))
      ) {
        const request = await read(uri);
        if (request === undefined) query.set('request_uri', UNREADABLE);
        else {
          query.delete('request_uri');
          query.set('request', request);
        }
        ctx.querystring = query.toString();
      }
    }
    await next();
  };
}

/** What a fragment names by its hash is read once; else it is read each time. */
function reader(sites: Parts['sites']) {
  const kept = new Map<string, string>();
  return async (uri: string): Promise<string | undefined> => {
    const known = kept.get(uri);
    if (known !== undefined) return known;
    try {
      const text = (await (await sites(bare(uri))).text()).trim();
      if (!JWT.test(text)) return undefined;
      if (kept.size >= KEPT) kept.clear();
      if (uri.includes('#')) kept.set(uri, text);
      return text;
    } catch {
      return undefined;
    }
  };
}
