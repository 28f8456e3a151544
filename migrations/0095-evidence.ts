import type { Knex } from 'knex';

/** What an officer saw and did, what is looked at again, what is stopped, and the code on its way into a citizen's hand. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table evidence (
      id uuid primary key,
      case_id uuid not null,
      session integer not null check (session > 0),
      channel text not null check (channel in ('video', 'office')),
      office text,
      officer_id uuid not null references accounts,
      drawn text[] not null,
      work bytea not null,
      version integer not null default 1,
      result text check (result in ('approved', 'rejected', 'held', 'broken-off')),
      started_at bigint not null,
      ended_at bigint,
      unique (case_id, session),
      check ((result is null) = (ended_at is null))
    );
    comment on table evidence is 'one session of one case: kept when the request is gone, so it points at no row of it (R-79)';
    comment on column evidence.drawn is 'what the server asked for, drawn when the session began (R-51)';
    comment on column evidence.work is 'sealed: checklist, the registry''s answer, exceptions, reason';
    create unique index on evidence (case_id) where result is null;
    create unique index on evidence (officer_id) where result is null;
    create index on evidence (officer_id, ended_at);
    create index on evidence (ended_at);

    create table samples (
      evidence_id uuid primary key references evidence,
      drawn_at bigint not null,
      reviewed_by uuid references accounts,
      reviewed_at bigint,
      verdict text check (verdict in ('good', 'doubtful')),
      words bytea,
      check ((reviewed_by is null) = (verdict is null))
    );
    comment on table samples is 'the approvals that a supervisor looks at again; officers never learn which (R-54)';
    comment on column samples.words is 'sealed: what the supervisor wrote';
    create index on samples (drawn_at) where verdict is null;

    create table holds (
      id uuid primary key,
      case_id uuid not null,
      officer_id uuid references accounts,
      kind text not null,
      details bytea not null,
      at bigint not null,
      ended_by uuid references accounts,
      ended_at bigint,
      outcome text check (outcome in ('released', 'rejected')),
      check ((ended_by is null) = (outcome is null)),
      constraint second_person check (ended_by is null or officer_id is null or ended_by <> officer_id)
    );
    comment on table holds is 'why a case is stopped: an officer''s silent flag, or what the machine counted (R-58)';
    comment on column holds.details is 'sealed: words of a person about a person';
    create index on holds (case_id);
    create index on holds (at) where outcome is null;

    create table handovers (
      id text primary key,
      case_id uuid not null,
      kind text not null check (kind in ('room', 'slip', 'second')),
      code bytea not null,
      until bigint not null
    );
    comment on table handovers is 'a code on its way into a citizen''s hand: read once, gone with it (R-53)';
    comment on column handovers.code is 'sealed';
    create index on handovers (case_id);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table handovers, holds, samples, evidence');
}
