/** State websites and who visits them: by hand, so that a test can also do what no library would. */
import * as oidc from 'openid-client';
import { createClient, type NewClient } from '../../src/flows/create-client.ts';
import type { Parts } from '../../src/parts.ts';
import { browser } from './browser.ts';

export type User = ReturnType<typeof browser>;
export type Fields = Readonly<Record<string, string | undefined>>;
export type Json = Readonly<Record<string, unknown>>;
export type Someone = { readonly run: string; readonly password: string };
export type Site = {
  readonly id: string;
  readonly secret: string;
  /** How its software proves who it is. */
  readonly auth: 'basic' | 'post';
  readonly pkce: boolean;
  readonly scope: string;
};
export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string; readonly json: Json };

/** Registered for both demo clients; nobody listens there. */
export const CALLBACK = 'http://localhost:9000/cb';
/** RFC 7636, appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };

export const MUNICIPIO: Site = {
  ...{ id: 'demo-municipio', secret: 'demo-municipio-secret', auth: 'basic', pkce: true },
  scope: 'openid profile email run',
};
export const REGISTRO: Site = {
  ...{ id: 'demo-registro', secret: 'demo-registro-secret', auth: 'post', pkce: false },
  scope: 'openid run name email',
};

export const MARIA = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };
/** She has a second factor, and is asked for it. */
export const ANA = { run: '12.345.678-5', password: 'boldo-quillay-peumo' };
export const CLAUDIA = { run: '44.444.444-4', password: 'testing' };
export const LUIS = { run: '55.555.555-5', password: 'testing' };
/** Identified by video only. */
export const TERESA = { run: '88.888.888-8', password: 'testing' };

/** A site of a test's own. */
export async function register(parts: Parts, wish: Partial<NewClient> & Pick<NewClient, 'profile'>): Promise<Site> {
  const about = { name: 'Sitio de prueba', state: 'sandbox', redirectUris: [CALLBACK], ...wish } as const;
  const outcome = await createClient(parts, about, true);
  if (outcome.kind === 'refused') throw new Error(outcome.faults.join('; '));
  const { client, secret } = outcome;
  const auth = client.auth === 'client_secret_post' ? 'post' : 'basic';
  return { id: client.id, secret, auth, pkce: client.profile === 'oidc', scope: client.scopes.join(' ') };
}

export const encoded = (fields: Fields): string =>
  new URLSearchParams(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  ).toString();

/** A path with the site's usual request; `undefined` takes a parameter out. */
export function request({ id, scope, pkce }: Site, more: Fields = {}): string {
  const usual = { response_type: 'code', client_id: id, redirect_uri: CALLBACK, scope, state: 'un-estado' };
  return `/openid/authorize?${encoded({ ...usual, ...(pkce && PKCE), ...more })}`;
}

/** One call without cookies and redirects; `json` is empty when the body is none. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? (JSON.parse(text) as Json) : {} };
}

type Headed = Readonly<Record<string, string>>;
export const post = (url: string, fields: Fields, headers: Headed = {}): Promise<Answer> =>
  call(url, { method: 'POST', body: new URLSearchParams(encoded(fields)), headers });

export const basic = ({ id, secret }: Pick<Site, 'id' | 'secret'>): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

/** The same cookies in another browser. */
export function stolen(user: User, origin: string): User {
  const jar = user.jar.cloneSync();
  if (!jar) throw new Error('the jar cannot be copied');
  return browser(origin, jar);
}

/** The middle part of a JWT. */
export const claimsOf = (jwt: unknown): Json =>
  JSON.parse(Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString()) as Json;

const HTML = { accept: 'text/html' };
type Page = Awaited<ReturnType<User['get']>>;

/** The provider at `origin` as sites and browsers use it. */
export function provider(origin: string) {
  const at = (path: string) => `${origin}/openid${path}`;
  const here = ({ location }: Page) => location.startsWith('/') || location.startsWith(`${origin}/`);

  /** Goes on as a browser does while it is sent to pages of ours; stops at a page, or at the door of a site. */
  async function go(user: User, path: string): Promise<Page> {
    let page = await user.get(path, HTML);
    for (let steps = 0; here(page); steps++) {
      if (steps > 10) throw new Error(`goes round in circles: ${path}`);
      page = await user.get(page.location, HTML);
    }
    return page;
  }
  /** Fills in the login page that stands at `path`. */
  async function fillIn(user: User, path: string, form: Readonly<Record<string, string>>): Promise<Page> {
    const { location, status } = await user.get(path, HTML);
    if (!location.includes('/ingresar/')) throw new Error(`no login page, but ${status} ${location}`);
    const sent = await user.submit(location, form);
    if (sent.status !== 303) throw new Error(`not signed in: ${sent.status} ${sent.text.slice(0, 300)}`);
    return go(user, sent.location);
  }
  const answerOf = ({ status, location, text }: Page): URLSearchParams => {
    if (location.startsWith(CALLBACK)) return new URL(location).searchParams;
    throw new Error(`no answer to the site, but ${status} ${location} ${/<title>[^<]*/.exec(text)?.[0] ?? text}`);
  };
  /** What the site is told after a login. */
  const signIn = async (user: User, site: Site, form: Readonly<Record<string, string>>): Promise<URLSearchParams> =>
    answerOf(await fillIn(user, request(site), form));
  /** What the site is told when no page may be shown. */
  const silently = async (user: User, site: Site, more: Fields = {}): Promise<URLSearchParams> =>
    answerOf(await go(user, request(site, { prompt: 'none', ...more })));

  /** A fresh code out of a live session. */
  async function codeFor(user: User, site: Site, more: Fields = {}): Promise<string> {
    const answer = await silently(user, site, more);
    const code = answer.get('code');
    if (code === null) throw new Error(`no code: ${answer.toString()}`);
    return code;
  }
  function redeem(site: Site, code: string, { path = '/token', ...more }: Fields & { path?: string } = {}) {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    const fields = { ...grant, ...(site.pkce && { code_verifier: VERIFIER }) };
    if (site.auth === 'basic') return post(at(path), { ...fields, ...more }, basic(site));
    return post(at(path), { ...fields, client_id: site.id, client_secret: site.secret, ...more });
  }
  /** All that the token endpoint gives for a fresh code. */
  async function tokensFor(user: User, site: Site, more: Fields = {}) {
    const { status, json, text } = await redeem(site, await codeFor(user, site, more));
    if (status !== 200) throw new Error(`no token: ${text}`);
    return { access: String(json['access_token']), id: String(json['id_token']), answer: json };
  }
  const userinfo = (token: string, { path = '/userinfo', headers, ...init }: RequestInit & { path?: string } = {}) =>
    call(at(path), { ...init, headers: { ...(headers as Headed), authorization: `Bearer ${token}` } });
  /** The library's view of this provider. */
  const library = ({ id, secret, auth }: Site): Promise<oidc.Configuration> =>
    oidc.discovery(
      new URL(at('')),
      id,
      secret,
      auth === 'basic' ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret),
      { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
    );

  return { at, go, fillIn, answerOf, signIn, silently, codeFor, redeem, tokensFor, userinfo, library };
}
