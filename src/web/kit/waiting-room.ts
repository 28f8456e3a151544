import type { Context } from 'koa';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';

/** Seconds until a browser asks again: half of what it has to wait, within these. */
const LOOKS = { soonest: 5, latest: 30 };
/** Seconds. Whoever has not asked again for so long after she should have, has left; her number stays good. */
const GONE = 15;
/** Numbers are good for so long: a site's own page has long gone stale then. Seconds. */
const NUMBER = 2 * 60 * 60;
/** Beyond so many nobody is counted; they come when those before have. */
const MOST = 50_000;
/** Seconds that people are believed to take from the page to the form; who takes longer has left. */
const TYPING = { most: 10, left: 30 };
/** How much of what can be hashed while people type is let in: at the start, and between which it is learned. */
const SHARE = { start: 0.8, least: 0.05, most: 3 };
/** Of what the process can do at best; with less to do more may come in: many open pages and send no form. */
const WORKING = { from: 0.7, else: 1.5 };
/** Seconds that a crowd is remembered. */
const CROWDED = 30;
/** Seconds until it shows what a change has brought. */
const SHOWS = TYPING.most / 2;
/** Of what was made while people waited for one another, so much is aimed at; and how it goes up and down to there. */
const AIM = { at: 0.8, near: 0.9, down: 0.75, further: 0.9, up: 1.1, gently: 1.02 };

/** A number of the line, kept by the browser alone: since when she waits, in milliseconds. */
export type Turn = { readonly id: string; readonly since: number };

type Needs = {
  /** Milliseconds that only grow: whoever sets the clock back must not hold everybody up. */
  readonly stopwatch: () => number;
  /** People a second that the process can serve at best. */
  readonly atBest: () => number;
  /** Those who are in have to wait for one another. */
  readonly isBusy: () => boolean;
  /** How many were served since the start. */
  readonly made: () => number;
};

export type WaitingRoom = ReturnType<typeof waitingRoom>;

/**
 * The line of those who want to begin a sign-in while enough others are at one. As many may type at once as can be
 * hashed when they send their forms: what is let in too much is lost then, with a password that was typed. How many that
 * is, is learned: less while those inside wait for one another, more while they do not. Who came first comes in first.
 *
 * It asks no store: browsers keep their numbers, and a process counts those who ask it. With several processes each sees
 * its share of all who wait, and lets in its share. Who does not come back with her number is not counted, so that a
 * flood without cookies stands behind everybody.
 */
