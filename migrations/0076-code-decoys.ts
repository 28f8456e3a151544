import type { Knex } from 'knex';

/**
 * Who tries a code where none waits writes as much as who tries one that does: a row of these, picked by the RUN, so that
 * nobody waits for another.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table code_decoys (
      n smallint primary key,
      tries integer not null default 0,
      filling bytea not null
    ) with (fillfactor = 50);
    comment on table code_decoys is 'counted up in place of a code that is not there, which takes as long';
    insert into code_decoys (n, filling) select n, sha256(n::text::bytea) || sha256(n::text::bytea) from generate_series(0, 1023) n;
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop table code_decoys');
}
