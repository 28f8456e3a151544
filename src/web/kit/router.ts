import createError from 'http-errors';
import type { Context } from 'koa';
import { errors, type default as Provider } from 'oidc-provider';
import type { Config } from '../../config.ts';
import type { Links } from '../../domain/account-session.ts';
import type { Parts } from '../../parts.ts';
import type { Assets } from './assets.ts';
import { charsetOf, parseForm, parseJson, readBody } from './body.ts';
import { deviceNameOf, deviceOf, markKnown } from './device.ts';
import { flowVisit, journeyCookies } from './flow.ts';
import { checkCsrf, csrfToken } from './form.ts';
import { linkToken } from './link.ts';
import { countedAs, turnedAway } from './metered.ts';
import { frameOf, stoppedNow } from './frame.ts';
import { pageBefore } from './page-before.ts';
import type { AccountVisit, DoorVisit, InteractionVisit, Protocol, Reply, Row, Visit } from './row.ts';
import { send } from './send.ts';
import { tableOf } from './table.ts';
import type { StaffGuard, StaffRow } from './staff-row.ts';

export type Tools = {
  readonly config: Config;
  readonly parts: Parts;
  readonly provider: () => Provider;
  /** When the answer comes, the provider of this process has the keys of now. */
  readonly refreshKeys: () => Promise<void>;
  readonly assets: Assets;
  /** Ends the session of this browser; tells whether there was one. */
  readonly endSession: (ctx: Context) => Promise<boolean>;
  readonly account: AccountGuard;
  readonly links: Links;
  readonly staff: StaffGuard;
  readonly protocol: (ctx: Context) => Protocol;
  /** What a browser sees whose interaction is stale, finished, or not here. */
  readonly stale: (ctx: Context, uid: string) => Promise<Reply>;
};

/** Who stands at the door of `/cuenta`. */
export type AccountGuard = {
  enter(ctx: Context, wish: { readonly fresh: boolean }): Promise<Entry>;
  door(ctx: Context): Omit<DoorVisit, keyof Visit>;
};
type Entry =
  | { readonly kind: 'elsewhere'; readonly to: string }
  /** `token`: what the forms of this session are bound to. */
  | { readonly kind: 'in'; readonly token: string; readonly visit: Omit<AccountVisit, keyof Visit> };

const FORM_LIMIT = 32 * 1024;

/** The table becomes middleware. Every row passes the same checks in the same order. */
export function router(rows: readonly (Row | StaffRow)[], tools: Tools): ReturnType<typeof tableOf> {
  const { emulator, conformance } = tools.config;
  const isThere = ({ who }: Row | StaffRow) =>
    (who !== 'emulator' || emulator) && (who !== 'conformance' || conformance);
  const there = rows.filter(isThere);
  const shown = new Set(there.filter(({ method }) => method === 'GET').map(({ path }) => path));
  const table = tableOf(there, async (ctx, row) => {
    ctx.state['alsoShown'] = shown.has(row.path);
    countedAs(ctx, row.path);
    send(ctx, await guarded(ctx, row, { ...tools, shows: table.shows }));
  });
  return table;
}

type Answering = Tools & { readonly shows: (path: string) => boolean };

async function guarded(ctx: Context, row: Row | StaffRow, tools: Answering): Promise<Reply> {
  const { config, parts } = tools;
  const network = String(ctx.state['network']);
  const taken = parts.limits.take({ row: `${row.method} ${row.path}`, network, limit: row.limit, now: parts.clock() });
  // Asked for together with the limit: one wait less. Only a browser that has an interaction costs a look.
  const asked = row.who === 'interaction' ? interactionOf(ctx, tools) : undefined;
  asked?.catch(() => undefined);
  if (!(await taken)) {
    turnedAway(parts, 'limit');
    throw createError(429);
  }
  if (row.method === 'POST') ownPagesOnly(ctx, config);
  const body = row.method === 'POST' ? await bodyOf(ctx, row) : undefined;
  const stopped = await stoppedNow(parts);
  const about = (csrf: string): Visit => ({
    config,
    frame: { ...frameOf(ctx, config, tools.assets), stopped },
    path: ctx.path,
    params: paramsOf(ctx),
    query: new URLSearchParams(ctx.querystring),
    body,
    wantsJson: Boolean(ctx.is('application/json')),
    csrf,
    network,
    source: String(ctx.state['source']),
    requestId: String(ctx.state['requestId']),
    helpCode: String(ctx.state['helpCode']),
  });
  if (row.who === 'session') {
    const session = { endSession: () => tools.endSession(ctx) };
    return row.act({ ...about(''), ...session }, parts);
  }
  const keys = parts.vault.signing('forms');
  if (row.who === 'door') return row.act({ ...about(''), ...tools.account.door(ctx) }, parts);
  if (row.who === 'staff-door') return row.act({ ...about(''), ...tools.staff.door(ctx) }, parts);
  if (row.who === 'staff') {
    const entry = await tools.staff.enter(ctx, {
      ...{ may: row.may, fresh: row.fresh === true },
      back: pageBefore(ctx, { origin: config.origin, shows: tools.shows }),
    });
    if (entry.kind === 'denied') {
      ctx.state['denied'] = true;
      throw createError(403);
    }
    if (entry.kind === 'elsewhere') return { status: 303, to: entry.to };
    if (row.method === 'POST') checkCsrf(keys, entry.token, body);
    // What is not there was guessed, or is over: somebody may be trying one after another.
    const missed = async (status: number) => {
      if (row.path.includes(':') && (status === 404 || status === 410)) await tools.staff.missed(entry.visit, row.may);
    };
    const acting = row.act({ ...about(csrfToken(keys[0], entry.token)), ...entry.visit }, parts);
    const reply = await acting.catch(async (error: unknown) => {
      if (createError.isHttpError(error)) {
        // The form was ours, so it is she who may not.
        ctx.state['denied'] = error.status === 403;
        await missed(error.status);
      }
      throw error;
    });
    await missed(reply.status);
    return reply;
  }
  if (row.who === 'account') {
    const entry = await tools.account.enter(ctx, { fresh: row.fresh === true });
    if (entry.kind === 'elsewhere') return { status: 303, to: entry.to };
    if (row.method === 'POST') checkCsrf(keys, entry.token, body);
    return row.act({ ...about(csrfToken(keys[0], entry.token)), ...entry.visit }, parts);
  }
  if (row.who === 'link') return linkReply(ctx, { row, body, about, tools });
  if (row.who === 'emulator') return row.act({ ...about(''), refreshKeys: tools.refreshKeys }, parts);
  if (row.who === 'conformance')
    return row.act({ ...about(''), protocol: tools.protocol(ctx), header: (name) => ctx.get(name) }, parts);
  if (row.who === 'flow') {
    const flow = flowVisit(ctx, tools);
    const bound = `flow ${flow.device}`;
    if (row.method === 'POST') checkCsrf(keys, bound, body);
    return row.act({ ...about(csrfToken(keys[0], bound)), ...flow }, parts);
  }
  if (row.who !== 'interaction') return row.act(about(''), parts);

  const { uid = '' } = paramsOf(ctx);
  const visit = await interactionVisit(ctx, { row, uid, tools, details: await asked });
  if (!visit) return row.lost ? row.lost(about(''), parts) : tools.stale(ctx, uid);
  if (row.method === 'POST') checkCsrf(keys, uid, body);
  const { keepJourney } = journeyCookies(ctx, config);
  return row.act({ ...about(csrfToken(keys[0], uid)), ...visit, keepJourney }, parts);
}

