import { supervisionPage } from '#views/pages/console/supervision.ts';
import { z } from 'zod';
import { REASON_MOST } from '../../domain/roles.ts';
import { writtenRun } from '../../domain/run.ts';
import { endHold, reviewSample, toSupervise, type Done } from '../../flows/supervise.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { namesOf } from './names.ts';
import { namedIn, seenSession } from './seen.ts';
import { reasonOf, reasonShape, shellOf, type Refused } from './shell.ts';

const ROOM = '/supervision';
async function room(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const me = visit.actor.staff.accountId;
  const { held, samples } = await toSupervise(parts, visit.actor);
  const names = await namesOf(parts, [
    ...held.map(({ holds: [first] }) => first?.officer),
    ...samples.flatMap(({ evidence }) => namedIn(evidence)),
  ]);
  const holds = held.map(({ enrolment, holds: all }) => ({
    ...{ caseId: enrolment.id, run: writtenRun(enrolment.request.run), kinds: all.map(({ kind }) => kind) },
    by: all[0]?.kind === 'flag' ? names.name(all[0].officer) : undefined,
    words: all.flatMap(({ words }) => (words === '' ? [] : [words])).join(' · '),
    at: all[0]?.at ?? enrolment.updatedAt,
    mayEnd: all.every(({ officer }) => officer !== me) && enrolment.accountId !== me,
  }));
  const drawn = samples.map(({ sample, evidence }) => {
    const seen = seenSession(names, evidence);
    return { id: sample.evidenceId, by: seen.officer, at: sample.drawnAt, seen };
  });
  const shown = { holds, samples: drawn, refused: outcome?.refused };
  const page = supervisionPage(visit.frame, { shell: shellOf(visit, parts), ...shown });
  return { status: outcome?.status ?? 200, page };
}

export const showSupervision = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts);

async function answer(visit: StaffVisit, parts: Parts, outcome: Done): Promise<Reply> {
  switch (outcome.kind) {
    case 'done':
      return { status: 303, to: ROOM };
    case 'gone':
      return room(visit, parts, { status: 410, refused: 'gone' });
    case 'denied':
      return room(visit, parts, { status: outcome.lacks === 'reason' ? 422 : 403, refused: outcome.lacks });
  }
}

const holdShape = { ...reasonShape, decision: z.enum(['released', 'rejected']) };

export async function submitHold(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, holdShape);
  const wish = { caseId: visit.params['id'] ?? '', outcome: form.decision, reason: reasonOf(form) };
  return answer(visit, parts, await endHold(parts, visit.actor, wish));
}

const reviewShape = { palabras: z.string().max(REASON_MOST).default(''), dictamen: z.enum(['good', 'doubtful']) };

export async function submitReview(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { palabras, dictamen } = readForm(visit.body, reviewShape);
  const wish = { id: visit.params['id'] ?? '', verdict: dictamen, words: palabras };
  return answer(visit, parts, await reviewSample(parts, visit.actor, wish));
}
