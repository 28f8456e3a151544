import type { Knex } from 'knex';

/** Which sites have read a new signing key can be known in part: by where their calls for tokens come from. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table key_readers (
      client_id text not null references clients on delete cascade,
      source bytea not null,
      used_at bigint not null,
      read_at bigint,
      primary key (client_id, source)
    );
    comment on table key_readers is 'from where a client gets its tokens, and when the JWKS was last read from there';
    comment on column key_readers.source is 'keyed HMAC of network and software';
    create index on key_readers (source);
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table key_readers');
}
