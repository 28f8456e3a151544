import type { Account, Secret } from '../../../src/domain/account.ts';
import type { Client } from '../../../src/domain/client.ts';
import type { JourneyKind } from '../../../src/domain/journey.ts';
import type { Staff } from '../../../src/domain/roles.ts';
import type { NewContactChange } from '../../../src/stores/contact-changes.ts';
import type { Alert, NewAlert } from '../../../src/stores/alerts.ts';
import type { Event } from '../../../src/stores/audit.ts';
import type { AccountCase, CaseStep } from '../../../src/stores/cases.ts';
import type { NewCode } from '../../../src/stores/codes.ts';
import type { Job } from '../../../src/stores/jobs.ts';
import type { Booking } from '../../../src/stores/bookings.ts';
import type { Enrolment } from '../../../src/stores/enrolments.ts';
import type { Moved } from '../../../src/stores/enrolments/moves.ts';
import type { InLine } from '../../../src/stores/queues.ts';
import type { Office, Place, Shift } from '../../../src/domain/schedule.ts';
import type { Evidence } from '../../../src/stores/evidence.ts';
import type { Handover } from '../../../src/stores/handovers.ts';
import type { Hold, HoldOutcome, Verdict } from '../../../src/stores/supervision.ts';
import type { Room, Word } from '../../../src/stores/rooms.ts';
import type { Notice } from '../../../src/stores/notices.ts';
import type { Letter } from '../../../src/stores/outbox.ts';
import type { NewPasskey } from '../../../src/stores/factors.ts';
import type { Proposal, Decision } from '../../../src/stores/proposals.ts';
import type { NewSession } from '../../../src/stores/sessions.ts';
import type { KeyDates } from '../../../src/domain/signing-key.ts';
import type { StoredJwk } from '../../../src/stores/signing-keys.ts';

export type AccountRow = {
  readonly account: Account;
  readonly secret: Secret | undefined;
  readonly secondFactor: boolean;
  readonly at: number;
  readonly secretAt?: number;
  readonly compromised?: boolean;
};
export type DeviceRow = {
  readonly device: string;
  readonly run: string;
  readonly name: string;
  readonly firstAt: number;
  readonly lastAt: number;
};
export type ContactChangeRow = NewContactChange & { readonly undoneAt: number | undefined };
export type CodeRow = NewCode & {
  readonly tried: number;
  readonly until: number;
  readonly used: boolean;
  readonly claimed?: { readonly by: string; readonly at: number } | undefined;
};
export type StoredSession = NewSession & {
  readonly endedAt: number | undefined;
  readonly disconnected: readonly string[];
};
export type SigningKeyRow = KeyDates & { readonly jwk?: StoredJwk | undefined };

export type PasskeyRow = NewPasskey & { readonly usedAt: number | undefined };
export type TotpRow = {
  readonly accountId: string;
  readonly secret: string;
  readonly step: number;
  readonly at: number;
  readonly usedAt: number | undefined;
};
export type SavedCodeRow = { readonly accountId: string; readonly at: number };
export type JourneyRow = {
  readonly kind: JourneyKind;
  readonly accountId: string | undefined;
  readonly version: number;
  readonly state: unknown;
  readonly until: number;
};

export type SampleRow = { readonly drawnAt: number; readonly verdict: Verdict | undefined };
export type HoldRow = Hold & { readonly outcome: HoldOutcome | undefined; readonly endedAt?: number };
export type ProposalRow = Proposal & { readonly decision: Decision | undefined };

export type EnrolmentRow = {
  readonly enrolment: Enrolment;
  readonly token: string;
  readonly domain: string | undefined;
  readonly moves: readonly Moved[];
};
export type PlaceRow = Place & { readonly taken: number; readonly rostered: number };
export type BookingRow = Omit<Booking, 'place'> & { readonly placeId: string; readonly reminded: readonly string[] };
export type RoomWordRow = {
  readonly caseId: string;
  readonly word: Word;
  readonly from: string;
  readonly to: string | undefined;
};
export type WalkInRow = InLine & { readonly seenAt: number; readonly calledAt: number | undefined };

