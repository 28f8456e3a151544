import type { Knex } from 'knex';

const INDEXES = `
  create index on audit (account_id, at, id);
  create index on audit (actor_id, at, id) where actor_id is not null;
  create index on audit (kind, at, id);
  create index on audit (at, id);
`;

/**
 * A country writes more than a hundred million events a month: each month is a table of its own, so that what is read
 * of a year, and what goes after seven, touches no other. What was recorded before becomes the first of them as it is.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create function month_of(at_ms bigint, months integer) returns bigint language sql immutable as $$
      select (extract(epoch from (date_trunc('month', to_timestamp(at_ms / 1000.0) at time zone 'UTC') + make_interval(months => months)) at time zone 'UTC') * 1000)::bigint
    $$;
    comment on function month_of is 'milliseconds: when the month began in which that was, or so many months later';

    alter table audit rename to audit_first;
    drop trigger only_added on audit_first;
    alter table audit_first alter column id drop identity;
    alter table audit_first drop constraint audit_pkey;
    drop index audit_account_id_at_idx, audit_actor_id_at_idx, audit_kind_id_idx;

    create table audit (
      id bigint generated always as identity,
      at bigint not null,
      kind text not null,
      account_id uuid,
      client_id text,
      request_id text,
      network text,
      details jsonb not null,
      actor_id uuid,
      primary key (id, at)
    ) partition by range (at);
    comment on table audit is 'what happened; a table a month, made ahead, only added to';
    comment on column audit.actor_id is 'the member of staff who did it; account_id is whom it was done to';
    ${INDEXES}
    create trigger only_added before update or delete on audit for each row execute function refuse_change();
    create trigger never_emptied before truncate on audit execute function refuse_change();

    create table audit_other partition of audit default;
    comment on table audit_other is 'of months that have no table yet; moved when they get one';
    create trigger never_emptied before truncate on audit_other execute function refuse_change();

    do $$
    declare
      now_ms bigint := (extract(epoch from now()) * 1000)::bigint;
      last bigint;
      ended bigint;
    begin
      select coalesce(max(at), 0) into last from audit_first;
      ended := month_of(greatest(last, now_ms), 1);
      execute format('alter table audit attach partition audit_first for values from (minvalue) to (%s)', ended);
      perform setval(pg_get_serial_sequence('audit', 'id'), (select coalesce(max(id), 0) + 1 from audit_first), false);
    end $$;
  `);
  await functions(db);
  await db.raw(`select prepare_audit((extract(epoch from now()) * 1000)::bigint)`);
}

async function functions(db: Knex): Promise<void> {
  await db.raw(`
    create or replace function refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_table_name like 'audit%' and tg_op = 'DELETE' and current_setting('claveunica.expiring', true) = 'on' then
        return old;
      end if;
      raise exception 'permission denied: % is only added to', tg_table_name using errcode = '42501';
    end $$;

    -- The month of now and the next two have their table. As its owner: who writes events needs no other right.
    create function prepare_audit(now_ms bigint) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      made integer := 0;
      wanted text;
      begun bigint;
      ended bigint;
    begin
      for ahead in 0..2 loop
        begun := month_of(now_ms, ahead);
        ended := month_of(now_ms, ahead + 1);
        wanted := 'audit_' || to_char(to_timestamp(begun / 1000.0) at time zone 'UTC', 'YYYY_MM');
        continue when to_regclass(wanted) is not null or exists (
          select from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'audit'::regclass and c.relname = 'audit_first'
          and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''(\\d+)''\\)')::bigint >= ended
        );
        if made = 0 then
          perform pg_advisory_xact_lock(733520012);
          perform set_config('lock_timeout', '1500', true);
          continue when to_regclass(wanted) is not null;
        end if;
        execute format('create table %I (like audit including defaults)', wanted);
        -- A clock that jumped has left rows in no month's table.
        execute format('with moved as (select * from audit_other where at >= %s and at < %s) insert into %I select * from moved', begun, ended, wanted);
        perform set_config('claveunica.expiring', 'on', true);
        delete from audit_other where at >= begun and at < ended;
        perform set_config('claveunica.expiring', 'off', true);
        execute format('alter table audit attach partition %I for values from (%s) to (%s)', wanted, begun, ended);
        execute format('create trigger never_emptied before truncate on %I execute function refuse_change()', wanted);
        made := made + 1;
      end loop;
      return made;
    end $$;

    -- Takes the tables away of months that are past their retention and empty: their blocks have expired before.
    create function drop_audit_months(before_ms bigint) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      month record;
      used boolean;
      gone integer := 0;
    begin
      for month in
        select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'audit'::regclass and c.relname <> 'audit_other'
        and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''(\\d+)''\\)')::bigint <= before_ms
      loop
        execute format('select exists (select from %I)', month.name) into used;
        continue when used;
        perform set_config('lock_timeout', '1500', true);
        execute format('drop table %I', month.name);
        gone := gone + 1;
      end loop;
      return gone;
    end $$;

    create or replace function expire_audit(block_id integer, now_ms bigint, kept_ms bigint) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      block audit_blocks%rowtype;
      gone bigint;
    begin
      select * into block from audit_blocks where id = block_id and last_at <= now_ms - kept_ms;
      if not found then
        return 0;
      end if;
      insert into audit_expired values (block_id, now_ms);
      perform set_config('claveunica.expiring', 'on', true);
      delete from audit where id > block.from_id and id <= block.to_id and at <= block.last_at;
      get diagnostics gone = row_count;
      perform set_config('claveunica.expiring', 'off', true);
      return gone;
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop function prepare_audit, drop_audit_months;
    create table audit_whole (like audit including defaults);
    insert into audit_whole select * from audit order by id;
    drop table audit;
    drop function month_of;
    alter table audit_whole rename to audit;
    alter table audit add constraint audit_pkey primary key (id);
    alter table audit alter column id add generated always as identity;
    select setval(pg_get_serial_sequence('audit', 'id'), (select coalesce(max(id), 0) + 1 from audit), false);
    create index on audit (account_id, at);
    create index on audit (actor_id, at) where actor_id is not null;
    create index on audit (kind, id);
    create trigger only_added before update or delete on audit for each row execute function refuse_change();
    create trigger never_emptied before truncate on audit execute function refuse_change();

    create or replace function refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'audit' and tg_op = 'DELETE' and current_setting('claveunica.expiring', true) = 'on' then
        return old;
      end if;
      raise exception 'permission denied: % is only added to', tg_table_name using errcode = '42501';
    end $$;
  `);
}
