import type { Context, Middleware, Next } from 'koa';
import { messagePage } from '#views/pages/message.ts';
import { render } from '#views/html.ts';
import type { Lang } from '#views/words.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import type { Assets } from './assets.ts';
import { knownDeviceOf } from './device.ts';
import { frameOf } from './frame.ts';
import { countedAs, turnedAway } from './metered.ts';
import { pagePolicy } from './send.ts';

/** Strangers' requests at work at once: at the start, when all goes slowly, and at most. */
const ROOM = { start: 64, least: 8, most: 512 };
/** How many wait for a place, and how long at most (milliseconds). */
const LINE = 256;
const PATIENCE = 2000;
/** Milliseconds: how often it is looked, and what is late. A login takes dozens of turns of the loop: each must be short. */
const TICK = 20;
const LATE = 20;
const RETRY_AFTER = 5;

export type Gate = {
  /** The way out, once there is room; undefined when there is none. */
  enter(): Promise<(() => void) | undefined>;
  /** So many milliseconds later than it wanted did the process come to look. */
  felt(late: number): void;
  /** How it is now. */
  standing(): { readonly room: number; readonly inside: number; readonly waiting: number };
};

/** Whoever is inside is served, the next wait in a line; the room shrinks quickly while the process comes late to everything. */
export function gate(): Gate {
  let room = ROOM.start;
  let inside = 0;
  const line = new Set<() => void>();
  const leave = () => {
    inside -= 1;
    callIn();
  };
  const callIn = () => {
    for (const called of line) {
      if (inside >= room) return;
      inside += 1;
      called();
    }
  };
  return {
    async enter() {
      if (inside < room) {
        inside += 1;
        return leave;
      }
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
    standing: () => ({ room, inside, waiting: line.size }),
  };
}

/** A browser may be copied to a thousand: so many requests a minute come before those of strangers. */
const A_MINUTE = 600;
const DEVICES = 50_000;

/** Whether a device still comes first; counts. */
export function precedence(clock: () => number): (device: string) => boolean {
  let minute = 0;
  let counts = new Map<string, number>();
  return (device) => {
    const now = Math.floor(clock() / 60_000);
    if (now !== minute) {
      minute = now;
      counts = new Map();
    }
    const count = (counts.get(device) ?? 0) + 1;
    if (count > 1 || counts.size < DEVICES) counts.set(device, count);
    return count <= A_MINUTE && counts.has(device);
  };
}

/** Pages of a login. Calls of servers, files and what ends a session never wait for anybody. */
const LOGIN = /^\/(ingresar\/|openid\/authorize)/i;

type Tools = {
  readonly config: Config;
  readonly assets: Assets;
  readonly parts: Pick<Parts, 'clock' | 'hasher' | 'log' | 'meters'>;
  readonly room?: Gate;
};

/**
 * Over capacity, browsers in which nobody has signed in before are turned away, cheaply and before anything is asked of
 * the stores: tokens, discovery and people on their own devices go on. Stands before everything that costs.
 */
export function strangersLast({ config, assets, parts, room = gate() }: Tools): Middleware {
  const comesFirst = precedence(parts.clock);
  const refusal = refusals(config, assets);
  const { hasher, meters } = parts;
  meters.watch('claveunica_strangers', { state: 'inside' }, () => room.standing().inside);
  meters.watch('claveunica_strangers', { state: 'waiting' }, () => room.standing().waiting);
  meters.watch('claveunica_strangers_room', {}, () => room.standing().room);
  let [inside, refused] = [0, 0];
  let watch: NodeJS.Timeout | undefined;
  let due = 0;
  const look = () => {
    const now = performance.now();
    // While all cores hash we wait for the first of them: that is how it should be.
    room.felt(now - due - hasher.quickest());
    due = now + TICK;
  };
  const told = () => {
    if (refused++ > 0) return;
    setTimeout(() => {
      parts.log.warn({ requests: refused }, 'too busy: strangers turned away in ten seconds');
      refused = 0;
    }, 10_000).unref();
  };
  const admit = async (ctx: Context, next: Next): Promise<void> => {
    const device = knownDeviceOf(ctx, config);
    if (device !== undefined && comesFirst(device)) {
      await next();
      return;
    }
    const leave = await room.enter();
    if (!leave) {
      told();
      countedAs(ctx, 'turned-away');
      turnedAway(parts, 'crowd');
      refusal(ctx);
      return;
    }
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

const NONCE = 'NONCE-OF-THIS-ANSWER';
const HELP = 'HELP-CODE-OF-THIS-ANSWER';

/** Rendered once for each language: what is answered so often must cost nothing. */
function refusals(config: Config, assets: Assets): (ctx: Context) => void {
  const pages = new Map<Lang, readonly (Buffer | typeof NONCE | typeof HELP)[]>();
  const made = (ctx: Context) => {
    const frame = { ...frameOf(ctx, config, assets), nonce: NONCE, here: undefined };
    const known = pages.get(frame.lang);
    if (known) return known;
    const to = { href: '', label: frame.words.ways.retry };
    const also = { href: '/ayuda', label: frame.words.ways.help };
    const text = render(messagePage(frame, { kind: 'unavailable', to, also, helpCode: HELP }));
    const page = text
      .split(new RegExp(`(${NONCE}|${HELP})`))
      .map((piece) => (piece === NONCE || piece === HELP ? piece : Buffer.from(piece)));
    pages.set(frame.lang, page);
    return page;
  };
  return (ctx) => {
    ctx.status = 503;
    ctx.set('retry-after', String(RETRY_AFTER));
    ctx.set('cache-control', 'no-store');
    if (ctx.accepts('html', 'json') !== 'html') {
      ctx.body = { error: 'temporarily_unavailable' };
      return;
    }
    const own = {
      [NONCE]: Buffer.from(String(ctx.state['nonce'])),
      [HELP]: Buffer.from(String(ctx.state['helpCode'])),
    };
    ctx.set('content-security-policy', pagePolicy(String(ctx.state['nonce'])));
    ctx.type = 'html';
    ctx.body = Buffer.concat(made(ctx).map((piece) => (typeof piece === 'string' ? own[piece] : piece)));
  };
}
