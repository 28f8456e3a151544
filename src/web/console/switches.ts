import { switchesPage } from '#views/pages/console/switches.ts';
import { z } from 'zod';
import { happensOnce, SWITCHES } from '../../domain/switch.ts';
import { decideSwitch, proposeSwitch } from '../../flows/switches.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { reasonOf, reasonShape, shellOf, type Refused } from './shell.ts';
import { waitingFor } from './waiting.ts';

const ROOM = '/interruptores';

async function room(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const since = await parts.switches.since(true);
  return {
    status: outcome?.status ?? 200,
    page: switchesPage(visit.frame, {
      shell: shellOf(visit, parts),
      switches: SWITCHES.map((name) => ({ name, flipped: since.has(name) && !happensOnce(name), at: since.get(name) })),
      waiting: await waitingFor(visit, parts, { kind: 'switch', act: 'switch decide' }),
      refused: outcome?.refused,
    }),
  };
}

export const showSwitches = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts);

export async function submitSwitch(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const shape = { ...reasonShape, interruptor: z.enum(SWITCHES), detener: z.enum(['si', 'no']) };
  const form = readForm(visit.body, shape);
  // What happens once is not taken back.
  const flipped = form.detener === 'si' || happensOnce(form.interruptor);
  const wish = { name: form.interruptor, flipped, reason: reasonOf(form) };
  const outcome = await proposeSwitch(parts, visit.actor, wish);
  if (outcome.kind === 'proposed') return { status: 303, to: ROOM };
  if (outcome.kind === 'waiting') return room(visit, parts, { status: 422, refused: 'waiting' });
  return room(visit, parts, { status: outcome.lacks === 'reason' ? 422 : 403, refused: outcome.lacks });
}

export async function submitSwitchDecision(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { decision } = readForm(visit.body, { decision: z.enum(['si', 'no']) });
  const id = visit.params['id'] ?? '';
  const outcome = await decideSwitch(parts, visit.actor, { id, agreed: decision === 'si' });
  if (outcome.kind === 'decided') return { status: 303, to: ROOM };
  if (outcome.kind === 'gone') return room(visit, parts, { status: 410, refused: 'gone' });
  return room(visit, parts, { status: 403, refused: outcome.lacks });
}
