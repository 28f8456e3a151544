import type { Knex } from 'knex';

/** People are sealed anew when a master key is rotated; which ones are left must be found without reading them all. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create index accounts_sealed_by on accounts
      ((case when octet_length(person) > 0 then substring(person from 1 for get_byte(person, 0) + 1) end));
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index accounts_sealed_by');
}
