import { z } from 'zod';
import { enrolmentConfirmPage, type EnrolmentConfirm } from '#views/pages/enrolment/confirm.ts';
import { enrolmentLinkPage } from '#views/pages/enrolment/link.ts';
import { enrolmentPage, type EnrolmentAsk } from '#views/pages/enrolment/ask.ts';
import { messagePage } from '#views/pages/message.ts';
import type { EnrolmentStage } from '../domain/journey.ts';
import { confirmByLink, confirmRequest, enrolmentOf, openLink, requestClave } from '../flows/enrolment.ts';
import { writtenRun } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import { finished, gone, passerOf, secondsTo, to, wayBackOf } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';

/** Where each stage is shown. */
export const ENROLMENT_PAGES: Readonly<Record<EnrolmentStage['at'], string>> = {
  start: '/obtener',
  confirm: '/obtener/confirmar',
  link: '/obtener/seguir',
  case: '/obtener/lista',
};

export const enrolmentStage = async (visit: FlowVisit, parts: Pick<Parts, 'journeys' | 'clock'>) =>
  (await enrolmentOf(parts, visit.journey('enrolment')))?.stage;

type Shown = Pick<EnrolmentAsk, 'typed' | 'problem'> & { readonly status: 200 | 422 | 429 };

async function ask(visit: FlowVisit, parts: Parts, { status, ...shown }: Shown): Promise<Reply> {
  const stage = await enrolmentStage(visit, parts);
  const open = stage?.at === 'confirm' || stage?.at === 'case' ? ENROLMENT_PAGES[stage.at] : undefined;
  return {
    status,
    ...(shown.problem?.kind === 'wait' && { retryAfter: shown.problem.seconds }),
    page: enrolmentPage(visit.frame, {
      ...{ csrf: visit.csrf, open, back: await wayBackOf(visit, parts, stage?.origin), ...shown },
    }),
  };
}

/** What she has asked for in this browser and not confirmed. */
async function unconfirmed(visit: FlowVisit, parts: Parts) {
  const stage = await enrolmentStage(visit, parts);
  return stage?.at === 'confirm' ? parts.enrolments.byId(stage.caseId) : undefined;
}

/** As long as she may sit there: who comes to a shared computer later finds an empty form. */
const CORRECTING_MS = 30 * 60_000;

/** Who has mistyped her mail writes that anew, and the number of her card, which is nobody else's to read. */
async function toCorrect(visit: FlowVisit, parts: Parts): Promise<EnrolmentAsk['typed']> {
  const asked = visit.query.has('corregir') ? await unconfirmed(visit, parts) : undefined;
  const fresh = asked !== undefined && asked.createdAt > parts.clock() - CORRECTING_MS;
  const { run, email = '', phone = '' } = fresh ? asked.request : {};
  return { run: run === undefined ? '' : writtenRun(run), document: '', email, phone };
}

/** The form, and the offices for who cannot or does not want to. */
export const showEnrolment: Act<FlowVisit> = async (visit, parts) =>
  ask(visit, parts, { status: 200, typed: await toCorrect(visit, parts) });

const fields = {
  run: z.string().max(256).default(''),
  documento: z.string().max(256).default(''),
  email: z.string().max(320).default(''),
  telefono: z.string().max(256).default(''),
};

export const submitEnrolment: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { run, documento, email, telefono } = readForm(visit.body, fields);
  const typed = { run, document: documento, email, phone: telefono };
  const before = visit.journey('enrolment');
  const outcome = await requestClave(parts, passerOf(visit), { typed, before });
  switch (outcome.kind) {
    case 'requested':
      visit.keepJourney('enrolment', outcome.id);
      return to(ENROLMENT_PAGES.confirm);
    case 'malformed':
      return ask(visit, parts, { status: 422, typed, problem: outcome });
    case 'wait': {
      const problem = { kind: 'wait', seconds: secondsTo(outcome.until, parts) } as const;
      return ask(visit, parts, { status: 429, typed, problem });
    }
  }
};

