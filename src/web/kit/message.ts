import createError from 'http-errors';
import type { Context, Middleware } from 'koa';
import { messagePage, type MessageKind } from '#views/pages/message.ts';
import { asUnavailable } from '../../domain/fault.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import type { Assets } from './assets.ts';
import { frameOf } from './frame.ts';
import { turnedAway } from './metered.ts';
import type { Reply } from './row.ts';
import { send } from './send.ts';

type Tools = {
  readonly config: Config;
  readonly assets: Assets;
  readonly parts: Pick<Parts, 'log' | 'meters' | 'outages'>;
};

/** The one handler of faults: one page (or a few words for programs), one log line, but for stores that are away. Nothing of the inside shows. */
export function faults({ config, assets, parts }: Tools): Middleware {
  return async (ctx: Context, next) => {
    try {
      await next();
      if (ctx.status === 404 && !ctx.body) throw createError(404);
    } catch (error) {
      const away = asUnavailable(error);
      const status = away ? 503 : createError.isHttpError(error) && error.expose ? error.status : 500;
      if (away) {
        turnedAway(parts, away.part);
        ctx.state['away'] = away.store ?? away.part;
      }
      const requestId: unknown = ctx.state['requestId'];
      const tell = () => parts.log.error({ requestId, err: error }, away ? 'a part is away' : 'fault');
      if (status >= 500) parts.outages.met(error, { request: true, tell });
      const retryAfter = away?.retryAfter ?? (status === 429 ? 60 : undefined);
      if (wantsPage(ctx)) send(ctx, messageReply(ctx, { config, assets, status, retryAfter }));
      else {
        send(ctx, { status, json: wordsFor(status, error) });
        if (retryAfter !== undefined) ctx.set('retry-after', String(retryAfter));
      }
    }
  };
}

/** As the protocol's endpoints write them (RFC 6749 §5.2). */
const wordsFor = (status: number, error: unknown) =>
  status === 503
    ? { error: 'temporarily_unavailable' }
    : {
        error: 'invalid_request',
        ...(createError.isHttpError(error) && error.expose && { error_description: error.message }),
      };

const PROGRAMS = /^\/openid\/(token|userinfo|jwks|request|register|backchannel|device\/auth|\.well-known)(\/|$)/i;
const wantsPage = (ctx: Context) => !PROGRAMS.test(ctx.path) && ctx.accepts('html', 'json') === 'html';

const KINDS: Readonly<Record<number, MessageKind>> = {
  400: 'bad-request',
  403: 'forbidden',
  404: 'not-found',
  405: 'method',
  410: 'stale',
  413: 'too-large',
  415: 'bad-request',
  421: 'not-found',
  429: 'too-many',
  500: 'fault',
  503: 'unavailable',
};

type Message = {
  readonly config: Config;
  readonly assets: Assets;
  readonly status: number;
  readonly retryAfter?: number | undefined;
};

export function messageReply(ctx: Context, { config, assets, status, retryAfter }: Message): Reply {
  const frame = frameOf(ctx, config, assets);
  // Nothing was wrong with what came: the room is another's.
  const denied = status === 403 && ctx.state['denied'] === true ? 'not-allowed' : undefined;
  const kind = denied ?? KINDS[status] ?? (status >= 500 ? 'fault' : 'bad-request');
  const helpCode = String(ctx.state['helpCode']);
  // A page that asked for itself is asked for again; all others go home.
  const again = status === 503 || status === 429;
  const to = again && ctx.method === 'GET' ? ctx.url : '/';
  const label = frame.words.ways[again && to !== '/' ? 'retry' : 'home'];
  const also = status >= 500 ? { href: '/ayuda', label: frame.words.ways.help } : undefined;
  return { status, retryAfter, page: messagePage(frame, { kind, to: { href: to, label }, also, helpCode }) };
}
