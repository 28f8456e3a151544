import type { Knex } from 'knex';

/** Signing keys rotate by themselves: each state has its dates, and what no longer signs keeps no private part. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table signing_keys alter column jwk drop not null, add column since bigint, add column until bigint;
    update signing_keys set since = created_at;
    alter table signing_keys alter column since set not null;
    comment on column signing_keys.jwk is 'sealed: what signs, or what verifies; nothing once retired';
    comment on column signing_keys.since is 'when it came into its state';
    comment on column signing_keys.until is 'when it leaves its state; one that signs goes when its successor comes';
    create unique index on signing_keys (alg, state) where state in ('current', 'next');
  `);
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    drop index signing_keys_alg_state_idx;
    delete from signing_keys where jwk is null;
    alter table signing_keys alter column jwk set not null, drop column since, drop column until;
    comment on column signing_keys.jwk is 'sealed private key';
  `);
}
