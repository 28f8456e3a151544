import type { Knex } from 'knex';

/**
 * What lists are sorted and found by: a page of any of them begins at a row, never after so many. A request is found by
 * the letters that its help code says, in every month.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create function folded(said text) returns text language sql immutable parallel safe as $$
      select lower(translate(said, 'ÁÀÄÂÉÈËÊÍÌÏÎÓÒÖÔÚÙÜÛÑáàäâéèëêíìïîóòöôúùüûñ', 'aaaaeeeeiiiioooouuuunaaaaeeeeiiiioooouuuun') collate "C") collate "C"
    $$;
    comment on function folded is 'as one looks for it: without accents, in small letters';

    -- Kept, since folding ten thousand names for each look takes a second of a busy machine.
    alter table clients add column sought text generated always as (folded(name || chr(10) || institution || chr(10) || id)) stored;
    comment on column clients.sought is 'name, institution and id, as one looks for them';
    alter table staff add column place text generated always as (folded(coalesce(office, institution, ''))) stored;
    comment on column staff.place is 'where she works, as one looks for it';

    create index on clients (folded(name), id) where registered is null;
    create index on clients (folded(institution), id) where registered is null;
    create index on clients (institution, folded(name), id) where registered is null;
    create index on staff (created_at, account_id);
    create index on staff (coalesce(seen_at, 0), account_id);
    -- Of months that have theirs already it is taken over, not built (operations.md).
    create index on audit (left(request_id, 7)) where request_id is not null;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index audit_left_idx, staff_coalesce_account_id_idx, staff_created_at_account_id_idx,
      clients_institution_folded_id_idx, clients_folded_id_idx, clients_folded_id_idx1;
    alter table clients drop column sought;
    alter table staff drop column place;
    drop function folded;
  `);
}
