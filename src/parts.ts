import type { MailFault, SiteFault, Switched } from './domain/emulator-fault.ts';
import type { CivilRegistry, RegistryFault } from './domain/registry.ts';
import type { Vault } from './domain/vault.ts';
import type { Calendar } from './gateways/calendar.ts';
import type { Demo } from './gateways/demo-files.ts';
import type { Hasher } from './gateways/hasher.ts';
import type { Mailbox } from './gateways/mail.ts';
import type { Meters } from './gateways/meters.ts';
import type { Passkeys } from './gateways/passkeys.ts';
import type { OneTimeCodes } from './gateways/totp.ts';
import type { Outages } from './gateways/outages.ts';
import type { Strength } from './gateways/strength.ts';
import type { Signer } from './gateways/signer.ts';
import type { Sites } from './gateways/sites.ts';
import type { Turn } from './gateways/turn.ts';
import type { Accounts } from './stores/accounts.ts';
import type { Alerts } from './stores/alerts.ts';
import type { Artifacts } from './stores/artifacts.ts';
import type { Attempts } from './stores/attempts.ts';
import type { Audit } from './stores/audit.ts';
import type { Bookings } from './stores/bookings.ts';
import type { CaseList } from './stores/case-list.ts';
import type { Cases } from './stores/cases.ts';
import type { Clients } from './stores/clients.ts';
import type { Codes } from './stores/codes.ts';
import type { ContactChanges } from './stores/contact-changes.ts';
import type { Devices } from './stores/devices.ts';
import type { Draws } from './stores/draws.ts';
import type { Enrolments } from './stores/enrolments.ts';
import type { Evidences } from './stores/evidence.ts';
import type { Factors } from './stores/factors.ts';
import type { Figures } from './stores/figures.ts';
import type { Handovers } from './stores/handovers.ts';
import type { Jobs } from './stores/jobs.ts';
import type { Journeys } from './stores/journeys.ts';
import type { KeyReaders } from './stores/key-readers.ts';
import type { Limits } from './stores/limits.ts';
import type { Logins } from './stores/logins.ts';
import type { Queues } from './stores/queues.ts';
import type { Notices } from './stores/notices.ts';
import type { Offices } from './stores/offices.ts';
import type { Outbox } from './stores/outbox.ts';
import type { Proposals } from './stores/proposals.ts';
import type { Requests } from './stores/requests.ts';
import type { Rooms } from './stores/rooms.ts';
import type { Sessions } from './stores/sessions.ts';
import type { Settings } from './stores/settings.ts';
import type { SiteSteps } from './stores/site-steps.ts';
import type { SigningKeys } from './stores/signing-keys.ts';
import type { StaffStore } from './stores/staff.ts';
import type { Supervision } from './stores/supervision.ts';
import type { Switches } from './stores/switches.ts';

/** Of the emulator: how it is now, for all processes. */
export type Switchable<T> = { readonly now: () => Promise<Switched<T>>; readonly set: (fault: T) => Promise<void> };

/** Everything the application does not compute itself. A test replaces any of them by spreading. */
export type Parts = {
  readonly accounts: Accounts;
  readonly alerts: Alerts;
  readonly artifacts: Artifacts;
  readonly attempts: Attempts;
  readonly audit: Audit;
  readonly bookings: Bookings;
  readonly caseList: CaseList;
  readonly cases: Cases;
  readonly clients: Clients;
  readonly codes: Codes;
  readonly contactChanges: ContactChanges;
  readonly devices: Devices;
  readonly draws: Draws;
  readonly enrolments: Enrolments;
  readonly evidence: Evidences;
  readonly factors: Factors;
  readonly figures: Figures;
  readonly handovers: Handovers;
  readonly jobs: Jobs;
  readonly journeys: Journeys;
  readonly keyReaders: KeyReaders;
  readonly limits: Limits;
  readonly logins: Logins;
  readonly queues: Queues;
  readonly notices: Notices;
  readonly offices: Offices;
  readonly outbox: Outbox;
  readonly proposals: Proposals;
  /** What lets clients register and manage themselves: in Postgres, whatever holds the rest. */
  readonly registrations: Artifacts;
  readonly requests: Requests;
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly settings: Settings;
  readonly signingKeys: SigningKeys;
  /** What sites tried lately. */
  readonly siteSteps: SiteSteps;
  readonly staff: StaffStore;
  readonly supervision: Supervision;
  readonly switches: Switches;
  readonly civilRegistry: CivilRegistry;
  /** Whether offices are closed on that day (ISO). */
  readonly isHoliday: (day: string) => Promise<boolean>;
  readonly calendar: Calendar;
  readonly hasher: Hasher;
  readonly oneTimeCodes: OneTimeCodes;
  readonly passkeys: Passkeys;
  readonly strength: Strength;
  readonly signer: Signer;
  readonly sites: Sites;
  /** The relay of video calls. */
  readonly turn: Turn;
  readonly vault: Vault;
  /** Whether codes can go to a telephone. */
  readonly texting: boolean;
  /** The emulator's invented people and sites; absent in production. */
  readonly demo: Demo | undefined;
  /** What was sent by mail or SMS; in the emulator people read it there. */
  readonly mailbox: Mailbox | undefined;
  readonly log: Log;
  /** Errors that a store which is away may be behind go there, so that it is told of once. */
  readonly outages: Outages;
  /** Counts what operators want to know. */
  readonly meters: Meters;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Moves the emulator's clock forward by so many seconds; absent in production. */
  readonly advance: ((seconds: number) => Promise<void>) | undefined;
  /** What the emulator's civil registry is like; absent in production, and where a real one is asked. */
  readonly registryFault: Switchable<RegistryFault> | undefined;
  /** What sites meet at the emulator's token endpoint; absent in production. */
  readonly siteFault: Switchable<SiteFault> | undefined;
  /** How letters come to the emulator's mailbox; absent in production, and where a real mail server takes them. */
  readonly mailFault: Switchable<MailFault> | undefined;
  /** How many seconds the emulator's clock runs ahead; absent in production. */
  readonly ahead: (() => number) | undefined;
  /** So many random bytes, base64url. */
  readonly chance: (bytes: number) => string;
  /** Work that nobody waits for; faults are logged, a shutdown waits for it. */
  readonly afterwards: (work: () => Promise<unknown>) => void;
  /** Commits when `work` resolves, rolls back when it throws. No network and no hash inside. */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Which stores answer right now. */
  readonly health: () => Promise<Readonly<Record<string, boolean>>>;
};

/** The same interfaces, bound to one transaction. */
export type Tx = Pick<
  Parts,
  | 'accounts'
  | 'alerts'
  | 'audit'
  | 'bookings'
  | 'caseList'
  | 'cases'
  | 'clients'
  | 'codes'
  | 'contactChanges'
  | 'devices'
  | 'draws'
  | 'enrolments'
  | 'evidence'
  | 'factors'
  | 'figures'
  | 'handovers'
  | 'jobs'
  | 'journeys'
  | 'queues'
  | 'notices'
  | 'offices'
  | 'outbox'
  | 'proposals'
  | 'rooms'
  | 'staff'
  | 'supervision'
  | 'switches'
  | 'sessions'
  | 'signingKeys'
>;

export type Fields = Readonly<Record<string, unknown>>;
/** One JSON line each; secrets and people never go into `fields`. */
export interface Log {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
}
