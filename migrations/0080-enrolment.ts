import type { Knex } from 'knex';

/** From a request to a booked place: cases, offices, who works when, the places that makes, who has one and who waits. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table offices (
      id text primary key,
      agency text not null check (agency in ('registro-civil', 'ips')),
      name text not null,
      address text not null,
      comuna text not null,
      region text not null,
      hours jsonb not null,
      closed text[] not null default '{}'
    );
    comment on column offices.hours is 'by day of the week, 1 is Monday: pairs of minutes in local time';
    comment on column offices.closed is 'ISO days on which it does not open, beside holidays';

    create table rosters (
      officer_id uuid not null references accounts,
      day text not null check (day ~ '^\\d{4}-\\d{2}-\\d{2}$'),
      from_minute integer not null check (from_minute >= 0),
      to_minute integer not null check (to_minute <= 1440),
      channel text not null check (channel in ('video', 'office')),
      office text references offices,
      check (from_minute < to_minute),
      check ((channel = 'office') = (office is not null)),
      primary key (officer_id, day, from_minute)
    );
    comment on table rosters is 'when somebody works, in local time; what lies between two rows of a day is a break';
    create index on rosters (day, channel, office);

    create table slots (
      id text primary key,
      channel text not null check (channel in ('video', 'office')),
      office text not null default '',
      starts_at bigint not null,
      ends_at bigint not null,
      rostered integer not null check (rostered >= 0),
      capacity integer not null check (capacity >= 0),
      taken integer not null default 0 check (taken >= 0),
      constraint never_over_capacity check (taken <= capacity)
    );
    comment on table slots is 'places to be booked, made from rosters; capacity is never below what is taken already';
    comment on column slots.office is 'empty: by video, whichever office the officer sits in';
    create unique index on slots (channel, office, starts_at);
    create index on slots (starts_at);

    create table enrolments (
      id uuid primary key,
      run_index bytea not null,
      email_index bytea,
      domain_index bytea,
      stage text not null,
      version integer not null default 1,
      channel text check (channel in ('video', 'office')),
      office text,
      level text check (level in ('video', 'presencial', 'biometrico')),
      data bytea not null,
      token bytea not null unique,
      network text not null,
      officer_id uuid references accounts,
      last_by uuid references accounts,
      sessions integer not null default 0,
      contact_confirmed_at bigint,
      identified_at bigint,
      account_id uuid references accounts on delete set null,
      created_at bigint not null,
      updated_at bigint not null,
      expires_at bigint not null
    );
    comment on table enrolments is 'one person''s way from a request to a ClaveÚnica';
    comment on column enrolments.run_index is 'keyed HMAC of the RUN';
    comment on column enrolments.email_index is 'keyed HMAC of the address';
    comment on column enrolments.domain_index is 'keyed HMAC of its provider, for signals of fraud';
    comment on column enrolments.data is 'sealed: RUN, document number, contact';
    comment on column enrolments.token is 'keyed HMAC of the token in her letters';
    comment on column enrolments.officer_id is 'for whom it was drawn';
    create unique index one_open_case on enrolments (run_index, email_index) where contact_confirmed_at is not null
      and stage in ('contact-confirmed', 'booked', 'in-session', 'held', 'identified', 'code-issued');
    create index on enrolments (run_index);
    create index on enrolments (email_index, created_at) where email_index is not null;
    create index on enrolments (domain_index, created_at) where domain_index is not null;
    create index on enrolments (network, created_at);
    create index on enrolments (expires_at);
    create index on enrolments (officer_id) where officer_id is not null;

    create table enrolment_moves (
      id bigint primary key generated always as identity,
      case_id uuid not null references enrolments on delete cascade,
      move text not null,
      from_stage text not null,
      to_stage text not null,
      by_kind text not null check (by_kind in ('citizen', 'officer', 'system')),
      by_id uuid,
      at bigint not null
    );
    create index on enrolment_moves (case_id, id);

    create table bookings (
      id uuid primary key,
      case_id uuid not null references enrolments on delete cascade,
      slot_id text not null references slots,
      state text not null check (state in ('held', 'booked', 'cancelled', 'moved', 'lapsed', 'no-show', 'attended')),
      at bigint not null,
      hold_until bigint not null,
      reminded text[] not null default '{}'
    );
    comment on table bookings is 'held: somebody is choosing, for ten minutes; both held and booked take a place';
    create unique index on bookings (case_id) where state = 'held';
    create unique index on bookings (case_id) where state = 'booked';
    create index on bookings (hold_until) where state = 'held';
    create index on bookings (slot_id) where state in ('held', 'booked');

    create table walk_ins (
      case_id uuid primary key references enrolments on delete cascade,
      channel text not null check (channel in ('video', 'office')),
      office text not null default '',
      joined_at bigint not null,
      seen_at bigint not null,
      called_at bigint
    );
    comment on table walk_ins is 'the line for the next officer who is free; whoever is not seen for a while has left';
    create index on walk_ins (channel, office, joined_at) where called_at is null;

    create table waiting_list (
      case_id uuid primary key references enrolments on delete cascade,
      channel text not null check (channel in ('video', 'office')),
      office text not null default '',
      joined_at bigint not null,
      told_at bigint
    );
    comment on table waiting_list is 'who wants to be told when a place frees';
    create index on waiting_list (channel, office, joined_at);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table waiting_list, walk_ins, bookings, enrolment_moves, enrolments, slots, rosters, offices');
}
