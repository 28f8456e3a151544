import { disablePage, invitePage } from '#views/pages/console/staff.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import { agencyOf } from '../../domain/post.ts';
import { AGENCIES, ROLES, type Role } from '../../domain/roles.ts';
import { parseRun } from '../../domain/run.ts';
import { decideStaff, disableStaff, proposeStaff, recordTraining } from '../../flows/staff.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { namesOf } from './names.ts';
import { reasonOf, reasonShape, shellOf } from './shell.ts';
import { staffRoom } from './staff-list.ts';
import { could } from './waiting.ts';

const ROOM = '/funcionarios';

export const showStaff = (visit: StaffVisit, parts: Parts): Promise<Reply> => staffRoom(visit, parts);

/** What she may propose: a supervisor alone no post that reaches beyond her agency. */
const rolesFor = (visit: StaffVisit): readonly Role[] => {
  const { agency } = visit.actor.staff;
  return ROLES.filter((role) =>
    could(visit, 'staff propose', { agency: agencyOf({ roles: [role], agency }, undefined) }),
  );
};

const EMPTY = { run: '', roles: [], agency: '', office: '', institution: '', reason: { kind: '', text: '' } };

export const showInvite = async (visit: StaffVisit, parts: Parts): Promise<Reply> => ({
  status: 200,
  page: invitePage(visit.frame, {
    ...{ shell: shellOf(visit, parts), roles: rolesFor(visit), offices: await officesOf(parts), typed: EMPTY },
  }),
});
const officesOf = async ({ offices }: Parts): Promise<readonly string[]> =>
  (await offices.list()).map(({ name }) => name);

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
  const offices = await officesOf(parts);
  const again = (refused: Refusal, status = 422): Reply => {
    const typed = {
      run: form.run,
      roles,
      agency: form.agencia,
      office: form.oficina,
      institution: form.institucion,
      reason,
    };
    const choices = { shell: shellOf(visit, parts), roles: rolesFor(visit), offices };
    return { status, page: invitePage(visit.frame, { ...choices, typed, refused }) };
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
  if (outcome.kind === 'gone') return staffRoom(visit, parts, { status: 410, refused: 'gone' });
  return staffRoom(visit, parts, { status: 403, refused: outcome.lacks });
}

export async function submitTraining(visit: StaffVisit, parts: Parts): Promise<Reply> {
  readForm(visit.body, {});
  const outcome = await recordTraining(parts, visit.actor, visit.params['id'] ?? '');
  if (outcome.kind === 'done') return { status: 303, to: ROOM };
  if (outcome.kind === 'gone') return staffRoom(visit, parts, { status: 404, refused: 'gone' });
  return staffRoom(visit, parts, { status: 403, refused: outcome.lacks });
}

export async function showDisable(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const id = visit.params['id'] ?? '';
  const one = await parts.staff.byId(id);
  if (!one) return staffRoom(visit, parts, { status: 404, refused: 'gone' });
  if (!could(visit, 'staff disable', { accountId: id, agency: one.agency }))
    return staffRoom(visit, parts, { status: 403, refused: 'other' });
  const about = { shell: shellOf(visit, parts), id, name: (await namesOf(parts, [id])).name(id) };
  return { status: 200, page: disablePage(visit.frame, about) };
}

export async function submitDisable(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const reason = reasonOf(readForm(visit.body, reasonShape));
  const id = visit.params['id'] ?? '';
  const outcome = await disableStaff(parts, visit.actor, { accountId: id, reason });
  if (outcome.kind === 'done') return { status: 303, to: ROOM };
  if (outcome.kind === 'gone') return staffRoom(visit, parts, { status: 404, refused: 'gone' });
  // Whom she may not disable she is told nothing of.
  if (outcome.lacks !== 'reason') return staffRoom(visit, parts, { status: 403, refused: outcome.lacks });
  const about = { shell: shellOf(visit, parts), id, name: (await namesOf(parts, [id])).name(id), typed: reason };
  return { status: 422, page: disablePage(visit.frame, { ...about, refused: 'reason' }) };
}