/** What Postgres would hold. A row is replaced, never changed: so a transaction can put it back. */
export type Tables = {
  readonly accounts: Map<string, AccountRow>;
  readonly clients: Map<string, Client>;
  readonly challenges: Map<string, number>;
  readonly cases: Map<string, AccountCase>;
  /** By case and place in its order. */
  readonly caseSteps: Map<string, readonly CaseStep[]>;
  readonly enrolments: Map<string, EnrolmentRow>;
  readonly offices: Map<string, Office>;
  readonly rosters: Map<string, readonly Shift[]>;
  readonly places: Map<string, PlaceRow>;
  readonly bookings: Map<string, BookingRow>;
  readonly walkIns: Map<string, WalkInRow>;
  /** By case: who noted it. */
  readonly deskRequests: Map<string, string>;
  readonly waitingList: Map<string, InLine & { readonly toldAt: number | undefined }>;
  /** `case officer`: who noted that she has come. */
  readonly deskArrivals: Map<string, true>;
  readonly codes: Map<number, CodeRow>;
  readonly contactChanges: Map<string, ContactChangeRow>;
  readonly devices: Map<string, DeviceRow>;
  readonly rooms: Map<string, Room>;
  readonly roomWords: Map<string, RoomWordRow>;
  readonly evidence: Map<string, Evidence>;
  /** Of evidence: whose account. */
  readonly evidenceOf: Map<string, string>;
  readonly samples: Map<string, SampleRow>;
  readonly holds: Map<string, HoldRow>;
  readonly handovers: Map<string, Handover>;
  readonly passkeys: Map<string, PasskeyRow>;
  readonly savedCodes: Map<string, SavedCodeRow>;
  readonly factorsHeld: Map<string, readonly { readonly since: number; readonly until: number }[]>;
  readonly journeys: Map<string, JourneyRow>;
  readonly totp: Map<string, TotpRow>;
  readonly sessions: Map<string, StoredSession>;
  readonly signingKeys: Map<string, SigningKeyRow>;
  readonly alerts: Map<number, NewAlert & Pick<Alert, 'seenBy' | 'seenAt'>>;
  readonly audit: Map<number, Event>;
  readonly notices: Map<string, Notice>;
  readonly jobs: Map<number, Job>;
  readonly outbox: Map<number, Letter>;
  readonly proposals: Map<string, ProposalRow>;
  readonly staff: Map<string, Staff & { readonly changedAt: number }>;
  /** Since when. */
  readonly switches: Map<string, number>;
};

export const emptyTables = (): Tables => ({
  accounts: new Map(),
  clients: new Map(),
  challenges: new Map(),
  cases: new Map(),
  caseSteps: new Map(),
  enrolments: new Map(),
  offices: new Map(),
  rosters: new Map(),
  places: new Map(),
  bookings: new Map(),
  walkIns: new Map(),
  deskRequests: new Map(),
  deskArrivals: new Map(),
  waitingList: new Map(),
  codes: new Map(),
  contactChanges: new Map(),
  devices: new Map(),
  rooms: new Map(),
  roomWords: new Map(),
  evidence: new Map(),
  evidenceOf: new Map(),
  samples: new Map(),
  holds: new Map(),
  handovers: new Map(),
  passkeys: new Map(),
  savedCodes: new Map(),
  factorsHeld: new Map(),
  journeys: new Map(),
  sessions: new Map(),
  totp: new Map(),
  signingKeys: new Map(),
  alerts: new Map(),
  audit: new Map(),
  outbox: new Map(),
  jobs: new Map(),
  notices: new Map(),
  proposals: new Map(),
  staff: new Map(),
  switches: new Map(),
});

/** The one way to change a row; undefined takes it away. */
export type Write = <K, V>(table: Map<K, V>, key: K, row: V | undefined) => void;

export const write: Write = (table, key, row) => {
  if (row === undefined) table.delete(key);
  else table.set(key, row);
};

/** Writes at once, and remembers how it was. */
export function undoable(): { write: Write; undo: () => void } {
  const before: (() => void)[] = [];
  return {
    write: (table, key, row) => {
      const was = table.get(key);
      before.push(() => write(table, key, was));
      write(table, key, row);
    },
    undo: () => {
      for (const step of before.toReversed()) step();
    },
  };
}

/** The next number of an identity column. */
export const nextOf = (table: ReadonlyMap<number, unknown>): number => Math.max(0, ...table.keys()) + 1;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Postgres takes nothing else in a column of that type. */
export function mustBeUuid(id: string): void {
  if (!UUID.test(id)) throw new Error(`invalid input syntax for type uuid: "${id}"`);
}

/** As it comes back from a JSON column: nothing shared with what was put in, nothing undefined. */
export const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
