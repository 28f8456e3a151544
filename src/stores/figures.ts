import type { Knex } from './connections.ts';

export type Between = { readonly from: number; readonly to: number };
/** How it stands at one office: how many officers have a shift there on that day, and how many stand in its line. */
export type AtOffice = { readonly rostered: number; readonly waiting: number };
export type Places = { readonly office: string; readonly taken: number; readonly capacity: number };

/** How it goes, in figures; of nobody in particular. Milliseconds. */
export interface Figures {
  /** Demand and capacity by office; the empty one is by video. */
  places(between: Between): Promise<readonly Places[]>;
  /** Who did not come. */
  noShows(between: Between): Promise<number>;
  /** How many stand in any line who were seen since. */
  waiting(since: { readonly video: number; readonly office: number }): Promise<number>;
  /** Of these offices, each, on an ISO day; in the line is who was seen since. */
  offices(
    ids: readonly string[],
    about: { readonly day: string; readonly since: number },
  ): Promise<ReadonlyMap<string, AtOffice>>;
  /** Booked hours that are still to come, of one place. */
  due(spot: { readonly channel: string; readonly office: string } & Between): Promise<number>;
}

export function postgresFigures(db: Knex): Figures {
  const count = async (sql: string, values: Readonly<Record<string, string | number>>) => {
    const { rows } = await db.raw<{ rows: { n: string }[] }>(sql, values);
    return Number(rows[0]?.n ?? 0);
  };
  return {
    async places({ from, to }) {
      const { rows } = await db.raw<{ rows: { office: string; taken: string; capacity: string }[] }>(
        `select coalesce(o.name, s.office) as office, sum(s.taken) as taken, sum(s.capacity) as capacity
         from slots s left join offices o on o.id = s.office
         where s.starts_at >= :from and s.starts_at < :to group by 1 having sum(s.capacity) > 0 order by 1`,
        { from, to },
      );
      return rows.map(({ office, taken, capacity }) => ({ office, taken: Number(taken), capacity: Number(capacity) }));
    },
    noShows: ({ from, to }) =>
      count(
        `select count(*) as n from bookings b join slots s on s.id = b.slot_id
         where b.state = 'no-show' and s.starts_at >= :from and s.starts_at < :to`,
        { from, to },
      ),
    waiting: ({ video, office }) =>
      count(
        `select count(*) as n from walk_ins where called_at is null
           and seen_at > case when channel = 'video' then cast(:video as bigint) else cast(:office as bigint) end`,
        { video, office },
      ),
    async offices(ids, { day, since }) {
      const { rows } = await db.raw<{ rows: { id: string; rostered: string; waiting: string }[] }>(
        `select o.id, (select count(distinct officer_id) from rosters r where r.day = :day and r.channel = 'office' and r.office = o.id) as rostered,
           (select count(*) from walk_ins w where w.channel = 'office' and w.office = o.id and w.called_at is null and w.seen_at > :since) as waiting
         from unnest(cast(:ids as text[])) o(id)`,
        { ids: [...ids], day, since },
      );
      return new Map(rows.map((row) => [row.id, { rostered: Number(row.rostered), waiting: Number(row.waiting) }]));
    },
    due: ({ channel, office, from, to }) =>
      count(
        `select count(*) as n from bookings b join slots s on s.id = b.slot_id
         where b.state = 'booked' and s.channel = :channel and s.office = :office and s.starts_at >= :from and s.starts_at < :to`,
        { channel, office, from, to },
      ),
  };
}
