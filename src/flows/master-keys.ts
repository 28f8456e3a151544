import { REFRESH_TOKEN } from '../domain/lifetimes.ts';
import type { Batch, Left, MasterKeys } from '../stores/master-keys.ts';

/**
 * What was sealed for a short time is gone after so long: sessions, codes, requests, letters on their way within two days,
 * refresh tokens after them.
 */
export const SHORT_LIVED = (REFRESH_TOKEN + 86_400) * 1000;
const BATCH = 500;

/** Told after each batch; answers false when the work has to end here: it goes on another time. */
type Going = (table: string, done: number) => Promise<boolean>;
export type Resealed = { readonly done: number; readonly closed: number };

/** Seals all that older master keys have sealed anew, some rows at a time. Broken off it goes on where it was. */
export async function reseal(keys: MasterKeys, going: Going): Promise<Resealed> {
  let [done, closed] = [0, 0];
  // First of all: from then on nothing hangs on an older key for good.
  await keys.bequeath();
  for (const place of keys.places) {
    let after: Batch['last'];
    do {
      const batch = await keys.reseal(place, { after, size: BATCH });
      done += batch.done;
      closed += batch.closed;
      after = batch.last;
      if (!(await going(place.table, done))) return { done, closed };
    } while (after !== undefined);
  }
  return { done, closed };
}

/** How a master key stands: the first one seals; of the others, what still needs them. Milliseconds. */
export type MasterKey = {
  readonly id: string;
  readonly here: boolean;
  readonly seals: boolean;
  readonly rows: number;
  /** Something short-lived may be sealed by it until then. */
  readonly neededUntil: number | undefined;
  /** It may be taken out of the list. */
  readonly removable: boolean;
};

type Standing = {
  readonly ids: readonly string[];
  readonly left: readonly Left[];
  readonly since: number;
  readonly now: number;
};

export function masterKeys({ ids, left, since, now }: Standing): readonly MasterKey[] {
  const known = [...ids, ...new Set(left.map(({ key }) => key).filter((key) => !ids.includes(key)))];
  return known.map((id, place) => {
    const rows = left.filter(({ key }) => key === id).reduce((sum, each) => sum + each.rows, 0);
    const here = ids.includes(id);
    const until = since + SHORT_LIVED;
    const seals = place === 0;
    const neededUntil = here && !seals && until > now ? until : undefined;
    return { id, here, seals, rows, neededUntil, removable: here && !seals && rows === 0 && neededUntil === undefined };
  });
}
