import { randomBytes, randomUUID } from 'node:crypto';
import { connectedStores } from '../../../src/connect/stores.ts';
import { checkDigit, parseRun, type Run } from '../../../src/domain/run.ts';
import type { Vault } from '../../../src/domain/vault.ts';
import { createVault } from '../../../src/gateways/vault.ts';
import type { Parts } from '../../../src/parts.ts';
import type { NewAccount } from '../../../src/stores/accounts.ts';
import type { Device } from '../../../src/stores/devices.ts';
import { openPostgres, openRedis, type Knex, type Redis } from '../../../src/stores/connections.ts';
import { migratedDatabase } from '../migrated.ts';

/** Tests share two cores: what is slow is not at fault. */
const PATIENCE = 30_000;

export type RealPostgres = { readonly db: Knex; readonly url: string; readonly close: () => Promise<void> };

/** A database of its own with today's schema, on the run's Postgres. */
export async function realPostgres(): Promise<RealPostgres> {
  const { url, drop } = await migratedDatabase();
  const db = openPostgres(url, { max: 20, patience: PATIENCE });
  const close = async () => {
    await db.destroy();
    await drop();
  };
  return { db, url, close };
}

/** The run's Redis, which test files share: keys are random. */
export async function realRedis(): Promise<{ readonly redis: Redis; readonly close: () => Promise<void> }> {
  const url = process.env['TEST_REDIS_URL'];
  if (url === undefined) throw new Error('TEST_REDIS_URL is unset: run tests by `npm test` or `node test/run.ts FILE`');
  const onError = (error: Error) => {
    throw error;
  };
  const redis = await openRedis(url, { patience: PATIENCE, onError });
  return { redis, close: async () => redis.disconnect() };
}

/** Keys under which nobody else has stored anything. */
export const someKey = (): Buffer => randomBytes(32);

export const OLD_KEY = { id: 'old', key: Buffer.alloc(32, 'o') };
export const NEW_KEY = { id: 'new', key: Buffer.alloc(32, 'n') };
/** Before a rotation of the master keys, and after. */
export const oldVault = (): Vault => createVault([OLD_KEY]);
export const rotatedVault = (): Vault => createVault([NEW_KEY, OLD_KEY]);

let bodies = 10_000_000 + randomBytes(3).readUIntBE(0, 3);
/** A RUN that nobody in this process has yet. */
export function someRun(): Run {
  const body = bodies++;
  return parseRun(`${body}-${checkDigit(body)}`)!;
}

export function someAccount(differing: Partial<NewAccount> = {}): NewAccount {
  const person = { run: someRun(), names: ['Rosa', 'Elena'], surnames: ['Paillán'], email: 'rosa@correo.example' };
  const secret = { hash: '$quick$1', pepper: 'old' };
  return { id: randomUUID(), status: 'active', identified: 'video', person, secret, at: 1000, ...differing };
}

/** All stores on it, with the master keys of that vault. */
export const storesOn = ({ db, url }: Pick<RealPostgres, 'db' | 'url'>, vault = oldVault()) =>
  connectedStores({
    ...{ db, redis: undefined, vault, url },
    chance: (bytes) => randomBytes(bytes).toString('base64url'),
  });

/** Nothing but a login remembers a device; tells whether it was new. */
export async function signInOn(
  { audit, logins }: Pick<Parts, 'audit' | 'logins'>,
  device: Device,
  { run, at }: { readonly run: Run; readonly at: number },
): Promise<boolean> {
  const trail = { at, accountId: randomUUID() };
  const fresh = () => ({ event: { kind: 'new-device', ...trail } as const, letters: [] });
  const event = { kind: 'login-succeeded', ...trail } as const;
  await logins.record({ run, at, event, device, known: false, fresh, forgiven: [] });
  return (await audit.ofAccount(trail.accountId, 3)).length === 2;
}
