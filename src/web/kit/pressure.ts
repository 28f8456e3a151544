import type { Context, Middleware, Next } from 'koa';
import { render, type Page } from '#views/html.ts';
import type { Frame } from '#views/layout.ts';
import { linePage as linePageOf } from '#views/pages/line.ts';
import { messagePage } from '#views/pages/message.ts';
import { words, type Lang } from '#views/words.ts';
import type { Config } from '../../config.ts';
import { begunCookies } from '../../domain/cookie-names.ts';
import type { Parts } from '../../parts.ts';
import type { Assets } from './assets.ts';
import { knownDeviceOf } from './device.ts';
import { frameOf, langOf } from './frame.ts';
import { countedAs, turnedAway } from './metered.ts';
import { pagePolicy } from './send.ts';
import { giveTurn, nextLook, takeTurn, turnOf, waitingRoom, type Turn } from './waiting-room.ts';

/** Strangers' requests at work at once: at the start, when all goes slowly, and at most. */
const ROOM = { start: 64, least: 8, most: 512 };
/** How many wait for a place, and how long at most (milliseconds). */
const LINE = 256;
const PATIENCE = 2000;
/** Milliseconds that a form waits for its hash: nobody feels less. */
const LONG = 500;
/** Milliseconds: how often it is looked, and what is late. A login takes dozens of turns of the loop: each must be short. */
const TICK = 20;
const LATE = 20;
const RETRY_AFTER = 5;

/** Whoever goes on with what has begun, or whose turn has come, comes before those who come now. */
export type Rank = 'first' | 'now';

export type Gate = {
  /** The way out, when there is room and nobody in the line. */
  walkIn(): (() => void) | undefined;
  /** The way out, once there is room; undefined when there is none. */
  enter(rank: Rank): Promise<(() => void) | undefined>;
  /** So many milliseconds later than it wanted did the process come to look. */
  felt(late: number): void;
  /** How it is now. */
  standing(): { readonly room: number; readonly inside: number; readonly waiting: Readonly<Record<Rank, number>> };
};

/** Whoever is inside is served, the next wait in a line; the room shrinks quickly while the process comes late to everything. */
export function gate(): Gate {
  let room = ROOM.start;
  let inside = 0;
  const lines: Readonly<Record<Rank, Set<() => void>>> = { first: new Set(), now: new Set() };
  const leave = () => {
    inside -= 1;
    callIn();
  };
  const callIn = () => {
    for (const line of [lines.first, lines.now])
      for (const called of line) {
        if (inside >= room) return;
        inside += 1;
        called();
      }
  };
  const walkIn = () => {
    if (inside >= room) return undefined;
    inside += 1;
    return leave;
  };
  return {
    walkIn,
    async enter(rank) {
      const at = walkIn();
      if (at) return at;
      const line = lines[rank];
      if (line.size >= LINE) return undefined;
      return new Promise((resolve) => {
        const called = () => {
          clearTimeout(timer);
          line.delete(called);
          resolve(leave);
        };
        const timer = setTimeout(() => {
          line.delete(called);
          resolve(undefined);
        }, PATIENCE);
        line.add(called);
      });
    },
    felt(late) {
      room = late > LATE ? Math.max(ROOM.least, Math.floor(room * 0.8)) : Math.min(ROOM.most, room + 1);
      callIn();
    },
    standing: () => ({ room, inside, waiting: { first: lines.first.size, now: lines.now.size } }),
  };
}
/** So many requests a minute of one browser, or one sign-in, come before those of others: a cookie may be copied. */
const A_MINUTE = { device: 600, signIn: 30 };
/** Beyond so many none of a minute is counted, and none comes first. */
const COUNTED = 50_000;

/** Whether this one still comes first; counts. */
export function precedence(clock: () => number, most: number): (who: string) => boolean {
  let minute = 0;
  let counts = new Map<string, number>();
  return (who) => {
    const now = Math.floor(clock() / 60_000);
    if (now !== minute) {
      minute = now;
      counts = new Map();
    }
    const count = (counts.get(who) ?? 0) + 1;
    if (count > 1 || counts.size < COUNTED) counts.set(who, count);
    return count <= most && counts.has(who);
  };
}

/** Pages of a login. Calls of servers, files and what ends a session never wait for anybody. */
const LOGIN = /^\/(ingresar\/|openid\/authorize)/i;
/** Where one begins. */
const BEGINS = '/openid/authorize';
/** These would be too old after the wait, or have nobody who could. */
const CANNOT_WAIT = /(^|&)(request|request_uri|prompt=none)(=|&|$)/;

type Tools = {
  readonly config: Config;
  readonly assets: Assets;
  readonly parts: Pick<Parts, 'chance' | 'clock' | 'hasher' | 'log' | 'meters'>;
  readonly door?: Gate;
};

/** Whoever may come in leaves by it; undefined: she has her answer. */
type Way = (() => void) | undefined;

