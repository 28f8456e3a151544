import type { Knex } from 'knex';

/**
 * Evidence lives as long as the account that came of it, and five years more. Cases go before it does: it names
 * the account itself.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table evidence add column account_id uuid references accounts (id) on delete set null;
    comment on column evidence.account_id is 'of what was approved: evidence lives as long, and five years more';
    create index on evidence (account_id);
    update evidence set account_id = a.account_id
      from audit a join accounts on accounts.id = a.account_id
      where a.kind = 'case-approved' and a.details ->> 'case' = evidence.case_id::text and evidence.result = 'approved';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('alter table evidence drop column account_id');
}
