import type { Context } from 'koa';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { continuePage } from '#views/pages/continue.ts';
import { deviceCodePage, deviceConfirmPage, deviceDonePage } from '#views/pages/elsewhere.ts';
import { loggedOutPage, logOutPage, stillInPage } from '#views/pages/log-out.ts';
import { protocolErrorPage } from '#views/pages/protocol-error.ts';
import type { Config } from '../config.ts';
import type { Parts } from '../parts.ts';
import type { Assets } from './kit/assets.ts';
import { frameOf } from './kit/frame.ts';
import { send } from './kit/send.ts';
import { rpOf } from './requester.ts';
import { staleReply } from './way-back.ts';

/** What a person's browser opens; all else is called by programs. */
const PAGES = /^(authorization|resume|end_session|code_verification|device_resume)/;

type Tools = { readonly config: Config; readonly parts: Parts; readonly assets: Assets };

/** The pages of the protocol itself: errors that cannot be sent to an RP, and logging out. */
export function oidcPages({ config, parts, assets }: Tools) {
  const frame = (ctx: Context) => frameOf(ctx, config, assets);
  const helpCode = (ctx: Context) => String(ctx.state['helpCode']);

  return {
    /** Where the way back to the RP is not known to be right: a page of ours, 400, no Location. */
    async renderError(
      ctx: KoaContextWithOIDC,
      out: { error: string; error_description?: string | undefined },
      error: Error,
    ) {
      const { uid } = /^\/openid\/authorize\/(?<uid>[\w-]+)/.exec(ctx.originalUrl)?.groups ?? {};
      if (error instanceof errors.SessionNotFound && uid !== undefined) {
        send(
          ctx,
          await staleReply(parts, {
            ...{ uid, clientId: undefined, config },
            frame: frame(ctx),
            helpCode: helpCode(ctx),
          }),
        );
        return;
      }
      // Much software asks for HTML by habit (Java's own client does) and reads JSON all the same.
      if (!PAGES.test(ctx.oidc.route)) {
        ctx.body = out;
        return;
      }
      const id: unknown = ctx.oidc.params?.['client_id'] ?? ctx.query['client_id'];
      const client = typeof id === 'string' && !id.includes('\0') ? await parts.clients.byId(id) : undefined;
      const status = ctx.status >= 500 ? 500 : 400;
      const kind =
        status === 500
          ? 'server'
          : error instanceof errors.InvalidRedirectUri
            ? 'redirect-mismatch'
            : error instanceof errors.InvalidClient
              ? client
                ? 'client-disabled'
                : 'unknown-client'
              : 'invalid-request';
      const about = { kind, error: out.error, helpCode: helpCode(ctx) } as const;
      const place = frame(ctx);
      const to =
        client?.homeUri === undefined
          ? undefined
          : { href: client.homeUri, label: place.words.ways.backTo(client.name) };
      const page = protocolErrorPage(place, {
        ...about,
        to,
        // Who pressed «Cerrar sesión», perhaps on a computer of others, must not be left signed in with a button home.
        leaving: status === 400 && ctx.oidc.route.startsWith('end_session'),
        rp: client && rpOf(client),
        description: out.error_description,
      });
      send(ctx, { status, page });
    },

    /** For devices without a keyboard (RFC 8628); the library's own forms are in its words. */
    device: {
      async userCodeInputSource(ctx: KoaContextWithOIDC, ...[, , error]: [string, unknown?, unknown?]) {
        const page = deviceCodePage(frame(ctx), { ...deviceForm(ctx), wrong: error !== undefined });
        send(ctx, { status: error === undefined ? 200 : 422, page });
      },
      async userCodeConfirmSource(
        ctx: KoaContextWithOIDC,
        ...[, client, , code]: [string, ClientLike, unknown, string]
      ) {
        const known = await parts.clients.byId(client.clientId);
        const rp = known ? rpOf(known) : { name: client.clientId, host: '' };
        send(ctx, { status: 200, page: deviceConfirmPage(frame(ctx), { ...deviceForm(ctx), code, rp }) });
      },
      async successSource(ctx: KoaContextWithOIDC) {
        send(ctx, { status: 200, page: deviceDonePage(frame(ctx)) });
      },
    },

    async logoutSource(ctx: KoaContextWithOIDC) {
      const client = ctx.oidc.client && (await parts.clients.byId(ctx.oidc.client.clientId));
      const page = logOutPage(frame(ctx), {
        action: '/openid/session/end/confirm',
        xsrf: xsrfOf(ctx),
        ...(client && { rp: rpOf(client) }),
      });
      send(ctx, { status: 200, page });
    },

    /** The library shows it whatever the answer was; the session itself knows. */
    async postLogoutSuccessSource(ctx: KoaContextWithOIDC) {
      const { accountId } = await ctx.oidc.provider.Session.get(ctx);
      const client = ctx.oidc.client && (await parts.clients.byId(ctx.oidc.client.clientId));
      const page =
        accountId === undefined
          ? loggedOutPage(frame(ctx), { home: '/' })
          : stillInPage(frame(ctx), { home: '/', ...(client && { rp: rpOf(client) }) });
      send(ctx, { status: 200, page });
    },

    /**
     * `form_post` answers, and two steps of logging out, are pages in English that send themselves; their words cannot
     * be configured. What they send is kept, the shell is ours (LIBRARY, traps).
     */
    async shells(ctx: Context, next: () => Promise<void>) {
      await next();
      if (typeof ctx.body !== 'string' || !ctx.body.includes('<title>Submitting Callback</title>')) return;
      const action = unescape(/<form method="post" action="([^"]*)"/.exec(ctx.body)?.[1] ?? '');
      const inputs = ctx.body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g);
      const fields = Object.fromEntries(
        [...inputs].map(([, name = '', value = '']) => [unescape(name), unescape(value)]),
      );
      const kind = !action.startsWith(config.origin) ? 'return' : 'xsrf' in fields ? 'log-out' : 'return';
      const switching = kind === 'log-out' && /^\/openid\/authorize\//.test(ctx.path);
      const { status } = ctx;
      send(ctx, { status, page: continuePage(frame(ctx), { action, fields, kind: switching ? 'switch' : kind }) });
    },
  };
}

type ClientLike = { readonly clientId: string };

/** The library's token of its own forms. */
const xsrfOf = ({ oidc }: KoaContextWithOIDC) =>
  String((oidc.session?.['state'] as { secret?: unknown } | undefined)?.secret);
const deviceForm = (ctx: KoaContextWithOIDC) => ({ action: '/openid/device', xsrf: xsrfOf(ctx) });

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
};
/** The library escapes these and no others. */
const unescape = (text: string) =>
  text.replace(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
