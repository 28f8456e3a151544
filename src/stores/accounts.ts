import { STATUSES, type Account, type Identified, type Person, type Secret, type Status } from '../domain/account.ts';
import type { ClaveState } from '../domain/clave-state.ts';
import type { Run } from '../domain/run.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import { claveOf, postgresClaves, type ClaveRow, type Claves } from './accounts/clave.ts';
import type { Knex } from './connections.ts';
import { gathered, run as ask } from './statement.ts';
import { copyInto } from './copy.ts';

export type Found = {
  readonly account: Account;
  readonly secret: Secret | undefined;
  readonly clave: ClaveState;
  /** Whether she has a factor to be asked for (`stores/factors.ts` keeps it). */
  readonly secondFactor: boolean;
};
/** A person before and after. */
export type Edited = { readonly was: Person; readonly now: Person };
export type NewAccount = Omit<Account, 'updatedAt' | 'revokedUntil'> & {
  readonly secret: Secret | undefined;
  readonly at: number;
};

/** People. Postgres: personal fields are sealed, the RUN is found by a keyed index, hashes live in a table of their own. */
export interface Accounts extends Claves {
  byId(id: string): Promise<Account | undefined>;
  /** Those of a page of a list, in one look. */
  byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Account>>;
  /** All that a login needs, in one look. */
  forLogin(run: Run): Promise<Found | undefined>;
  add(account: NewAccount): Promise<void>;
  /** Very many at once, within a transaction; throws when somebody has an account already. */
  addAll(accounts: readonly NewAccount[]): Promise<void>;
  /** Which of them have an account. */
  having(runs: readonly Run[]): Promise<ReadonlySet<Run>>;
  /** Its own from now on: a ClaveÚnica, and the contact as she confirmed it. Its status is moved apart from that. */
  activate(id: string, as: Activation): Promise<void>;
  /** Reads and writes one after the other, whoever else does; undefined when there is nobody. Both persons. */
  editPerson(id: string, at: number, edit: (was: Person) => Person): Promise<Edited | undefined>;
  /** When it was made, and its ClaveÚnica last changed; milliseconds. */
  dates(id: string): Promise<{ readonly createdAt: number; readonly passwordAt: number | undefined } | undefined>;
  /**
   * Sessions and tokens from before that second are over; it never goes back. A second is coarse: of two revocations in one,
   * the later does not reach what began between them, so whoever revokes ends the sessions themselves as well.
   */
  revokeUntil(id: string, second: number): Promise<void>;
  /** Any but `active` ends sessions and tokens as well. */
  setStatus(id: string, status: Status, at: number): Promise<void>;
  /** The same, only while it is one of `from`: false when somebody else was quicker. */
  moveStatus(id: string, move: StatusMove): Promise<boolean>;
}

export type Activation = {
  readonly secret: Secret;
  readonly person: Person;
  readonly at: number;
  /** When she was identified again. */
  readonly identified?: Identified | undefined;
};
export type StatusMove = { readonly from: readonly Status[]; readonly to: Status; readonly at: number };

/** What is read of somebody, without what only a login needs. */
export type AccountRow = {
  id: string;
  status: Status;
  identified: Identified;
  person: Buffer;
  revoked_until: string;
  updated_at: string;
  recovered_at: string | null;
};
export type LoginRow = AccountRow & {
  second_factor: boolean;
  hash: string | null;
  pepper: string | null;
} & ClaveRow;

const place = (id: string) => `accounts.person.${id}`;
const index = 'accounts.run';

const COLUMNS = 'a.id, a.status, a.identified, a.person, a.revoked_until, a.updated_at, a.recovered_at';
const BY_ID = { name: 'account-by-id', text: `select ${COLUMNS} from accounts a where a.id = $1` };
const BY_IDS = { name: 'accounts-by-ids', text: `select ${COLUMNS} from accounts a where a.id = any($1::uuid[])` };
const FOR_LOGIN = {
  name: 'account-for-login',
  text: `select ${COLUMNS}, a.second_factor, p.hash, p.pepper, p.changed_at, p.compromised_at from accounts a
    left join passwords p on p.account_id = a.id where a.run_index = any($1) limit 1`,
};

const plain = ({ id, status, identified, updated_at, revoked_until, recovered_at }: AccountRow) => ({
  ...{ id, status, identified, updatedAt: Number(updated_at), revokedUntil: Number(revoked_until) },
  ...(recovered_at !== null && { recoveredAt: Number(recovered_at) }),
});
const openPerson = (vault: Vault, { id, person }: AccountRow) => JSON.parse(vault.open(person, place(id))) as Person;

export const accountReader =
  (vault: Vault) =>
  (row: AccountRow): Account => ({ ...plain(row), person: openPerson(vault, row) });

/**
 * The person is opened when somebody looks inside: whoever only has the wrong password waits no longer than a stranger
 * . Elsewhere not so: V8 keeps what such an accessor leads to until the next full collection.
 */
const lazyReader =
  (vault: Vault) =>
  (row: AccountRow): Account => {
    let opened: Person | undefined;
    return {
      ...plain(row),
      get person() {
        return (opened ??= openPerson(vault, row));
      },
    };
  };

/** All that a login needs to know of somebody. */
export const loginReader = (vault: Vault) => {
  const account = lazyReader(vault);
  return (row: LoginRow): Found => {
    const { hash, pepper } = row;
    const secret = hash ? { hash, pepper: pepper ?? undefined } : undefined;
    return { account: account(row), secret, clave: claveOf(row), secondFactor: row.second_factor };
  };
};
/** Under which keys somebody is found. */
export const runKeys = (vault: Vault) => (run: Run) => vault.indexes(run, index);

