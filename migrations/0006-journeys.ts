import type { Knex } from 'knex';

/** What a browser is in the middle of (recovering, activating, its account pages) must outlive a closed tab and a restart. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table journeys (
      id bytea primary key,
      kind text not null,
      account_id uuid references accounts on delete cascade,
      version integer not null,
      state bytea not null,
      expires_at bigint not null
    );
    comment on column journeys.id is 'hash of kind and id; the id is in the browser''s cookie alone';
    comment on column journeys.state is 'sealed: the stage, with what it knows';
    comment on column journeys.account_id is 'null until it is proved whose it is';
    create index on journeys (account_id) where account_id is not null;
    create index on journeys (expires_at);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table journeys');
}
