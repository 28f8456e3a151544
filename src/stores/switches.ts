import type { Switch } from '../domain/switch.ts';
import type { Knex } from './connections.ts';

/** Which switches are flipped. */
export interface Switches {
  /** `now`: not as it was a moment ago. */
  flipped(now?: boolean): Promise<ReadonlySet<Switch>>;
  set(name: Switch, on: boolean, at: number): Promise<void>;
}

export function postgresSwitches(db: Knex): Switches {
  return {
    async flipped() {
      const rows = await db('switches').where({ flipped: true }).select<{ name: Switch }[]>('name');
      return new Set(rows.map(({ name }) => name));
    },
    async set(name, on, at) {
      await db('switches').insert({ name, flipped: on, at }).onConflict('name').merge();
    },
  };
}

/** Every request asks; Postgres is asked every two seconds at most, so that a flip is seen within five. */
export function cachedSwitches(store: Switches, clock: () => number): Switches {
  const KEPT_MS = 2000;
  let known: { readonly at: number; readonly answer: Promise<ReadonlySet<Switch>> } | undefined;
  return {
    async flipped(fresh = false) {
      const now = clock();
      if (fresh || !known || now - known.at >= KEPT_MS || now < known.at) {
        const asked = { at: now, answer: store.flipped() };
        known = asked;
        asked.answer.catch(() => {
          if (known === asked) known = undefined;
        });
      }
      return known.answer;
    },
    async set(name, on, at) {
      await store.set(name, on, at);
      known = undefined;
    },
  };
}