export function waitingRoom({ stopwatch, atBest, isBusy, made }: Needs) {
  const present = new Map<string, { readonly since: number; readonly until: number }>();
  const arrived = new Map<number, number>();
  const taken = new Set<string>();
  const served = remembered();
  const begun = remembered();
  const sent = remembered();
  /** How many began in each of the last seconds and have not sent a form; whoever began first sends first. */
  let typing: number[] = [];
  let [share, tooMuch, looked, changed, counted] = [SHARE.start, Infinity, stopwatch(), 0, 0];
  let [rate, busyAt] = [0, -Infinity];

  const second = (since: number) => Math.floor(since / 1000);
  const leave = (id: string) => {
    const known = present.get(id);
    if (!known) return;
    present.delete(id);
    const at = second(known.since);
    const left = (arrived.get(at) ?? 1) - 1;
    if (left > 0) arrived.set(at, left);
    else arrived.delete(at);
  };
  const stay = ({ id, since }: Turn, seconds: number) => {
    if (!present.has(id)) {
      if (present.size >= MOST) return;
      arrived.set(second(since), (arrived.get(second(since)) ?? 0) + 1);
    }
    present.set(id, { since, until: stopwatch() + (seconds + GONE) * 1000 });
  };
  const inside = () => typing.reduce((sum, each) => sum + each, 0);
  const best = () => Math.min(atBest(), MOST);
  const window = () => Math.max(1, share * TYPING.most * best());
  const isWorking = () => rate >= WORKING.from * best() || looked < busyAt + CROWDED * 1000;
  const places = () => window() * (isWorking() ? 1 : WORKING.else) - inside();
  /** While people wait for one another, what is made is what can be made. */
  const learn = (seconds: number) => {
    const [now, before] = [made(), counted];
    counted = now;
    rate += ((now - before) / seconds - rate) / 3;
    const isSoon = looked < changed + SHOWS * 1000;
    const to = (next: number) => {
      share = Math.max(SHARE.least, Math.min(SHARE.most, next));
      changed = looked;
    };
    if (isBusy()) {
      const aim = (AIM.at * (now - before)) / seconds / best();
      [tooMuch, busyAt] = [share, looked];
      if (share > aim) to(Math.max(aim, share * AIM.down));
      else if (!isSoon) to(share * AIM.further);
    } else if (!isSoon && inside() > AIM.at * window()) to(share * (share < AIM.near * tooMuch ? AIM.up : AIM.gently));
  };
  const passed = () => {
    const now = stopwatch();
    const seconds = Math.floor((now - looked) / 1000);
    if (seconds < 1) return;
    looked += seconds * 1000;
    learn(seconds);
    typing = [...Array.from({ length: Math.min(seconds, TYPING.left) }, () => 0), ...typing].slice(0, TYPING.left);
    for (const [id, { until }] of present) if (until < now) leave(id);
  };
  const ahead = (since: number) => {
    let before = 0;
    for (const [at, count] of arrived) if (at < second(since)) before += count;
    return before;
  };
  const after = (people: number) => Math.ceil(((people + 1) * TYPING.most) / window());
  return {
    /** Whoever comes now may come in: nobody waits, and there is a place. */
    isOpen(): boolean {
      passed();
      return present.size === 0 && places() >= 1;
    },
    /** Somebody has the page of the sign-in with this number; whoever does not keep its cookie is not counted. */
    begins(signIn: string): void {
      if (begun.has(signIn)) return;
      begun.add(signIn);
      typing[0] = (typing[0] ?? 0) + 1;
    },
    /** Somebody has sent a form of the sign-in with this number. */
    sends(signIn: string): void {
      if (sent.has(signIn)) return;
      sent.add(signIn);
      // Nobody knows which of them: with several processes she may have begun elsewhere.
      const first = typing.findLastIndex((each) => each > 0);
      if (first >= 0) typing[first] = (typing[first] ?? 1) - 1;
    },
    /** Seconds that somebody who comes now will wait. */
    last: () => after(present.size),
    /** Seconds until it is her turn; 0 when it is. */
    wait(turn: Turn): number {
      passed();
      const before = ahead(turn.since);
      if (before + 1 <= places()) return 0;
      const seconds = after(before);
      stay(turn, nextLook(seconds));
      return seconds;
    },
    /** Her number is being used; false when it is already: sent many times at once, it lets one in. */
    take({ id }: Turn): boolean {
      if (taken.has(id)) return false;
      taken.add(id);
      return true;
    },
    /** She is in, and her number was used; or there was no room, and it stays good. */
    took({ id }: Turn, isIn: boolean): void {
      taken.delete(id);
      if (!isIn) return;
      leave(id);
      served.add(id);
    },
    wasServed: ({ id }: Turn) => served.has(id),
    standing() {
      passed();
      return { present: present.size, inside: inside(), window: window() };
    },
  };
}

/** The last so many of them. */
function remembered() {
  const those = new Set<string>();
  return {
    has: (one: string) => those.has(one),
    add(one: string) {
      those.add(one);
      const [oldest] = those;
      if (those.size > MOST && oldest !== undefined) those.delete(oldest);
    },
  };
}

/** Seconds until a browser that has to wait so long asks again. */
export const nextLook = (seconds: number): number =>
  Math.max(LOOKS.soonest, Math.min(LOOKS.latest, Math.ceil(seconds / 2)));

const nameOf = ({ secure }: Config) => (secure ? '__Host-turn' : 'op-turn');

/** The number that the browser was given, as long as it is good. */
export function turnOf(ctx: Context, config: Config, now: number): Turn | undefined {
  if (ctx.cookies.get(nameOf(config), { signed: false }) === undefined) return undefined;
  const [id = '', since = ''] = (ctx.cookies.get(nameOf(config), { signed: true }) ?? '').split('.');
  const turn = { id, since: parseInt(since, 36) };
  return turn.since > now - NUMBER * 1000 ? turn : undefined;
}

/** The next number, for this browser. */
export function giveTurn(ctx: Context, config: Config, { clock, chance }: Pick<Parts, 'clock' | 'chance'>): void {
  setTurn(ctx, config, `${chance(9)}.${clock().toString(36)}`);
}

/** Her number was used, or is too old. */
export const takeTurn = (ctx: Context, config: Config): void => setTurn(ctx, config, null);

function setTurn(ctx: Context, config: Config, value: string | null): void {
  const { secure } = config;
  const kept = { maxAge: NUMBER * 1000, overwrite: true };
  ctx.cookies.set(nameOf(config), value, { signed: true, httpOnly: true, sameSite: 'lax', secure, ...kept });
}
