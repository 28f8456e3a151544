import type { Knex } from 'knex';

/** Whose window a signal came from and which it is for: others do not read it, and it goes when they go. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table room_words add from_link text, add to_link text;
    comment on column room_words.to_link is 'the window that a signal is for; none: what is written is for both sides';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table room_words drop from_link, drop to_link');
}
