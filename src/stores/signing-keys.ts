import { KEY_STATES, SIGNING_ALGS, type KeyDates, type KeyState, type SigningAlg } from '../domain/signing-key.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { listen } from './listening.ts';

/** As the signer gave it: with what it needs to sign, or the public members alone. */
export type StoredJwk = Readonly<Record<string, unknown>> & { readonly kid: string; readonly alg: SigningAlg };
export type SigningKey = Omit<KeyDates, 'kid' | 'alg'> & { readonly jwk: StoredJwk };
export type KeyMove = Pick<KeyDates, 'state' | 'since' | 'until'>;

/** The provider's own keys; what signs is sealed at rest. */
export interface SigningKeys {
  /** All but the retired: what signs (RS256 first: simple software takes the first), what will sign, what did. */
  published(): Promise<readonly SigningKey[]>;
  /** All that there ever were, by algorithm, the newest first. */
  list(): Promise<readonly KeyDates[]>;
  /** In a transaction: nobody else changes keys before its end. */
  hold(): Promise<void>;
  /** False when its algorithm has one in that state: of n processes starting at once one makes the key. */
  add(key: SigningKey): Promise<boolean>;
  /** `jwk` is what remains of it: undefined leaves it, null takes it away. */
  move(kid: string, to: KeyMove, jwk?: StoredJwk | null): Promise<void>;
  /** Calls back once now and after each change in whatever process, until the answer is called. */
  follow(changed: () => void): Promise<() => Promise<void>>;
}

const CHANNEL = 'claveunica_keys';
/** Any number that nobody else locks. */
const LOCK = 733_520_004;

type Row = {
  kid: string;
  alg: SigningAlg;
  state: KeyState;
  jwk: Buffer;
  created_at: string;
  since: string;
  until: string | null;
};

export function postgresSigningKeys(db: Knex, { vault, url }: { vault: Vault; url: string }): SigningKeys {
  const place = (kid: string) => `signing_keys.jwk.${kid}`;
  const sealed = (jwk: StoredJwk) => vault.seal(JSON.stringify(jwk), place(jwk.kid));
  const tell = () => db.raw('select pg_notify(?, ?)', [CHANNEL, '']);
  const dates = ({ state, created_at, since, until }: Omit<Row, 'jwk'>) => ({
    ...{ state, createdAt: Number(created_at), since: Number(since) },
    ...(until !== null && { until: Number(until) }),
  });
  return {
    async published() {
      const { rows } = await db.raw<{ rows: Row[] }>(
        `select * from signing_keys where state <> 'retired'
         order by array_position(:states, state), array_position(:algs, alg), created_at desc, kid`,
        { states: [...KEY_STATES], algs: [...SIGNING_ALGS] },
      );
      return rows.map((row) => ({
        jwk: JSON.parse(vault.open(row.jwk, place(row.kid))) as StoredJwk,
        ...dates(row),
      }));
    },
    async list() {
      const { rows } = await db.raw<{ rows: Omit<Row, 'jwk'>[] }>(
        'select kid, alg, state, created_at, since, until from signing_keys order by alg, created_at desc, kid',
      );
      return rows.map((row) => ({ kid: row.kid, alg: row.alg, ...dates(row) }));
    },
    async hold() {
      await db.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    },
    async add({ jwk, state, createdAt, since, until }) {
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `insert into signing_keys (kid, alg, state, jwk, created_at, since, until)
         values (:kid, :alg, :state, :jwk, :createdAt, :since, :until)
         on conflict (alg, state) where state in ('current', 'next') do nothing returning 1`,
        { kid: jwk.kid, alg: jwk.alg, state, jwk: sealed(jwk), createdAt, since, until: until ?? null },
      );
      if (rows.length === 1) await tell();
      return rows.length === 1;
    },
    async move(kid, { state, since, until }, jwk) {
      await db('signing_keys')
        .where({ kid })
        .update({ state, since, until: until ?? null, ...(jwk !== undefined && { jwk: jwk && sealed(jwk) }) });
      await tell();
    },
    follow: (changed) => listen({ url, channel: CHANNEL, heard: changed, catchUp: async () => changed() }),
  };
}
