import type { Context } from 'koa';
import { render, type Page } from '#views/html.ts';
import type { Frame } from '#views/layout.ts';
import { linePage as linePageOf } from '#views/pages/line.ts';
import { messagePage } from '#views/pages/message.ts';
import { words, type Lang } from '#views/words.ts';
import type { Config } from '../../config.ts';
import type { Assets } from './assets.ts';
import { frameOf, langOf } from './frame.ts';
import { pagePolicy } from './send.ts';
import { nextLook } from './waiting-room.ts';

/** Whoever asks reads pages. */
export const wantsPage = (ctx: Context) => ctx.accepts('html', 'json') === 'html';

/** Seconds. */
const RETRY_AFTER = 5;
const NONCE = 'NONCE-OF-THIS-ANSWER';
const HELP = 'HELP-CODE-OF-THIS-ANSWER';
const WAIT = 'WAIT-OF-THIS-ANSWER';
const LOOK = 'LOOK-OF-THIS-ANSWER';
const OWN = new RegExp(`(${[NONCE, HELP, WAIT, LOOK].join('|')})`);

/** Rendered once for each language: what is answered so often must cost nothing. */
function kept(config: Config, assets: Assets, page: (frame: Frame) => Page) {
  const pages = new Map<Lang, readonly (Buffer | string)[]>();
  const made = (frame: Frame) => {
    const known = pages.get(frame.lang);
    if (known) return known;
    const pieces = render(page({ ...frame, nonce: NONCE, here: undefined }))
      .split(OWN)
      .map((piece) => (OWN.test(piece) ? piece : Buffer.from(piece)));
    pages.set(frame.lang, pieces);
    return pieces;
  };
  return (ctx: Context, own: Readonly<Record<string, string>>) => {
    const nonce = String(ctx.state['nonce']);
    const all: Readonly<Record<string, string>> = { ...own, [NONCE]: nonce, [HELP]: String(ctx.state['helpCode']) };
    ctx.set('content-security-policy', pagePolicy(nonce));
    ctx.type = 'html';
    const pieces = made(frameOf(ctx, config, assets));
    ctx.body = Buffer.concat(
      pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(all[piece] ?? '') : piece)),
    );
  };
}

/** What is said over capacity, and costs next to nothing. */
export function cheapAnswers(config: Config, assets: Assets) {
  const laterPage = kept(config, assets, (frame) => {
    const to = { href: '', label: frame.words.ways.retry };
    const also = { href: '/ayuda', label: frame.words.ways.help };
    return messagePage(frame, { kind: 'unavailable', to, also, helpCode: HELP });
  });
  const linePage = kept(config, assets, (frame) => linePageOf(frame, { wait: WAIT, look: LOOK }));
  const busy = (ctx: Context, retryAfter: number) => {
    ctx.status = 503;
    ctx.set('retry-after', String(retryAfter));
    ctx.set('cache-control', 'no-store');
  };
  return {
    /** Try again. */
    later(ctx: Context): void {
      busy(ctx, RETRY_AFTER);
      if (wantsPage(ctx)) laterPage(ctx, {});
      else ctx.body = { error: 'temporarily_unavailable' };
    },
    /** So many seconds in the line; for the page's script 0 says that it is her turn. */
    line(ctx: Context, seconds: number): void {
      const look = nextLook(seconds);
      busy(ctx, look);
      const text = words(langOf(ctx)).line.wait(seconds);
      if (wantsPage(ctx)) linePage(ctx, { [WAIT]: text, [LOOK]: String(look) });
      else ctx.body = { error: 'temporarily_unavailable', seconds, text };
    },
  };
}
