import { caseHistoryPage, secondCasePage, secondPage, type Asked } from '#views/pages/console/second.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import { maskedRun } from '../../domain/mask.ts';
import { mayTry } from '../../domain/roles.ts';
import { writtenRun } from '../../domain/run.ts';
import { mayReissue, openHistory, type CaseSeen } from '../../flows/case-history.ts';
import { decideException, showException, waitingExceptions, type AskedOfSecond } from '../../flows/exceptions.ts';
import { proposeReissue } from '../../flows/reissue.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import { shownOnce } from '../kit/frame.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { gonePage } from './gone.ts';
import { namesOf, type Names } from './names.ts';
import { namedIn, seenSession } from './seen.ts';
import { slipGone } from './slip.ts';
import { reasonOf, reasonShape, shellOf, type Refused } from './shell.ts';

async function room(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const all = await waitingExceptions(parts);
  const names = await namesOf(
    parts,
    all.map(({ proposal }) => proposal.proposedBy),
  );
  const asked = all.map((one) => askedOf(visit, names, one));
  const page = secondPage(visit.frame, { shell: shellOf(visit, parts), asked, refused: outcome?.refused });
  return { status: outcome?.status ?? 200, page };
}

/** Whoever asked, and whose session it was, sees that it waits, and no more. */
function askedOf({ actor }: StaffVisit, { name }: Names, one: AskedOfSecond): Asked {
  const { proposal, enrolment, evidence } = one;
  const { plan, proposedBy } = proposal;
  const me = actor.staff.accountId;
  return {
    ...{ id: proposal.id, at: proposal.proposedAt, reason: proposal.reason, by: name(proposedBy) },
    kind: plan.kind === 'exception' ? plan.exception : 'reissue',
    run: maskedRun(enrolment.request.run),
    mayDecide: proposedBy !== me && evidence?.officer !== me && enrolment.accountId !== me,
  };
}

export const showSecond = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts);

export async function showSecondCase(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const outcome = await showException(parts, visit.actor, visit.params['id'] ?? '');
  if (outcome.kind === 'gone') return room(visit, parts, { status: 410, refused: 'gone' });
  if (outcome.kind === 'denied') return room(visit, parts, { status: 403, refused: outcome.lacks });
  const { waiting } = outcome;
  // The look is recorded, and who decides has to know whom it is about.
  const { proposal, enrolment, evidence } = waiting;
  const names = await namesOf(parts, [proposal.proposedBy, ...(evidence ? namedIn(evidence) : [])]);
  const asked = { ...askedOf(visit, names, waiting), run: writtenRun(enrolment.request.run) };
  const seen = evidence && seenSession(names, evidence);
  const shown = { asked, seen, contact: contactOf(waiting) };
  return { status: 200, page: secondCasePage(visit.frame, { shell: shellOf(visit, parts), ...shown }) };
}

/** Where the second code goes is what she agrees to: from what to what. */
function contactOf({ proposal: { plan }, enrolment, evidence }: AskedOfSecond) {
  if (plan.kind !== 'exception' || plan.exception !== 'contact-change') return undefined;
  const { email, phone } = { ...enrolment.request, ...evidence?.work.contact };
  return { now: { email, phone }, then: { email: plan.email ?? email, phone: plan.phone ?? phone } };
}

export async function submitSecond(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { decision } = readForm(visit.body, { decision: z.enum(['si', 'no']) });
  const id = visit.params['id'] ?? '';
  const outcome = await decideException(parts, visit.actor, { id, agreed: decision === 'si' });
  if (outcome.kind === 'decided')
    return { status: 303, to: outcome.slip === undefined ? '/segunda' : `/meson/${outcome.slip}/comprobante` };
  if (outcome.kind === 'denied') return room(visit, parts, { status: 403, refused: outcome.lacks });
  return room(visit, parts, { status: 410, refused: 'gone' });
}

type History = {
  readonly seen?: CaseSeen;
  readonly status?: number;
  readonly refused?: Refusal;
  readonly proposed?: boolean;
};

async function history(visit: StaffVisit, parts: Parts, about: History): Promise<Reply> {
  const { seen, status = 200, refused, proposed } = about;
  const names = await namesOf(parts, seen?.sessions?.flatMap(namedIn) ?? []);
  const opened = seen && {
    ...{ run: writtenRun(seen.enrolment.request.run), stage: seen.enrolment.stage },
    moves: seen.moves.map(({ move, to, by, at }) => ({ move, to, by: by.kind, at })),
    sessions: seen.sessions?.map((one) => seenSession(names, one)),
    mayReissue: mayReissue(visit.actor, seen.enrolment),
  };
  const caseId = visit.params['id'] ?? '';
  const said = { refused, proposed: proposed === true };
  const frame = seen ? shownOnce(visit.frame) : visit.frame;
  return { status, page: caseHistoryPage(frame, { shell: shellOf(visit, parts), caseId, opened, ...said }) };
}

export async function showHistory(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const there = await parts.enrolments.byId(visit.params['id'] ?? '');
  return there ? history(visit, parts, {}) : gonePage(visit, parts);
}

export async function submitHistory(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const reason = reasonOf(readForm(visit.body, reasonShape));
  const outcome = await openHistory(parts, visit.actor, { caseId: visit.params['id'] ?? '', reason });
  if (outcome.kind === 'gone') return gonePage(visit, parts);
  if (outcome.kind === 'denied')
    return history(visit, parts, { status: outcome.lacks === 'reason' ? 422 : 403, refused: outcome.lacks });
  return history(visit, parts, { seen: outcome.seen });
}

export async function submitReissue(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const reason = reasonOf(readForm(visit.body, reasonShape));
  const outcome = await proposeReissue(parts, visit.actor, { caseId: visit.params['id'] ?? '', reason });
  if (outcome.kind === 'proposed') return { status: 303, to: '/segunda' };
  if (outcome.kind === 'gone') return gonePage(visit, parts);
  const refused = outcome.kind === 'waiting' ? 'waiting' : outcome.lacks;
  const status = refused === 'reason' || refused === 'waiting' ? 422 : 403;
  // Officers come from the slip that was lost; they open no histories.
  return mayTry(visit.actor.staff, 'case see')
    ? history(visit, parts, { status, refused })
    : slipGone(visit, parts, { status, refused });
}
