import type { Undecided } from '#views/parts/waiting-list.ts';
import { isEverywhere, permits, type ConsoleAct, type Reason, type Staff, type Target } from '../../domain/roles.ts';
import { targetOf } from '../../flows/staff.ts';
import type { Parts } from '../../parts.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { namesOf } from './names.ts';

/** A reason that would do: whether a button is shown does not hang on it. */
const SOME_REASON: Reason = { kind: 'operations', text: 'x'.repeat(10) };

/** Whether it would be allowed with a reason and a fresh passkey: what can't be done shows no button. */
export function could({ actor }: StaffVisit, act: ConsoleAct, target: Target): boolean {
  const asking = { now: actor.provedAt, provedAt: actor.provedAt, reason: SOME_REASON };
  return permits(actor.staff, act, { target, asking }).kind === 'allowed';
}

type Plan = Awaited<ReturnType<Parts['proposals']['open']>>[number]['plan'];
type Console = StaffVisit['frame']['words']['console'];
type Told = { readonly plan: Plan; readonly subject: string; readonly offices: ReadonlyMap<string, string> };
const whatOf = ({ plan, subject, offices }: Told, w: Console): string => {
  switch (plan.kind) {
    case 'staff':
      // Whoever agrees must know for where.
      return [
        plan.roles.map((role) => w.roles[role]).join(', '),
        ...[plan.agency && w.agencies[plan.agency], plan.office && (offices.get(plan.office) ?? plan.office)],
        plan.institution,
      ]
        .filter(Boolean)
        .join(' · ');
    case 'switch':
      return switchWord(subject, plan.flipped, w.switches);
    case 'client':
      return plan.what;
    case 'client-features':
      return plan.features.join(', ');
    // Those have a room of their own (`second.ts`).
    case 'exception':
    case 'reissue':
      return plan.kind;
  }
};

/** What the second person agrees to. */
function switchWord(
  subject: string,
  flipped: boolean,
  { once, starts, stops }: StaffVisit['frame']['words']['console']['switches'],
): string {
  if (subject === 'end-all-sessions') return once.proposed;
  return (subject === 'secrets-staged' ? starts : stops).proposed[flipped ? 'flip' : 'back'];
}

/** Of other agencies a supervisor sees no more here than in the list. */
const isHers = (me: Staff, { plan, proposedBy }: { readonly plan: Plan; readonly proposedBy: string }): boolean =>
  plan.kind !== 'staff' || isEverywhere(me, 'staff list') || plan.agency === me.agency || proposedBy === me.accountId;

/** What of one kind waits for a second person. */
export async function waitingFor(
  visit: StaffVisit,
  parts: Parts,
  { kind, act }: { readonly kind: 'staff' | 'switch'; readonly act: ConsoleAct },
): Promise<readonly Undecided[]> {
  const now = parts.clock();
  const w = visit.frame.words.console;
  const open = (await parts.proposals.open(now)).filter(
    ({ plan, proposedBy }) => plan.kind === kind && isHers(visit.actor.staff, { plan, proposedBy }),
  );
  const { name } = await namesOf(
    parts,
    open.flatMap(({ subject, plan, proposedBy }) => [proposedBy, plan.kind === 'staff' ? subject : undefined]),
  );
  const offices = new Map((await parts.offices.list()).map((one) => [one.id, one.name]));
  const switches: Readonly<Record<string, { title: string }>> = w.switches.names;
  const waiting = open.map(async ({ id, subject, plan, proposedBy, proposedAt, reason }) => {
    const isStaff = plan.kind === 'staff';
    const whom = isStaff ? await targetOf(parts, { accountId: subject, post: plan }) : {};
    const target = { ...whom, proposedBy };
    return {
      ...{ id, reason, at: proposedAt, by: name(proposedBy) },
      name: isStaff ? name(subject) : (switches[subject]?.title ?? subject),
      what: whatOf({ plan, subject, offices }, w),
      mayDecide: could(visit, act, target),
    };
  });
  return Promise.all(waiting);
}
