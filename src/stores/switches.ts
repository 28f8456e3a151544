import type { Switch } from '../domain/switch.ts';
import type { Knex } from './connections.ts';

/** Which switches are flipped. */
export interface Switches {
  /** `now`: not as it was a moment ago. */
  flipped(now?: boolean): Promise<ReadonlySet<Switch>>;
  /** The same, and since when; milliseconds. */
  since(now?: boolean): Promise<ReadonlyMap<Switch, number>>;
  set(name: Switch, on: boolean, at: number): Promise<void>;
}

export function postgresSwitches(db: Knex): Switches {
  return {
    flipped: async () => new Set((await flips(db)).keys()),
    since: () => flips(db),
    async set(name, on, at) {
      await db('switches').insert({ name, flipped: on, at }).onConflict('name').merge();
    },
  };
}

async function flips(db: Knex): Promise<ReadonlyMap<Switch, number>> {
  const rows = await db('switches').where({ flipped: true }).select<{ name: Switch; at: string }[]>('name', 'at');
  return new Map(rows.map(({ name, at }) => [name, Number(at)]));
}

/** Every request asks; Postgres is asked every two seconds at most, so that a flip is seen within five. */
export function cachedSwitches(store: Switches, clock: () => number): Switches {
  const KEPT_MS = 2000;
  let known: { readonly at: number; readonly answer: ReturnType<Switches['since']> } | undefined;
  const since = async (fresh = false) => {
    const now = clock();
    if (fresh || !known || now - known.at >= KEPT_MS || now < known.at) {
      const asked = { at: now, answer: store.since() };
      known = asked;
      asked.answer.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    return known.answer;
  };
  return {
    flipped: async (fresh) => new Set((await since(fresh)).keys()),
    since,
    async set(name, on, at) {
      await store.set(name, on, at);
      known = undefined;
    },
  };
}
