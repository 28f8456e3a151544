import type { Knex } from 'knex';

/** Cases of accounts as a list: those in nobody's hand, those in hers, and closed ones by how they ended. Those that were built beforehand stand (operations.md). */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index if not exists cases_free on cases (opened_at, id) where closed_at is null and taken_by is null;
    create index if not exists cases_in_hand on cases (taken_by, opened_at, id) where closed_at is null;
    create index if not exists cases_ended on cases (outcome, closed_at, id) where closed_at is not null;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index cases_free, cases_in_hand, cases_ended');
}
