import { randomBytes } from 'node:crypto';
import { demoCivilRegistry } from '../../src/gateways/civil-registry.ts';
import { icalendar } from '../../src/gateways/calendar.ts';
import { chileanHolidays } from '../../src/gateways/holidays.ts';
import { readDemo } from '../../src/gateways/demo-files.ts';
import { createMeters } from '../../src/gateways/meters.ts';
import { createOutages } from '../../src/gateways/outages.ts';
import { memoryMailbox } from '../../src/gateways/mail.ts';
import { webAuthn } from '../../src/gateways/passkeys.ts';
import { oneTimeCodes } from '../../src/gateways/totp.ts';
import { siteFetch } from '../../src/gateways/sites.ts';
import { turnCredentials } from '../../src/gateways/turn.ts';
import { softwareSigner } from '../../src/gateways/signer.ts';
import { createVault } from '../../src/gateways/vault.ts';
import type { Fields, Parts, Tx } from '../../src/parts.ts';
import { artifactRequests } from '../../src/stores/requests.ts';
import { seed } from '../../src/tasks/seed.ts';
import { memoryAlerts } from './memory/alerts.ts';
import { memoryCodes } from './memory/codes.ts';
import { memoryContactChanges } from './memory/contact-changes.ts';
import { memoryBookings, memoryQueues } from './memory/bookings.ts';
import { memoryDraws, memoryFigures } from './memory/draws.ts';
import { memoryCaseList, memoryEnrolments, memoryOffices } from './memory/enrolment.ts';
import { memoryEvidence, memoryHandovers, memorySupervision } from './memory/evidence.ts';
import { memoryFactors } from './memory/factors.ts';
import { memoryKeyReaders } from './memory/key-readers.ts';
import { quickHasher } from './memory/hasher.ts';
import {
  memoryAudit,
  memoryCases,
  memoryClients,
  memoryJobs,
  memoryNotices,
  memoryOutbox,
  memorySettings,
  memorySigningKeys,
} from './memory/house.ts';
import { memoryJourneys } from './memory/journeys.ts';
import { memoryLogins } from './memory/logins.ts';
import { memoryAccounts, memoryDevices } from './memory/people.ts';
import { memorySessions } from './memory/sessions.ts';
import { memoryArtifacts, memoryAttempts, memoryLimits } from './memory/short-lived.ts';
import { memoryRooms } from './memory/rooms.ts';
import { memorySiteSteps } from './memory/site-steps.ts';
import { ruleStrength } from './memory/strength.ts';
import { memoryProposals, memoryStaff, memorySwitches } from './memory/staff.ts';
import { emptyTables, undoable, write, type Tables, type Write } from './memory/tables.ts';

/** The password of every demo person who has a long one. */
export const PASSWORD = 'boldo-quillay-peumo';

/** Once in a test file: each needs a process, which reads a large library. */
const isHoliday = chileanHolidays();

export type Line = { readonly level: 'info' | 'warn' | 'error'; readonly fields: Fields; readonly message: string };

export type Memory = Parts & {
  readonly tables: Tables;
  /** What was logged. */
  readonly lines: readonly Line[];
  /** Moves the clock forward; milliseconds. */
  readonly travel: (ms: number) => void;
  /** Waits for the work that nobody waits for. */
  readonly settled: () => Promise<void>;
};

type Wish = {
  /** How far away the artifacts are, in milliseconds. */
  readonly delay?: number;
  /** Without the emulator's people and sites. */
  readonly empty?: boolean;
  /** What passkeys are made for. */
  readonly origin?: string;
};

