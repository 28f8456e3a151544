import type { Knex } from 'knex';
import { createFunctions as earlierFunctions } from './0003-step.ts';

/** Guessing at the passwords of many at once shows in nobody's own counters: everybody's tries are counted by the minute. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table tries_by_minute (
      minute bigint not null,
      part smallint not null,
      tried integer not null,
      succeeded integer not null,
      primary key (minute, part)
    );
    comment on table tries_by_minute is 'of all people, from contexts that nobody knew';
    comment on column tries_by_minute.part is 'any of sixteen: so many can be counted at the same moment';

    create table alarms (
      name text primary key,
      until_at bigint not null
    );
    insert into alarms values ('guessing', 0);

    create function count_everyone(now_ms bigint, tried_more integer, succeeded_more integer) returns void language sql as $$
      insert into tries_by_minute as t values (now_ms / 60000, floor(random() * 16), tried_more, succeeded_more)
      on conflict (minute, part) do update set tried = t.tried + tried_more, succeeded = t.succeeded + succeeded_more
    $$;
  `);
  await createSpend(db);
  await db.raw(`
    -- forgive_attempts stays for processes of the version before, while they are replaced one by one.
    create function take_back_attempts(tries jsonb, now_ms bigint) returns void language plpgsql as $$
    declare
      try record;
    begin
      for try in
        select decode(t ->> 'key', 'hex') as key, decode(t ->> 'member', 'hex') as person, t ->> 'forgives' as forgives, (t ->> 'free')::integer as free
        from jsonb_array_elements(tries) t where t ->> 'then' <> 'alarm' order by 1
      loop
        if try.person is not null then
          delete from people_tried where source = try.key and person = try.person;
        elsif try.forgives = 'all' then
          delete from attempts where key = try.key;
        else
          update attempts set failures = greatest(failures - 1, 0), until_at = case when failures - 1 < try.free then 0 else until_at end
          where key = try.key;
        end if;
      end loop;
      for try in select t ->> 'forgives' as forgives from jsonb_array_elements(tries) t where t ->> 'then' = 'alarm' loop
        if try.forgives = 'all' then
          perform count_everyone(now_ms, 0, 1);
        else
          perform count_everyone(now_ms, -1, 0);
        end if;
      end loop;
    end $$;
  `);
}

/** Counts tries before anybody looks at them. */
export async function createSpend(db: Knex): Promise<void> {
  await db.raw(`
    create or replace function spend_attempts(tries jsonb, now_ms bigint) returns bigint language plpgsql as $$
    declare
      try record;
      everyone boolean;
      counter attempts%rowtype;
      latest bigint := 0;
      stepping boolean := false;
      tally integer;
      begun bigint;
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
        insert into attempts values (try.key, 0, now_ms, now_ms, 0) on conflict do nothing;
        select * into counter from attempts where key = try.key for update;
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
        update attempts set failures = tally, first_at = begun, last_at = now_ms, until_at = case
          when try.consequence = 'step' then 0
          when tally >= try.ceiling then begun + try.span
          when tally >= try.free then now_ms + (try.waits ->> least(tally - try.free, jsonb_array_length(try.waits) - 1))::bigint
          else 0 end
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
  await db.raw(`
    drop function take_back_attempts;
    drop function forgive_attempts;
    drop function spend_attempts;
    drop function count_everyone;
    drop table alarms, tries_by_minute;
  `);
  await earlierFunctions(db);
}
