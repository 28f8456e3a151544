import type { Knex } from 'knex';

/** What somebody must look at now; the same thing rings once an hour. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table alerts (
      id bigint generated always as identity primary key,
      kind text not null,
      key text not null,
      hour bigint not null,
      at bigint not null,
      actor_id uuid,
      details jsonb not null,
      seen_by uuid references accounts,
      seen_at bigint,
      unique (kind, key, hour)
    );
    comment on column alerts.actor_id is 'the member of staff whose doing it is about';
    comment on column alerts.key is 'what it is about: one of a kind and a key in an hour';
    create index on alerts (id) where seen_at is null;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table alerts');
}
