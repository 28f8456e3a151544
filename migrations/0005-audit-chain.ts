import type { Knex } from 'knex';

/** What is recorded is never changed, and blocks of it are sealed into a signed chain. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table audit_blocks (
      id integer primary key,
      from_id bigint not null,
      to_id bigint not null,
      last_at bigint not null,
      rows bytea not null,
      previous bytea not null,
      hash bytea not null,
      signature bytea not null,
      sealed_at bigint not null
    );
    comment on table audit_blocks is 'audit rows after from_id, up to to_id, in the order of their ids; a hash chain';
    comment on column audit_blocks.rows is 'SHA-256 of each row, one after another';
    comment on column audit_blocks.signature is 'Ed25519 of the hash; anchors outside of the database repeat both';

    create table audit_expired (
      block integer primary key references audit_blocks,
      at bigint not null
    );
    comment on table audit_expired is 'blocks whose rows were deleted at the end of their retention; their seals stay';

    create function refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'audit' and tg_op = 'DELETE' and current_setting('claveunica.expiring', true) = 'on' then
        return old;
      end if;
      raise exception 'permission denied: % is only added to', tg_table_name using errcode = '42501';
    end $$;

    create trigger only_added before update or delete on audit for each row execute function refuse_change();
    create trigger never_emptied before truncate on audit execute function refuse_change();
    create trigger only_added before update or delete on audit_blocks for each row execute function refuse_change();
    create trigger never_emptied before truncate on audit_blocks execute function refuse_change();
    create trigger only_added before update or delete on audit_expired for each row execute function refuse_change();
    create trigger never_emptied before truncate on audit_expired execute function refuse_change();

    create function expire_audit(block_id integer, now_ms bigint, kept_ms bigint) returns bigint language plpgsql as $$
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
      delete from audit where id > block.from_id and id <= block.to_id;
      get diagnostics gone = row_count;
      perform set_config('claveunica.expiring', 'off', true);
      return gone;
    end $$;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop trigger only_added on audit;
    drop trigger never_emptied on audit;
    drop function expire_audit;
    drop table audit_expired, audit_blocks;
    drop function refuse_change;
  `);
}
