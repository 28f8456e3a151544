import type { Knex } from 'knex';

/** Codes that one browser takes before they are used up; notices that their owner can answer «No fui yo»; cases for supervisors. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- Their bindings were hashed in another way.
    delete from codes;
    alter table codes add column claimed_at bigint, add column claimed_by bytea;
    comment on column codes.binding is 'keyed HMAC of the browser and the page that asked, or of the RUN';
    comment on column codes.claimed_by is 'keyed HMAC of the browser that began with it';

    create table notices (
      token bytea primary key,
      account_id uuid not null references accounts on delete cascade,
      event text not null,
      at bigint not null,
      details bytea not null,
      denied_at bigint
    );
    comment on table notices is 'what owners were told of by letter';
    comment on column notices.token is 'keyed HMAC of the token in the letter';
    comment on column notices.details is 'sealed: who asked, what undoing needs';
    comment on column notices.denied_at is 'the owner said that it was not her';
    create index on notices (at);

    create table cases (
      id uuid primary key,
      kind text not null check (kind in ('not-me')),
      account_id uuid references accounts on delete cascade,
      opened_at bigint not null,
      closed_at bigint,
      details bytea not null
    );
    comment on table cases is 'what a supervisor must look at';
    comment on column cases.details is 'sealed';
    create index on cases (account_id);
    create index on cases (opened_at) where closed_at is null;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table cases, notices;
    delete from codes;
    alter table codes drop column claimed_at, drop column claimed_by;
    comment on column codes.binding is 'hash of the browser and the page that asked';
  `);
}
