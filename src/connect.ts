import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config.ts';
import type { Key } from './domain/throttle.ts';
import { fileAnchors, loggedAnchors, type Anchors } from './gateways/anchors.ts';
import { systemClock, type EmulatorClock } from './gateways/clock.ts';
import { readDemo } from './gateways/demo-files.ts';
import { argon2Hasher } from './gateways/hasher.ts';
import { webAuthn } from './gateways/passkeys.ts';
import { oneTimeCodes } from './gateways/totp.ts';
import { openBreached } from './gateways/breached.ts';
import { workerStrength } from './gateways/strength.ts';
import { memoryMailbox, smtpMailer, type EmulatorMailbox, type Mailer } from './gateways/mail.ts';
import { smsWebhook, type Texter } from './gateways/sms.ts';
import { boundedSigner, softwareSigner } from './gateways/signer.ts';
import { createVault } from './gateways/vault.ts';
import type { Log, Parts, Tx } from './parts.ts';
import { accountReader, loginReader, postgresAccounts, runKeys } from './stores/accounts.ts';
import { postgresAlerts } from './stores/alerts.ts';
import { redisArtifacts } from './stores/artifacts-redis.ts';
import { postgresArtifacts } from './stores/artifacts.ts';
import { postgresAttempts, spentOf, tryRow } from './stores/attempts.ts';
import { postgresAuditChain, type AuditChain } from './stores/audit-chain.ts';
import { postgresAudit } from './stores/audit.ts';
import { postgresCases } from './stores/cases.ts';
import { cachedClients, postgresClients } from './stores/clients.ts';
import { postgresClockOffset } from './stores/clock-offset.ts';
import { postgresCodes } from './stores/codes.ts';
import { openPool, openPostgres, openRedis, type Knex, type Redis } from './stores/connections.ts';
import { healthOf } from './stores/health.ts';
import { emulatorKeys } from './stores/data-dir.ts';
import { postgresContactChanges } from './stores/contact-changes.ts';
import { hashedDevice, PEOPLE_A_DEVICE, peopleKeys, postgresDevices } from './stores/devices.ts';
import { startPostgres } from './stores/embedded-postgres.ts';
import { postgresEvidence } from './stores/evidence.ts';
import { postgresFactors } from './stores/factors.ts';
import { postgresHandovers } from './stores/handovers.ts';
import { postgresJobs } from './stores/jobs.ts';
import { postgresJourneys } from './stores/journeys.ts';
import { postgresKeyReaders } from './stores/key-readers.ts';
import { postgresMasterKeys, type MasterKeys } from './stores/master-keys.ts';
import { postgresLimits, redisLimits } from './stores/limits.ts';
import { postgresLogins } from './stores/logins.ts';
import { postgresNotices } from './stores/notices.ts';
import { letterJobs, postgresOutbox } from './stores/outbox.ts';
import { postgresProposals } from './stores/proposals.ts';
import { artifactRequests } from './stores/requests.ts';
import { postgresSessions } from './stores/sessions.ts';
import { postgresSettings } from './stores/settings.ts';
import { postgresSigningKeys } from './stores/signing-keys.ts';
import { postgresStaff } from './stores/staff.ts';
import { postgresSupervision } from './stores/supervision.ts';
import { cachedSwitches, postgresSwitches } from './stores/switches.ts';

