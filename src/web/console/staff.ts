import { disablePage, invitePage, staffPage, type Member, type Undecided } from '#views/pages/console/staff.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import { fullName } from '../../domain/account.ts';
import { AGENCIES, permits, ROLES, type ConsoleAct, type Reason, type Staff, type Target } from '../../domain/roles.ts';
import { parseRun } from '../../domain/run.ts';
import { decideStaff, disableStaff, proposeStaff, recordTraining } from '../../flows/staff.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { reasonOf, reasonShape, shellOf } from './shell.ts';

const ROOM = '/funcionarios';
type Refused = { readonly status: number; readonly refused: Refusal };

/** A reason that would do: whether a button is shown does not hang on it. */
const SOME_REASON: Reason = { kind: 'operations', text: 'x'.repeat(10) };

/** Whether it would be allowed with a reason and a fresh passkey: what can't be done shows no button. */
export function could({ actor }: StaffVisit, act: ConsoleAct, target: Target): boolean {
  const asking = { now: actor.provedAt, provedAt: actor.provedAt, reason: SOME_REASON };
  return permits(actor.staff, act, { target, asking }).kind === 'allowed';
}

/** Of a member of staff. */
export const nameOf = async ({ accounts }: Pick<Parts, 'accounts'>, id: string) => {
  const account = await accounts.byId(id);
  return account ? fullName(account.person) : '—';
};

type Plan = Awaited<ReturnType<Parts['proposals']['open']>>[number]['plan'];
const whatOf = (plan: Plan, subject: string, w: StaffVisit['frame']['words']['console']): string => {
  switch (plan.kind) {
    case 'staff':
      return plan.roles.map((role) => w.roles[role]).join(', ');
    case 'switch':
      if (subject === 'end-all-sessions') return w.switches.toEnd;
      return plan.flipped ? w.switches.toStop : w.switches.toGo;
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

/** What of one kind waits for a second person. */
export async function waitingFor(
  visit: StaffVisit,
  parts: Parts,
  { kind, act }: { readonly kind: 'staff' | 'switch'; readonly act: ConsoleAct },
): Promise<readonly Undecided[]> {
  const now = parts.clock();
  const w = visit.frame.words.console;
  const open = (await parts.proposals.open(now)).filter(({ plan }) => plan.kind === kind);
  return Promise.all(
    open.map(async ({ id, subject, plan, proposedBy, proposedAt, reason }) => {
      const isStaff = plan.kind === 'staff';
      const target = isStaff ? { accountId: subject, agency: plan.agency, proposedBy } : { proposedBy };
      const names: Readonly<Record<string, { title: string }>> = w.switches.names;
      return {
        ...{ id, reason, at: proposedAt, by: await nameOf(parts, proposedBy) },
        name: isStaff ? await nameOf(parts, subject) : (names[subject]?.title ?? subject),
        what: whatOf(plan, subject, w),
        mayDecide: could(visit, act, target),
      };
    }),
  );
}

async function room(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const { staff: me } = visit.actor;
  // A supervisor sees her own agency.
  const everywhere = me.roles.includes('operator') || me.roles.includes('auditor');
  const all = await parts.staff.list(everywhere ? {} : { agency: me.agency });
  const members = await Promise.all(
    all.map(async (one: Staff): Promise<Member> => {
      const target = { accountId: one.accountId, agency: one.agency };
      return {
        ...{ id: one.accountId, name: await nameOf(parts, one.accountId), roles: one.roles, agency: one.agency },
        ...{ where: one.office ?? one.institution, state: one.state, seenAt: one.seenAt, trainedAt: one.trainedAt },
        isMe: one.accountId === me.accountId,
        may: {
          train: one.state !== 'disabled' && could(visit, 'staff train', target),
          disable: one.state !== 'disabled' && could(visit, 'staff disable', target),
        },
      };
    }),
  );
  return {
    status: outcome?.status ?? 200,
    page: staffPage(visit.frame, {
      shell: shellOf(visit, parts),
      members,
      waiting: await waitingFor(visit, parts, { kind: 'staff', act: 'staff decide' }),
      mayInvite: could(visit, 'staff propose', { agency: me.agency }),
      refused: outcome?.refused,
    }),
  };
}

export const showStaff = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts);

const EMPTY = { run: '', roles: [], agency: '', office: '', institution: '', reason: { kind: '', text: '' } };

export const showInvite = async (visit: StaffVisit, parts: Parts): Promise<Reply> => ({
  status: 200,
  page: invitePage(visit.frame, { shell: shellOf(visit, parts), typed: EMPTY }),
});

const tick = z.literal('si').optional();
const inviteShape = {
  ...reasonShape,
  ...{ run: z.string().max(64).default(''), agencia: z.string().max(40).default('') },
  ...{ oficina: z.string().trim().max(120).default(''), institucion: z.string().trim().max(120).default('') },
  ...{ officer: tick, supervisor: tick, institution: tick, operator: tick, auditor: tick },
};

export async function submitInvite(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, inviteShape);
  const roles = ROLES.filter((role) => form[role] !== undefined);
  const reason = reasonOf(form);
  const again = (refused: Refusal, status = 422): Reply => {
    const typed = {
      run: form.run,
      roles,
      agency: form.agencia,
      office: form.oficina,
      institution: form.institucion,
      reason,
    };
    return { status, page: invitePage(visit.frame, { shell: shellOf(visit, parts), typed, refused }) };
  };
  const run = parseRun(form.run);
  if (!run) return again('malformed-run');
  const post = {
    ...{ roles, agency: AGENCIES.find((name) => name === form.agencia) },
    ...{ office: form.oficina || undefined, institution: form.institucion || undefined },
  };
  const outcome = await proposeStaff(parts, visit.actor, { run, post, reason });
  switch (outcome.kind) {
    case 'proposed':
      return { status: 303, to: ROOM };
    case 'waiting':
      return again('waiting');
    case 'faulty':
      return again(outcome.fault);
    case 'denied':
      return again(outcome.lacks, outcome.lacks === 'reason' ? 422 : 403);
  }
}

