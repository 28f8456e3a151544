import type { Knex } from 'knex';

/** A second factor: passkeys, codes of an application, codes on paper. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table accounts add column second_factor boolean not null default false;
    comment on column accounts.second_factor is 'whether a passkey or an application is there: asked for at every login';

    create table passkeys (
      credential bytea primary key,
      account_id uuid not null references accounts on delete cascade,
      about bytea not null,
      handle bytea not null,
      public_key bytea not null,
      counter bigint not null,
      transports text[] not null,
      synced boolean not null,
      backed_up boolean not null,
      aaguid text not null,
      created_at bigint not null,
      used_at bigint
    );
    comment on column passkeys.credential is 'SHA-256 of the credential id';
    comment on column passkeys.about is 'sealed: the credential id, and the name that its owner gave it';
    comment on column passkeys.handle is 'random, the same for all of one account; tells nothing';
    comment on column passkeys.synced is 'backup eligible: it may live on several devices';
    create index on passkeys (account_id);

    create table totp (
      account_id uuid primary key references accounts on delete cascade,
      secret bytea not null,
      last_step bigint not null,
      created_at bigint not null,
      used_at bigint
    );
    comment on column totp.secret is 'sealed';
    comment on column totp.last_step is 'a code of this step of 30 seconds or an earlier one is worth nothing any more';

    create table saved_codes (
      account_id uuid not null references accounts on delete cascade,
      hash bytea not null,
      created_at bigint not null,
      primary key (account_id, hash)
    );
    comment on table saved_codes is 'those not used yet';
    comment on column saved_codes.hash is 'HMAC under a key outside the database';

    create table challenges_spent (
      challenge bytea primary key,
      until bigint not null
    );
    comment on table challenges_spent is 'a challenge of WebAuthn is used once; kept until it is worth nothing by itself';
    create index on challenges_spent (until);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop table challenges_spent, saved_codes, totp, passkeys;
    alter table accounts drop column second_factor;
  `);
}
