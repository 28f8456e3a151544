import type { Knex } from 'knex';

const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
const SEVEN_YEARS = '(7 * 365 * 86400000::bigint)';

/**
 * Whoever may only add to the log says neither what time it is nor how long rows are kept: what is told both is
 * the owner's, and all others go by the database's clock, the caller's if it is behind, and by seven years at least.
 * So is looking after the statistics of jobs.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter function prepare_audit(bigint) rename to prepare_audit_at;
    alter function expire_audit(integer, bigint, bigint) rename to expire_audit_at;
    alter function drop_audit_months(bigint) rename to drop_audit_months_at;
    alter function prepare_audit_at(bigint) security invoker;
    alter function expire_audit_at(integer, bigint, bigint) security invoker;
    alter function drop_audit_months_at(bigint) security invoker;

    create function prepare_audit() returns integer language sql security definer set search_path = public, pg_temp as $$
      select prepare_audit_at(${NOW})
    $$;
    create function expire_audit(block_id integer, now_ms bigint, kept_ms bigint) returns bigint language sql security definer set search_path = public, pg_temp as $$
      select expire_audit_at(block_id, least(now_ms, ${NOW}), greatest(kept_ms, ${SEVEN_YEARS}))
    $$;
    create function drop_audit_months(before_ms bigint) returns integer language sql security definer set search_path = public, pg_temp as $$
      select drop_audit_months_at(least(before_ms, ${NOW} - ${SEVEN_YEARS}))
    $$;

    revoke execute on function prepare_audit_at, expire_audit_at, drop_audit_months_at,
      prepare_audit, expire_audit, drop_audit_months from public;

    create or replace function refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
      -- Anybody may say that she is expiring; who does not own the table is one of the functions above, or nobody.
      if tg_table_name like 'audit%' and tg_op = 'DELETE' and current_setting('claveunica.expiring', true) = 'on'
        and pg_has_role((select relowner from pg_class where oid = tg_relid), 'usage') then
        return old;
      end if;
      raise exception 'permission denied: % is only added to', tg_table_name using errcode = '42501';
    end $$;

    -- Postgres believes that the table is empty when it was analysed in a quiet moment, and then reads all that wait to
    -- find the next one: 200 ms a job instead of 0.4 with 100,000. Tells whether it had to be told.
    create function keep_statistics() returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      many constant integer := 5000;
    begin
      perform from pg_class where oid = 'graphile_worker._private_jobs'::regclass and relpages > 0 and reltuples < many / 2;
      if not found or (select count(*) from (select from graphile_worker._private_jobs limit many) waiting) < many then
        return false;
      end if;
      analyze graphile_worker._private_jobs;
      return true;
    end $$;
    revoke execute on function keep_statistics from public;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop function prepare_audit, expire_audit, drop_audit_months, keep_statistics;
    alter function prepare_audit_at(bigint) security definer;
    alter function expire_audit_at(integer, bigint, bigint) security definer;
    alter function drop_audit_months_at(bigint) security definer;
    alter function prepare_audit_at(bigint) rename to prepare_audit;
    alter function expire_audit_at(integer, bigint, bigint) rename to expire_audit;
    alter function drop_audit_months_at(bigint) rename to drop_audit_months;
    grant execute on function prepare_audit, expire_audit, drop_audit_months to public;

    create or replace function refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_table_name like 'audit%' and tg_op = 'DELETE' and current_setting('claveunica.expiring', true) = 'on' then
        return old;
      end if;
      raise exception 'permission denied: % is only added to', tg_table_name using errcode = '42501';
    end $$;
  `);
}
