import type { Knex } from 'knex';

/** Those who work with the product, what needs two of them, and what they can stop. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table audit add column actor_id uuid;
    comment on column audit.actor_id is 'the member of staff who did it; account_id is whom it was done to';
    create index on audit (actor_id, at) where actor_id is not null;

    create table staff (
      account_id uuid primary key references accounts,
      roles text[] not null check (roles <@ array['officer', 'supervisor', 'institution', 'operator', 'auditor']),
      agency text check (agency in ('registro-civil', 'ips')),
      office text,
      institution text,
      state text not null check (state in ('invited', 'active', 'disabled')),
      trained_at bigint,
      seen_at bigint,
      created_at bigint not null,
      updated_at bigint not null
    );

    create table proposals (
      id uuid primary key,
      kind text not null,
      subject text not null,
      plan bytea not null,
      reason bytea not null,
      proposed_by uuid not null references accounts,
      proposed_at bigint not null,
      expires_at bigint not null,
      decision text check (decision in ('approved', 'rejected', 'withdrawn')),
      decided_by uuid references accounts,
      decided_at bigint,
      constraint second_person check (decision is null or decision = 'withdrawn' or decided_by <> proposed_by)
    );
    comment on table proposals is 'what one member of staff proposes and another decides';
    comment on column proposals.plan is 'sealed: what will be done';
    comment on column proposals.reason is 'sealed: words of a person about a person';
    create unique index on proposals (kind, subject) where decision is null;

    create table switches (
      name text primary key,
      flipped boolean not null,
      at bigint not null
    );
    comment on table switches is 'what is stopped everywhere within five seconds';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table switches, proposals, staff; alter table audit drop column actor_id');
}
