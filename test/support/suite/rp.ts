/** A relying party as the suite plays it: by hand, so that each step can be wrong. */
import { createHash, randomBytes } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { call, encoded, MARIA, post, type Answer, type Fields, type Json, type Someone, type User } from '../rp.ts';
import { CA, type serveSuite } from './serve.ts';

export type App = Awaited<ReturnType<typeof serveSuite>>;
export type Client = Json & { readonly client_id: string };
export const random = (): string => randomBytes(16).toString('base64url');
/** Nobody listens there. */
export const CALLBACK = 'https://rp.example/cb';

export type Landed = {
  /** What the site was told, wherever it stood. */
  readonly said: URLSearchParams;
  readonly by: 'query' | 'fragment' | 'form' | 'page';
  readonly status: number;
  readonly text: string;
  /** The pages that were shown on the way. */
  readonly seen: readonly string[];
};

type Form = { readonly action: string; readonly fields: Record<string, string> };
const plain = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
/** Of the page's first form. */
const formOf = (page: string): Form => {
  const [text = ''] = /<form[^]*?<\/form>/.exec(page) ?? [];
  return {
    action: plain(/<form[^>]* action="([^"]*)"/.exec(text)?.[1] ?? ''),
    fields: Object.fromEntries(
      [...text.matchAll(/<input type="hidden" name="([^"]*)" value(?:="([^"]*)")?/g)].map(
        ([, name = '', value = '']) => [name, plain(value)],
      ),
    ),
  };
};

/** Goes on as the suite's browser does: signs in and consents where it is asked, until a site or a last page is reached. */
export async function browse(
  ...[app, user, start, person = MARIA]: [Pick<App, 'origin'>, User, string, Someone?]
): Promise<Landed> {
  const seen: string[] = [];
  let page = await user.get(start, { accept: 'text/html' });
  for (let steps = 0; steps < 12; steps++) {
    const { location, text, status } = page;
    if (location !== '') {
      const url = new URL(location, app.origin);
      if (url.origin !== app.origin) {
        const by = url.hash === '' ? 'query' : 'fragment';
        return {
          said: by === 'query' ? url.searchParams : new URLSearchParams(url.hash.slice(1)),
          by,
          status,
          text,
          seen,
        };
      }
      page = await user.get(location, { accept: 'text/html' });
      continue;
    }
    const { action, fields } = formOf(text);
    const stays = action.startsWith('/') || action.startsWith(app.origin);
    if (text.includes('data-auto') && !stays)
      return { said: new URLSearchParams(fields), by: 'form', status, text, seen };
    if (text.includes('name="password"')) seen.push('log-in');
    else if (action.includes('/autorizar')) seen.push('consent');
    else if (!text.includes('data-auto')) return { said: new URLSearchParams(), by: 'page', status, text, seen };
    page = await user.post(action, text.includes('name="password"') ? { ...fields, ...person } : fields);
  }
  throw new Error(`goes round in circles: ${start}`);
}

export const pathOf = (params: Fields): string => `/openid/authorize?${encoded(params)}`;
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** A request as the suite sends it; `undefined` takes a parameter out. */
export const asked = (client: Client, more: Fields = {}): Fields => ({
  ...{ client_id: client.client_id, redirect_uri: CALLBACK, response_type: 'code', scope: 'openid' },
  ...{ state: random(), nonce: random(), ...more },
});

export function relyingParty(app: App) {
  const at = (path: string) => `${app.origin}/openid${path}`;
  const sendJson = (
    ...[method, url, body, headers = {}]: [string, string, unknown, Record<string, string>?]
  ): Promise<Answer> =>
    call(url, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

  async function register(metadata: object = {}): Promise<Client> {
    const usual = { client_name: 'Suite', redirect_uris: [CALLBACK] };
    const { status, json, text } = await sendJson('POST', at('/register'), { ...usual, ...metadata });
    if (status !== 201) throw new Error(`not registered: ${status} ${text}`);
    return json as Client;
  }
  /** With its secret, in the way it registered. */
  function proof(client: Client): { fields: Fields; headers: Record<string, string> } {
    const { client_secret: secret = '' } = client as { client_secret?: string };
    if (client['token_endpoint_auth_method'] === 'none')
      return { fields: { client_id: client.client_id }, headers: {} };
    if (client['token_endpoint_auth_method'] === 'client_secret_post')
      return { fields: { client_id: client.client_id, client_secret: secret }, headers: {} };
    return { fields: {}, headers: { authorization: `Basic ${btoa(`${client.client_id}:${secret}`)}` } };
  }
  const redeem = (client: Client, code: string | null, more: Fields = {}): Promise<Answer> => {
    const { fields, headers } = proof(client);
    const grant = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: CALLBACK };
    return post(at('/token'), { ...grant, ...fields, ...more }, headers);
  };
  const userinfo = (token: unknown, init: RequestInit = {}): Promise<Answer> =>
    call(at('/userinfo'), { headers: { authorization: `Bearer ${String(token)}` }, ...init });
  async function verified(jwt: unknown, audience: string, alg = 'RS256'): Promise<JWTPayload> {
    const { json } = await call(at('/jwks'));
    const keys = createLocalJWKSet(json as { keys: [] } & Json);
    const { payload } = await jwtVerify(String(jwt), keys, { issuer: at(''), audience, algorithms: [alg] });
    return payload;
  }
  /** A whole flow of a type that brings a code, as far as the tokens. */
  async function tokens(user: User, client: Client, more: Fields = {}) {
    const request = asked(client, more);
    const landed = await browse(app, user, pathOf(request));
    const { status, json, text } = await redeem(client, landed.said.get('code'));
    if (status !== 200)
      throw new Error(`no tokens: ${status} ${text} ${landed.said.toString()} ${landed.text.slice(0, 200)}`);
    return { request, landed, json, claims: await verified(json['id_token'], client.client_id) };
  }
  return { at, sendJson, register, proof, redeem, userinfo, verified, tokens };
}

type Shown = { readonly key: string; readonly cert: string } | undefined;
/** A call with a client certificate: `fetch` shows none. */
export const withCertificate = (
  url: string,
  shown: Shown,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
) =>
  new Promise<{ status: number; json: Json }>((resolve, reject) => {
    const asked = httpsRequest(url, { method, headers, ca: CA.cert, ...shown, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, json: (text.startsWith('{') ? JSON.parse(text) : {}) as Json }),
      );
    });
    asked.on('error', reject).end(body);
  });
