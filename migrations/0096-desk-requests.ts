import type { Knex } from 'knex';

/** Who noted a request at a desk must not be who reviews it. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table desk_requests (
      case_id uuid primary key references enrolments on delete cascade,
      officer_id uuid not null references accounts,
      at bigint not null
    );
    comment on table desk_requests is 'requests that an officer noted for somebody who stood before her';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table desk_requests');
}
