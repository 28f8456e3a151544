import type { Context, Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { isSite } from '../domain/account-session.ts';
import { nameInBasic } from '../domain/basic.ts';
import { legacyTarget } from '../domain/client.ts';
import { ATTEMPTS, type AuthSeen, type StepKind, type StepOutcome } from '../domain/site-attempt.ts';
import type { Told } from '../domain/site-fault.ts';
import { askedIn, judged, type Sighting } from '../domain/site-sighting.ts';
import type { Config } from '../config.ts';
import type { Parts } from '../parts.ts';
import { gatherer } from './gatherer.ts';
import { isUnproven } from './wire.ts';

type Needs = Pick<Parts, 'afterwards' | 'clients' | 'clock' | 'meters' | 'siteSteps' | 'vault'>;

/** The library's routes that are steps of an attempt. */
const KINDS: Readonly<Record<string, StepKind>> = {
  ...{ pushed_authorization_request: 'request', authorization: 'authorize', resume: 'return', token: 'token' },
  ...{ userinfo: 'userinfo', end_session: 'logout', end_session_confirm: 'logout' },
};
const USERINFO = /^\/openid\/userinfo\/?$/;

/** `extra`: what else names the attempt, as it is given out with this answer. */
type Seen = { readonly outcome: StepOutcome; readonly error?: Error; readonly extra?: unknown };

/**
 * The integration doctor: notes what sites do wrong, and in the emulator what they do right as well, for their developers.
 * Nobody waits for it, and nobody's sign-in fails by it. In production a sign-in that goes well costs nothing here: errors
 * alone are listened to.
 */
export function siteDoctor(parts: Needs, { emulator }: Pick<Config, 'emulator'>) {
  const { clients, clock, siteSteps, vault } = parts;
  const hashed = (id: string) => vault.indexes(id, 'site_steps.link')[0].toString('base64url', 0, 12);

  const siteAt = async (origin: string | undefined): Promise<string | undefined> =>
    origin === undefined ? undefined : (await clients.atOrigin('claveunica', origin))[0]?.id;

  /** Once a second at most. What is in nobody's name is of the site whose attempt it goes on. */
  const box = gatherer<Sighting>(parts, async (all) => {
    const linked = all.map((seen) => ({ seen, links: [...new Set(seen.ids.map(hashed))] }));
    const lost = linked.filter(({ seen }) => seen.clientId === undefined).flatMap(({ links }) => links);
    const owners = new Map(lost.length > 0 ? await siteSteps.owners(lost) : []);
    const steps = [];
    for (const { seen, links } of linked) {
      const owner = links.map((link) => owners.get(link)).find((one) => one !== undefined);
      const id = seen.clientId ?? owner ?? (await siteAt(seen.origin));
      if (id !== undefined) for (const link of links) owners.set(link, owners.get(link) ?? id);
      const client = id === undefined ? undefined : await clients.byId(id);
      // Who has registered itself is in no list of ours.
      if (!client || client.registered !== undefined) continue;
      steps.push({ clientId: client.id, at: seen.at, links, step: judged(seen, client) });
    }
    if (steps.length > 0) await siteSteps.add(steps, ATTEMPTS.steps);
  });

  const note = (ctx: KoaContextWithOIDC, { outcome, error, extra }: Seen): void => {
    const { oidc } = ctx;
    const kind = KINDS[oidc.route];
    const known = oidc.client?.clientId;
    if (kind === undefined || (known !== undefined && !isSite(known))) return;
    // One request may be refused for two reasons, one after the other: the last is the one that is told.
    const before = again(ctx);
    if (!before && !box.hasRoom(known ?? '')) return;
    const sent: Readonly<Record<string, unknown>> = (ctx.method === 'POST' ? oidc.body : ctx.query) ?? {};
    const clientId = known ?? claimedId(ctx, sent);
    if (clientId === undefined ? !emulator || kind !== 'userinfo' : !isSite(clientId)) return;
    const seen: Sighting = {
      ...{ at: clock(), kind, outcome, clientId, told: error && toldBy(error, oidc.route) },
      ids: [...idsIn(ctx, kind, sent), extra].filter(isName),
      ...{ method: ctx.method, contentType: ctx.get('content-type'), asked: askedIn(sent, oidc.params) },
      auth: kind === 'token' || kind === 'request' ? authOf(ctx, sent) : undefined,
      isOldSecret: ctx.state['isOldSecret'] === true,
    };
    if (before) Object.assign(before, seen);
    else box.add((ctx.state[SEEN] = seen));
  };
  /** Of what never comes to the library. */
  const noteCall = (ctx: Context, seen: Pick<Sighting, 'kind' | 'outcome' | 'clientId' | 'origin' | 'told'>): void => {
    if (!box.hasRoom('')) return;
    const nothing = { ids: [], contentType: '', auth: undefined, isOldSecret: false };
    box.add({ ...nothing, at: clock(), method: ctx.method, asked: askedIn(ctx.query), ...seen });
  };
  const refused = (ctx: KoaContextWithOIDC, error: Error): void => note(ctx, { outcome: 'error', error });

  return {
    follow(provider: Provider): void {
      provider.on('authorization.error', refused);
      provider.on('pushed_authorization_request.error', refused);
      provider.on('grant.error', refused);
      provider.on('userinfo.error', refused);
      provider.on('end_session.error', refused);
      provider.on('server_error', refused);
      if (!emulator) return;
      provider.on('interaction.started', (ctx) => note(ctx, { outcome: 'page' }));
      provider.on('authorization.success', (ctx, out) => note(ctx, { outcome: 'code', extra: out?.['code'] }));
      provider.on('pushed_authorization_request.success', (ctx) => note(ctx, { outcome: 'done' }));
      provider.on('grant.success', (ctx) => note(ctx, { outcome: 'done' }));
      provider.on('end_session.success', (ctx) => note(ctx, { outcome: 'done' }));
    },
    /** The library has no event for it; the emulator's alone. */
    watchUserinfo: ((ctx, next) => {
      const watched = async () => {
        await next();
        if ('oidc' in ctx && ctx.status === 200) note(ctx as KoaContextWithOIDC, { outcome: 'done' });
      };
      return USERINFO.test(ctx.path) ? watched() : next();
    }) satisfies Middleware,
    /** A call of the token endpoint that the library does not know for one. */
    noteStray(ctx: Context, clientId: string | undefined): void {
      if (clientId === undefined || !isSite(clientId)) return;
      noteCall(ctx, { kind: 'token', outcome: 'error', clientId, told: { error: '', detail: 'method' } });
    },
    /** Today's logout that ended nothing, as no browser has opened it as a page (CONTRACT, legacy logout). */
    noteUnopened(ctx: Context): void {
      const { redirect } = ctx.query;
      const target = typeof redirect === 'string' ? legacyTarget(redirect, { emulator }) : undefined;
      if (!target || ctx.get('sec-fetch-dest') === 'document') return;
      const told = { error: '', detail: 'not opened' };
      noteCall(ctx, { kind: 'logout', outcome: 'done', clientId: undefined, origin: target.origin, told });
    },
  };
}

const SEEN = 'siteStep';
const again = (ctx: KoaContextWithOIDC): object | undefined => ctx.state[SEEN] as object | undefined;

/** So short a text is no code of ours, and many would send the same. */
const LEAST = 16;
const isName = (value: unknown): value is string => typeof value === 'string' && value.length >= LEAST;
const tail = (uri: unknown): string | undefined => (typeof uri === 'string' ? uri.split(':').at(-1) : undefined);

type Sent = Readonly<Record<string, unknown>>;

function idsIn(ctx: KoaContextWithOIDC, kind: StepKind, sent: Sent): readonly unknown[] {
  const { entities } = ctx.oidc;
  const given: Sent = typeof ctx.body === 'object' && ctx.body !== null ? { ...ctx.body } : {};
  switch (kind) {
    case 'request':
      return [tail(given['request_uri'])];
    case 'authorize':
    case 'return':
      return [entities.Interaction?.uid, /\/authorize\/([\w-]+)/.exec(ctx.path)?.[1], tail(sent['request_uri'])];
    case 'token':
      return [sent['code'], sent['refresh_token'], given['access_token'], given['refresh_token']];
    case 'userinfo':
      return [ctx.get('authorization').split(' ').at(-1), sent['access_token'], ctx.query['access_token']];
    case 'logout':
      return [];
  }
}

/** In whose name a request came that the library refused before it knew. */
function claimedId(ctx: KoaContextWithOIDC, sent: Sent): string | undefined {
  const { client_id: id } = sent;
  if (typeof id === 'string') return id;
  const stray: unknown = ctx.state['strayClient'];
  return typeof stray === 'string' ? stray : nameInBasic(ctx.get('authorization'));
}

function authOf(ctx: KoaContextWithOIDC, { client_secret, client_assertion }: Sent): AuthSeen {
  const header = ctx.get('authorization');
  const all = [header !== '', client_secret !== undefined, client_assertion !== undefined].filter(Boolean);
  if (all.length > 1) return 'two';
  if (header !== '') return /^basic /i.test(header) ? 'basic' : 'other';
  if (client_secret !== undefined) return 'post';
  return client_assertion !== undefined ? 'assertion' : 'none';
}

function toldBy(error: Error, route: string): Told {
  const about = new Map<string, unknown>(Object.entries(error));
  const text = (name: string) => {
    const value = about.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  // What is no error of the protocol is ours, and its words are for the log alone.
  if (about.get('expose') !== true) return { error: 'server_error' };
  const description = text('error_description');
  const told = isUnproven(route, description) ? 'invalid_client' : error.message;
  return { error: told, description, detail: text('error_detail') };
}
