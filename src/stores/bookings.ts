import type { Channel } from '../domain/checklist.ts';
import { THERE } from '../domain/presence.ts';
import { ROOM } from '../domain/room.ts';
import type { Place } from '../domain/schedule.ts';
import type { Knex } from './connections.ts';

export type FreePlace = Place & { readonly free: number };
export type BookingState = 'held' | 'booked' | 'cancelled' | 'moved' | 'lapsed' | 'no-show' | 'attended';
/** A place that somebody has, or had. Milliseconds. */
export type Booking = {
  readonly id: string;
  readonly caseId: string;
  readonly state: BookingState;
  readonly holdUntil: number;
  readonly place: Omit<Place, 'capacity'>;
};
export type Where = { readonly channel: Channel; readonly office: string; readonly from: number; readonly to: number };

/** Places and who has them; never more than there are, whoever comes at once. */
export interface Bookings {
  /** Places of some hours that are not over, full ones too, the earliest first. */
  places(where: Where): Promise<readonly FreePlace[]>;
  /** As rosters want it for these hours: what is not in `places` has no capacity beyond what is taken. */
  setPlaces(where: Where, places: readonly Place[]): Promise<void>;
  /** For ten minutes, in place of what she held before. Undefined: it is full, over or gone. */
  hold(hold: {
    readonly id: string;
    readonly caseId: string;
    readonly place: string;
    readonly now: number;
  }): Promise<Booking | undefined>;
  /** What she holds becomes hers, and what she had before frees. Undefined: her time ran out. */
  book(caseId: string, now: number): Promise<Booking | undefined>;
  /** Frees what she has or holds. What it was. */
  free(caseId: string, as: 'cancelled' | 'no-show' | 'attended'): Promise<Booking | undefined>;
  /** What she has, or else holds. */
  of(caseId: string, now: number): Promise<Booking | undefined>;
  /** Frees what was held too long; how many. */
  lapse(now: number): Promise<number>;
  /** Booked ones that begin in these hours, and were not told so yet. They are noted as told. */
  remind(about: {
    readonly what: 'day' | 'hour';
    readonly from: number;
    readonly to: number;
  }): Promise<readonly Booking[]>;
  /** Booked ones that began before, of people who are neither in their line nor in their room now. */
  missed(before: number, now: number): Promise<readonly Booking[]>;
}

type Row = {
  id: string;
  case_id: string;
  state: BookingState;
  hold_until: string;
  slot_id: string;
  channel: Channel;
  office: string;
  starts_at: string;
  ends_at: string;
};
const HOLD = 10 * 60_000;
const JOINED = 'b.id, b.case_id, b.state, b.hold_until, b.slot_id, s.channel, s.office, s.starts_at, s.ends_at';

const read = (row: Row): Booking => ({
  ...{ id: row.id, caseId: row.case_id, state: row.state, holdUntil: Number(row.hold_until) },
  place: {
    ...{ id: row.slot_id, channel: row.channel, office: row.office },
    ...{ startsAt: Number(row.starts_at), endsAt: Number(row.ends_at) },
  },
});

/** One statement: a booking's state, and the place it took. An attended one has used its place up. */
const ending =
  (db: Knex) =>
  async (where: string, values: Readonly<Record<string, unknown>>): Promise<Row[]> => {
    const { rows } = await db.raw<{ rows: Row[] }>(
      `with b as (update bookings set state = :as where ${where} returning *),
            freed as (update slots set taken = taken - n
                      from (select slot_id, count(*) n from b where b.state <> 'attended' group by 1) g where slots.id = g.slot_id)
       select ${JOINED} from b join slots s on s.id = b.slot_id`,
      values,
    );
    return rows;
  };

