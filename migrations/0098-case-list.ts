import type { Knex } from 'knex';

/** Requests as a list: the newest ones, or those that moved last, of all or of one stage. Those that were built beforehand stand (operations.md). */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index if not exists enrolments_created_at_id_idx on enrolments (created_at, id);
    create index if not exists enrolments_updated_at_id_idx on enrolments (updated_at, id);
    create index if not exists enrolments_stage_created_at_id_idx on enrolments (stage, created_at, id);
    create index if not exists enrolments_stage_updated_at_id_idx on enrolments (stage, updated_at, id);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index enrolments_created_at_id_idx, enrolments_updated_at_id_idx, enrolments_stage_created_at_id_idx,
      enrolments_stage_updated_at_id_idx;
  `);
}
