import { alertsPage } from '#views/pages/console/alerts.ts';
import { z } from 'zod';
import { mayTry } from '../../domain/roles.ts';
import { acknowledgeAlert } from '../../flows/alerts.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { namesOf } from './names.ts';
import { shellOf, type Refused } from './shell.ts';

const ROOM = '/alertas';
const PAGE = 20;

/** Addresses are typed and shared: what is not understood is as if it were not there. */
const asked = z.object({
  todas: z.literal('si').optional().catch(undefined),
  antes: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .catch(undefined),
});

async function room(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const { todas, antes } = asked.parse(Object.fromEntries(visit.query));
  const open = todas === undefined;
  const found = await parts.alerts.list({ open, before: antes, limit: PAGE + 1 });
  const shown = found.slice(0, PAGE);
  const { name } = await namesOf(
    parts,
    shown.flatMap(({ actorId, seenBy }) => [actorId, seenBy]),
  );
  const named = (id: string | undefined) => (id === undefined ? undefined : name(id));
  const alerts = shown.map(({ id, kind, at, actorId, seenBy, seenAt }) => ({
    ...{ id, kind, at, seenAt, actor: named(actorId), seenBy: named(seenBy) },
  }));
  return {
    status: outcome?.status ?? 200,
    page: alertsPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), alerts, open, refused: outcome?.refused },
      mayAcknowledge: mayTry(visit.actor.staff, 'alert acknowledge'),
      before: found.length > PAGE ? shown.at(-1)?.id : undefined,
    }),
  };
}

export const showAlerts = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts);

export async function submitAlert(visit: StaffVisit, parts: Parts): Promise<Reply> {
  readForm(visit.body, {});
  const outcome = await acknowledgeAlert(parts, visit.actor, visit.params['id'] ?? '');
  if (outcome.kind === 'done') return { status: 303, to: ROOM };
  if (outcome.kind === 'gone') return room(visit, parts, { status: 410, refused: 'gone' });
  return room(visit, parts, { status: 403, refused: outcome.lacks });
}
