import { together, type Knex, type Redis } from './connections.ts';
import { script } from './script.ts';
import { run } from './statement.ts';
import { sweepRows } from './sweep.ts';

/** Reads as a sentence: number, unit, subject. */
export type Limit = `${number} per ${'minute' | 'hour'} per ${'network' | 'member of staff' | 'person'}`;

/** One use of a page by a network, or by a member of staff under her id; `now` in milliseconds. */
export type Use = { readonly row: string; readonly network: string; readonly limit: Limit; readonly now: number };

/** How often a network may use a page. */
export interface Limits {
  take(use: Use): Promise<boolean>;
  /** Takes windows that are over away. */
  sweep(now: number): Promise<void>;
}

const UNITS = { minute: 60_000, hour: 3_600_000 };

/** The window that `now` is in: its name, its end, and how many it holds. */
function windowOf({ row, network, limit, now }: Use) {
  const span = UNITS[limit.includes('minute') ? 'minute' : 'hour'];
  const number = Math.floor(now / span);
  return {
    key: `${row}|${network}|${String(number)}`,
    until: (number + 1) * span,
    span,
    most: Number.parseInt(limit, 10),
  };
}

const COUNT = {
  name: 'limit-take',
  text: `insert into limits (key, points, until_at) values ($1, 1, $2)
    on conflict (key) do update set points = limits.points + 1 returning points`,
};

export function postgresLimits(db: Knex): Limits {
  return {
    async take(use) {
      const { key, until, most } = windowOf(use);
      const [row] = await run<{ points: number }>(db, COUNT, [key, until]);
      return (row?.points ?? 0) <= most;
    },
    async sweep(now) {
      await sweepRows(db, { table: 'limits', over: 'until_at <= :now' }, { now });
    },
  };
}

export function redisLimits(redis: Redis): Limits {
  return {
    async take(use) {
      const { key, span, most } = windowOf(use);
      together(redis);
      const points = await TAKE.call(redis, 1, `cu:l:${key}`, Math.ceil(span * 1.1));
      return Number(points) <= most;
    },
    // Redis forgets by itself.
    sweep: async () => undefined,
  };
}

const TAKE = script(`local points = redis.call('INCR', KEYS[1])
if points == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return points`);
