import type { Run } from '../domain/run.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

export type SealedPlace = {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  /** Which rows, where not all live so long. */
  readonly only?: string;
  /** The associated data, in SQL; without it TABLE.COLUMN.ROW. */
  readonly named?: string;
};

/** What is sealed and lives longer than `SHORT_LIVED`. */
export const SEALED: readonly SealedPlace[] = [
  { table: 'settings', key: 'name', column: 'value' },
  { table: 'signing_keys', key: 'kid', column: 'jwk' },
  { table: 'accounts', key: 'id', column: 'person' },
  { table: 'totp', key: 'account_id', column: 'secret' },
  { table: 'passkeys', key: 'credential', column: 'about' },
  { table: 'contact_changes', key: 'id', column: 'before' },
  { table: 'notices', key: 'token', column: 'details' },
  { table: 'cases', key: 'id', column: 'details' },
  { table: 'case_steps', key: 'id', column: 'words' },
  { table: 'enrolments', key: 'id', column: 'data' },
  { table: 'rooms', key: 'case_id', column: 'token' },
  { table: 'proposals', key: 'id', column: 'plan' },
  { table: 'proposals', key: 'id', column: 'reason' },
  { table: 'sessions', key: 'uid', column: 'name' },
  { table: 'evidence', key: 'id', column: 'work' },
  { table: 'samples', key: 'evidence_id', column: 'words' },
  { table: 'holds', key: 'id', column: 'details' },
  { table: 'handovers', key: 'id', column: 'code' },
  { table: 'codes', key: 'hash', column: 'details' },
  { table: 'clients', key: 'id', column: 'registered' },
  {
    ...{ table: 'artifacts', key: 'key', column: 'payload' },
    only: `model in ('InitialAccessToken', 'RegistrationAccessToken')`,
    named: `model || ':' || rtrim(translate(encode(key, 'base64'), '+/', '-_'), '=')`,
  },
];

/** Rows that a master key has sealed which is not the first of the list. */
export type Left = { readonly table: string; readonly column: string; readonly key: string; readonly rows: number };
export type Batch = { readonly last: string | Buffer | undefined; readonly done: number; readonly closed: number };

/** Master keys come and go; what was sealed by them is sealed anew, while everybody works (R-83). */
export interface MasterKeys {
  readonly places: readonly SealedPlace[];
  /** Takes in what went before: peppers and HMAC keys of master keys that may be gone. */
  inherit(): Promise<void>;
  /** Leaves those of all but the first key, sealed by it, for the day when they are gone. */
  bequeath(): Promise<void>;
  /** Seals up to `size` rows after that one anew. `closed` are those whose key is not here. */
  reseal(place: SealedPlace, at: { readonly after: Batch['last']; readonly size: number }): Promise<Batch>;
  left(): Promise<readonly Left[]>;
  /** Notes when another key became the first. */
  note(now: number): Promise<void>;
  /** Since when the first key seals: what is short-lived and sealed by another is gone some time after it. */
  since(): Promise<number | undefined>;
}

const HEIRLOOM = 'heirloom.';
const settingPlace = (name: string) => `settings.value.${name}`;
const text = (key: string | Buffer) => (Buffer.isBuffer(key) ? key.toString('base64url') : key);

/** The length and the id of the key that a value begins with; null for one that is empty. */
const mark = (column: string) =>
  `case when octet_length(${column}) > 0 then substring(${column} from 1 for get_byte(${column}, 0) + 1) end`;

export function postgresMasterKeys(db: Knex, vault: Vault): MasterKeys {
  const [first] = vault.ids;
  const ours = Buffer.concat([Buffer.of(first.length), Buffer.from(first)]);
  /** Two ranges, not an inequality: the index of accounts serves them. */
  const others = (column: string) => `(${mark(column)} < :ours or ${mark(column)} > :ours)`;

  const readSetting = async (name: string) => {
    const row = await db('settings').where({ name }).first<{ value: Buffer } | undefined>('value');
    return row && vault.open(row.value, settingPlace(name));
  };
  const writeSetting = async (name: string, plain: string) => {
    const value = vault.seal(plain, settingPlace(name));
    await db('settings').insert({ name, value }).onConflict('name').merge();
  };
  const since = async () => {
    const [id, at] = (await readSetting('sealing'))?.split(' ') ?? [];
    return id === first ? Number(at) : undefined;
  };
  return {
    places: SEALED,
    since,
    async inherit() {
      const { rows: there } = await db.raw<{ rows: { there: boolean }[] }>(
        `select to_regclass('settings') is not null as there`,
      );
      if (!there[0]?.there) return;
      const rows = await db('settings')
        .where('name', 'like', `${HEIRLOOM}%`)
        .select<{ name: string; value: Buffer }[]>('name', 'value');
      for (const { name, value } of rows)
        vault.inherit(name.slice(HEIRLOOM.length), vault.open(value, settingPlace(name)));
    },
    async bequeath() {
      for (const id of vault.ids.slice(1)) await writeSetting(`${HEIRLOOM}${id}`, vault.heirloom(id));
    },
    async reseal({ table, key, column, only = 'true', named = 'null' }, { after, size }) {
      const { rows } = await db.raw<{ rows: { key: string | Buffer; value: Buffer; named: string | null }[] }>(
        `select ${key} as key, ${column} as value, ${named} as named from ${table}
         where ${only} and ${others(column)} ${after === undefined ? '' : `and ${key} > :after`} order by ${key} limit :size`,
        { ours, size, ...(after !== undefined && { after }) },
      );
      let [done, closed] = [0, 0];
      for (const row of rows) {
        const place = row.named ?? `${table}.${column}.${text(row.key)}`;
        const plain = opened(vault, row.value, place);
        if (plain === undefined) {
          closed += 1;
          continue;
        }
        // Who has changed it meanwhile has sealed it anew.
        done += await db(table)
          .where({ [key]: row.key, [column]: row.value })
          .update({ [column]: vault.seal(plain, place), ...(table === 'accounts' && indexOf(vault, plain)) });
      }
      return { last: rows.at(-1)?.key, done, closed };
    },
    async left() {
      const found = await Promise.all(
        SEALED.map(async ({ table, column, only = 'true' }) => {
          const { rows } = await db.raw<{ rows: { mark: Buffer; rows: string }[] }>(
            `select ${mark(column)} as mark, count(*) as rows from ${table} where ${only} and ${others(column)} group by 1`,
            { ours },
          );
          return rows.map((row) => ({ table, column, key: row.mark.toString('utf8', 1), rows: Number(row.rows) }));
        }),
      );
      return found.flat();
    },
    async note(now) {
      if ((await since()) === undefined) await writeSetting('sealing', `${first} ${now}`);
    },
  };
}

/** Found again by the key of now: who has an old one and a dump must not find people (R-77). */
const indexOf = (vault: Vault, person: string) => ({
  run_index: vault.indexes((JSON.parse(person) as { readonly run: Run }).run, 'accounts.run')[0],
});

function opened(vault: Vault, value: Buffer, place: string): string | undefined {
  try {
    return vault.open(value, place);
  } catch {
    return undefined;
  }
}
