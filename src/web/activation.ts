import { z } from 'zod';
import { activationConfirmPage, type ActivationConfirm } from '#views/pages/activation/confirm.ts';
import { activationStartPage, type ActivationStart } from '#views/pages/activation/start.ts';
import { messagePage } from '#views/pages/message.ts';
import type { Person } from '../domain/account.ts';
import { maskedEmail, maskedPhone } from '../domain/contact.ts';
import type { ActivationStage, SecondWay } from '../domain/journey.ts';
import { writtenRun } from '../domain/run.ts';
import {
  activatedPerson,
  activationOf,
  beginActivation,
  channelsOf,
  confirmContact,
  sendAgain,
} from '../flows/activation.ts';
import type { Parts } from '../parts.ts';
import { expired, finished, gone, passerOf, secondsTo, to } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';

/** Where each stage is shown. */
export const ACTIVATION_PAGES: Readonly<Record<ActivationStage['at'], string>> = {
  start: '/activar',
  confirm: '/activar/confirmar',
  clave: '/activar/clave',
  done: '/activar/listo',
};

/** Where she is instead; nowhere, when her step is over. */
export const elsewhere = async (visit: FlowVisit, parts: Parts, stage: ActivationStage | undefined): Promise<Reply> =>
  stage ? to(ACTIVATION_PAGES[stage.at]) : expired(visit, parts, { kind: 'activation', start: ACTIVATION_PAGES.start });

const stageOf = async (visit: FlowVisit, parts: Parts) =>
  (await activationOf(parts, visit.journey('activation')))?.stage;

const start = (visit: FlowVisit, status: 200 | 422 | 429, shown: Omit<ActivationStart, 'csrf'>): Reply => ({
  status,
  ...(shown.problem?.kind === 'wait' && { retryAfter: shown.problem.seconds }),
  page: activationStartPage(visit.frame, { csrf: visit.csrf, ...shown }),
});

/**
 * By hand, or by a link or QR with the code: it leaves the address at once and waits, sealed, in a cookie; looking
 * uses nothing. Whoever has begun goes on where she was; `?nuevo` begins anew.
 */
export const showActivation: Act<FlowVisit> = async (visit, parts) => {
  const code = visit.query.get('codigo');
  if (code !== null) {
    visit.keepGiven(code.slice(0, 64));
    return { status: 303, to: '/activar?nuevo', secret: true };
  }
  const stage = await stageOf(visit, parts);
  const at = stage?.at;
  if ((at === 'confirm' || at === 'clave') && !visit.query.has('nuevo')) return to(ACTIVATION_PAGES[at]);
  const given = visit.given();
  const run = stage?.at === 'start' && stage.run ? writtenRun(stage.run) : '';
  const typed = { run, code: given ?? '', given: given !== undefined, shared: false };
  return start(visit, 200, { ...typed, expired: visit.query.has('vencido') });
};

export const submitActivation: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const form = readForm(visit.body, {
    run: z.string().max(256).default(''),
    codigo: z.string().max(256).default(''),
    compartido: z.string().max(8).optional(),
  });
  const { run, codigo } = form;
  const shared = form.compartido !== undefined;
  const begun = await beginActivation(parts, passerOf(visit), {
    ...{ run, code: codigo, shared, sms: parts.texting, before: visit.journey('activation') },
  });
  const typed = { run, code: codigo, given: false, shared };
  const { frame } = visit;
  switch (begun.kind) {
    case 'begun':
      visit.keepJourney('activation', begun.id);
      visit.keepGiven(undefined);
      return to(ACTIVATION_PAGES.confirm);
    case 'malformed-run':
    case 'refused':
      return start(visit, 422, { ...typed, problem: { kind: begun.kind } });
    case 'wait':
      return start(visit, 429, { ...typed, problem: { kind: 'wait', seconds: secondsTo(begun.until, parts) } });
    case 'too-young':
    case 'no-contact': {
      const way = { href: '/obtener', label: frame.words.activation.start.refused.next };
      return { status: 422, page: messagePage(frame, { kind: begun.kind, to: way }) };
    }
  }
};

const masked = (person: Person, channel: SecondWay) =>
  channel === 'email' ? maskedEmail(person.email ?? '') : maskedPhone(person.phone ?? '');

type Shown = Pick<ActivationConfirm, 'sent' | 'problem'> & {
  readonly status: 200 | 422 | 429;
  readonly stage: ActivationStage & { at: 'confirm' };
};

async function confirm(visit: FlowVisit, parts: Parts, { status, stage, ...shown }: Shown): Promise<Reply> {
  const account = await parts.accounts.byId(stage.accountId);
  if (!account) return gone(visit, ACTIVATION_PAGES.start);
  const { channel } = stage;
  const person = activatedPerson(account, stage.renewal);
  const other = channelsOf(person, { sms: parts.texting }).find((each) => each !== channel);
  return {
    status,
    ...(shown.problem?.kind === 'wait' && { retryAfter: shown.problem.seconds }),
    page: activationConfirmPage(visit.frame, {
      ...{ csrf: visit.csrf, channel, to: masked(person, channel), ...shown },
      ...(other && { other: { channel: other, to: masked(person, other) } }),
    }),
  };
}

export const showConfirm: Act<FlowVisit> = async (visit, parts) => {
  const stage = await stageOf(visit, parts);
  if (stage?.at !== 'confirm') return elsewhere(visit, parts, stage);
  return confirm(visit, parts, { status: 200, stage, sent: visit.query.has('enviado') });
};

export const submitConfirm: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { confirmacion, canal } = readForm(visit.body, {
    confirmacion: z.string().max(256).default(''),
    canal: z.enum(['email', 'sms']).optional(),
  });
  const stage = await stageOf(visit, parts);
  if (stage?.at !== 'confirm') return overtaken(visit, parts);
  const id = visit.journey('activation');
  const outcome =
    canal === undefined
      ? await confirmContact(parts, passerOf(visit), { id, code: confirmacion })
      : await sendAgain(parts, passerOf(visit), { id, channel: canal, sms: parts.texting });
  switch (outcome.kind) {
    case 'confirmed':
      return to(ACTIVATION_PAGES.clave);
    case 'sent':
      return to(`${ACTIVATION_PAGES.confirm}?enviado`);
    case 'refused':
      return (await isPast(visit, parts))
        ? overtaken(visit, parts)
        : confirm(visit, parts, { status: 422, stage, problem: { kind: 'refused' } });
    case 'wait':
      return confirm(visit, parts, {
        ...{ status: 429, stage, problem: { kind: 'wait', seconds: secondsTo(outcome.until, parts) } },
      });
    case 'gone':
      return overtaken(visit, parts);
  }
};

const isPast = async (visit: FlowVisit, parts: Parts) => (await stageOf(visit, parts))?.at === 'clave';

/** The form of a stage where she is no more: further on, or nowhere. */
async function overtaken(visit: FlowVisit, parts: Parts): Promise<Reply> {
  const stage = await stageOf(visit, parts);
  if (!stage) return elsewhere(visit, parts, stage);
  const { at } = stage;
  const href = ACTIVATION_PAGES[at];
  return at === 'clave' || at === 'done' ? finished(visit, { href, status: 410 }) : gone(visit, href);
}
