import type { Knex } from 'knex';

/** Rooms of video calls: who is in, and what both sides say to each other until it closes. Sockets only carry. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table rooms (
      case_id uuid primary key references enrolments on delete cascade,
      token_index bytea not null unique,
      token bytea not null,
      opens_at bigint not null,
      closes_at bigint not null,
      said integer not null default 0,
      citizen_link text,
      citizen_device text,
      citizen_seen_at bigint,
      officer_link text,
      officer_device text,
      officer_seen_at bigint,
      check (opens_at < closes_at)
    );
    comment on table rooms is 'one appointment by video (R-56); nothing that is seen or heard in it is kept';
    comment on column rooms.token_index is 'keyed HMAC of the token';
    comment on column rooms.token is 'sealed: her pages show the link again';
    comment on column rooms.citizen_link is 'the one window that is in; a third one stays outside';
    create index on rooms (closes_at);

    create table room_words (
      case_id uuid not null references rooms on delete cascade,
      n integer not null,
      side text not null check (side in ('citizen', 'officer')),
      kind text not null check (kind in ('signal', 'chat')),
      words bytea not null,
      at bigint not null,
      primary key (case_id, n)
    );
    comment on table room_words is 'sealed: how two browsers find each other, and what is written; gone when the room closes';

    create function tell_room() returns trigger language plpgsql as $$
    begin
      perform pg_notify('claveunica_rooms', new.id::text);
      return null;
    end $$;
    create trigger tell_room after update of stage, officer_id on enrolments
      for each row when (old.stage <> new.stage or old.officer_id is distinct from new.officer_id)
      execute function tell_room();
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop trigger tell_room on enrolments;
    drop function tell_room();
    drop table room_words, rooms;
  `);
}
