import type { Context, Middleware, Next } from 'koa';
import type { Config } from '../../config.ts';
import { begunCookies } from '../../domain/cookie-names.ts';
import type { Parts } from '../../parts.ts';
import type { Assets } from './assets.ts';
import { cheapAnswers, wantsPage } from './cheap-answers.ts';
import { knownDeviceOf } from './device.ts';
import { gate, precedence, type Gate } from './gate.ts';
import { countedAs, turnedAway } from './metered.ts';
import { giveTurn, takeTurn, turnOf, waitingRoom, type Turn } from './waiting-room.ts';

/** Milliseconds that a form waits for its hash: nobody feels less. */
const LONG = 500;
/** Milliseconds: how often it is looked whether the process comes late. */
const TICK = 20;
/** So many requests a minute of one browser, or one sign-in, come before those of others: a cookie may be copied. */
const A_MINUTE = { device: 600, signIn: 30 };
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
  /** Milliseconds that only grow. */
  readonly stopwatch?: () => number;
};

const elapsed = () => performance.now();

/** Whoever may come in leaves by it; undefined: she has her answer. */
type Way = (() => void) | undefined;

/**
 * Over capacity, browsers in which nobody has signed in before wait, cheaply and before anything is asked of the stores
 * tokens, discovery and people on their own devices go on. Who wants to begin a sign-in gets a number and a page
 * that says how long it takes; who has begun one goes on before her. Stands before everything that costs.
 */
export function strangersLast({ config, assets, parts, door = gate(), stopwatch = elapsed }: Tools): Middleware {
  const { hasher, meters, clock } = parts;
  const comesFirst = precedence(clock, A_MINUTE.device);
  const goesOn = precedence(clock, A_MINUTE.signIn);
  const room = waitingRoom({
    stopwatch,
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
  const toWait = (ctx: Context, seconds: number): Way => {
    told(ctx);
    answers.line(ctx, seconds);
    return undefined;
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
    // The page's own script comes in with the page.
    if (seconds > 0 || !wantsPage(ctx)) return toWait(ctx, seconds);
    if (!room.take(turn)) return toWait(ctx, 1);
    const leave = await door.enter('first');
    room.took(turn, leave !== undefined);
    if (!leave) return toWait(ctx, 1);
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

/** The number of the sign-in that this page belongs to, when the browser has begun it. */
function begunWith(ctx: Context, config: Config): string | undefined {
  const { interaction, resume } = begunCookies(config);
  const name = ctx.path.startsWith(BEGINS) ? resume : interaction;
  const begun = ctx.cookies.get(name, { signed: true });
  return begun !== undefined && ctx.path.split('/').includes(begun) ? begun : undefined;
}