type Confirming = Pick<EnrolmentConfirm, 'problem'> & { readonly status: 200 | 422 | 429 };

async function confirm(visit: FlowVisit, parts: Parts, { status, problem }: Confirming): Promise<Reply> {
  const email = (await unconfirmed(visit, parts))?.request.email;
  if (email === undefined) return gone(visit, ENROLMENT_PAGES.start);
  return {
    status,
    ...(problem?.kind === 'wait' && { retryAfter: problem.seconds }),
    page: enrolmentConfirmPage(visit.frame, { csrf: visit.csrf, email, problem }),
  };
}

export const showEnrolmentConfirm: Act<FlowVisit> = async (visit, parts) => {
  const at = (await enrolmentStage(visit, parts))?.at ?? 'start';
  return at === 'confirm' ? confirm(visit, parts, { status: 200 }) : to(ENROLMENT_PAGES[at]);
};

export const submitEnrolmentConfirm: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { confirmacion } = readForm(visit.body, { confirmacion: z.string().max(256).default('') });
  const id = visit.journey('enrolment');
  const outcome = await confirmRequest(parts, passerOf(visit), { id, typed: confirmacion });
  switch (outcome.kind) {
    case 'confirmed':
      return to('/obtener/hora');
    case 'refused':
      return (
        (await pastConfirming(visit, parts, 422)) ??
        confirm(visit, parts, { status: 422, problem: { kind: 'refused' } })
      );
    case 'wait':
      return confirm(visit, parts, {
        ...{ status: 429, problem: { kind: 'wait', seconds: secondsTo(outcome.until, parts) } },
      });
    case 'gone':
      return (await pastConfirming(visit, parts, 410)) ?? gone(visit, ENROLMENT_PAGES.start);
  }
};

async function pastConfirming(visit: FlowVisit, parts: Parts, status: 410 | 422): Promise<Reply | undefined> {
  const stage = await enrolmentStage(visit, parts);
  return stage?.at === 'case' ? finished(visit, { href: '/obtener/hora', status }) : undefined;
}

/** What the link leads to is there already: while requests are stopped it opens, and confirms none. */
export async function leadsToCase(visit: FlowVisit, parts: Parts): Promise<boolean> {
  const token = visit.query.get('t');
  if (token === null) return (await enrolmentStage(visit, parts))?.at === 'case';
  const enrolment = await parts.enrolments.byToken(token.slice(0, 64));
  return enrolment !== undefined && enrolment.stage !== 'requested';
}

/** The link of a letter: its token leaves the address at once. */
export const showEnrolmentLink: Act<FlowVisit> = async (visit, parts) => {
  const token = visit.query.get('t');
  if (token === null) {
    const at = (await enrolmentStage(visit, parts))?.at ?? 'start';
    return at === 'link'
      ? { status: 200, page: enrolmentLinkPage(visit.frame, { csrf: visit.csrf }) }
      : to(ENROLMENT_PAGES[at]);
  }
  const opened = await openLink(parts, { token: token.slice(0, 64), before: visit.journey('enrolment') });
  if (!opened) {
    const way = { href: '/obtener', label: visit.frame.words.enrolment.again };
    return { status: 404, page: messagePage(visit.frame, { kind: 'request-gone', to: way }) };
  }
  visit.keepJourney('enrolment', opened.id);
  return { status: 303, to: ENROLMENT_PAGES[opened.next], secret: true };
};

export const submitEnrolmentLink: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  readForm(visit.body, {});
  const outcome = await confirmByLink(parts, passerOf(visit), visit.journey('enrolment'));
  if (outcome.kind === 'confirmed') return to('/obtener/hora');
  return (await pastConfirming(visit, parts, 410)) ?? gone(visit, ENROLMENT_PAGES.start);
};