const ACCOUNT_COLUMNS = ['id', 'run_index', 'status', 'identified', 'person', 'created_at', 'updated_at'];
const PASSWORD_COLUMNS = ['account_id', 'hash', 'pepper', 'changed_at'];
const HAVING = { name: 'accounts-having', text: 'select run_index from accounts where run_index = any($1)' };

export function postgresAccounts(db: Knex, vault: Vault): Accounts {
  const sealed = accountReader(vault);
  const claves = postgresClaves(db, vault, index);
  const found = loginReader(vault);
  const move = async (id: string, { from, to, at }: StatusMove): Promise<boolean> => {
    // Whoever may not sign in has no session either, also when she may again.
    const ends = to === 'active' ? 0 : Math.floor(at / 1000) + 1;
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `update accounts set status = :to, updated_at = :at, revoked_until = greatest(revoked_until, cast(:ends as bigint))
       where id = :id and status = any(:from) returning 1`,
      { id, from: [...from], to, at, ends },
    );
    return rows.length === 1;
  };
  const rowOf = gathered(async (ids: readonly string[]) => {
    const [only] = ids;
    if (only !== undefined && ids.length === 1) return ask<AccountRow>(db, BY_ID, [only]);
    const rows = await ask<AccountRow>(db, BY_IDS, [`{${ids.join(',')}}`]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  });
  return {
    ...claves,
    async byId(id) {
      if (!isUuid(id)) return undefined;
      const row = await rowOf(id);
      return row && sealed(row);
    },
    async byIds(ids) {
      const rows = await ask<AccountRow>(db, BY_IDS, [`{${ids.filter(isUuid).join(',')}}`]);
      return new Map(rows.map(sealed).map((account) => [account.id, account]));
    },
    async forLogin(run) {
      const [row] = await ask<LoginRow>(db, FOR_LOGIN, [vault.indexes(run, index)]);
      if (!row) return undefined;
      return found(row);
    },
    async add({ id, status, identified, person, secret, at }) {
      const [run_index, ...older] = vault.indexes(person.run, index);
      // The unique index sees today's key alone.
      const taken = await db('accounts').whereIn('run_index', older).limit(1).select<{ id: string }[]>('id');
      if (taken.length > 0) throw new Error('accounts: this person has one already, found by an older key');
      await db('accounts').insert({
        id,
        run_index,
        status,
        identified,
        person: vault.seal(JSON.stringify(person), place(id)),
        created_at: at,
        updated_at: at,
      });
      if (secret) {
        const { hash, pepper } = secret;
        await db('passwords').insert({ account_id: id, hash, pepper: pepper ?? null, changed_at: at });
      }
    },
    async addAll(accounts) {
      const people = accounts.map(({ id, status, identified, person, at }) => [
        ...[id, vault.indexes(person.run, index)[0], status, identified],
        ...[vault.seal(JSON.stringify(person), place(id)), at, at],
      ]);
      const secrets = accounts.flatMap(({ id, secret, at }) =>
        secret ? [[id, secret.hash, secret.pepper ?? null, at]] : [],
      );
      await copyInto(db, { table: 'accounts', columns: ACCOUNT_COLUMNS }, people);
      await copyInto(db, { table: 'passwords', columns: PASSWORD_COLUMNS }, secrets);
    },
    async having(runs) {
      const owners = new Map(runs.flatMap((run) => vault.indexes(run, index).map((key) => [key.toString('hex'), run])));
      const keys = [...owners.keys()].map((key) => Buffer.from(key, 'hex'));
      const found = await ask<{ run_index: Buffer }>(db, HAVING, [keys]);
      return new Set(found.flatMap(({ run_index }) => owners.get(run_index.toString('hex')) ?? []));
    },
    async activate(id, { secret, person, at, identified }) {
      await db('accounts')
        .where({ id })
        .update({
          ...{ person: vault.seal(JSON.stringify(person), place(id)), updated_at: at, recovered_at: null },
          ...(identified !== undefined && { identified }),
        });
      await claves.setSecret(id, secret, { at });
    },
    editPerson(id, at, edit) {
      const work = async (trx: Knex): Promise<Edited | undefined> => {
        const row = await trx<LoginRow>('accounts').where({ id }).forUpdate().first();
        if (!row) return undefined;
        const was = sealed(row).person;
        const now = edit(was);
        await trx('accounts')
          .where({ id })
          .update({ person: vault.seal(JSON.stringify(now), place(id)), updated_at: at });
        return { was, now };
      };
      return db.isTransaction === true ? work(db) : db.transaction(work);
    },
    async dates(id) {
      const row = await db('accounts')
        .leftJoin('passwords', 'passwords.account_id', 'accounts.id')
        .where({ id })
        .first<{ created_at: string; changed_at: string | null } | undefined>('created_at', 'changed_at');
      if (!row) return undefined;
      const passwordAt = row.changed_at === null ? undefined : Number(row.changed_at);
      return { createdAt: Number(row.created_at), passwordAt };
    },
    async revokeUntil(id, second) {
      await db('accounts').where({ id }).andWhere('revoked_until', '<', second).update({ revoked_until: second });
    },
    async setStatus(id, status, at) {
      await move(id, { from: STATUSES, to: status, at });
    },
    moveStatus: move,
  };
}