type Link = {
  readonly row: Row & { who: 'link' };
  readonly body: unknown;
  readonly about: (csrf: string) => Visit;
  readonly tools: Tools;
};

/** The form is bound to the link that was opened in this browser. */
async function linkReply(ctx: Context, { row, body, about, tools }: Link): Promise<Reply> {
  const { config, parts, links } = tools;
  const { fresh, token } = linkToken(ctx, config);
  if (fresh) return { status: 303, to: ctx.path };
  const keys = parts.vault.signing('forms');
  const what = `${row.path} ${token ?? ''}`;
  if (row.method === 'POST') checkCsrf(keys, what, body);
  return row.act({ ...about(csrfToken(keys[0], what)), token, links }, parts);
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

const interactionOf = (ctx: Context, { provider }: Tools): Promise<Details | undefined> =>
  provider()
    .interactionDetails(ctx.req, ctx.res)
    .catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    });

type Interaction = {
  readonly row: Row & { who: 'interaction' };
  readonly uid: string;
  readonly tools: Tools;
  readonly details: Details | undefined;
};
type Found = Omit<InteractionVisit, keyof Visit>;

async function interactionVisit(ctx: Context, { row, uid, tools, details }: Interaction): Promise<Found | undefined> {
  const { config, parts } = tools;
  const provider = tools.provider();
  if (details?.uid !== uid) return undefined;
  const prompt = details.prompt.name;
  if (row.prompt !== 'any' && !row.prompt.split(' or ').includes(prompt)) throw createError(403);
  const client = await parts.clients.byId(String(details.params['client_id']));
  if (!client) return undefined;
  ctx.state['uiLocales'] = details.params['ui_locales'];
  const device = deviceOf(ctx, parts, config);
  return {
    uid,
    here: `/ingresar/${uid}?rp=${encodeURIComponent(client.id)}`,
    prompt,
    details: details.prompt.details,
    session: details.session && { accountId: details.session.accountId, uid: details.session.uid },
    client,
    asked: details.params,
    device,
    deviceName: deviceNameOf(ctx.get('user-agent')),
    markDevice: () => markKnown(ctx, device, config),
    // What `interactionResult` does, without reading again what was read for this very request.
    async finish(result) {
      details.result = 'error' in result ? result : { ...details.lastSubmission, ...result };
      await details.persist();
      return details.returnTo;
    },
    kept: details.result?.['kept'],
    keep: async (kept) => {
      await provider.interactionResult(ctx.req, ctx.res, { kept }, { mergeWithLastSubmission: false });
    },
    async meanwhile() {
      const now = await interactionOf(ctx, tools);
      return { kept: now?.result?.['kept'], to: now?.result?.login && now.returnTo };
    },
  };
}

/** Forms come from pages of ours: browsers say so in two headers, other programs in none. */
function ownPagesOnly(ctx: Context, { origin }: Config): void {
  if ((ctx.get('origin') || origin) !== origin) throw createError(403);
  if (!['', 'same-origin', 'none'].includes(ctx.get('sec-fetch-site'))) throw createError(403);
}

async function bodyOf(ctx: Context, row: Row | StaffRow): Promise<unknown> {
  // The suite posts nothing, to an address that says it all.
  if (row.who === 'conformance' && ctx.get('content-type') === '') return {};
  if (ctx.is('application/x-www-form-urlencoded')) {
    return parseForm(await readBody(ctx.req, FORM_LIMIT), charsetOf(ctx.get('content-type')));
  }
  // As `curl -X POST` sends it.
  if (row.who === 'emulator' && ctx.get('content-type') === '' && !ctx.request.length) return undefined;
  if (row.who === 'emulator' && ctx.is('application/json')) return parseJson(await readBody(ctx.req, FORM_LIMIT));
  throw createError(415);
}

function paramsOf(ctx: Context): Readonly<Record<string, string>> {
  const params: unknown = (ctx as Context & { params?: unknown }).params;
  return { ...(params as Record<string, string>) };
}
