import type { Knex } from 'knex';

/** What somebody added while he was in an account of another is worth nothing to him, and takes nothing from its owner. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table factors_held (
      account_id uuid not null references accounts on delete cascade,
      since bigint not null,
      until bigint not null,
      primary key (account_id, since, until)
    );
    comment on table factors_held is 'its owner said that it was not her: factors added meanwhile prove nothing, and are still asked for';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table factors_held');
}
