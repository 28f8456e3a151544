/** What a browser and a relying party do, step by step, each answer checked. */
import { createHash, randomBytes } from 'node:crypto';
import { createClient, createJar, type Answer, type Client, type Cookies, type Jar } from './client.ts';
import { demoPeople, RP, type Person } from './people.ts';

/** A server as its relying parties know it. */
export type Site = {
  readonly origin: string;
  readonly client: Client;
  readonly discovery: string;
  readonly authorize: string;
  readonly token: string;
  readonly userinfo: string;
};

const people = demoPeople();
const BASIC = `Basic ${Buffer.from(`${RP.id}:${RP.secret}`).toString('base64')}`;
export const RP_ADDRESS = { 'x-forwarded-for': '198.51.100.7', accept: 'application/json' };
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const BROWSER = {
  accept: 'text/html',
  'accept-language': 'es-CL,es;q=0.9',
  'user-agent': 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36',
};

/** New connections to a server; its issuer is the origin, or the origin with `/openid`. */
export async function openSite(origin: string): Promise<Site> {
  const client = createClient(origin);
  const paths = ['/openid/.well-known/openid-configuration', '/.well-known/openid-configuration'];
  for (const discovery of paths) {
    const { status, text } = await client.ask({ path: discovery });
    if (status !== 200) continue;
    const said = JSON.parse(text) as Record<string, unknown>;
    const path = (name: string) => new URL(String(said[`${name}_endpoint`])).pathname;
    const [authorize, token, userinfo] = [path('authorization'), path('token'), path('userinfo')];
    return { origin, client, discovery, authorize, token, userinfo };
  }
  throw new Error(`${origin} has no discovery document`);
}

let networks = 0;
/** Another /24 every time. */
function network(): string {
  networks += 1;
  return `${20 + ((networks >> 16) % 100)}.${(networks >> 8) & 255}.${networks & 255}.7`;
}

let turn = 0;
/** One of the demo people, each in turn. */
const nextPerson = (): Person => people[turn++ % people.length]!;

/** What a person does between the requests of a login. */
export type Manner = {
  /** Asks, as often as it takes. */
  readonly ask?: (step: 'authorize' | 'page' | 'form', once: () => Promise<Answer>) => Promise<Answer>;
  /** Before the form is sent. */
  readonly type?: () => Promise<void>;
};

/** Somebody at a browser: cookies, and the network that it is in. */
export type Visitor = Manner & { readonly person: Person; readonly jar: Jar; readonly address: string };
export const newVisitor = (person = nextPerson(), known?: Cookies): Visitor => ({
  ...{ person, jar: createJar(known, DEVICE), address: network() },
});
/** The cookies that a browser keeps from one login to the next. */
const DEVICE = /device/;

type Page = { readonly path: string; readonly form?: Record<string, string> };
async function visit(site: Site, { jar, address }: Visitor, { path, form }: Page): Promise<Answer> {
  const headers = { ...BROWSER, ...jar.header(path), 'x-forwarded-for': address };
  const answer = await site.client.ask(
    form === undefined
      ? { path, headers }
      : {
          ...{ method: 'POST', path, body: new URLSearchParams(form).toString() },
          headers: { ...headers, ...FORM, origin: site.origin },
        },
  );
  jar.keep(answer.headers['set-cookie']);
  return answer;
}

/** The answer must be that; else the step has failed. */
export function expect(step: string, answer: Answer, good: boolean): void {
  if (good) return;
  const { status, headers, text } = answer;
  const body = text.replace(/<style.*?<\/style>|<[^>]*>|\s+/g, ' ').slice(0, 200);
  throw new Error(`${step}: ${status} ${headers.location ?? body}`);
}

const pathOf = (site: Site, { headers }: Answer): string => {
  const { pathname, search } = new URL(headers.location ?? '', site.origin);
  return pathname + search;
};

export const redirects = ({ status }: Answer) => status === 303 || status === 302;

