import { Readable } from 'node:stream';
import type { Context } from 'koa';
import { render } from '#views/html.ts';
import type { Reply } from './row.ts';

/** Every answer has these, faults and files included. */
export function plainHeaders(ctx: Pick<Context, 'res'>, { secure }: { readonly secure: boolean }): void {
  const { res } = ctx;
  if (secure) res.setHeader('strict-transport-security', 'max-age=63072000; includeSubDomains');
  res.setHeader('x-content-type-options', 'nosniff');
  // With `no-referrer` browsers would send `Origin: null` with our own forms.
  res.setHeader('referrer-policy', 'same-origin');
  res.setHeader('cross-origin-opener-policy', 'same-origin');
  res.setHeader('cross-origin-resource-policy', 'same-origin');
  res.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
}

/** No `form-action`: browsers would apply it to the redirect to the institution too. */
export const pagePolicy = (nonce: string, images = '', sockets = ''): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' data: ${images}`.trimEnd(),
    `connect-src 'self' ${sockets}`.trimEnd(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export function send(ctx: Context, reply: Reply): void {
  ctx.status = reply.status;
  ctx.set('cache-control', 'no-store');
  if ('to' in reply) {
    if (reply.secret) ctx.set('referrer-policy', 'no-referrer');
    ctx.redirect(reply.to);
    ctx.status = reply.status;
    ctx.body = '';
    return;
  }
  if ('text' in reply) {
    if (reply.keptFor !== undefined) ctx.set('cache-control', `public, max-age=${String(reply.keptFor)}`);
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = reply.text;
    return;
  }
  if ('rows' in reply) {
    ctx.attachment(reply.file.name);
    ctx.set('content-type', reply.file.type);
    ctx.body = Readable.from(reply.rows);
    return;
  }
  if ('json' in reply) {
    ctx.set({ ...reply.headers });
    ctx.body = reply.json;
    return;
  }
  if (reply.retryAfter !== undefined) ctx.set('retry-after', String(reply.retryAfter));
  if (reply.camera) ctx.set('permissions-policy', 'camera=(self), microphone=(self), geolocation=(), payment=()');
  // Not every browser takes a socket of the same place for `self`.
  const sockets = reply.camera ? ctx.origin.replace(/^http/, 'ws') : '';
  const policy = pagePolicy(String(ctx.state['nonce']), String(ctx.state['images'] ?? ''), sockets);
  ctx.set('content-security-policy', policy);
  ctx.type = 'html';
  ctx.body = render(reply.page);
}
