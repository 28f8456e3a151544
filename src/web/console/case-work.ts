import type { CaseInHand } from '#views/pages/console/case.ts';
import { casePage, keyShownPage } from '#views/pages/console/case.ts';
import type { CaseWork } from '#views/parts/checklist.ts';
import { z } from 'zod';
import {
  COERCION,
  EXCEPTIONS,
  FEATURES,
  featuresAt,
  itemsAt,
  REJECTIONS,
  TICKS,
  unread,
  type Exception,
  type Sheet,
  type Tick,
} from '../../domain/checklist.ts';
import { REASON_MOST } from '../../domain/roles.ts';
import { writtenRun } from '../../domain/run.ts';
import { approveCase, type Why } from '../../flows/approve-case.ts';
import { askRegistry, caseInHand, caseJustOver, saveSheet, type InHand } from '../../flows/case-in-hand.ts';
import { endCase, type WayOut } from '../../flows/end-case.ts';
import { askException } from '../../flows/exceptions.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { gonePage } from './gone.ts';
import { pathOfCase, shellOf } from './shell.ts';

/** What was tried, and did not pass. */
type Said = Why &
  Pick<CaseWork, 'saved' | 'excepting'> & { readonly unasked?: 'malformed' | 'waiting'; readonly typed?: Sheet };

/**
 * What this officer sees of that case: while it is in her hand all of it, for an hour afterwards how it ended, else
 * undefined. The room of a call shows the same.
 */
export async function handOf(
  visit: StaffVisit,
  parts: Parts,
  { caseId, said = {} }: { readonly caseId: string; readonly said?: Said },
): Promise<CaseInHand | undefined> {
  const over = await caseJustOver(parts, visit.actor, { caseId, sms: parts.texting });
  if (over && over.evidence.result !== undefined && over.enrolment.stage !== 'in-session') {
    const { result, channel } = over.evidence;
    return {
      kind: 'ended',
      ended: { csrf: visit.csrf, caseId, channel, result, slip: over.slip, second: over.second },
    };
  }
  const hand = await caseInHand(parts, visit.actor, caseId);
  return hand && { kind: 'work', work: await workOf(visit, parts, { hand, said }) };
}

type Work = { readonly hand: InHand; readonly said: Said };

async function workOf(visit: StaffVisit, parts: Parts, { hand, said }: Work): Promise<CaseWork> {
  const { enrolment, evidence } = hand;
  const { request } = enrolment;
  const { work } = evidence;
  const { email, phone } = { ...request, ...work.contact };
  const open = (await parts.proposals.open(parts.clock())).filter(({ subject }) => subject === enrolment.id);
  const asked = open.flatMap(({ plan }) =>
    plan.kind === 'exception' ? [{ kind: plan.exception, granted: false }] : [],
  );
  const { registry } = work;
  const problem = said.unasked ?? (said.problem === 'registry' ? undefined : said.problem);
  return {
    ...{ csrf: visit.csrf, caseId: enrolment.id, channel: evidence.channel, session: evidence.session },
    ...{ run: writtenRun(request.run), documento: request.document, email, phone, drawn: evidence.drawn },
    items: itemsAt(evidence.channel),
    features: featuresAt(evidence.channel).map((name) => ({ name, kind: FEATURES[name] })),
    version: evidence.version,
    ...{ sheet: said.typed ?? work.sheet, problem, missing: said.missing ?? [], differences: said.differences ?? [] },
    ...{ mrzFault: said.mrzFault, saved: said.saved === true, excepting: said.excepting },
    exceptions: [...work.exceptions.map(({ kind }) => ({ kind, granted: true })), ...asked],
    registry: registry && {
      ...{ says: registry.says, at: registry.at, birthdate: registry.birthdate },
      name: registry.names && [...registry.names, ...(registry.surnames ?? [])].join(' '),
    },
  };
}

/** The page again with what stands in the way; 404 for what is not in her hand. */
async function again(visit: StaffVisit, parts: Parts, said: Said): Promise<Reply> {
  const hand = await handOf(visit, parts, { caseId: visit.params['id'] ?? '', said });
  if (!hand) return gonePage(visit, parts);
  const bad = Object.keys(said).some((name) => name !== 'saved');
  return { status: bad ? 422 : 200, page: casePage(visit.frame, { shell: shellOf(visit, parts), hand }) };
}

/** After what went well: the room of its channel, where a reload does nothing twice. */
async function onward(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const caseId = visit.params['id'] ?? '';
  const hand = await handOf(visit, parts, { caseId });
  if (!hand) return gonePage(visit, parts);
  const { channel } = hand.kind === 'work' ? hand.work : hand.ended;
  return { status: 303, to: pathOfCase(channel, caseId) };
}

export async function showDeskCase(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const hand = await handOf(visit, parts, { caseId: visit.params['id'] ?? '' });
  if (!hand) return gonePage(visit, parts);
  return { status: 200, page: casePage(visit.frame, { shell: shellOf(visit, parts), hand }) };
}

/** Her passkey was shown just now: of a case that she has in hand, and of no other. */
export async function showKey(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const hand = await handOf(visit, parts, { caseId: visit.params['id'] ?? '' });
  if (!hand) return gonePage(visit, parts);
  return { status: 200, page: keyShownPage(visit.frame, shellOf(visit, parts)) };
}