export async function submitDecision(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { decision } = readForm(visit.body, { decision: z.enum(['si', 'no']) });
  const id = visit.params['id'] ?? '';
  const outcome = await decideStaff(parts, visit.actor, { id, agreed: decision === 'si' });
  if (outcome.kind === 'decided') return { status: 303, to: ROOM };
  if (outcome.kind === 'gone') return room(visit, parts, { status: 410, refused: 'gone' });
  return room(visit, parts, { status: 403, refused: outcome.lacks });
}

export async function submitTraining(visit: StaffVisit, parts: Parts): Promise<Reply> {
  readForm(visit.body, {});
  const outcome = await recordTraining(parts, visit.actor, visit.params['id'] ?? '');
  if (outcome.kind === 'done') return { status: 303, to: ROOM };
  if (outcome.kind === 'gone') return room(visit, parts, { status: 404, refused: 'gone' });
  return room(visit, parts, { status: 403, refused: outcome.lacks });
}

export async function showDisable(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const id = visit.params['id'] ?? '';
  const one = await parts.staff.byId(id);
  if (!one) return room(visit, parts, { status: 404, refused: 'gone' });
  if (!could(visit, 'staff disable', { accountId: id, agency: one.agency }))
    return room(visit, parts, { status: 403, refused: 'other' });
  const about = { shell: shellOf(visit, parts), id, name: await nameOf(parts, id) };
  return { status: 200, page: disablePage(visit.frame, about) };
}

export async function submitDisable(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const reason = reasonOf(readForm(visit.body, reasonShape));
  const id = visit.params['id'] ?? '';
  const outcome = await disableStaff(parts, visit.actor, { accountId: id, reason });
  if (outcome.kind === 'done') return { status: 303, to: ROOM };
  if (outcome.kind === 'gone') return room(visit, parts, { status: 404, refused: 'gone' });
  const about = { shell: shellOf(visit, parts), id, name: await nameOf(parts, id), typed: reason };
  const status = outcome.lacks === 'reason' ? 422 : 403;
  return { status, page: disablePage(visit.frame, { ...about, refused: outcome.lacks }) };
}