/** The live parts, and what only the composition needs. */
export type Live = {
  readonly parts: Parts;
  readonly db: Knex;
  readonly databaseUrl: string;
  /** Connections for the job runner; `close` ends them. */
  readonly pool: (max: number) => ReturnType<typeof openPool>;
  readonly mailer: Mailer;
  readonly auditChain: AuditChain;
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
    const databaseUrl = config.databaseUrl ?? (await embedded(config, closing));
    const db = openPostgres(databaseUrl, { patience: config.storeTimeoutMs });
    closing.push(() => db.destroy());
    const redis =
      config.redisUrl === undefined
        ? undefined
        : await openRedis(config.redisUrl, {
            patience: config.storeTimeoutMs,
            onError: (err) => log.warn({ err }, 'redis'),
          });
    if (redis) closing.push(async () => redis.disconnect());
    const pool = (max: number) => {
      const opened = openPool(databaseUrl, max);
      // Who still holds one is not waited for: the work is done again.
      closing.push(() => Promise.race([opened.end(), sleep(POOL_MS)]));
      return opened;
    };
    const vault = createVault(config.masterKeys.length > 0 ? config.masterKeys : await emulatorKeys(config.dataDir));
    const box = config.emulator ? (tools.mailbox ?? memoryMailbox(systemClock)) : undefined;
    const mailer = config.smtpUrl === undefined && box ? box : smtpMailer(config.smtpUrl ?? '', config.mailFrom);
    const texter = texterOf(config, box);
    closing.push(async () => mailer.close?.());
    const offset = postgresClockOffset({ db, url: databaseUrl, settings: (on) => postgresSettings(on, vault) });
    if (config.breachedFile !== undefined) await (await openBreached(config.breachedFile)).close();
    const strength = workerStrength({ minimum: config.passwordMin, breachedFile: config.breachedFile });
    closing.push(() => strength.close());
    const pending = new Set<Promise<unknown>>();
    closing.push(() => Promise.allSettled(pending));
    const parts: Parts = {
      ...connectedStores({ db, redis, vault, url: databaseUrl }),
      oneTimeCodes: oneTimeCodes(),
      passkeys: webAuthn({ origin: config.origin, vault, chance }),
      hasher: await argon2Hasher(hashing(config), vault, chance(32)),
      strength,
      signer: boundedSigner(softwareSigner(), SIGNER_MS),
      vault,
      demo: config.emulator ? await readDemo(config) : undefined,
      mailbox: box,
      texting: texter !== undefined,
      log,
      clock: systemClock,
      ahead: clock?.ahead,
      advance: clock && (async (seconds) => clock.set(await offset.advance(seconds, clock.ahead()))),
      chance,
      afterwards: (work) => {
        const running = work()
          .catch((err: unknown) => log.warn({ err }, 'work afterwards'))
          .finally(() => pending.delete(running));
        pending.add(running);
      },
      health: () => healthOf(db, redis),
    };
    const keepTime = async () => {
      if (clock) closing.push(await offset.follow(clock.set));
    };
    const auditChain = postgresAuditChain(db, { settings: parts.settings, pause: () => sleep(AUDIT_PAUSE_MS) });
    const anchors =
      config.auditAnchors === undefined
        ? loggedAnchors((anchor) => log.info({ anchor }, 'audit anchor'))
        : fileAnchors(config.auditAnchors);
    const masterKeys = postgresMasterKeys(db, vault);
    return { parts, db, databaseUrl, pool, mailer, auditChain, anchors, texter, masterKeys, keepTime, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Between taking an id and having a number in Postgres a transaction needs microseconds. */
const AUDIT_PAUSE_MS = 1000;
const chance = (bytes: number) => randomBytes(bytes).toString('base64url');

function texterOf({ smsWebhookUrl }: Config, box: EmulatorMailbox | undefined): Texter | undefined {
  if (smsWebhookUrl !== undefined) return smsWebhook(smsWebhookUrl);
  return box && { send: ({ to, text }) => box.send({ to, text, subject: '', html: '', channel: 'sms' }) };
}

async function embedded(config: Config, closing: (() => Promise<unknown>)[]): Promise<string> {
  const postgres = await startPostgres({ dir: join(config.dataDir, 'postgres') });
  closing.push(() => postgres.close());
  return postgres.url;
}

type Stored = {
  readonly db: Knex;
  readonly redis: Redis | undefined;
  readonly vault: Parts['vault'];
  readonly url: string;
};

export function connectedStores({ db, redis, vault, url }: Stored) {
  const registrations = postgresArtifacts(db);
  const artifacts = redis ? redisArtifacts(redis) : registrations;
  const clients = cachedClients(postgresClients(db), systemClock);
  const switches = cachedSwitches(postgresSwitches(db), systemClock);
  const bound = (on: Knex): Tx => ({
    accounts: postgresAccounts(on, vault),
    alerts: postgresAlerts(on),
    audit: postgresAudit(on),
    cases: postgresCases(on, vault),
    clients: on === db ? clients : postgresClients(on),
    codes: postgresCodes(on, vault),
    contactChanges: postgresContactChanges(on, vault),
    devices: postgresDevices(on, vault),
    evidence: postgresEvidence(on, vault),
    factors: postgresFactors(on, vault),
    handovers: postgresHandovers(on, vault),
    journeys: postgresJourneys(on, vault, chance),
    notices: postgresNotices(on, vault),
    outbox: postgresOutbox(on, vault),
    proposals: postgresProposals(on, vault),
    staff: postgresStaff(on),
    supervision: postgresSupervision(on, vault),
    switches: on === db ? switches : postgresSwitches(on),
    sessions: postgresSessions(on, vault, accountReader(vault)),
    signingKeys: postgresSigningKeys(on, { vault, url }),
  });
  return {
    ...bound(db),
    artifacts,
    attempts: postgresAttempts(db, vault),
    jobs: postgresJobs(db),
    keyReaders: postgresKeyReaders(db, vault),
    limits: redis ? redisLimits(redis) : postgresLimits(db),
    logins: postgresLogins(db, loginWays(vault)),
    registrations,
    requests: artifactRequests(artifacts, vault),
    settings: postgresSettings(db, vault),
    transaction: <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction((trx) => work(bound(trx))),
  };
}

const loginWays = (vault: Parts['vault']) => ({
  ...{ account: loginReader(vault), runKeys: runKeys(vault), device: hashedDevice, people: peopleKeys(vault) },
  tries: (keys: readonly Key[]) => JSON.stringify(keys.map(tryRow(vault))),
  ...{ spent: spentOf, letters: letterJobs(vault), peopleADevice: PEOPLE_A_DEVICE },
});

/** Hashes at once are for the machine: its processes share them out. */
const hashing = ({ argon2, hashConcurrency, hashQueueMs, workers }: Config) => ({
  memoryKib: argon2.memoryKib,
  time: argon2.time,
  concurrency: Math.max(1, Math.floor((hashConcurrency ?? availableParallelism()) / workers)),
  queueMs: hashQueueMs,
});
