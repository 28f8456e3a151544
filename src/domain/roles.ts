/** Who works with the product. One person may have several (SECURITY R-63). */
export const ROLES = ['officer', 'supervisor', 'institution', 'operator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const AGENCIES = ['registro-civil', 'ips'] as const;
export type Agency = (typeof AGENCIES)[number];

export const STAFF_STATES = ['invited', 'active', 'disabled'] as const;
export type StaffState = (typeof STAFF_STATES)[number];

/** A member of staff, as the rules see her. Times are milliseconds. */
export type Staff = {
  readonly accountId: string;
  readonly roles: readonly Role[];
  /** Of officers and supervisors. */
  readonly agency?: Agency | undefined;
  readonly office?: string | undefined;
  /** Of administrators of an institution. */
  readonly institution?: string | undefined;
  readonly state: StaffState;
  /** The last training: nobody proves identities without one within a year (SECURITY §1.6.1). */
  readonly trainedAt?: number | undefined;
  readonly seenAt?: number | undefined;
  readonly createdAt: number;
};

/** Which of them, and in which order. */
export type StaffSort = 'since' | 'seen' | 'trained' | 'place';
export type StaffFilter = {
  readonly agency?: Agency | undefined;
  readonly role?: Role | undefined;
  readonly state?: StaffState | undefined;
  /** Part of the name of an office or an institution. */
  readonly place?: string | undefined;
};

/**
 * What must hold besides the role.
 * `not-self`: the object is not oneself · `same-agency`, `same-office`, `same-institution`: the object belongs to one's
 * own · `second-person`: proposed by one, decided by another · `reason`: from the list, with text · `fresh`: a passkey within
 * five minutes · `trained`: within a year · `drawn`: the case that the line gave her, or that she took, and she has
 * it in hand.
 */
export const CONDITIONS = [
  'not-self',
  'same-agency',
  'same-office',
  'same-institution',
  'second-person',
  'reason',
  'fresh',
  'trained',
  'drawn',
] as const;
export type Condition = (typeof CONDITIONS)[number];

type Rule = { readonly roles: readonly Role[]; readonly needs: readonly Condition[] };

/** THE table of who may do what in the console: what is not in it is denied. */
export const RULES = {
  'staff list': { roles: ['supervisor', 'operator', 'auditor'], needs: [] },
  'staff export': { roles: ['supervisor', 'auditor'], needs: ['same-agency', 'reason'] },
  'staff propose': { roles: ['supervisor', 'operator'], needs: ['not-self', 'same-agency', 'reason', 'fresh'] },
  'staff decide': { roles: ['supervisor', 'operator'], needs: ['not-self', 'same-agency', 'second-person', 'fresh'] },
  'staff disable': { roles: ['supervisor', 'operator'], needs: ['not-self', 'same-agency', 'reason', 'fresh'] },
  'staff train': { roles: ['supervisor'], needs: ['not-self', 'same-agency'] },
  'person look up': { roles: ['officer', 'supervisor'], needs: ['not-self', 'reason'] },
  'person block': { roles: ['officer', 'supervisor'], needs: ['not-self', 'reason', 'fresh'] },
  'person unblock': { roles: ['officer', 'supervisor'], needs: ['not-self', 'reason', 'fresh', 'trained'] },
  'person end sessions': { roles: ['officer', 'supervisor'], needs: ['not-self', 'reason', 'fresh'] },
  'person send recovery': { roles: ['officer', 'supervisor'], needs: ['not-self', 'reason'] },
  'person open case': { roles: ['officer', 'supervisor'], needs: ['not-self', 'reason'] },
  'account case list': { roles: ['supervisor'], needs: [] },
  'account case export': { roles: ['supervisor'], needs: ['reason'] },
  'account case see': { roles: ['supervisor'], needs: ['not-self'] },
  'account case take': { roles: ['supervisor'], needs: ['not-self', 'second-person'] },
  'account case note': { roles: ['supervisor'], needs: ['not-self', 'second-person', 'drawn'] },
  'account case close': { roles: ['supervisor'], needs: ['not-self', 'second-person', 'drawn', 'reason', 'fresh'] },
  'case draw': { roles: ['officer'], needs: ['trained'] },
  'case work': { roles: ['officer'], needs: ['not-self', 'drawn'] },
  'case approve': { roles: ['officer'], needs: ['not-self', 'drawn', 'trained', 'fresh'] },
  'case arrive': { roles: ['officer'], needs: ['not-self'] },
  'case list': { roles: ['supervisor', 'auditor'], needs: [] },
  'case see': { roles: ['supervisor', 'auditor'], needs: ['not-self', 'reason'] },
  'evidence see': { roles: ['auditor'], needs: ['not-self', 'reason'] },
  'exception decide': { roles: ['officer', 'supervisor'], needs: ['not-self', 'second-person', 'fresh', 'trained'] },
  'reissue propose': { roles: ['officer', 'supervisor'], needs: ['not-self', 'reason', 'fresh'] },
  'reissue decide': { roles: ['officer', 'supervisor'], needs: ['not-self', 'second-person', 'fresh', 'trained'] },
  'slip print': { roles: ['officer', 'supervisor'], needs: ['not-self', 'fresh'] },
  'second code print': {
    roles: ['officer', 'supervisor'],
    needs: ['not-self', 'second-person', 'same-office', 'fresh', 'trained'],
  },
  'hold release': { roles: ['supervisor'], needs: ['not-self', 'second-person', 'reason', 'fresh'] },
  'sample review': { roles: ['supervisor'], needs: ['not-self', 'second-person', 'fresh'] },
  'roster edit': { roles: ['supervisor'], needs: ['same-agency'] },
  'office list': { roles: ['supervisor', 'operator'], needs: [] },
  'figures see': { roles: ['supervisor', 'auditor'], needs: [] },
  'figures export': { roles: ['supervisor', 'auditor'], needs: ['reason'] },
  'audit search': { roles: ['auditor'], needs: ['reason'] },
  'audit export': { roles: ['auditor'], needs: ['reason'] },
  'audit verify': { roles: ['auditor', 'operator'], needs: [] },
  'alert list': { roles: ['supervisor', 'operator', 'auditor'], needs: [] },
  'alert acknowledge': { roles: ['supervisor', 'operator'], needs: [] },
  'client list': { roles: ['institution', 'operator'], needs: ['same-institution'] },
  'client export': { roles: ['institution', 'operator'], needs: ['same-institution', 'reason'] },
  'client propose': { roles: ['institution', 'operator'], needs: ['same-institution', 'reason', 'fresh'] },
  'client decide': { roles: ['institution', 'operator'], needs: ['same-institution', 'second-person', 'fresh'] },
  'client feature propose': { roles: ['institution', 'operator'], needs: ['same-institution', 'reason', 'fresh'] },
  'client feature decide': { roles: ['operator'], needs: ['second-person', 'fresh'] },
  'client certify': { roles: ['operator'], needs: ['reason', 'fresh'] },
  'client certify decide': { roles: ['operator'], needs: ['second-person', 'fresh'] },
  'client suspend': { roles: ['operator'], needs: ['reason', 'fresh'] },
  'client suspend decide': { roles: ['operator'], needs: ['second-person', 'fresh'] },
  'client rotate secret': { roles: ['institution', 'operator'], needs: ['same-institution', 'reason', 'fresh'] },
  'switch propose': { roles: ['operator', 'supervisor'], needs: ['reason', 'fresh'] },
  'switch decide': { roles: ['operator', 'supervisor'], needs: ['second-person', 'fresh'] },
} as const satisfies Record<string, Rule>;
export type ConsoleAct = keyof typeof RULES;
export const ACTS = Object.keys(RULES) as readonly ConsoleAct[];

/** What the act is done to, as far as a condition asks. */
export type Target = {
  readonly accountId?: string | undefined;
  readonly agency?: Agency | undefined;
  readonly office?: string | undefined;
  readonly institution?: string | undefined;
  readonly proposedBy?: string | undefined;
  /** Whom the line gave the case that is in session, or who took the case of an account. */
  readonly drawnFor?: string | undefined;
};
/** How it is asked for. */
export type Asking = { readonly now: number; readonly provedAt: number; readonly reason?: Reason | undefined };

/** Why somebody's record is opened: a closed list plus words. */
export const REASONS = [
  'citizen-asks',
  'case',
  'fraud',
  'complaint',
  'court-order',
  'correction',
  'operations',
] as const;
export type Reason = { readonly kind: (typeof REASONS)[number]; readonly text: string };
export const REASON_LEAST = 10;
export const REASON_MOST = 500;

export type Permit = { readonly kind: 'allowed' } | { readonly kind: 'denied'; readonly lacks: 'role' | Condition };

const FRESH_MS = 5 * 60_000;
const YEAR_MS = 365 * 86_400_000;

/** Those of her roles by which the act is open: the others say nothing about it. */
const rolesFor = (staff: Staff, act: ConsoleAct): readonly Role[] => {
  const rule: Rule = RULES[act];
  return staff.state === 'active' ? staff.roles.filter((role) => rule.roles.includes(role)) : [];
};
const ofNoAgency = (role: Role): boolean => role === 'operator' || role === 'auditor';

/** Whether a list or a file is that of every agency for her; who may it as a supervisor alone has her own. */
export const isEverywhere = (staff: Staff, act: ConsoleAct): boolean => rolesFor(staff, act).some(ofNoAgency);

/** Deny by default: the first of what lacks, or allowed. */
export function permits(
  staff: Staff,
  act: ConsoleAct,
  about: { readonly target: Target; readonly asking: Asking },
): Permit {
  const rule: Rule = RULES[act];
  const roles = rolesFor(staff, act);
  if (roles.length === 0) return { kind: 'denied', lacks: 'role' };
  const lacks = rule.needs.find((condition) => !holds(condition, { staff, roles, ...about }));
  return lacks === undefined ? { kind: 'allowed' } : { kind: 'denied', lacks };
}

/** Whether a role opens the door of the room at all; the act itself is judged again. */
export const mayTry = (staff: Staff, act: ConsoleAct): boolean => rolesFor(staff, act).length > 0;

type Question = {
  readonly staff: Staff;
  /** Those by which the act is open. */
  readonly roles: readonly Role[];
  readonly target: Target;
  readonly asking: Asking;
};

function holds(condition: Condition, { staff, roles, target, asking }: Question): boolean {
  switch (condition) {
    case 'not-self':
      return target.accountId !== staff.accountId;
    case 'same-agency':
      // Operators and auditors belong to no agency.
      return roles.some(ofNoAgency) || (target.agency !== undefined && target.agency === staff.agency);
    case 'same-office':
      return target.office !== undefined && target.office === staff.office;
    case 'same-institution':
      return (
        roles.includes('operator') || (target.institution !== undefined && target.institution === staff.institution)
      );
    case 'second-person':
      return target.proposedBy !== undefined && target.proposedBy !== staff.accountId;
    case 'reason':
      return asking.reason !== undefined && asking.reason.text.trim().length >= REASON_LEAST;
    case 'fresh':
      return asking.now - asking.provedAt <= FRESH_MS;
    case 'trained':
      return staff.trainedAt !== undefined && asking.now - staff.trainedAt <= YEAR_MS;
    case 'drawn':
      return target.drawnFor === staff.accountId;
  }
}

/** Who has not come for so long is disabled. */
export const DORMANT_MS = 30 * 86_400_000;
