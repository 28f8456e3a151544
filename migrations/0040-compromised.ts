import type { Knex } from 'knex';

/** A ClaveÚnica that somebody else may know has to be changed; a code after a new identification brings what that left. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table passwords add column compromised_at bigint;
    comment on column passwords.compromised_at is 'since when there is evidence that somebody else knows it';
    alter table codes add column details bytea;
    comment on column codes.details is 'sealed: what a new identification left, until the code is used';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    alter table passwords drop column compromised_at;
    alter table codes drop column details;
  `);
}
