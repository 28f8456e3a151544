import type { Knex } from 'knex';

const check = (statuses: string) => `
  alter table accounts drop constraint accounts_status_check;
  alter table accounts add constraint accounts_status_check check (status in (${statuses}));
`;

/** Who blocked her own account opens it by recovery; what an officer blocked stays so. */
export async function up(db: Knex): Promise<void> {
  await db.raw(check(`'not-activated', 'active', 'paused', 'blocked', 'deceased', 'closed'`));
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`update accounts set status = 'blocked' where status = 'paused'`);
  await db.raw(check(`'not-activated', 'active', 'blocked', 'deceased', 'closed'`));
}
