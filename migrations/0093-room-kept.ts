import type { Knex } from 'knex';

/** How far a window's words are kept: what was on the wire to a process that died is said again, and kept once. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table rooms add citizen_kept integer not null default 0, add officer_kept integer not null default 0;
    comment on column rooms.citizen_kept is 'the last of what its window has said, by that window''s own count';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table rooms drop citizen_kept, drop officer_kept');
}
