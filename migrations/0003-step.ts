import type { Knex } from 'knex';
import { down as dropFunction, up as firstFunction } from './0002-attempts-spent.ts';

/** Guessing from many places, or over many people, must end too: counters that ask for a step, and codes by mail. */
export async function up(db: Knex): Promise<void> {
  await dropFunction(db);
  await db.raw(`
    create table people_tried (
      source bytea not null,
      person bytea not null,
      at bigint not null,
      primary key (source, person)
    );
    comment on table people_tried is 'whose passwords were tried from one address; both sides keyed HMACs';
    create index on people_tried (at);

    create table codes (
      id bigint generated always as identity primary key,
      purpose text not null,
      binding bytea not null,
      account_id uuid references accounts on delete cascade,
      hash bytea not null,
      tries integer not null default 0,
      created_at bigint not null,
      expires_at bigint not null,
      used_at bigint
    );
    comment on column codes.hash is 'HMAC under a key outside the database';
    comment on column codes.binding is 'hash of the browser and the page that asked';
    comment on column codes.account_id is 'null for who must not notice that there is no code';
    create index on codes (binding);
    create index on codes (account_id, created_at) where account_id is not null;
    create index on codes (expires_at);
  `);
  await createFunctions(db);
}

/** As they were until counters of everybody came (0004). */
export async function createFunctions(db: Knex): Promise<void> {
  await db.raw(`
    create function spend_attempts(tries jsonb, now_ms bigint) returns bigint language plpgsql as $$
    declare
      try record;
      counter attempts%rowtype;
      latest bigint := 0;
      stepping boolean := false;
      tally integer;
      begun bigint;
    begin
      -- Always in the order of the keys, so that two tries never wait for each other.
      for try in
        select decode(t ->> 'key', 'hex') as key, t ->> 'then' as consequence, (t ->> 'free')::integer as free, (t ->> 'window')::bigint as span
        from jsonb_array_elements(tries) t where t ->> 'member' is null order by 1
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
        from jsonb_array_elements(tries) t where t ->> 'member' is null
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
      return case when stepping then -1 else 0 end;
    end $$;

    create function forgive_attempts(tries jsonb) returns void language plpgsql as $$
    declare
      try record;
    begin
      for try in
        select decode(t ->> 'key', 'hex') as key, decode(t ->> 'member', 'hex') as person, t ->> 'forgives' as forgives, (t ->> 'free')::integer as free
        from jsonb_array_elements(tries) t order by 1
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
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop function forgive_attempts; drop function spend_attempts; drop table codes, people_tried');
  await firstFunction(db);
}
