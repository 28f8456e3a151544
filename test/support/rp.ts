/** State websites as they are: by openid-client where all goes well, by hand where a test wants to do wrong. */
import * as oidc from 'openid-client';
import type { browser } from './browser.ts';

export type User = ReturnType<typeof browser>;
export type Fields = Readonly<Record<string, string | undefined>>;
export type ClientName = 'municipio' | 'registro';

/** Registered for both demo clients; nobody listens there. */
export const CALLBACK = 'http://localhost:9000/cb';
/** RFC 7636, appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export const MARIA = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };
export const ANA = { run: '12.345.678-5', password: 'boldo-quillay-peumo' };
export const CLAUDIA = { run: '44.444.444-4', password: 'testing' };
/** Identified by video only. */
export const TERESA = { run: '88.888.888-8', password: 'testing' };
export type Someone = typeof MARIA;

const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
const REQUESTS: Readonly<Record<ClientName, Fields>> = {
  municipio: { client_id: 'demo-municipio', scope: 'openid profile email run', ...PKCE },
  registro: { client_id: 'demo-registro', scope: 'openid run name email' },
};
export const secretOf = (name: ClientName): string => `demo-${name}-secret`;

export const encoded = (fields: Fields): string =>
  new URLSearchParams(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  ).toString();

export const basic = (id: string, secret: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

/** A path with the site's usual request; `undefined` takes a parameter out. */
export const request = (name: ClientName, more: Fields = {}): string =>
  `/openid/authorize?${encoded({
    response_type: 'code',
    redirect_uri: CALLBACK,
    state: 'un-estado',
    ...REQUESTS[name],
    ...more,
  })}`;

export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string; readonly json: Json };
export type Json = Readonly<Record<string, unknown>>;

/** One request without cookies or redirects; `json` is empty when the body is none. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, text, json: isJson ? (JSON.parse(text) as Json) : {} };
}

export const post = (url: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  call(url, { method: 'POST', body: new URLSearchParams(encoded(fields)), headers });

/** The sites of one server. */
export function relyingParties(origin: string) {
  const at = (path: string) => `${origin}/openid${path}`;

  /** Goes on as a browser does while it is sent to pages of ours; stops at a page, or at the door of a site. */
  async function go(user: User, path: string) {
    let answer = await user.get(path);
    for (let steps = 0; answer.location.startsWith(origin) || answer.location.startsWith('/'); steps++) {
      if (steps > 10) throw new Error(`goes round in circles: ${path}`);
      answer = await user.get(answer.location);
    }
    return answer;
  }
  /** The answer that the site gets in its address, or an error that shows what stood there instead. */
  function answered(answer: Awaited<ReturnType<User['get']>>): URL {
    if (!answer.location.startsWith(CALLBACK)) {
      const title = /<title>[^<]*/.exec(answer.text)?.[0] ?? answer.text.slice(0, 300);
      throw new Error(`no answer to the site, but ${String(answer.status)} ${answer.location} ${title}`);
    }
    return new URL(answer.location);
  }
  /** To the login page, and through it. */
  async function logIn(user: User, path: string, form: Fields) {
    const { location } = await user.get(path);
    if (!location.includes('/ingresar/')) throw new Error(`no login page, but ${location}`);
    const sent = await user.submit(location, Object.fromEntries(new URLSearchParams(encoded(form))));
    if (sent.status !== 303) throw new Error(`not signed in: ${String(sent.status)} ${sent.text.slice(0, 300)}`);
    return go(user, sent.location);
  }
  const signIn = async (user: User, path: string, form: Fields): Promise<URL> => answered(await logIn(user, path, form));
  /** With the live session, without a page. */
  const silently = async (user: User, name: ClientName, more: Fields = {}): Promise<URL> =>
    answered(await go(user, request(name, { prompt: 'none', ...more })));

  function redeem(name: ClientName, code: string, more: Fields = {}): Promise<Answer> {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    if (name === 'registro')
      return post(at('/token'), { ...grant, client_id: 'demo-registro', client_secret: secretOf(name), ...more });
    return post(at('/token'), { ...grant, code_verifier: VERIFIER, ...more }, basic('demo-municipio', secretOf(name)));
  }

  return {
    at,
    go,
    logIn,
    signIn,
    silently,
    redeem,
    /** A fresh code out of a live session. */
    async code(user: User, name: ClientName, more: Fields = {}): Promise<string> {
      const answer = await silently(user, name, more);
      const code = answer.searchParams.get('code');
      if (code === null) throw new Error(`no code: ${answer.search}`);
      return code;
    },
    /** A fresh access token out of a live session. */
    async accessToken(user: User, name: ClientName, more: Fields = {}): Promise<string> {
      const { status, json, text } = await redeem(name, await this.code(user, name, more));
      if (status !== 200) throw new Error(`no token: ${text}`);
      return String(json['access_token']);
    },
    userinfo: (token: string, init: RequestInit & { path?: string } = {}): Promise<Answer> =>
      call(at(init.path ?? '/userinfo'), {
        ...init,
        headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` },
      }),
    /** The library's view of this provider. */
    library: (name: ClientName, auth: oidc.ClientAuth): Promise<oidc.Configuration> =>
      oidc.discovery(new URL(at('')), `demo-${name}`, secretOf(name), auth, { execute: [oidc.allowInsecureRequests] }),
  };
}
