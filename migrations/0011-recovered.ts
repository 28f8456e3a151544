import type { Knex } from 'knex';

/** Whoever recovered an account by e-mail has shown a mailbox and no more: the account remembers it for a while. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table accounts add column recovered_at bigint;
    comment on column accounts.recovered_at is 'milliseconds: when its ClaveÚnica was last recovered by e-mail; null once it was chosen in another way';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table accounts drop column recovered_at');
}
