import type { Knex } from 'knex';

/** What a client that registered itself says of itself is sealed, and is sealed anew with all the rest. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table clients add column registered bytea;
    update clients set registered = decode(details ->> 'registered', 'base64') where details ->> 'registered' is not null;
    update clients set details = details - 'registered';
    comment on column clients.registered is 'sealed: all metadata, secret included, of a client that registered itself';
    comment on column artifacts.payload is 'sealed: lasting ones are tokens of registration';
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    update clients set details = details || jsonb_build_object('registered', translate(encode(registered, 'base64'), E'\\n', ''))
      where registered is not null;
    alter table clients drop column registered;
    comment on column artifacts.payload is null;
  `);
}
