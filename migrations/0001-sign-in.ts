import type { Knex } from 'knex';

/** The first login needs people, clients, keys, what the protocol remembers, counters and a record of what happened. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table accounts (
      id uuid primary key,
      run_index bytea not null unique,
      status text not null check (status in ('not-activated', 'active', 'blocked', 'deceased', 'closed')),
      identified text not null check (identified in ('video', 'presencial', 'biometrico')),
      person bytea not null,
      revoked_until bigint not null default 0,
      created_at bigint not null,
      updated_at bigint not null
    );
    comment on column accounts.run_index is 'keyed HMAC of the RUN';
    comment on column accounts.person is 'sealed: RUN, names, birthdate, contact';
    comment on column accounts.revoked_until is 'seconds: sessions and tokens from before are over';

    create table passwords (
      account_id uuid primary key references accounts on delete cascade,
      hash text not null,
      pepper text,
      changed_at bigint not null
    );
    comment on column passwords.hash is 'PHC string; its key is not in this database';

    create table clients (
      id text primary key,
      name text not null,
      institution text not null,
      profile text not null check (profile in ('oidc', 'claveunica')),
      state text not null check (state in ('draft', 'sandbox', 'in-review', 'certified', 'suspended')),
      sector text not null,
      auth text not null,
      secrets jsonb not null,
      scopes text[] not null,
      redirect_uris text[] not null,
      post_logout_redirect_uris text[] not null,
      details jsonb not null,
      created_at bigint not null,
      updated_at bigint not null
    );
    comment on column clients.secrets is 'HMACs under a key outside the database';

    create table signing_keys (
      kid text primary key,
      alg text not null,
      state text not null check (state in ('next', 'current', 'retiring', 'retired')),
      jwk bytea not null,
      created_at bigint not null
    );
    comment on column signing_keys.jwk is 'sealed private key';

    create table settings (
      name text primary key,
      value bytea not null
    );
    comment on column settings.value is 'sealed';

    create table artifacts (
      key bytea primary key,
      model text not null,
      payload bytea not null,
      members jsonb not null default '{}',
      grant_key bytea,
      uid_key bytea,
      user_code_key bytea,
      consumed_at bigint,
      expires_at bigint not null
    );
    comment on table artifacts is 'what oidc-provider remembers, when there is no Redis; ids hashed, payloads sealed';
    create index on artifacts (grant_key) where grant_key is not null;
    create index on artifacts (uid_key) where uid_key is not null;
    create index on artifacts (user_code_key) where user_code_key is not null;
    create index on artifacts (expires_at);

    create table sessions (
      uid bytea primary key,
      account_id uuid not null references accounts on delete cascade,
      begun_at bigint not null,
      shared boolean not null,
      network text not null,
      ended_at bigint
    );
    comment on column sessions.uid is 'hash of the session''s uid';
    create index on sessions (account_id);

    create table attempts (
      key bytea primary key,
      failures integer not null,
      first_at bigint not null,
      last_at bigint not null,
      until_at bigint not null
    );
    comment on column attempts.key is 'keyed HMAC of context, RUN and device or network';

    create unlogged table limits (
      key text primary key,
      points integer not null,
      until_at bigint not null
    );

    create table devices (
      device bytea not null,
      person bytea not null,
      first_at bigint not null,
      last_at bigint not null,
      primary key (device, person)
    );
    comment on table devices is 'browsers from which a person has signed in before; both sides hashed';

    create table audit (
      id bigint generated always as identity primary key,
      at bigint not null,
      kind text not null,
      account_id uuid,
      client_id text,
      request_id text,
      network text,
      details jsonb not null
    );
    create index on audit (account_id, at);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table audit, devices, limits, attempts, sessions, artifacts, settings, signing_keys, clients, passwords, accounts;
  `);
}
