import type { Knex } from 'knex';
import { createSpend as earlierSpend } from './0012-alarm.ts';

/**
 * A person's devices are found by the person, and what a request had booked by the request: else each look at either reads
 * the whole table. And each counter of tries says until when it counts, so that it can go then. The indexes that
 * were built beforehand stand (operations.md).
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index if not exists devices_of_person on devices (person);
    create index if not exists bookings_of_case on bookings (case_id);

    -- Of those from before it is not known: they go when they are counted up and over once more.
    alter table attempts add column over_at bigint not null default 9223372036854775807;
    comment on column attempts.over_at is 'from then on it counts for nothing';
    create index on attempts (over_at);

    create or replace function spend_attempts(tries jsonb, now_ms bigint) returns bigint language plpgsql as $$
    declare
      try record;
      everyone boolean;
      counter attempts%rowtype;
      latest bigint := 0;
      stepping boolean := false;
      tally integer;
      begun bigint;
      pause bigint;
    begin
      -- Whoever has to wait hears it without a lock, and so without a commit: a flood must be cheap to turn away.
      select max(until_at) into latest from attempts
      where key in (select decode(t ->> 'key', 'hex') from jsonb_array_elements(tries) t where t ->> 'then' = 'wait');
      if latest > now_ms then
        return latest;
      end if;
      latest := 0;
      -- Always in the order of the keys, so that two tries never wait for each other.
      for try in
        select decode(t ->> 'key', 'hex') as key, t ->> 'then' as consequence, (t ->> 'free')::integer as free, (t ->> 'window')::bigint as span
        from jsonb_array_elements(tries) t where t ->> 'member' is null and t ->> 'then' <> 'alarm' order by 1
      loop
        -- One that was there may be taken away before it is locked: then it is made anew.
        loop
          insert into attempts values (try.key, 0, now_ms, now_ms, 0, now_ms + try.span) on conflict do nothing;
          select * into counter from attempts where key = try.key for update;
          exit when found;
        end loop;
        if try.consequence = 'step' then
          stepping := stepping or (counter.failures >= try.free and now_ms < counter.first_at + try.span);
        else
          latest := greatest(latest, counter.until_at);
        end if;
      end loop;
      if latest > now_ms then
        return latest;
      end if;
      -- After the locks: who tries from one address is counted one at a time.
      for try in
        select decode(t ->> 'key', 'hex') as source, decode(t ->> 'member', 'hex') as person, (t ->> 'free')::integer as free, (t ->> 'window')::bigint as span
        from jsonb_array_elements(tries) t where t ->> 'member' is not null
      loop
        select count(*) into tally from (
          select 1 from people_tried where source = try.source and person <> try.person and at > now_ms - try.span limit try.free
        ) others;
        stepping := stepping or tally >= try.free;
        insert into people_tried values (try.source, try.person, now_ms)
        on conflict (source, person) do update set at = excluded.at;
      end loop;
      for try in
        select decode(t ->> 'key', 'hex') as key, t ->> 'then' as consequence, (t ->> 'free')::integer as free, (t ->> 'ceiling')::integer as ceiling,
               (t ->> 'window')::bigint as span, t -> 'waits' as waits
        from jsonb_array_elements(tries) t where t ->> 'member' is null and t ->> 'then' <> 'alarm'
      loop
        select * into counter from attempts where key = try.key;
        if now_ms >= counter.first_at + try.span then
          counter.failures := 0;
        end if;
        tally := counter.failures + 1;
        begun := case when counter.failures = 0 then now_ms else counter.first_at end;
        pause := case
          when try.consequence = 'step' then 0
          when tally >= try.ceiling then begun + try.span
          when tally >= try.free then now_ms + (try.waits ->> least(tally - try.free, jsonb_array_length(try.waits) - 1))::bigint
          else 0 end;
        update attempts set failures = tally, first_at = begun, last_at = now_ms, until_at = pause,
          over_at = greatest(begun + try.span, pause)
        where key = try.key;
      end loop;
      -- Last, and in one of many rows: everybody is counted there.
      select exists (select from jsonb_array_elements(tries) t where t ->> 'then' = 'alarm') into everyone;
      if everyone then
        perform count_everyone(now_ms, 1, 0);
        stepping := stepping or exists (select from alarms where name = 'guessing' and until_at > now_ms);
      end if;
      return case when stepping then -1 else 0 end;
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index devices_of_person, bookings_of_case; alter table attempts drop column over_at');
  await earlierSpend(db);
}
