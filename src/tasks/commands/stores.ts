import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { migrations } from '../../../migrations/all.ts';
import type { Config } from '../../config.ts';
import type { Live } from '../../connect.ts';
import { parseRun } from '../../domain/run.ts';
import { masterWords, standing } from './keys.ts';
import { OTHER_KEYS } from './access.ts';
import { wordsOf } from './command.ts';
import { fail, ok, warn, type Row } from './row.ts';

const MIGRATE = 'run `npm run clave -- migrate`';

/** Everything that hangs on Postgres; without it there is nothing more to say. */
export async function storeRows(config: Config, live: Live): Promise<readonly Row[]> {
  const postgres = await guarded('postgres', () => postgresRows(live));
  if (postgres.some(({ level }) => level === 'fail')) return postgres;
  const schema = await guarded('schema', () => schemaRow(live));
  if (!(await live.db.schema.hasTable('settings'))) return [...postgres, ...schema];
  await live.masterKeys.inherit().catch(() => undefined);
  return [
    ...postgres,
    ...schema,
    ...(await guarded('mode', () => modeRow(config, live))),
    ...(await guarded('keys', () => keysRow(live))),
    ...(await guarded('master keys', () => masterKeyRows(live))),
    ...(await guarded('demo', () => demoRow(config, live))),
  ];
}

/** A check that breaks has failed. */
export async function guarded(check: string, look: () => Promise<Row | readonly Row[]>): Promise<readonly Row[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [fail(check, wordsOf(error), 'see the words of the fault')];
  }
}

