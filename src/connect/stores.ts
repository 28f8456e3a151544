import type { Key } from '../domain/throttle.ts';
import { systemClock } from '../gateways/clock.ts';
import type { Parts, Tx } from '../parts.ts';
import { accountReader, loginReader, postgresAccounts, runKeys } from '../stores/accounts.ts';
import { postgresAlerts } from '../stores/alerts.ts';
import { redisArtifacts } from '../stores/artifacts-redis.ts';
import { postgresArtifacts } from '../stores/artifacts.ts';
import { postgresAttempts, spentOf, tryRow } from '../stores/attempts.ts';
import { postgresAudit } from '../stores/audit.ts';
import { postgresCaseList } from '../stores/case-list.ts';
import { postgresCases } from '../stores/cases.ts';
import { cachedClients, postgresClients } from '../stores/clients.ts';
import { postgresCodes } from '../stores/codes.ts';
import { type Knex, type Redis } from '../stores/connections.ts';
import { postgresContactChanges } from '../stores/contact-changes.ts';
import { hashedDevice, PEOPLE_A_DEVICE, peopleKeys, postgresDevices } from '../stores/devices.ts';
import { endedForAll } from '../stores/ended-for-all.ts';
import { postgresEvidence } from '../stores/evidence.ts';
import { postgresFactors } from '../stores/factors.ts';
import { postgresFigures } from '../stores/figures.ts';
import { postgresHandovers } from '../stores/handovers.ts';
import { postgresJobs } from '../stores/jobs.ts';
import { postgresJourneys } from '../stores/journeys.ts';
import { postgresKeyReaders } from '../stores/key-readers.ts';
import { postgresLimits, redisLimits } from '../stores/limits.ts';
import { postgresLogins } from '../stores/logins.ts';
import { postgresNotices } from '../stores/notices.ts';
import { letterJobs, postgresOutbox } from '../stores/outbox.ts';
import { postgresProposals } from '../stores/proposals.ts';
import { artifactRequests } from '../stores/requests.ts';
import { postgresRooms } from '../stores/rooms.ts';
import { postgresSessions } from '../stores/sessions.ts';
import { postgresSettings } from '../stores/settings.ts';
import { postgresSiteSteps } from '../stores/site-steps.ts';
import { postgresSigningKeys } from '../stores/signing-keys.ts';
import { postgresStaff } from '../stores/staff.ts';
import { postgresSupervision } from '../stores/supervision.ts';
import { cachedSwitches, postgresSwitches } from '../stores/switches.ts';
import { postgresBookings } from '../stores/bookings.ts';
import { postgresDraws } from '../stores/draws.ts';
import { postgresEnrolments } from '../stores/enrolments.ts';
import { postgresOffices } from '../stores/offices.ts';
import { postgresQueues } from '../stores/queues.ts';

type Stored = {
  readonly db: Knex;
  readonly redis: Redis | undefined;
  readonly vault: Parts['vault'];
  readonly url: string;
  readonly chance: Parts['chance'];
};

/** All stores, on their connections and within a transaction. */
export function connectedStores({ db, redis, vault, url, chance }: Stored) {
  const registrations = postgresArtifacts(db);
  const artifacts = redis ? redisArtifacts(redis) : registrations;
  const clients = cachedClients(postgresClients(db), systemClock);
  const switches = cachedSwitches(postgresSwitches(db), systemClock);
  const bound = (on: Knex): Tx => ({
    accounts: postgresAccounts(on, vault),
    alerts: postgresAlerts(on),
    audit: postgresAudit(on),
    bookings: postgresBookings(on),
    caseList: postgresCaseList(on),
    cases: postgresCases(on, vault),
    clients: on === db ? clients : postgresClients(on),
    codes: postgresCodes(on, vault),
    contactChanges: postgresContactChanges(on, vault),
    devices: postgresDevices(on, vault),
    draws: postgresDraws(on, vault),
    enrolments: postgresEnrolments(on, vault),
    evidence: postgresEvidence(on, vault),
    factors: postgresFactors(on, vault),
    figures: postgresFigures(on),
    handovers: postgresHandovers(on, vault),
    jobs: postgresJobs(on),
    journeys: postgresJourneys(on, vault, chance),
    notices: postgresNotices(on, vault),
    offices: postgresOffices(on),
    outbox: postgresOutbox(on, vault),
    proposals: postgresProposals(on, vault),
    queues: postgresQueues(on),
    rooms: postgresRooms(on, { vault, url }),
    staff: postgresStaff(on),
    supervision: postgresSupervision(on, vault),
    switches: on === db ? switches : postgresSwitches(on),
    sessions: postgresSessions(on, vault, accountReader(vault)),
    signingKeys: postgresSigningKeys(on, { vault, url }),
  });
  const base = bound(db);
  return {
    ...base,
    ...endedForAll({ ...base, logins: postgresLogins(db, loginWays(vault)) }),
    artifacts,
    attempts: postgresAttempts(db, vault),
    keyReaders: postgresKeyReaders(db, vault),
    limits: redis ? redisLimits(redis) : postgresLimits(db),
    registrations,
    requests: artifactRequests(artifacts, vault),
    settings: postgresSettings(db, vault),
    siteSteps: postgresSiteSteps(db),
    transaction: <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction((trx) => work(bound(trx))),
  };
}

const loginWays = (vault: Parts['vault']) => ({
  ...{ account: loginReader(vault), runKeys: runKeys(vault), device: hashedDevice, people: peopleKeys(vault) },
  tries: (keys: readonly Key[]) => JSON.stringify(keys.map(tryRow(vault))),
  ...{ spent: spentOf, letters: letterJobs(vault), peopleADevice: PEOPLE_A_DEVICE },
});
