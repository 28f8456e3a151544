import createError from 'http-errors';
import type { Context, Middleware } from 'koa';
import type { Config } from '../config.ts';
import { otherMethod } from './kit/table.ts';

const READ = ['GET', 'HEAD'];
const FORM = ['POST'];
const BOTH = [...READ, ...FORM];

type Mode = Pick<Config, 'conformance' | 'emulator'>;
type Doors = Readonly<Record<string, readonly string[]>>;

/** The protocol's paths in a mode, and how each may be called; `*` stands for one segment of any name. */
const doorsOf = ({ conformance, emulator }: Mode): Doors => ({
  '/.well-known/oauth-authorization-server': READ,
  '/.well-known/openid-configuration': READ,
  '/authorize': conformance ? BOTH : READ,
  '/authorize/*': READ,
  '/jwks': READ,
  '/request': FORM,
  '/session/end': BOTH,
  '/session/end/confirm': FORM,
  '/session/end/success': READ,
  '/token': FORM,
  '/token/introspection': FORM,
  '/token/revocation': FORM,
  '/userinfo': BOTH,
  ...(emulator && { '/register': FORM, '/register/*': [...READ, 'PUT', 'DELETE'] }),
  ...(conformance && { '/backchannel': FORM, '/device': BOTH, '/device/*': READ, '/device/auth': FORM }),
});

/**
 * The library answers 404 where a path is there and the method is not: whoever writes a client looks for the fault in the
 * address. Here as with every path of ours: 405, with the methods that there are. And it takes capitals for small
 * letters, which nobody else here does: what is written in another way would pass by all that looks at paths.
 */
export function protocolMethods(mode: Mode): Middleware {
  const doors = new Map(Object.entries(doorsOf(mode)));
  const at = (path: string) => {
    const plain = path.replace(/^\/openid|\/$/g, '');
    return doors.get(plain) ?? doors.get(plain.replace(/[^/]+$/, '*'));
  };
  return (ctx: Context, next) => {
    if (!ctx.path.startsWith('/openid/')) return next();
    const allowed = at(ctx.path);
    if (!allowed) throw createError(404);
    if (allowed.includes(ctx.method)) return next();
    if (ctx.method !== 'OPTIONS') throw otherMethod(ctx, allowed);
    ctx.set('allow', allowed.join(', '));
    ctx.body = '';
    return undefined;
  };
}