/**
 * Over capacity, browsers in which nobody has signed in before wait, cheaply and before anything is asked of the stores
 * tokens, discovery and people on their own devices go on. Who wants to begin a sign-in gets a number and a page
 * that says how long it takes; who has begun one goes on before her. Stands before everything that costs.
 */
export function strangersLast({ config, assets, parts, door = gate() }: Tools): Middleware {
  const { hasher, meters, clock } = parts;
  const comesFirst = precedence(clock, A_MINUTE.device);
  const goesOn = precedence(clock, A_MINUTE.signIn);
  const room = waitingRoom({
    clock,
    atBest: () => hasher.standing().aSecond,
    made: () => hasher.standing().made,
    isBusy: () => door.standing().waiting.first > 0 || hasher.standing().waitedMs > LONG,
  });
  const answers = cheapAnswers(config, assets);
  meters.watch('claveunica_strangers', { state: 'inside' }, () => door.standing().inside);
  meters.watch('claveunica_strangers', { state: 'waiting' }, () => {
    const { first, now } = door.standing().waiting;
    return first + now;
  });
  meters.watch('claveunica_strangers_room', {}, () => door.standing().room);
  meters.watch('claveunica_waiting_room', {}, () => room.standing().present);
  let [inside, refused] = [0, 0];
  let watch: NodeJS.Timeout | undefined;
  let due = 0;
  const look = () => {
    const now = performance.now();
    // While all cores hash we wait for the first of them: that is how it should be.
    door.felt(now - due - hasher.quickest());
    due = now + TICK;
  };
  const told = (ctx: Context) => {
    countedAs(ctx, 'turned-away');
    turnedAway(parts, 'crowd');
    if (refused++ > 0) return;
    setTimeout(() => {
      parts.log.warn({ requests: refused }, 'too busy: strangers turned away in ten seconds');
      refused = 0;
    }, 10_000).unref();
  };
  const toWait = (ctx: Context, seconds: number): undefined => {
    told(ctx);
    answers.line(ctx, seconds);
  };
  /** Somebody who wants to begin, and has no number yet. */
  const newcomer = async (ctx: Context): Promise<Way> => {
    const leave = room.isOpen() ? await door.enter('now') : undefined;
    if (leave) return leave;
    giveTurn(ctx, config, parts);
    return toWait(ctx, room.last());
  };
  const nextInLine = async (ctx: Context, turn: Turn): Promise<Way> => {
    const seconds = room.wait(turn);
    // The page's own script, which comes in with the page.
    if (!wantsPage(ctx)) return toWait(ctx, seconds);
    if (seconds > 0) return toWait(ctx, seconds);
    const leave = await door.enter('first');
    if (!leave) return toWait(ctx, 1);
    room.done(turn);
    takeTurn(ctx, config);
    return leave;
  };
  const other = async (ctx: Context, begun?: string): Promise<Way> => {
    const leave = await door.enter(begun !== undefined && goesOn(begun) ? 'first' : 'now');
    if (leave) return leave;
    told(ctx);
    answers.later(ctx);
    return undefined;
  };
  const onward = (ctx: Context): Way | Promise<Way> => {
    const begun = begunWith(ctx, config);
    if (begun !== undefined) room[ctx.method === 'POST' ? 'sends' : 'begins'](begun);
    return door.walkIn() ?? other(ctx, begun);
  };
  const letIn = async (ctx: Context): Promise<Way> => {
    if (ctx.path !== BEGINS) return onward(ctx);
    const turn = turnOf(ctx, config, clock());
    if (!turn && room.isOpen()) {
      const leave = door.walkIn();
      if (leave) return leave;
    }
    if (ctx.method !== 'GET' || CANNOT_WAIT.test(ctx.querystring)) return other(ctx);
    if (turn && !room.wasServed(turn)) return nextInLine(ctx, turn);
    return wantsPage(ctx) ? newcomer(ctx) : other(ctx);
  };
  const admit = async (ctx: Context, next: Next): Promise<void> => {
    const device = knownDeviceOf(ctx, config);
    if (device !== undefined && comesFirst(device)) {
      await next();
      return;
    }
    const leave = await letIn(ctx);
    if (!leave) return;
    if (inside++ === 0) {
      due = performance.now() + TICK;
      watch = setInterval(look, TICK);
    }
    try {
      await next();
    } finally {
      leave();
      if (--inside === 0) clearInterval(watch);
    }
  };
  return (ctx, next) => (LOGIN.test(ctx.path) ? admit(ctx, next) : next());
}

const wantsPage = (ctx: Context) => ctx.accepts('html', 'json') === 'html';

/** The number of the sign-in that this page belongs to, when the browser has begun it. */
function begunWith(ctx: Context, config: Config): string | undefined {
  const { interaction, resume } = begunCookies(config);
  const name = ctx.path.startsWith(BEGINS) ? resume : interaction;
  const begun = ctx.cookies.get(name, { signed: true });
  return begun !== undefined && ctx.path.split('/').includes(begun) ? begun : undefined;
}

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

function cheapAnswers(config: Config, assets: Assets) {
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
