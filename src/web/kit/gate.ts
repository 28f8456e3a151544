/** Strangers' requests at work at once: at the start, when all goes slowly, and at most. */
const ROOM = { start: 64, least: 8, most: 512 };
/** How many wait for a place, and how long at most (milliseconds). */
const LINE = 256;
const PATIENCE = 2000;
/** Milliseconds: so late to all that is too much. A login takes dozens of turns of the loop: each must be short. */
const LATE = 20;

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
