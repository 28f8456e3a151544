import type { Knex } from 'knex';

/** Who noted that somebody has come must not be who is given her. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table desk_arrivals (
      case_id uuid not null references enrolments on delete cascade,
      officer_id uuid not null references accounts,
      at bigint not null,
      primary key (case_id, officer_id)
    );
    comment on table desk_arrivals is 'which officers noted that somebody with a case has come to their office';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table desk_arrivals');
}
