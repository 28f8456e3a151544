import type { Knex } from 'knex';

/** Asking and counting must be one step, or parallel guesses pass together: a function locks, judges and counts. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create function spend_attempts(tries jsonb, now_ms bigint) returns bigint language plpgsql as $$
    declare
      try record;
      counter attempts%rowtype;
      latest bigint := 0;
      tally integer;
      begun bigint;
    begin
      -- Always in the order of the keys, so that two tries never wait for each other.
      for try in select decode(t ->> 'key', 'hex') as key from jsonb_array_elements(tries) t order by 1 loop
        insert into attempts values (try.key, 0, now_ms, now_ms, 0) on conflict do nothing;
        select * into counter from attempts where key = try.key for update;
        latest := greatest(latest, counter.until_at);
      end loop;
      if latest > now_ms then
        return latest;
      end if;
      for try in
        select decode(t ->> 'key', 'hex') as key, (t ->> 'free')::integer as free, (t ->> 'ceiling')::integer as ceiling,
               (t ->> 'window')::bigint as span, t -> 'waits' as waits
        from jsonb_array_elements(tries) t
      loop
        select * into counter from attempts where key = try.key;
        if now_ms >= counter.first_at + try.span then
          counter.failures := 0;
        end if;
        tally := counter.failures + 1;
        begun := case when counter.failures = 0 then now_ms else counter.first_at end;
        update attempts set failures = tally, first_at = begun, last_at = now_ms, until_at = case
          when tally >= try.ceiling then begun + try.span
          when tally >= try.free then now_ms + (try.waits ->> least(tally - try.free, jsonb_array_length(try.waits) - 1))::bigint
          else 0 end
        where key = try.key;
      end loop;
      return 0;
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop function spend_attempts');
}
