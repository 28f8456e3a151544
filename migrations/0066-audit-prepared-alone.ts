import type { Knex } from 'knex';

const prepare = (lock: string, check: string) => String.raw`
    create or replace function prepare_audit_at(now_ms bigint) returns integer language plpgsql security invoker set search_path = public, pg_temp as $$
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
          and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''(\d+)''\)')::bigint >= ended
        );
        if made = 0 then
          perform pg_advisory_xact_lock(733520012);
          perform set_config('lock_timeout', '1500', true);
        end if;
        ${lock}
        ${check}
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
    end $$;`;

/**
 * Who writes into a month that has no table yet waits until it is made: else her row, on its way to the table for all
 * others, would be refused when it arrives. Months that nobody writes into yet stop nobody. And whether another has made
 * it meanwhile is read in the catalogue itself: `to_regclass` remembers what was not there.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(
    prepare(
      `if begun < now_ms + 86400000 then
          lock table only audit in share row exclusive mode;
        end if;`,
      `continue when exists (
          select from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit'::regclass and c.relname = wanted
        );`,
    ),
  );
}

export async function down(db: Knex): Promise<void> {
  await db.raw(prepare('', 'continue when made = 0 and to_regclass(wanted) is not null;'));
}
