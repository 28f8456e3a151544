import type { Knex } from 'knex';

/**
 * What sites tried lately, for their developers. Unlogged: it is advice that may be lost, and so stands in no archive of
 * the log, where it would live longer than its seven days.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create unlogged table site_steps (
      id bigint generated always as identity primary key,
      client_id text not null references clients (id) on delete cascade,
      at bigint not null,
      links text[] not null,
      step jsonb not null
    );
    comment on table site_steps is 'the integration doctor: advice, never evidence; nothing of citizens';
    comment on column site_steps.links is 'keyed HMACs of interactions, codes and tokens: what steps of one attempt have in common';
    create index on site_steps (client_id, id);
    create index on site_steps (at);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table site_steps');
}
