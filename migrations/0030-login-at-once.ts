import type { Knex } from 'knex';

/** A login asks Postgres once before the hash and once after it: each call costs the process more than the database. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create function attempt_login(at_device bytea, people bytea[], run_keys bytea[], if_known jsonb, if_unknown jsonb, now_ms bigint)
    returns table (
      known boolean, until_at bigint, id uuid, status text, identified text, person bytea, revoked_until bigint,
      updated_at bigint, recovered_at bigint, second_factor boolean, hash text, pepper text, changed_at bigint, compromised_at bigint
    ) language plpgsql as $$
    begin
      known := exists (select from devices d where d.device = at_device and d.person = any(people));
      -- Counted before the password is looked at; who has to wait is not even looked up.
      until_at := spend_attempts(case when known then if_known else if_unknown end, now_ms);
      if until_at <= 0 then
        select a.id, a.status, a.identified, a.person, a.revoked_until, a.updated_at, a.recovered_at, a.second_factor, p.hash, p.pepper, p.changed_at, p.compromised_at
        into id, status, identified, person, revoked_until, updated_at, recovered_at, second_factor, hash, pepper, changed_at, compromised_at
        from accounts a left join passwords p on p.account_id = a.id where a.run_index = any(run_keys) limit 1;
      end if;
      return next;
    end $$;

    create function add_events(events jsonb) returns void language sql as $$
      insert into audit (at, kind, account_id, actor_id, client_id, request_id, network, details)
      select at, kind, "accountId", "actorId", "clientId", "requestId", network, coalesce(details, '{}')
      from jsonb_to_recordset(events) as e(
        at bigint, kind text, "accountId" uuid, "actorId" uuid, "clientId" text, "requestId" text, network text, details jsonb
      )
    $$;

    -- False: nothing was written, as the device is new and nobody has said what a new one brings.
    create function record_login(at_device bytea, people bytea[], device_name text, most integer, events jsonb, if_new jsonb, forgiven jsonb, now_ms bigint)
    returns boolean language plpgsql as $$
    declare
      fresh boolean := false;
      letter json;
    begin
      if at_device is not null then
        update devices set last_at = now_ms, name = device_name, person = people[1] where device = at_device and person = any(people);
        if not found then
          if if_new is null then
            return false;
          end if;
          insert into devices (device, person, first_at, last_at, name) values (at_device, people[1], now_ms, now_ms, device_name)
          on conflict (device, person) do update set last_at = excluded.last_at, name = excluded.name returning xmax = 0 into fresh;
        end if;
      end if;
      perform add_events(events);
      if fresh then
        delete from devices where device = at_device and person in
          (select d.person from devices d where d.device = at_device order by d.last_at desc offset most);
        perform add_events(if_new -> 'events');
        for letter in select value from json_array_elements((if_new -> 'letters')::json) loop
          perform graphile_worker.add_job(if_new ->> 'task', letter, max_attempts := (if_new ->> 'tries')::integer, priority := 0);
        end loop;
      end if;
      -- Last: others at the same address wait for its counter until the end.
      perform take_back_attempts(forgiven, now_ms);
      return true;
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop function record_login; drop function add_events; drop function attempt_login');
}
