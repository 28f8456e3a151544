import type { Knex } from 'knex';

/** Cases of accounts go through supervisors' hands: who opened one, who has it, what was written, how it ended. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table cases
      add column opened_by uuid references accounts,
      add column taken_by uuid references accounts,
      add column taken_at bigint,
      add column outcome text check (outcome in ('owner', 'secured', 'fraud', 'unreachable', 'mistake')),
      add constraint cases_closed_check check ((closed_at is null) = (outcome is null));
    comment on column cases.opened_by is 'the member of staff who did; null: the owner of the account';
    comment on column cases.taken_by is 'which supervisor has it in hand, or had it when it was closed';
    update cases set opened_by = (
      select actor_id from audit
      where kind = 'person-case-opened' and audit.account_id = cases.account_id and audit.at = cases.opened_at limit 1
    ) where kind = 'staff';
    drop index cases_opened_at_idx;
    create index on cases (opened_at, id) where closed_at is null;
    create index on cases (closed_at, id) where closed_at is not null;

    create table case_steps (
      id uuid primary key,
      case_id uuid not null references cases on delete cascade,
      step bigint generated always as identity,
      what text not null check (what in ('taken', 'noted', 'closed')),
      at bigint not null,
      staff_id uuid not null references accounts,
      words bytea not null
    );
    comment on table case_steps is 'what supervisors did with a case of an account, in order';
    comment on column case_steps.words is 'sealed';
    create index on case_steps (case_id, step);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table case_steps;
    drop index cases_opened_at_id_idx, cases_closed_at_id_idx;
    create index on cases (opened_at) where closed_at is null;
    alter table cases
      drop constraint cases_closed_check,
      drop column opened_by, drop column taken_by, drop column taken_at, drop column outcome;
  `);
}