/** Every part, in memory, with the demo people and sites, a real vault, and a clock that starts now and that the test moves. */
export async function memoryParts({
  delay = 0,
  empty = false,
  origin = 'http://localhost:3000',
}: Wish = {}): Promise<Memory> {
  let ahead = 0;
  const tables = emptyTables();
  const vault = createVault([{ id: 'test', key: Buffer.alloc(32, 'k') }]);
  const artifacts = memoryArtifacts({ delay });
  const clock = () => Date.now() + ahead;
  const chance = (bytes: number) => randomBytes(bytes).toString('base64url');
  const pending = new Set<Promise<unknown>>();
  const lines: Line[] = [];
  const logging = (level: Line['level']) => (fields: Fields, message: string) =>
    void lines.push({ level, fields, message });
  const log = { debug: () => undefined, info: logging('info'), warn: logging('warn'), error: logging('error') };
  const travel = (ms: number) => {
    ahead += ms;
  };

  const stores = { ...bound(tables, write), attempts: memoryAttempts(), transaction: transactions(tables) };
  const demo = await readDemo({ demoPort: 0 });
  const memory: Memory = {
    ...stores,
    artifacts,
    keyReaders: memoryKeyReaders(),
    limits: memoryLimits(),
    logins: memoryLogins({ ...stores, tables }),
    registrations: memoryArtifacts(),
    requests: artifactRequests(artifacts, vault),
    settings: memorySettings(),
    siteSteps: memorySiteSteps(tables),
    signer: softwareSigner(),
    hasher: quickHasher(vault),
    oneTimeCodes: oneTimeCodes(),
    passkeys: webAuthn({ origin, vault, chance }),
    strength: ruleStrength(),
    sites: siteFetch({ inside: true }),
    turn: turnCredentials({ urls: [], secret: '', only: false }),
    vault,
    demo,
    isHoliday,
    calendar: icalendar,
    civilRegistry: demoCivilRegistry(demo.people),
    registryFault: undefined,
    siteFault: undefined,
    mailFault: undefined,
    mailbox: memoryMailbox(clock),
    texting: true,
    log,
    outages: createOutages({ log, answers: async () => true }),
    meters: createMeters(),
    clock,
    ahead: () => ahead / 1000,
    advance: async (seconds) => travel(seconds * 1000),
    chance,
    afterwards: (work) => {
      const running = work()
        .catch((err: unknown) => log.warn({ err }, 'work afterwards'))
        .finally(() => pending.delete(running));
      pending.add(running);
    },
    health: async () => ({ memory: true }),
    tables,
    lines,
    travel,
    settled: async () => {
      await Promise.all(pending);
    },
  };
  if (!empty && memory.demo) await seed(memory, memory.demo);
  // Tests look at what they have done themselves.
  tables.audit.clear();
  return memory;
}

const bound = (tables: Tables, on: Write): Tx => ({
  accounts: memoryAccounts(tables, on),
  alerts: memoryAlerts(tables, on),
  audit: memoryAudit(tables, on),
  bookings: memoryBookings(tables, on),
  cases: memoryCases(tables, on),
  clients: memoryClients(tables, on),
  codes: memoryCodes(tables, on),
  contactChanges: memoryContactChanges(tables, on),
  devices: memoryDevices(tables, on),
  draws: memoryDraws(tables, on),
  caseList: memoryCaseList(tables),
  enrolments: memoryEnrolments(tables, on),
  evidence: memoryEvidence(tables, on),
  factors: memoryFactors(tables, on),
  figures: memoryFigures(tables),
  handovers: memoryHandovers(tables, on),
  jobs: memoryJobs(tables, on),
  journeys: memoryJourneys(tables, on),
  queues: memoryQueues(tables, on),
  notices: memoryNotices(tables, on),
  offices: memoryOffices(tables, on),
  outbox: memoryOutbox(tables, on),
  proposals: memoryProposals(tables, on),
  rooms: memoryRooms(tables, on),
  staff: memoryStaff(tables, on),
  supervision: memorySupervision(tables, on),
  switches: memorySwitches(tables, on),
  sessions: memorySessions(tables, on),
  signingKeys: memorySigningKeys(tables, on),
});

/** One after another; who throws leaves everything as it was. */
function transactions(tables: Tables): Parts['transaction'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(async () => {
      const changes = undoable();
      try {
        return await work(bound(tables, changes.write));
      } catch (error) {
        changes.undo();
        throw error;
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}
