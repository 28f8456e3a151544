import type { Knex } from './connections.ts';
import { run, type Statement } from './statement.ts';
import { sweepRows } from './sweep.ts';

/**
 * What oidc-provider remembers: codes, tokens, grants, sessions, interactions. Keys are hashes and payloads are sealed
 * before they come here. Times are milliseconds of *our* clock: `get` judges expiry, never the store.
 */
export interface Artifacts {
  /** Inserts or replaces. `members` are merged one by one, so that two tabs lose nothing of each other's. */
  put(artifact: NewArtifact, now: number): Promise<void>;
  /** Inserts only: false when it is there already. Of n at once one succeeds. */
  putOnce(artifact: NewArtifact, now: number): Promise<boolean>;
  get(key: Buffer, now: number): Promise<Artifact | undefined>;
  /** The same, and what it leads to, where the store has that at hand in the same look. */
  getWith(key: Buffer, now: number): Promise<Found | undefined>;
  getBy(field: 'uid' | 'userCode', key: Buffer, now: number): Promise<Artifact | undefined>;
  /** Compare and set: of n at once one gets true. What is consumed is remembered until `keepUntil`. */
  consume(key: Buffer, at: { readonly now: number; readonly keepUntil: number }): Promise<boolean>;
  remove(key: Buffer): Promise<void>;
  removeByGrant(model: string, grant: Buffer): Promise<void>;
  /** Takes expired ones away; tells how many. */
  sweep(now: number): Promise<number>;
}

export type NewArtifact = {
  readonly key: Buffer;
  readonly model: string;
  readonly payload: Buffer;
  readonly members?: Readonly<Record<string, Buffer>>;
  readonly grant?: Buffer | undefined;
  readonly uid?: Buffer | undefined;
  readonly userCode?: Buffer | undefined;
  /** The key of what whoever finds it asks for next. */
  readonly leads?: Buffer | undefined;
  readonly expiresAt: number;
};

export type Artifact = {
  readonly key: Buffer;
  readonly payload: Buffer;
  readonly members: Readonly<Record<string, Buffer>>;
  readonly consumedAt: number | undefined;
};

/** `led` is what it leads to; undefined: to be asked for. */
export type Found = Artifact & { readonly led?: Artifact | undefined };

type Row = { key: Buffer; payload: Buffer; members: Record<string, string>; consumed_at: string | null };

const encode = (members: Readonly<Record<string, Buffer>>) =>
  JSON.stringify(Object.fromEntries(Object.entries(members).map(([name, value]) => [name, value.toString('base64')])));
const read = ({ key, payload, members, consumed_at }: Row): Artifact => ({
  key,
  payload,
  members: Object.fromEntries(Object.entries(members).map(([name, value]) => [name, Buffer.from(value, 'base64')])),
  consumedAt: consumed_at === null ? undefined : Number(consumed_at),
});

const COLUMNS = 'key, payload, members, consumed_at';
const INSERT = `insert into artifacts (key, model, payload, members, grant_key, uid_key, user_code_key, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;
const PUT = {
  name: 'artifact-put',
  text: `${INSERT} on conflict (key) do update set payload = excluded.payload, expires_at = excluded.expires_at,
    members = artifacts.members || excluded.members, grant_key = excluded.grant_key, uid_key = excluded.uid_key`,
};
const PUT_ONCE = { name: 'artifact-put-once', text: `${INSERT} on conflict (key) do nothing returning 1` };
const select = (name: string, column: string): Statement => ({
  name: `artifact-by-${name}`,
  text: `select ${COLUMNS} from artifacts where ${column} = $1 and expires_at > $2 limit 1`,
});
const BY = {
  key: select('key', 'key'),
  uid: select('uid', 'uid_key'),
  userCode: select('user-code', 'user_code_key'),
};
const CONSUME = {
  name: 'artifact-consume',
  text: `update artifacts set consumed_at = $2, expires_at = greatest(expires_at, $3)
    where key = $1 and consumed_at is null and expires_at > $2 returning 1`,
};
const REMOVE = { name: 'artifact-remove', text: 'delete from artifacts where key = $1' };

/** For small houses and the emulator, where there is no Redis. */
export function postgresArtifacts(db: Knex): Artifacts {
  const values = ({ key, model, payload, members = {}, grant, uid, userCode, expiresAt }: NewArtifact) => [
    ...[key, model, payload, encode(members), grant ?? null, uid ?? null, userCode ?? null, expiresAt],
  ];
  const one = async (statement: Statement, key: Buffer, now: number) => {
    const [row] = await run<Row>(db, statement, [key, now]);
    return row && read(row);
  };
  return {
    async put(artifact) {
      await run(db, PUT, values(artifact));
    },
    putOnce: async (artifact) => (await run(db, PUT_ONCE, values(artifact))).length === 1,
    get: (key, now) => one(BY.key, key, now),
    getWith: (key, now) => one(BY.key, key, now),
    getBy: (field, key, now) => one(BY[field], key, now),
    consume: async (key, { now, keepUntil }) => (await run(db, CONSUME, [key, now, keepUntil])).length === 1,
    async remove(key) {
      await run(db, REMOVE, [key]);
    },
    async removeByGrant(model, grant) {
      await db.raw('delete from artifacts where grant_key = :grant and model = :model', { model, grant });
    },
    sweep: (now) => sweepRows(db, { table: 'artifacts', over: 'expires_at <= :now' }, { now }),
  };
}
