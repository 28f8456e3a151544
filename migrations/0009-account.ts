import type { Knex } from 'knex';

/** Citizens see and end their sessions, know their devices, and take a change of their contact back. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table sessions
      add column name bytea not null default '',
      add column device text not null default '',
      add column agent text not null default '',
      add column disconnected text[] not null default '{}';
    comment on column sessions.name is 'sealed: the session''s uid; empty: begun before this was known';
    comment on column sessions.agent is 'hash of what the browser says of itself';
    comment on column sessions.disconnected is 'clients that ask for a new sign-in';
    create index on sessions (begun_at);

    alter table devices add column name text not null default '';

    create function begin_session(
      key bytea, sealed bytea, owner uuid, at_ms bigint, from_network text, from_device text, from_agent text,
      at_shared boolean, most integer, since_ms bigint
    ) returns setof sessions language plpgsql as $$
    begin
      -- One at a time for a person: those who sign in at once would all count too few.
      perform pg_advisory_xact_lock(hashtextextended(owner::text, 33));
      insert into sessions (uid, name, account_id, begun_at, shared, network, device, agent)
      values (key, sealed, owner, at_ms, at_shared, from_network, from_device, from_agent)
      on conflict (uid) do update set begun_at = excluded.begun_at, shared = excluded.shared, network = excluded.network,
        device = excluded.device, agent = excluded.agent, disconnected = '{}'
      where sessions.account_id = excluded.account_id and sessions.ended_at is null;
      return query update sessions set ended_at = at_ms where uid in (
        select s.uid from sessions s join accounts a on a.id = s.account_id
        where s.account_id = owner and s.ended_at is null and s.begun_at > since_ms and s.begun_at >= (a.revoked_until - 1) * 1000
        order by s.begun_at desc, s.uid = key desc offset most
      ) returning *;
    end $$;

    create table contact_changes (
      id uuid primary key,
      account_id uuid not null references accounts on delete cascade,
      at bigint not null,
      what text not null check (what in ('email', 'other-email', 'phone')),
      before bytea not null,
      undone_at bigint
    );
    comment on table contact_changes is 'for the ten days in which a change can be taken back';
    comment on column contact_changes.before is 'sealed: all contact data as they were';
    create index on contact_changes (account_id, at);
    create index on contact_changes (at);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table contact_changes;
    drop function begin_session;
    alter table devices drop column name;
    alter table sessions drop column name, drop column device, drop column agent, drop column disconnected;
  `);
}
