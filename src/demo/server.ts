import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import createError from 'http-errors';
import Koa, { type Context } from 'koa';
import { render } from '#views/html.ts';
import { demoGreeting, demoHome, demoProblem, type DemoKey, type DemoSite } from '#views/pages/demo-site.ts';
import type { Config } from '../config.ts';
import { createRelyingParty, type RelyingParty, type Signed } from './relying-party.ts';

type Session = {
  readonly pending: Map<string, { readonly verifier: string; readonly nonce: string }>;
  signed?: Signed;
};
const KEYS: readonly DemoKey[] = ['municipio', 'registro'];
const COOKIE = 'demo-session';
const MOST_SESSIONS = 1000;

/** Two invented state websites, one for each profile, as an RP's developer would write them with openid-client. */
export async function startDemo(
  config: Config,
  listen: (handler: RequestListener) => Promise<() => Promise<void>>,
): Promise<() => Promise<void>> {
  const home = `http://localhost:${String(config.demoPort)}`;
  const css = readFileSync(new URL('../../views/assets/demo.css', import.meta.url));
  const sessions = new Map<string, Session>();
  const parties = Object.fromEntries(KEYS.map((key) => [key, createRelyingParty(config, { key, home })]));
  const app = new Koa();
  app.silent = true;

  app.use(async (ctx: Context) => {
    if (ctx.path === '/demo.css') {
      ctx.type = 'css';
      ctx.body = css;
      return;
    }
    const [, name = '', page = ''] = ctx.path.split('/');
    const key = KEYS.find((known) => known === name);
    const party = key && parties[key];
    if (!key || !party) {
      if (ctx.path !== '/') throw createError(404);
      ctx.redirect('/municipio/');
      return;
    }
    await serve(ctx, { key, page, party, session: sessionOf(ctx, key, sessions) });
  });
  const handle = app.callback();
  return listen((req, res) => void handle(req, res));
}

type Call = { readonly key: DemoKey; readonly page: string; readonly party: RelyingParty; readonly session: Session };

async function serve(ctx: Context, { key, page, party, session }: Call): Promise<void> {
  const nonce = randomBytes(16).toString('base64url');
  const lang = ctx.acceptsLanguages('es', 'en') === 'en' ? 'en' : 'es';
  const other = key === 'municipio' ? '/registro/' : '/municipio/';
  const site: DemoSite = { key, lang, nonce, css: '/demo.css', other };
  ctx.set(
    'content-security-policy',
    `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
  );
  ctx.set('cache-control', 'no-store');
  ctx.type = 'html';
  const signIn = `/${key}/entrar`;

  switch (`${ctx.method} ${page}`) {
    case 'GET ': {
      const { signed } = session;
      const logOut = { action: `/${key}/salir` };
      ctx.body = render(
        signed && signed.key === key
          ? demoGreeting(site, { ...signed, logOut })
          : demoHome(site, { signIn, loggedOut: ctx.query['state'] === 'salida' }),
      );
      return;
    }
    case 'GET entrar': {
      const hint = ctx.query['login_hint'];
      const { url, state, pending } = await party.authorize(typeof hint === 'string' ? hint : undefined);
      session.pending.set(state, pending);
      ctx.redirect(url);
      return;
    }
    case 'GET cb': {
      try {
        const state = ctx.query['state'];
        const pending = typeof state === 'string' ? session.pending.get(state) : undefined;
        if (typeof state !== 'string' || !pending) throw new Error('state_mismatch');
        session.pending.delete(state);
        session.signed = await party.redeem(ctx.href, { ...pending, state });
        ctx.redirect(`/${key}/`);
      } catch (error) {
        ctx.status = 400;
        const { error: code, description } = party.explain(error);
        ctx.body = render(demoProblem(site, { signIn, home: `/${key}/`, error: code, description }));
      }
      return;
    }
    case 'POST salir': {
      const { signed } = session;
      delete session.signed;
      ctx.status = 303;
      ctx.redirect(signed ? await party.logOut(signed) : `/${key}/`);
      return;
    }
    default:
      throw createError(404);
  }
}

/** Each site has its own, as on two hosts: who signs in at one, or out of it, stays as she was at the other. */
function sessionOf(ctx: Context, site: DemoKey, sessions: Map<string, Session>): Session {
  const id = ctx.cookies.get(COOKIE);
  const known = id === undefined ? undefined : sessions.get(id);
  if (known) return known;
  const fresh: Session = { pending: new Map() };
  const key = randomBytes(16).toString('base64url');
  if (sessions.size >= MOST_SESSIONS) sessions.clear();
  sessions.set(key, fresh);
  ctx.cookies.set(COOKIE, key, { httpOnly: true, sameSite: 'lax', path: `/${site}` });
  return fresh;
}
