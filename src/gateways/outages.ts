import { asUnavailable, type Store, type Unavailable } from '../domain/fault.ts';

/** What met an error. */
export type Meeting = {
  /** Says it in a line of its own: for whatever is not the store's absence. */
  readonly tell: () => void;
  /** A request that was refused; else it is work that is tried again by itself. */
  readonly request?: boolean;
  /** Whose the error is, where it does not say so. */
  readonly store?: Store;
};

/** Stores that are away, each told of once and not by everybody who misses it. */
export interface Outages {
  met(error: unknown, meeting: Meeting): void;
  isAway(store: Store): boolean;
  /** Nobody will tell of its end any more. */
  end(): void;
}

/** Milliseconds. */
const PACE = {
  /** Between two questions whether it is back. */
  ask: 1000,
  /** Who answers later than that has as much to do with it as the question. */
  prompt: 200,
  /** So long nobody must have missed it until it counts as back: one that comes and goes is one outage. */
  quiet: 5000,
  /** Between two lines while it lasts. */
  tell: 60_000,
};
/** Milliseconds since anything, and a wait for so many. */
export type Time = { readonly now: () => number; readonly pause: (ms: number) => Promise<void> };
const TIME: Time = {
  now: () => performance.now(),
  pause: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref();
    }),
};
/** More at once are no mistake of one question. */
const MOST_HELD = 1000;

type Needs = {
  readonly log: Readonly<
    Record<'warn' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>
  >;
  /** Whether it is there and takes changes. */
  readonly answers: (store: Store) => Promise<boolean>;
  readonly time?: Time;
};

/**
 * Of each store by itself, and in each process by itself: one line when it goes away, one a minute, one when it is back.
 * Everything else has its own line each time, and so has an answer that came too late from a store that answers others.
 */
export function createOutages(needs: Needs): Outages {
  const watches = { postgres: watchOf('postgres', needs), redis: watchOf('redis', needs) };
  return {
    met(error, meeting) {
      const away = asUnavailable(error);
      const store = away?.part === 'store' ? (away.store ?? meeting.store) : undefined;
      if (!away || !store) meeting.tell();
      else watches[store].met({ ...meeting, away });
    },
    isAway: (store) => watches[store].isAway(),
    end() {
      for (const { end } of Object.values(watches)) end();
    },
  };
}

type Met = Meeting & { readonly away: Unavailable };
type Outage = {
  readonly since: number;
  /** When it was told of, and missed, for the last time. */
  told: number;
  missed: number;
  requests: number;
  work: number;
  err: unknown;
  answers: boolean;
};

function watchOf(store: Store, { log, answers, time = TIME }: Needs) {
  let outage: Outage | undefined;
  /** Who was not answered in time, or may have asked wrongly, until it is known why. */
  const held: Met[] = [];
  let [watching, isOver] = [false, false];

  const figures = ({ since, requests, work }: Outage, until: number) => {
    const seconds = Math.round((until - since) / 1000);
    return { part: store, requests, work, seconds };
  };
  function count({ away, request = false }: Met): void {
    const now = time.now();
    const err = away.cause ?? away;
    if (!outage) {
      outage = { since: now, told: now, missed: now, requests: 0, work: 0, err, answers: false };
      log.error({ part: store, err }, 'a part is away');
    }
    outage[request ? 'requests' : 'work'] += 1;
    Object.assign(outage, { missed: now, err });
  }
  const settle = (met: readonly Met[], isThere: boolean) => {
    for (const each of met)
      if (isThere) each.tell();
      else count(each);
  };
  function tellOn(going: Outage): void {
    going.told = time.now();
    log.warn({ ...figures(going, going.told), err: going.err }, 'a part is still away');
  }
  async function look(): Promise<void> {
    const asked = time.now();
    const isThere = await answers(store).catch(() => false);
    const now = time.now();
    settle(held.splice(0), isThere && now - asked < PACE.prompt);
    if (!outage) return;
    outage.answers = isThere;
    if (isThere && now - outage.missed >= PACE.quiet) {
      log.warn(figures(outage, outage.missed), 'a part is back');
      outage = undefined;
    } else if (now - outage.told >= PACE.tell) tellOn(outage);
  }
  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    await look();
    while (outage || held.length > 0) {
      await time.pause(PACE.ask);
      await look();
    }
    watching = false;
  }
  return {
    met(met: Met): void {
      if (!met.away.doubtful || (outage && !outage.answers)) count(met);
      else held.push(met);
      if (held.length > MOST_HELD) settle(held.splice(0), false);
      void watch();
    },
    isAway: () => outage !== undefined && !outage.answers,
    end(): void {
      settle(held.splice(0), outage === undefined);
      // What is closed afterwards misses it too.
      if (outage && !isOver) tellOn(outage);
      isOver = true;
    },
  };
}
