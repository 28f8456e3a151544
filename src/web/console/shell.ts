import type { ConsoleShell, Refusal, Room } from '#views/parts/console.ts';
import { z } from 'zod';
import { fullName } from '../../domain/account.ts';
import type { Channel } from '../../domain/checklist.ts';
import { mayTry, REASON_MOST, REASONS, type ConsoleAct, type Reason, type Staff } from '../../domain/roles.ts';
import { withoutRuns } from '../../domain/run.ts';
import type { Parts } from '../../parts.ts';
import type { StaffVisit } from '../kit/staff-row.ts';

/** Which act opens the door of a room. */
const DOORS: Readonly<Record<Room, ConsoleAct | undefined>> = {
  home: undefined,
  agenda: 'case draw',
  desk: 'case arrive',
  second: 'exception decide',
  supervision: 'sample review',
  requests: 'case list',
  offices: 'office list',
  rosters: 'roster edit',
  figures: 'figures see',
  people: 'person look up',
  accountCases: 'account case list',
  audit: 'audit search',
  staff: 'staff list',
  clients: 'client list',
  alerts: 'alert list',
  switches: 'switch propose',
};
const ROOMS_IN_ORDER = Object.keys(DOORS) as readonly Room[];

const opens = (staff: Staff, room: Room): boolean => {
  const act = DOORS[room];
  return act === undefined || mayTry(staff, act);
};

/** Where an officer works on a case: in its call, or at its desk. */
export const pathOfCase = (channel: Channel, caseId: string): string =>
  `/${channel === 'video' ? 'llamada' : 'meson'}/${caseId}`;

/** What stands around each page of the console. */
export const shellOf = ({ actor, account, csrf }: StaffVisit, { clock }: Pick<Parts, 'clock'>): ConsoleShell => ({
  csrf,
  name: fullName(account.person),
  roles: actor.staff.roles,
  rooms: ROOMS_IN_ORDER.filter((room) => opens(actor.staff, room)),
  now: clock(),
});

/** Why a room is shown again instead of what was asked for; `exporting`: the reason that was written for a file. */
export type Refused = { readonly status: number; readonly refused: Refusal; readonly exporting?: Reason };

/** The fields of a reason. */
export const reasonShape = {
  motivo: z.enum(REASONS).optional().catch(undefined),
  palabras: z.string().max(1000).default(''),
};

export const reasonOf = (form: {
  readonly motivo?: Reason['kind'] | undefined;
  readonly palabras: string;
}): Reason => ({
  kind: form.motivo ?? 'operations',
  text: withoutRuns(form.palabras.trim().slice(0, REASON_MOST)),
});
