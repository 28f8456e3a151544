import type { Parts } from '../parts.ts';

/** What is noted between two writes at most, in the name of one site and in all: a flood costs no more. */
export const ROOM = { site: 20, all: 200 } as const;
const REST_MS = 1000;

type Needs = Pick<Parts, 'afterwards' | 'meters'>;

/**
 * Gathers what is written once a second at most, and then together. What finds no room, or cannot be written, is counted
 * and let go: nobody waits for it.
 */
export function gatherer<Item>(
  { afterwards, meters }: Needs,
  write: (items: readonly Item[]) => Promise<void>,
): { readonly hasRoom: (site: string) => boolean; readonly add: (item: Item) => void } {
  const [kept, crowded, lost] = (['kept', 'crowded', 'lost'] as const).map((outcome) =>
    meters.count('claveunica_site_steps_total', { outcome }),
  );
  let items: Item[] = [];
  let noted = new Map<string, number>();
  let isResting = false;

  const flush = () => {
    const all = items;
    items = [];
    noted = new Map();
    afterwards(async () => {
      try {
        await write(all);
        for (const _one of all) kept?.add();
      } catch (error) {
        for (const _one of all) lost?.add();
        throw error;
      } finally {
        setTimeout(wake, REST_MS).unref();
      }
    });
  };
  const wake = () => {
    isResting = items.length > 0;
    if (isResting) flush();
  };
  return {
    /** Takes its place, too. */
    hasRoom(site) {
      const mine = noted.get(site) ?? 0;
      if (mine >= ROOM.site || items.length >= ROOM.all) {
        crowded?.add();
        return false;
      }
      noted.set(site, mine + 1);
      return true;
    },
    add(item) {
      items.push(item);
      if (isResting) return;
      isResting = true;
      setImmediate(flush);
    },
  };
}
