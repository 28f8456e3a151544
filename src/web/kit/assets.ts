import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompress, gzip, type CompressCallback } from 'node:zlib';
import createError from 'http-errors';
import type { Context, Middleware } from 'koa';
import { countedAs } from './metered.ts';
import { otherMethod } from './table.ts';

/** Files for the browser; their address holds a hash of all, so that they may be kept for ever. */
export type Assets = { readonly url: (name: string) => string; readonly serve: Middleware };

const PREFIX = '/activos/';
/** What browsers ask for by themselves, where no page of ours has told them of its mark. */
const FAVICON = '/favicon.ico';
/** Of packages, as they are. */
export const BORROWED = [
  ['simplewebauthn.js', new URL('../dist/bundle/index.umd.min.js', import.meta.resolve('@simplewebauthn/browser'))],
] as const;

/**
 * On a slow line a file is there in a third of the time. Pages are sent as they are: they hold secrets beside what others
 * wrote, and a length would tell (BREACH).
 */
const PACKERS = {
  br: (body: Buffer, done: CompressCallback) => brotliCompress(body, done),
  gzip: (body: Buffer, done: CompressCallback) => gzip(body, done),
};
const packedBy = (how: keyof typeof PACKERS, body: Buffer) =>
  new Promise<Buffer>((resolve, reject) =>
    PACKERS[how](body, (fault, packed) => (fault ? reject(fault) : resolve(packed))),
  );

/** Each file once, when somebody first wants it so. */
function packing(files: ReadonlyMap<string, Buffer>) {
  const packed = new Map<string, Promise<Buffer>>();
  return (name: string, how: keyof typeof PACKERS): Promise<Buffer> => {
    const key = `${how} ${name}`;
    const known = packed.get(key) ?? packedBy(how, files.get(name) ?? Buffer.alloc(0));
    packed.set(key, known);
    return known;
  };
}

export function loadAssets(): Assets {
  const folder = new URL('../../../views/assets/', import.meta.url);
  const own = readdirSync(folder).map((name) => [name, new URL(name, folder)] as const);
  const files = new Map([...own, ...BORROWED].map(([name, url]) => [name, readFileSync(url)]));
  const hash = createHash('sha256');
  for (const body of files.values()) hash.update(body);
  const pack = packing(files);
  const prefix = `${PREFIX}${hash.digest('base64url').slice(0, 12)}/`;
  return {
    url(name) {
      if (!files.has(name)) throw new Error(`assets: no file ${name}`);
      return `${prefix}${name}`;
    },
    async serve(ctx: Context, next) {
      const isIcon = ctx.path === FAVICON;
      if (!isIcon && !ctx.path.startsWith(PREFIX)) {
        await next();
        return;
      }
      countedAs(ctx, 'files');
      const name = isIcon ? FAVICON.slice(1) : ctx.path.slice(prefix.length);
      const body = isIcon || ctx.path.startsWith(prefix) ? files.get(name) : undefined;
      if (!body) throw createError(404);
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw otherMethod(ctx, ['GET', 'HEAD']);
      ctx.type = name.slice(name.lastIndexOf('.'));
      ctx.set('cache-control', isIcon ? 'public, max-age=86400' : 'public, max-age=31536000, immutable');
      ctx.vary('accept-encoding');
      // The smaller one first, in whatever order a browser names them.
      const how = (['br', 'gzip'] as const).find((each) => ctx.acceptsEncodings(each) === each);
      if (how) ctx.set('content-encoding', how);
      ctx.body = how ? await pack(name, how) : body;
      return;
    },
  };
}