const tick = z.literal('si').optional();
const filledShape = {
  ...(Object.fromEntries(TICKS.map((name) => [name, tick])) as Record<Tick, typeof tick>),
  mrz: z.string().max(400).default(''),
  issued: z.string().max(10).default(''),
  coercion: z.enum(COERCION).default('unsaid'),
};
type Filled = Pick<Sheet, 'mrz' | 'issued' | 'coercion'> & { readonly [T in Tick]?: 'si' | undefined };
const sheetOf = ({ mrz, issued, coercion, ...form }: Filled): Sheet => ({
  ...{ ticks: TICKS.filter((name) => form[name] === 'si'), mrz, issued, coercion },
});

const sheetForm = { ...filledShape, vista: z.coerce.number().int().catch(0), acto: z.enum(['guardar', 'aprobar']) };
/** What is ticked at that moment goes along with every other form of hers, so that none of them loses it. */
const along = { ...filledShape, vista: z.coerce.number().int().optional().catch(undefined) };

/** Undefined: it is kept, or nothing came along. */
async function keepAlong(
  visit: StaffVisit,
  parts: Parts,
  form: Filled & { readonly vista?: number | undefined },
): Promise<Reply | undefined> {
  if (form.vista === undefined) return undefined;
  const sheet = sheetOf(form);
  const wish = { caseId: visit.params['id'] ?? '', sheet, seen: form.vista };
  const outcome = await saveSheet(parts, visit.actor, wish);
  if (outcome.kind === 'gone') return gonePage(visit, parts);
  return outcome.kind === 'race' ? again(visit, parts, { problem: 'race', typed: unread(sheet) }) : undefined;
}

export async function submitSheet(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, sheetForm);
  const [sheet, seen] = [sheetOf(form), form.vista];
  const caseId = visit.params['id'] ?? '';
  if (form.acto === 'guardar') {
    const outcome = await saveSheet(parts, visit.actor, { caseId, sheet, seen });
    if (outcome.kind === 'gone') return gonePage(visit, parts);
    return again(visit, parts, outcome.kind === 'race' ? { problem: 'race', typed: unread(sheet) } : { saved: true });
  }
  const outcome = await approveCase(parts, visit.actor, { caseId, sheet, seen });
  switch (outcome.kind) {
    case 'approved':
    case 'held':
      return onward(visit, parts);
    case 'refused': {
      const { kind: _kind, ...why } = outcome;
      return again(visit, parts, why.problem === 'race' ? { ...why, typed: unread(sheet) } : why);
    }
    case 'gone':
      return gonePage(visit, parts);
  }
}

export async function submitRegistry(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const lost = await keepAlong(visit, parts, readForm(visit.body, along));
  if (lost) return lost;
  const outcome = await askRegistry(parts, visit.actor, visit.params['id'] ?? '');
  if (outcome.kind === 'gone') return gonePage(visit, parts);
  return again(visit, parts, outcome.kind === 'race' ? { problem: 'race' } : {});
}

type Ending = { readonly way: WayOut; readonly form: Parameters<typeof keepAlong>[2] };

/** However it ends, what had been ticked stays on record; that it cannot be kept stops nobody. */
async function end(visit: StaffVisit, parts: Parts, { way, form }: Ending): Promise<Reply> {
  await keepAlong(visit, parts, form);
  const outcome = await endCase(parts, visit.actor, { caseId: visit.params['id'] ?? '', way });
  if (outcome.kind === 'gone') return gonePage(visit, parts);
  return outcome.kind === 'race' ? again(visit, parts, { problem: 'race' }) : onward(visit, parts);
}

const rejectShape = { ...along, motivo: z.enum(REJECTIONS) };
export async function submitReject(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, rejectShape);
  return end(visit, parts, { form, way: { result: 'rejected', rejection: form.motivo } });
}

const flagShape = { ...along, palabras: z.string().max(REASON_MOST).default('') };
export async function submitFlag(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, flagShape);
  return end(visit, parts, { form, way: { result: 'held', words: form.palabras.trim() } });
}

export const submitCut = async (visit: StaffVisit, parts: Parts): Promise<Reply> =>
  end(visit, parts, { form: readForm(visit.body, along), way: { result: 'broken-off' } });

const exceptionShape = {
  ...along,
  excepcion: z.enum(Object.keys(EXCEPTIONS) as [Exception, ...Exception[]]),
  palabras: z.string().max(REASON_MOST).default(''),
  email: z.string().max(254).default(''),
  telefono: z.string().max(40).default(''),
};

export async function submitException(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, exceptionShape);
  const lost = await keepAlong(visit, parts, form);
  if (lost) return lost;
  const outcome = await askException(parts, visit.actor, {
    ...{ caseId: visit.params['id'] ?? '', exception: form.excepcion, words: form.palabras },
    ...{ email: form.email, phone: form.telefono },
  });
  if (outcome.kind === 'gone') return gonePage(visit, parts);
  const { excepcion: kind, palabras, email, telefono: phone } = form;
  const excepting = { kind, words: palabras, email, phone };
  return again(visit, parts, outcome.kind === 'asked' ? {} : { unasked: outcome.kind, excepting });
}
