import { agendaPage, deskPage, type Agenda, type Desk } from '#views/pages/console/agenda.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import { CHANNELS } from '../../domain/checklist.ts';
import { parseRun } from '../../domain/run.ts';
import { noteArrival, noteRequest } from '../../flows/arrivals.ts';
import { drawNext } from '../../flows/draw-case.ts';
import { sessionsOfToday } from '../../flows/today.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { pathOfCase, shellOf } from './shell.ts';

type Note = { readonly status?: number; readonly note?: Agenda['note']; readonly refused?: Refusal };

async function agenda(visit: StaffVisit, parts: Parts, { status = 200, note, refused }: Note): Promise<Reply> {
  const today = await sessionsOfToday(parts, visit.actor);
  const { open } = today;
  return {
    status,
    page: agendaPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), waiting: today.waiting, dueToday: today.due, note, refused },
      inHand: open && pathOfCase(open.channel, open.caseId),
      mine: today.mine.map(({ startedAt, channel, result }) => ({ at: startedAt, channel, result: result ?? 'open' })),
    }),
  };
}

export const showAgenda = (visit: StaffVisit, parts: Parts): Promise<Reply> => agenda(visit, parts, {});

const nextShape = { canal: z.enum(CHANNELS) };

/** The line gives her somebody, or says that nobody is there; never a choice. */
export async function submitNext(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { canal } = readForm(visit.body, nextShape);
  const outcome = await drawNext(parts, visit.actor, canal);
  const back = (about: Note) => (canal === 'video' ? agenda(visit, parts, about) : desk(visit, parts, about));
  switch (outcome.kind) {
    case 'drawn':
      return { status: 303, to: pathOfCase(outcome.channel, outcome.caseId) };
    case 'none':
      return back({ note: 'nobody' });
    case 'stopped':
      return back({ note: 'stopped' });
    case 'busy':
      return back({ note: 'busy' });
    case 'denied':
      return back({ status: 403, refused: outcome.lacks });
  }
}

const EMPTY = { run: '', documento: '', email: '', telefono: '' };
type DeskNote = Note & Partial<Pick<Desk, 'typed' | 'said'>>;

async function desk(visit: StaffVisit, parts: Parts, { status = 200, ...about }: DeskNote): Promise<Reply> {
  const open = await parts.evidence.inHand(visit.actor.staff.accountId);
  return {
    status,
    page: deskPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), inHand: open && pathOfCase(open.channel, open.caseId), typed: EMPTY },
      ...about,
    }),
  };
}

export const showDesk = (visit: StaffVisit, parts: Parts): Promise<Reply> => desk(visit, parts, {});

const runField = z.string().max(64).default('');

export async function submitArrival(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, { run: runField });
  const typed = { ...EMPTY, run: form.run };
  const run = parseRun(form.run);
  if (!run) return desk(visit, parts, { status: 422, said: 'malformed', typed });
  const outcome = await noteArrival(parts, visit.actor, run);
  if (outcome.kind === 'denied') return desk(visit, parts, { status: 403, refused: outcome.lacks });
  if (outcome.kind === 'too-many') return desk(visit, parts, { status: 429, refused: 'too-many', typed });
  return outcome.kind === 'arrived'
    ? desk(visit, parts, { said: 'arrived' })
    : desk(visit, parts, { said: outcome.kind === 'no-case' ? 'noCase' : 'byVideo', typed });
}

const short = z.string().max(254).default('');

export async function submitRequest(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, { run: runField, documento: short, email: short, telefono: short });
  const { run: _run, documento, email, telefono } = form;
  const typed = { run: form.run, documento, email, telefono };
  const run = parseRun(form.run);
  if (!run) return desk(visit, parts, { status: 422, said: 'malformed', typed });
  const outcome = await noteRequest(parts, visit.actor, { run, document: documento, email, phone: telefono });
  if (outcome.kind === 'denied') return desk(visit, parts, { status: 403, refused: outcome.lacks });
  return outcome.kind === 'noted'
    ? desk(visit, parts, { said: 'asked' })
    : desk(visit, parts, { status: 422, said: 'invalid', typed });
}