export function postgresBookings(db: Knex): Bookings {
  const ask = async <T = Row>(sql: string, values: Readonly<Record<string, unknown>>): Promise<T[]> =>
    (await db.raw<{ rows: T[] }>(sql, values)).rows;

  const end = ending(db);
  return {
    async places({ channel, office, from, to }) {
      const rows = await ask<Row & { id: string; capacity: number; taken: number }>(
        `select id, channel, office, starts_at, ends_at, capacity, taken from slots
         where channel = :channel and office = :office and starts_at >= :from and starts_at < :to and capacity > 0 order by starts_at`,
        { channel, office, from, to },
      );
      return rows.map((row) => ({
        ...{ id: row.id, channel: row.channel, office: row.office, capacity: row.capacity },
        ...{ startsAt: Number(row.starts_at), endsAt: Number(row.ends_at), free: row.capacity - row.taken },
      }));
    },
    async setPlaces({ channel, office, from, to }, places) {
      await ask(
        `with wanted as (select * from jsonb_to_recordset(cast(:places as jsonb)) as w(id text, s bigint, e bigint, c int)),
              gone as (update slots set rostered = 0, capacity = taken where channel = :channel and office = :office
                       and starts_at >= :from and starts_at < :to and id not in (select id from wanted))
         insert into slots as old (id, channel, office, starts_at, ends_at, rostered, capacity)
         select id, :channel, :office, s, e, c, c from wanted
         on conflict (id) do update set rostered = excluded.rostered, capacity = greatest(excluded.rostered, old.taken)`,
        {
          ...{ channel, office, from, to },
          places: JSON.stringify(
            places.map(({ id, startsAt, endsAt, capacity }) => ({ id, s: startsAt, e: endsAt, c: capacity })),
          ),
        },
      );
    },
    async hold({ id, caseId, place, now }) {
      // Two who go each to where the other is: both places are taken in one order, so that neither waits for the other.
      await ask(
        `with hers as (select slot_id from bookings where case_id = :caseId and state in ('held', 'booked'))
         select id from slots where id in (select slot_id from hers) or id = :place and exists (select from hers)
         order by id for update`,
        { caseId, place },
      );
      await end(`case_id = :caseId and state = 'held'`, { caseId, as: 'cancelled' });
      const [row] = await ask(
        `with s as (update slots set taken = taken + 1 where id = :place and taken < capacity and starts_at > :now returning *),
              b as (insert into bookings (id, case_id, slot_id, state, at, hold_until)
                    select :id, :caseId, s.id, 'held', :now, :until from s returning *)
         select ${JOINED} from b join s on s.id = b.slot_id`,
        { id, caseId, place, now, until: now + HOLD },
      );
      return row && read(row);
    },
    book: async (caseId, now) =>
      // In one transaction, or in a part of the one it belongs to: two who book at once are one after the other.
      db.transaction(async (trx) => {
        const { rows } = await trx.raw<{ rows: Row[] }>(
          `select ${JOINED} from bookings b join slots s on s.id = b.slot_id
           where b.case_id = :caseId and b.state = 'held' and b.hold_until > :now for update of b`,
          { caseId, now },
        );
        const [held] = rows;
        if (!held) return undefined;
        await ending(trx)(`case_id = :caseId and state = 'booked'`, { caseId, as: 'moved' });
        await trx('bookings').where({ id: held.id }).update({ state: 'booked', at: now });
        return { ...read(held), state: 'booked' };
      }),
    async free(caseId, as) {
      const rows = await end(`case_id = :caseId and state in ('held', 'booked')`, { caseId, as });
      const [row] = rows.sort((a, b) => Number(b.starts_at) - Number(a.starts_at));
      return row && read(row);
    },
    async of(caseId, now) {
      const [row] = await ask(
        `select ${JOINED} from bookings b join slots s on s.id = b.slot_id
         where b.case_id = :caseId and (b.state = 'booked' or b.state = 'held' and b.hold_until > :now) order by b.state limit 1`,
        { caseId, now },
      );
      return row && read(row);
    },
    lapse: async (now) => (await end(`state = 'held' and hold_until <= :now`, { now, as: 'lapsed' })).length,
    async remind({ what, from, to }) {
      const rows = await ask(
        `update bookings b set reminded = reminded || cast(:what as text) from slots s
         where s.id = b.slot_id and b.state = 'booked' and s.starts_at >= :from and s.starts_at < :to
           and not b.reminded @> array[cast(:what as text)] returning ${JOINED}`,
        { what, from, to },
      );
      return rows.map(read);
    },
    async missed(before, now) {
      const rows = await ask(
        `select ${JOINED} from bookings b join slots s on s.id = b.slot_id
         where b.state = 'booked' and s.starts_at < :before
           and not exists (select from walk_ins w where w.case_id = b.case_id and w.called_at is null
             and w.seen_at > case w.channel when 'video' then cast(:video as bigint) else cast(:desk as bigint) end)
           and not exists (select from rooms r where r.case_id = b.case_id and r.citizen_link is not null
             and r.citizen_seen_at > :gone)
         order by s.starts_at limit 500`,
        { before, video: now - THERE.video, desk: now - THERE.office, gone: now - ROOM.gone },
      );
      return rows.map(read);
    },
  };
}
