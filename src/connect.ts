import { availableParallelism, getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import { faultsOf } from './connect/faults.ts';
import { connectedStores } from './connect/stores.ts';
import { fileAnchors, loggedAnchors, type Anchors } from './gateways/anchors.ts';
import { demoCivilRegistry, httpCivilRegistry, noCivilRegistry } from './gateways/civil-registry.ts';
import { icalendar } from './gateways/calendar.ts';
import { random } from './gateways/chance.ts';
import { systemClock, type EmulatorClock } from './gateways/clock.ts';
import { chileanHolidays } from './gateways/holidays.ts';
import { readDemo } from './gateways/demo-files.ts';
import { argon2Hasher, hashesAtOnce } from './gateways/hasher.ts';
import { webAuthn } from './gateways/passkeys.ts';
import { oneTimeCodes } from './gateways/totp.ts';
import { openBreached } from './gateways/breached.ts';
import { workerStrength } from './gateways/strength.ts';
import { createMeters } from './gateways/meters.ts';
import { createOutages } from './gateways/outages.ts';
import { memoryMailbox, smtpMailer, type EmulatorMailbox, type Mailer } from './gateways/mail.ts';
import { siteFetch } from './gateways/sites.ts';
import { smsWebhook, type Texter } from './gateways/sms.ts';
import { boundedSigner, softwareSigner } from './gateways/signer.ts';
import { turnCredentials } from './gateways/turn.ts';
import { createVault } from './gateways/vault.ts';
import { StartFault } from './domain/fault.ts';
import type { CivilRegistry } from './domain/registry.ts';
import type { Log, Parts } from './parts.ts';
import { postgresIncidents, type Incidents } from './stores/incidents.ts';
import { postgresAuditChain, type AuditChain } from './stores/audit-chain.ts';
import { postgresClockOffset } from './stores/clock-offset.ts';
import { openPostgres, openRedis, poolOf, type Knex, type Redis } from './stores/connections.ts';
import { healthOf, storeAnswers } from './stores/health.ts';
import { emulatorKeys } from './stores/data-dir.ts';
import { startPostgres } from './stores/embedded-postgres.ts';
import { postgresMasterKeys, type MasterKeys } from './stores/master-keys.ts';
import { poolsOf } from './stores/pool.ts';
import { postgresSettings } from './stores/settings.ts';

export { StartFault };

/** Whoever starts the product knows the variable, and not the address or file that it holds. */
const namedFault = (what: string) => (cause: unknown) => {
  throw new StartFault(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
};

/** The live parts, and what only the composition needs. */
export type Live = {
  readonly parts: Parts;
  readonly db: Knex;
  readonly databaseUrl: string;
  /** Connections for a job runner; `close` ends those that nobody has ended. */
  readonly pool: ReturnType<typeof poolsOf>['open'];
  readonly mailer: Mailer;
  readonly auditChain: AuditChain;
  readonly incidents: Incidents;
  readonly anchors: Anchors;
  readonly masterKeys: MasterKeys;
  /** Undefined: codes go by mail only. */
  readonly texter: Texter | undefined;
  /** The emulator's clock goes as that of all processes on this database, from then on. */
  readonly keepTime: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** `mailbox`: the emulator's, when it is not this process's own. */
type Tools = {
  readonly log: Log;
  readonly clock?: EmulatorClock | undefined;
  readonly mailbox?: EmulatorMailbox | undefined;
};

/** How long a request waits for a signature. */
const SIGNER_MS = 1500;

const POOL_MS = 2000;

/** Opens every store and gateway of the configuration. Throws in plain words when one is not there. */
export async function connect(config: Config, { log, clock, ...tools }: Tools): Promise<Live> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const step of closing.toReversed()) await step();
  };
  try {
    // Before a Postgres is started for a file that is wrong.
    const demo = config.emulator ? await readDemo(config) : undefined;
    const databaseUrl = config.databaseUrl ?? (await embedded(config, closing));
    const db = openPostgres(databaseUrl, { patience: config.storeTimeoutMs });
    closing.push(() => db.destroy());
    const outages = createOutages({ log, answers: (store) => storeAnswers(store, db, redis) });
    closing.push(async () => outages.end());
    let redis: Redis | undefined;
    if (config.redisUrl !== undefined) {
      const tell = (err: Error) => () => log.warn({ err }, 'redis');
      redis = await openRedis(config.redisUrl, {
        patience: config.storeTimeoutMs,
        // Whoever starts without it hears of it below.
        onError: (err) => (redis ? outages.met(err, { store: 'redis', tell: tell(err) }) : tell(err)()),
      }).catch(namedFault('REDIS_URL: Redis does not answer'));
      closing.push(async () => redis?.disconnect());
    }
    const pools = poolsOf(databaseUrl, { patience: config.storeTimeoutMs });
    // Who still holds one is not waited for: the work is done again.
    closing.push(() => Promise.race([pools.end(), sleep(POOL_MS)]));
    const vault = createVault(config.masterKeys.length > 0 ? config.masterKeys : await emulatorKeys(config.dataDir));
    const box = config.emulator ? (tools.mailbox ?? memoryMailbox(systemClock)) : undefined;
    const mailer = config.smtpUrl === undefined && box ? box : smtpMailer(config.smtpUrl ?? '', config.mailFrom);
    const texter = texterOf(config, box);
    closing.push(async () => mailer.close?.());
    const offset = postgresClockOffset({ db, url: databaseUrl, settings: (on) => postgresSettings(on, vault) });
    if (config.breachedFile !== undefined)
      await (await openBreached(config.breachedFile).catch(namedFault('BREACHED_FILE'))).close();
    const strength = workerStrength({ minimum: config.passwordMin, breachedFile: config.breachedFile });
    closing.push(() => strength.close());
    const pending = new Set<Promise<unknown>>();
    const meters = createMeters();
    meters.watch('claveunica_postgres_connections', { state: 'used' }, () => poolOf(db).used);
    meters.watch('claveunica_postgres_connections', { state: 'free' }, () => poolOf(db).free);
    meters.watch('claveunica_postgres_waiting', {}, () => poolOf(db).waiting);
    if (redis) meters.watch('claveunica_redis_connected', {}, () => Number(redis.status === 'ready'));
    closing.push(() => Promise.allSettled(pending));
    const stores = connectedStores({ db, redis, vault, url: databaseUrl, chance });
    const faults = faultsOf(config, stores.settings);
    const parts: Parts = {
      ...stores,
      oneTimeCodes: oneTimeCodes(),
      passkeys: webAuthn({ origin: config.origin, vault, chance }),
      hasher: await argon2Hasher({ ...hashing(config), meters }, vault, chance(32)),
      strength,
      signer: boundedSigner(softwareSigner({ beside: availableParallelism() > config.workers }), SIGNER_MS),
      sites: siteFetch({ inside: config.emulator }),
      turn: turnCredentials(config.turn),
      vault,
      demo,
      isHoliday: chileanHolidays(),
      calendar: icalendar,
      civilRegistry: registryOf(config, { log, demo, ...faults }),
      ...faults,
      mailbox: box,
      texting: texter !== undefined,
      ...{ log, outages, meters },
      clock: systemClock,
      ahead: clock?.ahead,
      advance: clock && (async (seconds) => clock.set(await offset.advance(seconds, clock.ahead()))),
      chance,
      afterwards: (work) => {
        const running = work()
          .catch((err: unknown) => outages.met(err, { tell: () => log.warn({ err }, 'work afterwards') }))
          .finally(() => pending.delete(running));
        pending.add(running);
      },
      health: () => healthOf(db, redis),
    };
    const keepTime = async () => {
      if (clock) closing.push(await offset.follow(clock.set));
    };
    const auditChain = postgresAuditChain(db, {
      ...{ settings: parts.settings, pause: () => sleep(AUDIT_PAUSE_MS), ownTime: config.emulator },
    });
    const anchors =
      config.auditAnchors === undefined
        ? loggedAnchors((anchor) => log.info({ anchor }, 'audit anchor'))
        : fileAnchors(config.auditAnchors);
    const masterKeys = postgresMasterKeys(db, vault);
    const incidents = postgresIncidents(db);
    return {
      parts,
      db,
      databaseUrl,
      pool: pools.open,
      mailer,
      auditChain,
      incidents,
      anchors,
      texter,
      masterKeys,
      keepTime,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Between taking an id and having a number in Postgres a transaction needs microseconds. */
const AUDIT_PAUSE_MS = 1000;
const chance = (bytes: number) => random(bytes).toString('base64url');

type Registry = Pick<Parts, 'log' | 'demo' | 'registryFault'>;
function registryOf({ civilRegistryUrl: url }: Config, { log, demo, registryFault }: Registry): CivilRegistry {
  const note = (fault: string) => log.warn({ fault }, 'the civil registry did not answer');
  if (url !== undefined) return httpCivilRegistry({ url, note });
  return demo
    ? demoCivilRegistry(demo.people, {
        note,
        ...(registryFault && { fault: async () => (await registryFault.now()).fault }),
      })
    : noCivilRegistry();
}

function texterOf({ smsWebhookUrl }: Config, box: EmulatorMailbox | undefined): Texter | undefined {
  if (smsWebhookUrl !== undefined) return smsWebhook(smsWebhookUrl);
  return box && { send: ({ to, text }) => box.send({ to, text, subject: '', html: '', channel: 'sms' }) };
}

async function embedded(config: Config, closing: (() => Promise<unknown>)[]): Promise<string> {
  const dir = join(config.dataDir, 'postgres');
  const postgres = await startPostgres({ dir }).catch(namedFault('DATA_DIR: its Postgres does not start'));
  closing.push(() => postgres.close());
  return postgres.url;
}

/** Hashes at once are for the machine: its processes share them out. */
const hashing = ({ argon2, hashConcurrency, hashQueueMs, workers, uvThreadpoolSize }: Config) => ({
  memoryKib: argon2.memoryKib,
  time: argon2.time,
  concurrency: hashesAtOnce({ wanted: hashConcurrency ?? availableParallelism(), workers, threads: uvThreadpoolSize }),
  cores: Math.max(1, availableParallelism() / workers),
  queueMs: hashQueueMs,
});

/** `nice` of a thread that gives way: of a core that it must share it gets three tenths. */
const GIVING_WAY = 4;

/**
 * Hashes are seldom interrupted when there are fewer cores than work: each interruption costs both sides what they had in
 * the caches, in all a sixth of a login. What comes meanwhile is done afterwards, together, and before the next hash
 * begins. Linux alone has a priority for each thread: for this one it is lowered. Those that hash must be there by now, as
 * they are once a hasher was made. Other processes' shares stay as they were where the system groups by session, service
 * or container.
 */
export function giveWayToHashes({ log }: Pick<Parts, 'log'>): void {
  try {
    if (process.platform === 'linux' && getPriority() < GIVING_WAY) setPriority(GIVING_WAY);
  } catch (err) {
    log.warn({ err }, 'hashes are interrupted as the system likes');
  }
}
