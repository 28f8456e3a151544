import { createHash } from 'node:crypto';
import type { JourneyKind, Stages } from '../domain/journey.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { sweepRows } from './sweep.ts';

/** Times in milliseconds. `accountId`: whose it is, once that is known, so that it can be ended from elsewhere. */
export type NewJourney<K extends JourneyKind> = {
  readonly kind: K;
  readonly state: Stages[K];
  readonly accountId?: string | undefined;
  readonly until: number;
};
export type Where<K extends JourneyKind> = { readonly kind: K; readonly id: string; readonly now: number };
export type Journey<K extends JourneyKind> = {
  readonly version: number;
  readonly state: Stages[K];
  readonly accountId: string | undefined;
  readonly until: number;
};

/**
 * What a browser is in the middle of, across its requests: stages of a flow, or a session of `/cuenta`. Only a hash of
 * the id is kept, the state is sealed, and it moves by compare-and-set: two tabs cannot both take a step.
 */
export interface Journeys {
  /** Its id, 256 random bits, for a cookie. */
  begin<K extends JourneyKind>(journey: NewJourney<K>): Promise<string>;
  find<K extends JourneyKind>(where: Where<K>): Promise<Journey<K> | undefined>;
  /** False when it has moved on since version `was`, or is over. An `accountId` that is left out stays as it was. */
  move<K extends JourneyKind>(
    step: NewJourney<K> & Where<K> & { /** The version that was read. */ readonly was: number },
  ): Promise<boolean>;
  end(kind: JourneyKind, id: string): Promise<void>;
  /** All of an account, or those of some kinds, but perhaps one. */
  endOf(accountId: string, which?: { kinds?: readonly JourneyKind[]; but?: string }): Promise<void>;
  sweep(now: number): Promise<void>;
}

const KINDS: readonly JourneyKind[] = ['recovery', 'activation', 'enrolment', 'account', 'console'];

type Row = { id: Buffer; account_id: string | null; version: number; state: Buffer; expires_at: string };

const hashed = (kind: JourneyKind, id: string) => createHash('sha256').update(`journey ${kind} ${id}`).digest();
const place = (id: Buffer) => `journeys.state.${id.toString('base64url')}`;

/** `chance`: so many random bytes, base64url. */
export function postgresJourneys(db: Knex, vault: Vault, chance: (bytes: number) => string): Journeys {
  const seal = (id: Buffer, state: unknown) => vault.seal(JSON.stringify(state), place(id));
  return {
    async begin({ kind, state, accountId, until }) {
      const name = chance(32);
      const id = hashed(kind, name);
      await db.raw(
        `insert into journeys (id, kind, account_id, version, state, expires_at)
         values (:id, :kind, :accountId, 1, :state, :until)`,
        { id, kind, accountId: accountId ?? null, state: seal(id, state), until },
      );
      return name;
    },
    async find<K extends JourneyKind>({ kind, id: name, now }: Where<K>) {
      const id = hashed(kind, name);
      const row = await db<Row>('journeys').where({ id }).andWhere('expires_at', '>', now).first();
      return (
        row && {
          version: row.version,
          state: JSON.parse(vault.open(row.state, place(id))) as Stages[K],
          accountId: row.account_id ?? undefined,
          until: Number(row.expires_at),
        }
      );
    },
    async move({ kind, id: name, was, state, accountId, until, now }) {
      const id = hashed(kind, name);
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `update journeys set version = version + 1, state = :state, expires_at = :until,
           account_id = coalesce(cast(:accountId as uuid), account_id)
         where id = :id and version = :was and expires_at > :now returning 1`,
        { id, was, state: seal(id, state), accountId: accountId ?? null, until, now },
      );
      return rows.length === 1;
    },
    async end(kind, name) {
      await db('journeys')
        .where({ id: hashed(kind, name) })
        .delete();
    },
    async endOf(accountId, { kinds = KINDS, but } = {}) {
      const spared = but === undefined ? [] : kinds.map((kind) => hashed(kind, but));
      await db('journeys')
        .where({ account_id: accountId })
        .whereIn('kind', [...kinds])
        .whereNotIn('id', spared)
        .delete();
    },
    async sweep(now) {
      await sweepRows(db, { table: 'journeys', over: 'expires_at <= :now' }, { now });
    },
  };
}