type Request = { readonly path: string; readonly state: string; readonly nonce: string; readonly verifier: string };
function authorizationRequest(site: Site, id: string = RP.id): Request {
  const [state, nonce, verifier] = [random(), random(), random()];
  const query = new URLSearchParams({
    ...{ client_id: id, redirect_uri: RP.redirectUri, response_type: 'code', scope: RP.scope, state, nonce },
    ...{ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
  });
  return { path: `${site.authorize}?${query.toString()}`, state, nonce, verifier };
}
export const random = () => randomBytes(32).toString('base64url');

/** Code for tokens, as the relying party's server. */
async function redeem(site: Site, back: Answer, { state, nonce, verifier }: Request): Promise<string> {
  const { searchParams } = new URL(back.headers.location ?? '', site.origin);
  const code = searchParams.get('code');
  const good = back.headers.location?.startsWith(RP.redirectUri) && searchParams.get('state') === state;
  expect('callback', back, redirects(back) && code !== null && good === true);
  const body = new URLSearchParams({
    ...{ grant_type: 'authorization_code', code: code ?? '', redirect_uri: RP.redirectUri, code_verifier: verifier },
  });
  const headers = { ...FORM, ...RP_ADDRESS, authorization: BASIC };
  const answer = await site.client.ask({ method: 'POST', path: site.token, headers, body: body.toString() });
  expect('token', answer, answer.status === 200);
  const { access_token, id_token } = JSON.parse(answer.text) as Record<string, string>;
  const said = JSON.parse(Buffer.from(id_token?.split('.')[1] ?? '', 'base64url').toString()) as { nonce?: string };
  expect('ID token', answer, said.nonce === nonce && access_token !== undefined);
  return access_token ?? '';
}

/** Asks who somebody is. */
export async function userinfo(site: Site, token: string): Promise<void> {
  const answer = await site.client.ask({
    path: site.userinfo,
    headers: { ...RP_ADDRESS, authorization: `Bearer ${token}` },
  });
  expect('userinfo', answer, answer.status === 200 && answer.text.includes('"RolUnico"'));
}

const atOnce: NonNullable<Manner['ask']> = (_step, once) => once();

/** A login of somebody who begins at `path`: authorize, page, form. Answers what leads back to the site. */
export async function enter(site: Site, visitor: Visitor, path: string): Promise<Answer> {
  const { ask = atOnce, type } = visitor;
  const begun = await ask('authorize', () => visit(site, visitor, { path }));
  expect('authorize', begun, redirects(begun));
  const page = await ask('page', () => visit(site, visitor, { path: pathOf(site, begun) }));
  const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1];
  expect('page', page, page.status === 200 && action !== undefined);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1];
  await type?.();
  const form = { ...(csrf !== undefined && { csrf }), ...visitor.person };
  const sent = await ask('form', () => visit(site, visitor, { path: action ?? '', form }));
  expect('form', sent, redirects(sent));
  return visit(site, visitor, { path: pathOf(site, sent) });
}

/** A complete login: authorize, page, form, code, token, userinfo. */
export async function logIn(site: Site, visitor: Visitor): Promise<string> {
  const request = authorizationRequest(site);
  const token = await redeem(site, await enter(site, visitor, request.path), request);
  await userinfo(site, token);
  return token;
}

/** As far as the redirect to the login page of somebody who comes from that site. */
export async function authorizeOnce(site: Site, visitor: Visitor, id: string): Promise<void> {
  const begun = await visit(site, visitor, { path: authorizationRequest(site, id).path });
  expect('authorize', begun, redirects(begun) && begun.headers.location?.includes('/ingresar/') === true);
}

/** With a session that lives: authorize, code, token. */
export async function ssoAgain(site: Site, visitor: Visitor): Promise<void> {
  const request = authorizationRequest(site);
  await redeem(site, await visit(site, visitor, { path: request.path }), request);
}

/** What every relying party reads at its start. */
export async function discovery(site: Site): Promise<void> {
  const answer = await site.client.ask({ path: site.discovery, headers: RP_ADDRESS });
  expect('discovery', answer, answer.status === 200 && answer.text.includes('"issuer"'));
}
