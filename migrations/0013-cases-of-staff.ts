import type { Knex } from 'knex';

/** Members of staff open cases too; and an auditor looks through all of the log by time. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table cases drop constraint cases_kind_check;
    alter table cases add constraint cases_kind_check check (kind in ('not-me', 'staff'));
    create index on audit (kind, id);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index audit_kind_id_idx;
    delete from cases where kind = 'staff';
    alter table cases drop constraint cases_kind_check;
    alter table cases add constraint cases_kind_check check (kind in ('not-me'));
  `);
}