async function postgresRows({ db, parts }: Live): Promise<readonly Row[]> {
  const ask = async () => {
    const { rows } = await db.raw<{ rows: { number: string; version: string; ms: string }[] }>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as version,
              extract(epoch from clock_timestamp()) * 1000 as ms`,
    );
    return rows[0] ?? { number: '0', version: 'unknown', ms: '0' };
  };
  try {
    // The first answer comes late, by the time of the connection.
    const { number, version } = await ask();
    const before = parts.clock();
    const { ms } = await ask();
    const skew = Number(ms) - (before + parts.clock()) / 2;
    const postgres =
      Number(number) < 150000
        ? fail('postgres', `version ${version}`, 'install Postgres 15 or newer')
        : ok('postgres', `version ${version}`);
    return [postgres, clockRow(skew)];
  } catch (error) {
    return [fail('postgres', wordsOf(error), 'start it, or set DATABASE_URL right')];
  }
}

/** Of milliseconds: tokens live minutes, and records must agree on the second (R-71). */
export function clockRow(skew: number): Row {
  const found = `Postgres is ${Math.abs(Math.round(skew))} ms ${skew < 0 ? 'behind' : 'ahead of'} this machine`;
  const next = 'keep both machines by NTP';
  if (Math.abs(skew) <= 1000) return ok('clock', found);
  return Math.abs(skew) <= 10_000 ? warn('clock', found, next) : fail('clock', found, next);
}

/** Reads only: `isBehind` would make its table. */
async function schemaRow({ db }: Live): Promise<Row> {
  const known = await db.schema.hasTable('knex_migrations');
  const rows = known ? await db('knex_migrations').select<{ name: string }[]>('name') : [];
  const applied = new Set(rows.map(({ name }) => name));
  const strange = [...applied].filter((name) => !(name in migrations));
  if (strange.length > 0)
    return fail('schema', `newer than this version: ${strange.join(', ')}`, 'start the version that made it');
  const missing = Object.keys(migrations).filter((name) => !applied.has(name));
  if (missing.length > 0) return fail('schema', `behind: ${missing.join(', ')}`, MIGRATE);
  const { rows: jobs } = await db.raw<{ rows: { there: boolean }[] }>(
    `select to_regclass('graphile_worker.migrations') is not null as there`,
  );
  return jobs[0]?.there ? ok('schema', 'up to date') : fail('schema', 'without the tables of jobs', MIGRATE);
}

/** `once` writes where there is nothing; it is asked only where there is something. */
async function kept({ db, parts }: Live, name: 'mode' | 'pairwise-key'): Promise<string | undefined> {
  const row: unknown = await db('settings').where({ name }).first('name');
  return row === undefined ? undefined : parts.settings.once(name, '');
}

async function modeRow({ mode }: Config, live: Live): Promise<Row> {
  const found = await kept(live, 'mode').catch(() => null);
  if (found === null) return fail('mode', OTHER_KEYS, 'put the key that sealed it into the list');
  if (found === undefined) return ok('mode', `free: the first start makes it MODE=${mode}`);
  if (found === mode) return ok('mode', `the database belongs to MODE=${mode}`);
  return fail('mode', `the database belongs to MODE=${found}`, `use another database for MODE=${mode}`);
}

async function keysRow(live: Live): Promise<Row> {
  try {
    await kept(live, 'pairwise-key');
    const published = await live.parts.signingKeys.published();
    if (published.length === 0) return ok('keys', 'none yet: the first start makes them');
    const current = published.find(({ state }) => state === 'current');
    if (!current) return fail('keys', 'none of the signing keys is current', 'restore the table signing_keys');
    return ok('keys', `${published.length} open; ${current.jwk.kid} signs (${current.jwk.alg})`);
  } catch (error) {
    return fail('keys', wordsOf(error), 'MASTER_KEYS: put the key that sealed them into the list, at its end');
  }
}

/** Which master keys are still needed, and whether one is missing (R-83). */
async function masterKeyRows(live: Live): Promise<readonly Row[]> {
  const keys = await standing(live, live.parts.clock());
  return keys.map((key) => {
    const found = `${key.id}: ${key.rows > 0 ? `${key.rows} rows, ` : ''}${masterWords(key)}`;
    if (!key.here) return fail('master keys', found, 'MASTER_KEYS: put that key into the list, at its end');
    return key.rows > 0
      ? warn('master keys', found, 'leave it in the list until nothing hangs on it')
      : ok('master keys', found);
  });
}

const DEMO = new URL('../../../config/demo-people.json', import.meta.url);
const demoPeople = z.array(
  z.object({
    run: z.string(),
    names: z.array(z.string()),
    surnames: z.array(z.string()),
    password: z.string().optional(),
  }),
);

/** A RUN alone proves nothing, as somebody may have it in life: the invented name does, or the public password. */
async function demoRow({ emulator }: Config, { parts }: Live): Promise<Row> {
  if (emulator) return ok('demo', 'invented people, as the emulator has them');
  const found: string[] = [];
  for (const person of demoPeople.parse(JSON.parse(await readFile(DEMO, 'utf8')))) {
    const run = parseRun(person.run);
    const there = run && (await parts.accounts.forLogin(run));
    if (!there) continue;
    const { names, surnames } = there.account.person;
    const isNamesake = String([names, surnames]) === String([person.names, person.surnames]);
    const opens =
      person.password !== undefined &&
      there.secret !== undefined &&
      (await parts.hasher.verify(there.secret, person.password));
    if (isNamesake || opens) found.push(person.run);
  }
  if (found.length === 0) return ok('demo', 'no invented people');
  return fail('demo', `invented people: ${found.join(', ')}`, 'close these accounts: their passwords are public');
}

/** The release gate of SECURITY §4.1. */
const meetsFloor = (memoryKib: number, time: number) => memoryKib >= (time === 1 ? 47104 : 19456);
const TARGET_KIB = 65536;

/** Parameters, and how long one hash takes here. */
export async function argon2Row({ argon2: { memoryKib, time }, emulator }: Config, { parts }: Live): Promise<Row> {
  const before = performance.now();
  await parts.hasher.hash(parts.chance(16));
  const took = Math.round(performance.now() - before);
  const found = `argon2id m=${memoryKib} KiB t=${time}: one hash takes ${took} ms here`;
  if (!meetsFloor(memoryKib, time)) return fail('argon2', found, 'set ARGON2_TIME to 2, or ARGON2_MEMORY_KIB to 47104');
  if (!emulator && memoryKib < TARGET_KIB)
    return warn('argon2', found, `set ARGON2_MEMORY_KIB to ${TARGET_KIB}: the default is for laptops`);
  if (took > 1000) return warn('argon2', found, 'use faster cores, or lower ARGON2_TIME: people wait for it');
  return ok('argon2', found);
}
